"""Run a dataset and sum up what was recorded."""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np

from assistant.answer import Answer
from assistant.followup import Turn
from eval.answers import ANSWER_MEASURES
from eval.calibration import calibration
from eval.dataset import Question
from eval.interval import bootstrap_interval
from eval.lost import Stage, TextsOf, lost_at
from eval.metrics import RETRIEVAL_MEASURES, Case, Measure
from eval.records import Record, RecordStatus, failed_record, record_of
from eval.report import Report, Score, ScoredQuestion, Timing
from ingest.errors import ShirubeError

MEASURES: Mapping[str, Measure] = {**RETRIEVAL_MEASURES, **ANSWER_MEASURES}
# Originals are read again for each hit; twenty hits rarely come from more documents than this.
ORIGINALS_KEPT = 32

Scores = Mapping[str, float]
Ask = Callable[..., Answer]  # a question, and `history=` where its conversation began before it


def evaluate(
    questions: Iterable[Question],
    ask: Ask,
    original_of: Callable[[str], str],
    source_of: Callable[[str], str],
) -> Iterator[Record]:
    """Ask each question and yield its record, in the order of the questions.

    A question that ends in a `ShirubeError` is recorded as an error and the run goes on.

    Args:
        questions: As `load_dataset` gives them.
        ask: Question to answer; with `history=` the turns before it, where a question has any.
        original_of: Document id to `Document.text`.
        source_of: Document id to `Document.source`.
    """
    kept = lru_cache(maxsize=ORIGINALS_KEPT)(original_of)
    for question in questions:
        yield _record(question, ask, kept, source_of)


def summarize(
    questions: Sequence[Question],
    records: Iterable[Record],
    original_of: Callable[[str], str],
    *,
    signature: Mapping[str, str],
    texts_of: TextsOf | None = None,
) -> Report:
    """Score the records and sum them up, overall and by type, document, audience and paraphrase.

    A question that lacks a record scores as an error; records of other questions are left out; of two with
    one id the later counts. A question with evidence in two documents counts in both groups, an
    unanswerable one without evidence in none.

    Args:
        questions: As `load_dataset` gives them.
        records: In any order.
        original_of: Document id, or source where a record has no id, to `Document.text`.
        signature: What produced the records: versions, index manifest, dataset digest.
        texts_of: Source to what was read and indexed of a document, to tell which stage lost a question.

    Raises:
        ValueError: If there are no questions.
    """
    if not questions:
        raise ValueError("a report needs at least one question")
    by_id = {record.id: record for record in records}
    kept = lru_cache(maxsize=ORIGINALS_KEPT)(original_of)
    cases = [Case(question, by_id.get(question.id, _missing(question)), kept) for question in questions]
    scored = [(question, scores_of(case)) for question, case in zip(questions, cases, strict=True)]
    stages = [lost_at(case, texts_of) for case in cases]
    return Report(
        overall=_means(scores for _, scores in scored),
        groups={name: _grouped(scored, labels) for name, labels in GROUPS.items()},
        lost=_lost(questions, stages),
        timings=_timings(case.record for case in cases),
        questions=len(questions),
        answerable=sum(question.answerable for question in questions),
        missing=sum(question.id not in by_id for question in questions),
        signature=dict(signature),
        per_question=tuple(
            ScoredQuestion(question.id, question.question, question.type, stage, scores)
            for (question, scores), stage in zip(scored, stages, strict=True)
        ),
        calibration=calibration(
            (case.record.confidence, case.question.answerable, stage is Stage.RIGHT)
            for case, stage in zip(cases, stages, strict=True)
            if case.record.confidence is not None
        ),
    )


def scores_of(case: Case) -> dict[str, float]:
    """Every measure that applies to the question, by its name."""
    values = ((name, measure(case)) for name, measure in MEASURES.items())
    return {name: value for name, value in values if value is not None}


def _record(
    question: Question,
    ask: Ask,
    original_of: Callable[[str], str],
    source_of: Callable[[str], str],
) -> Record:
    started = time.perf_counter()
    try:
        turns = _turns(question.history, ask)
        started = time.perf_counter()
        answer = ask(question.question, history=turns) if turns else ask(question.question)
        total_s = time.perf_counter() - started
        return record_of(question.id, answer, original_of=original_of, source_of=source_of, total_s=total_s)
    except ShirubeError as error:
        return failed_record(question.id, error, total_s=time.perf_counter() - started)


def _turns(history: Sequence[str], ask: Ask) -> list[Turn]:
    """The conversation so far, each question asked after those before it."""
    turns: list[Turn] = []
    for earlier in history:
        answer = ask(earlier, history=tuple(turns))
        turns.append(Turn(answer.asked or earlier, answer.text))
    return turns


def _missing(question: Question) -> Record:
    return Record(question.id, RecordStatus.ERROR)


GROUPS: Mapping[str, Callable[[Question], Iterable[str]]] = {
    "type": lambda question: (question.type,),
    "document": lambda question: dict.fromkeys(piece.doc for piece in question.evidence),
    "audience": lambda question: (question.audience,) if question.audience else (),
    "paraphrase": lambda question: (str(question.paraphrase).lower(),),
}


def _grouped(
    scored: Sequence[tuple[Question, Scores]], labels: Callable[[Question], Iterable[str]]
) -> dict[str, dict[str, Score]]:
    groups: dict[str, list[Scores]] = defaultdict(list)
    for question, scores in scored:
        for label in labels(question):
            groups[label].append(scores)
    return {label: _means(groups[label]) for label in sorted(groups)}


def _lost(questions: Sequence[Question], stages: Sequence[Stage]) -> dict[str, dict[str, int]]:
    """How many questions each stage lost: under "" all, else by type; stages that lost none are left out."""
    counts: dict[str, Counter[Stage]] = {"": Counter(stages)}
    for question, stage in zip(questions, stages, strict=True):
        counts.setdefault(question.type, Counter())[stage] += 1
    return {
        label: {stage.value: counts[label][stage] for stage in Stage if counts[label][stage]}
        for label in sorted(counts)
    }


def _means(scored: Iterable[Scores]) -> dict[str, Score]:
    """Mean, interval and count of each measure over the questions it applies to, in the order of MEASURES."""
    values: dict[str, list[float]] = defaultdict(list)
    for measured in scored:
        for name in measured:
            values[name].append(measured[name])
    return {name: _score(values[name]) for name in MEASURES if name in values}


def _score(values: Sequence[float]) -> Score:
    low, high = _interval(tuple(sorted(values)))
    return Score(math.fsum(values) / len(values), low, high, len(values))


@lru_cache(maxsize=4096)
def _interval(values: tuple[float, ...]) -> tuple[float, float]:
    """Small groups often have the same values: a thousand documents need not a thousand bootstraps."""
    return bootstrap_interval(values)


def _timings(records: Iterable[Record]) -> dict[str, Timing]:
    """p50 and p95 of each stage over the records that ran it, linearly interpolated."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for record in records:
        for stage, duration in record.timings.items():
            seconds[stage].append(duration)
    out: dict[str, Timing] = {}
    for stage, durations in seconds.items():
        p50, p95 = np.percentile(durations, (50, 95))
        out[stage] = Timing(float(p50), float(p95), len(durations))
    return out
