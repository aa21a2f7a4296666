"""From several rankings of the same passages to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Ranking = Sequence[tuple[int, float]]
"""Passage ids with their scores, best first, none twice."""


def scaled_by_best(ranking: Ranking, *, best: float = 1.0) -> dict[int, float]:
    """Scores scaled so that the best becomes `best`: for BM25, whose zero means that no term occurs.

    A ranking without a positive score is empty.
    """
    top = max((score for _, score in ranking), default=0.0)
    return {passage: best * score / top for passage, score in ranking} if top > 0 else {}


def scaled_to_range(ranking: Ranking) -> dict[int, float]:
    """Scores moved to 0 … 1 between the worst and the best: for cosines, which lie close together.

    Equal scores, and a single one, all become 1.
    """
    if not ranking:
        return {}
    scores = [score for _, score in ranking]
    worst, best = min(scores), max(scores)
    if best == worst:
        return dict.fromkeys((passage for passage, _ in ranking), 1.0)
    return {passage: (score - worst) / (best - worst) for passage, score in ranking}


def weighted_sum(legs: Mapping[str, Mapping[int, float]], weights: Mapping[str, float]) -> dict[int, float]:
    """Sum the legs' normalised scores, each times its leg's weight; a passage a leg lacks scores 0 there.

    Args:
        legs: Normalised scores by passage, by the leg's name.
        weights: Weight of each leg, 0 if left out.

    Raises:
        ValueError: If a weight is negative.
    """
    if any(weight < 0 for weight in weights.values()):
        raise ValueError(f"weights must not be negative: {dict(weights)}")
    total: dict[int, float] = {}
    for name, scores in legs.items():
        weight = weights.get(name, 0.0)
        for passage, score in scores.items():
            total[passage] = total.get(passage, 0.0) + weight * score
    return total


def reciprocal_rank_fusion(rankings: Sequence[Ranking], *, rank_offset: int = 60) -> dict[int, float]:
    """Sum `1 / (rank_offset + rank)` over the rankings that hold a passage; ranks count from 1.

    Only ranks are used, so scores on different scales merge without calibration.

    Raises:
        ValueError: If `rank_offset` is negative.

    Source:
        Cormack, Clarke, Büttcher, SIGIR 2009, https://doi.org/10.1145/1571941.1572114 (its k = 60).
    """
    if rank_offset < 0:
        raise ValueError(f"rank_offset must not be negative: {rank_offset}")
    total: dict[int, float] = {}
    for ranking in rankings:
        for rank, (passage, _) in enumerate(ranking, start=1):
            total[passage] = total.get(passage, 0.0) + 1 / (rank_offset + rank)
    return total


def mean_around(scores: Mapping[int, float], neighbours: Mapping[int, Sequence[int]]) -> dict[int, float]:
    """The mean of its neighbours' scores for each passage that has a score of its own.

    A passage is likelier to answer when the text right before and after it is on the subject too. One that is
    a whole document has only itself to vouch for it: its own score stands in, or else every document of a few
    lines would lose against one that goes on.

    Args:
        scores: By passage.
        neighbours: The passages next to each passage in its document; one left out has none.
    """
    return {
        passage: sum(scores.get(other, 0.0) for other in around) / len(around)
        if (around := neighbours.get(passage, ()))
        else own
        for passage, own in scores.items()
    }
