"""How good the hits are: retrieval measures over the questions that the documents answer.

Each measure takes a `Case` and returns its value for that one question, or `None` where it does not apply.
Without a record there are no hits, so the question scores 0 and skipping a question never helps.

Relevance. Evidence may be spread over neighbouring passages, so a hit is *relevant* (gain 1, else 0) when
with it the hits so far first cover a piece of evidence that those before it did not. A piece that no hit
covers counts as one relevant passage that was not retrieved. `hit@k`, `mrr` and `ndcg@k` are all read
from this one relevance, so hit@k = 1 exactly when some hit of rank k or better is relevant.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from eval.dataset import Question
from eval.records import Excerpt, Record
from eval.text import covers, first_chars, rank_covered, squeezed, states_all
from ingest.errors import ShirubeError


@dataclass(frozen=True, slots=True)
class Case:
    """A question, what was recorded for it, and the originals that its ranges point into.

    Attributes:
        original_of: Document id, or source where the record has no id, to `Document.text`; raises
            `KeyError` or `ShirubeError` for a document that is not there.
    """

    question: Question
    record: Record
    original_of: Callable[[str], str]

    @property
    def hit_texts(self) -> list[str]:
        """Texts of the hits, best first."""
        return [hit.text for hit in self.record.hits]

    @property
    def quotes(self) -> list[str]:
        """The evidence that the question asks for."""
        return [piece.quote for piece in self.question.evidence]

    def holds(self, excerpt: Excerpt) -> bool:
        """Whether the excerpt's ranges lie in the original and are its text, white space aside."""
        try:
            original = self.original_of(excerpt.document_id or excerpt.source)
        except (KeyError, ShirubeError):
            return False
        is_inside = all(0 <= span.start <= span.end <= len(original) for span in excerpt.spans)
        ranges = "".join(original[span.start : span.end] for span in excerpt.spans)
        shown = squeezed(excerpt.text)
        return bool(shown) and is_inside and squeezed(ranges) == shown


Measure = Callable[[Case], float | None]


def relevance(case: Case) -> tuple[list[int], int]:
    """The ranks of the relevant hits, ascending, and how many pieces of evidence no hit covers."""
    texts = case.hit_texts
    ranks = [rank_covered(texts, quote) for quote in case.quotes]
    return sorted({rank for rank in ranks if rank is not None}), ranks.count(None)


def hit_at(case: Case, *, k: int) -> float | None:
    """1 if the first k hits together cover at least one piece of evidence, else 0."""
    if not case.question.answerable:
        return None
    ranks, _ = relevance(case)
    return float(bool(ranks) and ranks[0] <= k)


def source_at(case: Case, *, k: int) -> float | None:
    """1 if one of the first k documents among the hits holds evidence, else 0.

    With one passage a file this is passage recall@k.
    """
    if not case.question.answerable:
        return None
    documents = list(dict.fromkeys(hit.source for hit in case.record.hits))[:k]
    return float(any(piece.doc in documents for piece in case.question.evidence))


def mrr(case: Case) -> float | None:
    """`1 / rank` of the first relevant hit, 0 without one; its mean is the mean reciprocal rank."""
    if not case.question.answerable:
        return None
    ranks, _ = relevance(case)
    return 1 / ranks[0] if ranks else 0.0


def ndcg_at(case: Case, *, k: int) -> float | None:
    """`DCG / ideal DCG` over the first k ranks, 0 to 1.

    DCG = sum of `1 / log2(rank + 1)` over the relevant hits of rank k or better. The ideal has all R
    relevant passages in front: the sum over ranks 1 … min(k, R), where R = relevant hits of any rank +
    pieces of evidence that no hit covers.

    Source:
        Järvelin and Kekäläinen, TOIS 2002, https://doi.org/10.1145/582415.582418, binary gains.
    """
    if not case.question.answerable:
        return None
    ranks, uncovered = relevance(case)
    ideal = sum(_discount(rank) for rank in range(1, min(k, len(ranks) + uncovered) + 1))
    return sum(_discount(rank) for rank in ranks if rank <= k) / ideal


def evidence_at(case: Case, *, chars: int) -> float | None:
    """1 if the first `chars` characters of the hits cover every piece of evidence, else 0.

    Unlike hit@k it does not favour long passages: it counts what a reader of that many characters has seen.
    """
    if not case.question.answerable:
        return None
    seen = first_chars(case.hit_texts, chars)
    return float(all(covers(seen, quote) for quote in case.quotes))


def facts_at(case: Case, *, chars: int) -> float | None:
    """1 if the first `chars` characters of the hits state every key fact, else 0."""
    if not case.question.answerable:
        return None
    return float(states_all("".join(first_chars(case.hit_texts, chars)), case.question.key_facts))


def hit_spans(case: Case) -> float | None:
    """Of the five best hits, the share whose text is what their ranges say; `None` without hits."""
    hits = case.record.hits[:5]
    if not case.question.answerable or not hits:
        return None
    return sum(map(case.holds, hits)) / len(hits)


def _discount(rank: int) -> float:
    return 1 / math.log2(rank + 1)


RETRIEVAL_MEASURES: Mapping[str, Measure] = {
    **{f"hit@{k}": partial(hit_at, k=k) for k in (1, 5, 10)},
    **{f"source@{k}": partial(source_at, k=k) for k in (1, 5)},
    "mrr": mrr,
    "ndcg@10": partial(ndcg_at, k=10),
    **{f"evidence@{chars}": partial(evidence_at, chars=chars) for chars in (500, 1000, 2000, 4000)},
    **{f"facts@{chars}": partial(facts_at, chars=chars) for chars in (500, 1000, 2000, 4000)},
    "hit_spans": hit_spans,
}
