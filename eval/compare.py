"""Compare two runs over the same questions: paired tests for each measure, and which questions changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from eval.interval import RESAMPLES, SEED, bootstrap_interval
from eval.labels import LABELS, LOWER_IS_BETTER
from eval.records import Record, load_records
from eval.report import RECORDS_NAME, REPORT_FORMAT, REPORT_NAME, ScoredQuestion
from ingest.errors import ShirubeError

FLIPS = 10_000
# The first of these that differs says whether a question got better or worse.
DECIDING = ("right", "facts", "cited", "refused", "hit@1", "hit@5", "evidence@1000", "mrr", "error")


class CompareError(ShirubeError):
    """A folder holds no run that can be compared."""

    hint = "shirube eval DATASET --out DIR で書いた 2 つのフォルダーを指定してください。"


@dataclass(frozen=True, slots=True)
class Run:
    """One run as its folder holds it.

    Attributes:
        questions: By id, in the order of the dataset.
        records: By id.
    """

    name: str
    questions: Mapping[str, ScoredQuestion]
    records: Mapping[str, Record]
    signature: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in both runs, over the n questions that have it in both.

    Attributes:
        low, high: 95 % bootstrap interval of the mean of the differences `b - a`.
        p: Two-sided p value of the paired permutation test: how often signs drawn at random give a mean
            difference as large as this one.
        is_better: Whether b is the better one; `None` where they are equal.
    """

    a: float
    b: float
    difference: float
    low: float
    high: float
    p: float
    n: int
    is_better: bool | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A question that came out otherwise.

    Attributes:
        because: The measure that decides.
    """

    id: str
    question: str
    is_better: bool
    because: str
    lost_a: str
    lost_b: str
    answer_a: str
    answer_b: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs.

    Attributes:
        measures: In the order of the report.
        changed: Worse ones first, in the order of the dataset.
        n_common: Questions that both runs have; the others are left out of everything.
        signature: What differs between the signatures, as (a, b), "" where one lacks it.
    """

    a: str
    b: str
    measures: Mapping[str, Difference]
    changed: Sequence[Changed]
    n_common: int
    n_only_a: int
    n_only_b: int
    signature: Mapping[str, tuple[str, str]]

    def to_json(self) -> dict[str, Any]:
        """As one JSON value."""
        return asdict(self)


def load_run(folder: Path) -> Run:
    """Read the folder that an evaluation wrote.

    Raises:
        CompareError: If there is no report, or it was written by another version.
        DatasetError: If the records cannot be read.
    """
    path = folder / REPORT_NAME
    try:
        report = json.loads(path.read_bytes())
        rows = [ScoredQuestion(**row) for row in report["per_question"]]
        signature = {str(name): str(value) for name, value in report["signature"].items()}
        is_ours = report["format"] == REPORT_FORMAT
    except OSError as error:
        raise CompareError(f"{path} を読めません。") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CompareError(f"{path} は、この版の評価の結果として読めません。") from error
    if not is_ours:
        raise CompareError(f"{path} は、この版の評価の結果として読めません。")
    return Run(str(folder), {row.id: row for row in rows}, load_records(folder / RECORDS_NAME), signature)


def compare(a: Run, b: Run) -> Comparison:
    """Compare two runs question by question.

    Raises:
        CompareError: If they have no question in common.
    """
    common = [name for name in a.questions if name in b.questions]
    if not common:
        raise CompareError(f"{a.name} と {b.name} に共通の質問がありません。")
    pairs = [(a.questions[name], b.questions[name]) for name in common]
    measures = {name: found for name in LABELS if (found := _difference(name, pairs))}
    changed = [one for name in common if (one := _changed(name, a, b))]
    names = dict.fromkeys((*a.signature, *b.signature))
    both = {name: (a.signature.get(name, ""), b.signature.get(name, "")) for name in names}
    return Comparison(
        a=a.name,
        b=b.name,
        measures=measures,
        changed=sorted(changed, key=lambda one: one.is_better),
        n_common=len(common),
        n_only_a=len(a.questions) - len(common),
        n_only_b=len(b.questions) - len(common),
        signature={name: pair for name, pair in both.items() if pair[0] != pair[1]},
    )


def permutation_p(differences: Sequence[float]) -> float:
    """Two-sided p value of the mean of paired differences under random signs, drawn 10,000 times.

    Raises:
        ValueError: If there are no differences.

    Source:
        Good, Permutation Tests, 2nd edition, 2000, chapter 3; with the + 1 of Phipson and Smyth 2010, so
        that it is never 0.
    """
    if not differences:
        raise ValueError("a test needs at least one difference")
    moved = np.sort(np.asarray([value for value in differences if value], dtype=np.float64))
    if not len(moved):
        return 1.0
    rng = np.random.default_rng(SEED)
    seen, n_drawn, per_draw = 0, 0, RESAMPLES
    least = abs(float(moved.sum())) - 1e-9
    while n_drawn < FLIPS:  # in portions: thousands of questions times 10,000 draws would take gigabytes
        signs = rng.integers(0, 2, size=(per_draw, len(moved)), dtype=np.int8) * 2 - 1
        seen += int(np.count_nonzero(np.abs(signs @ moved) >= least))
        n_drawn += per_draw
    return (seen + 1) / (n_drawn + 1)


def _difference(name: str, pairs: Sequence[tuple[ScoredQuestion, ScoredQuestion]]) -> Difference | None:
    values = [
        (one.scores[name], other.scores[name])
        for one, other in pairs
        if name in one.scores and name in other.scores
    ]
    if not values:
        return None
    moved = [after - before for before, after in values]
    low, high = bootstrap_interval(moved)
    mean = sum(moved) / len(moved)
    return Difference(
        a=sum(before for before, _ in values) / len(values),
        b=sum(after for _, after in values) / len(values),
        difference=mean,
        low=low,
        high=high,
        p=permutation_p(moved),
        n=len(values),
        is_better=None if mean == 0 else (mean < 0) == (name in LOWER_IS_BETTER),
    )


def _changed(name: str, a: Run, b: Run) -> Changed | None:
    one, other = a.questions[name], b.questions[name]
    for measure in DECIDING:
        before, after = one.scores.get(measure), other.scores.get(measure)
        if before is None or after is None or before == after:
            continue
        return Changed(
            id=name,
            question=other.question,
            is_better=(after < before) == (measure in LOWER_IS_BETTER),
            because=measure,
            lost_a=one.lost,
            lost_b=other.lost,
            answer_a=_answer(a.records.get(name)),
            answer_b=_answer(b.records.get(name)),
        )
    return None


def _answer(record: Record | None) -> str:
    if record is None:
        return ""
    return record.answer or record.message or record.status.value
