from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer import Answer, AnswerStatus
from assistant.followup import Turn
from eval.dataset import Evidence, Question
from eval.evaluate import MEASURES, evaluate, summarize
from eval.records import Excerpt, Record, RecordedSentence, RecordStatus
from ingest.errors import IndexMissingError
from ingest.traced import Span

ORIGINAL = "受付は5月1日から始める。会場は潮見市役所の二階です。"
LOWER_IS_BETTER = {"false_refusal", "wrong_year", "error"}
OVER_ANSWERS = {"supported", "numbers", "spans", "hit_spans", "answer_chars", "quote_chars", "line_chars"}
RATES = set(MEASURES) - {"answer_chars", "quote_chars", "line_chars"}


def original_of(_: str) -> str:
    return ORIGINAL


def questions_of(build, n: int) -> list[Question]:
    return [build.question(ORIGINAL[:12], id=f"q{k}", question=f"質問{k}") for k in range(n)]


def test_evaluate_yields_one_record_per_question_in_order(build):
    passage = build.passage("d1", ORIGINAL, 0, 13)
    records = list(
        evaluate(
            questions_of(build, 3), lambda q: build.answer(q, passage), original_of, lambda d: f"{d}.txt"
        )
    )
    assert [record.id for record in records] == ["q0", "q1", "q2"]
    assert records[0].hits == (Excerpt("d1.txt", ORIGINAL[:13], (Span(0, 13),), "d1"),)
    assert records[0].timings["retrieve"] == 0.5
    assert records[0].timings["total"] >= 0


def test_evaluate_asks_the_conversation_before_a_question_and_records_the_question_only(build):
    asked: list[tuple[str, list[str]]] = []

    def ask(question: str, history: Sequence[Turn] = ()) -> Answer:
        asked.append((question, [turn.question for turn in history]))
        return Answer(question, AnswerStatus.NOT_FOUND, asked=f"{question}と")

    [question] = questions_of(build, 1)
    talk = question.model_copy(update={"history": ("まず", "次")})
    [record] = evaluate([talk], ask, original_of, str)
    assert asked == [("まず", []), ("次", ["まずと"]), ("質問0", ["まずと", "次と"])]
    assert record.id == "q0"


def test_evaluate_records_an_error_and_goes_on(build):
    def ask(question: str) -> Answer:
        if question == "質問1":
            raise IndexMissingError("索引がありません。")
        return Answer(question, AnswerStatus.NOT_FOUND)

    records = list(evaluate(questions_of(build, 3), ask, original_of, str))
    assert [record.status.value for record in records] == ["not_found", "error", "not_found"]
    assert records[1].message == "索引がありません。"


def test_evaluate_records_an_original_that_is_gone(build):
    def gone(_: str) -> str:
        raise IndexMissingError("原文がありません。")

    passage = build.passage("d1", ORIGINAL, 0, 13)
    [record] = evaluate(questions_of(build, 1), lambda q: build.answer(q, passage), gone, str)
    assert (record.status, record.message) == (RecordStatus.ERROR, "原文がありません。")


def test_evaluate_lets_a_bug_through(build):
    def ask(_: str) -> Answer:
        raise ValueError("a bug")

    with pytest.raises(ValueError, match="a bug"):
        next(evaluate(questions_of(build, 1), ask, original_of, str))


def test_evaluate_asks_one_question_at_a_time(build):
    asked: list[str] = []

    def ask(question: str) -> Answer:
        asked.append(question)
        return Answer(question, AnswerStatus.NOT_FOUND)

    next(evaluate(questions_of(build, 3), ask, original_of, str))
    assert asked == ["質問0"]


def test_summarize_means_intervals_and_counts(build):
    first, second, third = questions_of(build, 3)
    unanswerable = build.question(id="q3", question="不明", type="none")
    right = build.said("5月1日", ORIGINAL[:12])
    records = [
        replace(right, id="q0"),
        Record("q1", RecordStatus.NOT_FOUND),
        Record("q3", RecordStatus.NOT_FOUND),
    ]

    report = summarize([first, second, third, unanswerable], records, original_of, signature={"version": "1"})

    assert report.overall["facts"].mean == (1 + 0 + 0) / 3
    assert report.overall["right"].mean == (1 + 0 + 0 + 1) / 4
    assert report.overall["right_answerable"].mean == (1 + 0 + 0) / 3
    assert report.overall["false_refusal"].mean == (0 + 1 + 0) / 3
    assert report.overall["error"].mean == (0 + 0 + 1 + 0) / 4
    assert (report.overall["supported"].mean, report.overall["supported"].n) == (1.0, 1)
    assert report.overall["facts"].low <= 1 / 3 <= report.overall["facts"].high
    assert (report.questions, report.answerable, report.missing) == (4, 3, 1)
    assert report.signature == {"version": "1"}


def test_summarize_groups_by_type_document_audience_and_paraphrase(build):
    both = build.question(
        "一つ目の根拠",
        id="q0",
        evidence=(Evidence(doc="a", quote="一つ目の根拠"), Evidence(doc="b", quote="二つ目の根拠")),
    )
    one = build.question("一つ目の根拠", id="q1", type="number", audience="staff", paraphrase=True)
    none = build.question(id="q2", type="none")
    groups = summarize([both, one, none], [], original_of, signature={}).groups
    sizes = {
        name: {label: scores["right"].n for label, scores in members.items()}
        for name, members in groups.items()
    }
    assert sizes == {
        "type": {"date": 1, "none": 1, "number": 1},
        "document": {"a": 1, "a.txt": 1, "b": 1},
        "audience": {"staff": 1},
        "paraphrase": {"false": 2, "true": 1},
    }


def test_summarize_timings_are_percentiles_per_stage(build):
    questions = questions_of(build, 5)
    records = [Record(f"q{n}", RecordStatus.NOT_FOUND, timings={"total": n / 10}) for n in range(5)]
    records[0] = replace(records[0], timings={"total": 0.0, "rerank": 1.0})
    timings = summarize(questions, records, original_of, signature={}).timings
    assert (timings["total"].p50_s, timings["total"].n) == (0.2, 5)
    assert timings["total"].p95_s == pytest.approx(0.3 + 0.8 * (0.4 - 0.3))
    assert timings["rerank"].n == 1


def test_summarize_ignores_records_of_other_questions_and_takes_the_later(build):
    records = [
        Record("q0", RecordStatus.ERROR),
        Record("other", RecordStatus.ERROR),
        Record("q0", RecordStatus.NOT_FOUND),
    ]
    report = summarize(questions_of(build, 1), records, original_of, signature={})
    assert (report.overall["error"].mean, report.missing) == (0.0, 0)


def test_summarize_rejects_no_questions():
    with pytest.raises(ValueError, match="at least one question"):
        summarize([], [], original_of, signature={})


PIECE = st.sampled_from([ORIGINAL[:12], ORIGINAL[13:], ORIGINAL[:5], "受付は6月2日から始める", "無関係", ""])
EXCERPT = st.builds(
    Excerpt,
    st.just("a.txt"),
    PIECE,
    st.lists(st.builds(Span, st.integers(0, 30), st.integers(0, 30)), max_size=2).map(tuple),
)
RECORD = st.builds(
    Record,
    st.just("q"),
    st.sampled_from(RecordStatus),
    PIECE,
    st.lists(
        st.builds(RecordedSentence, PIECE, st.lists(st.integers(0, 3), max_size=2).map(tuple)), max_size=3
    ).map(tuple),
    st.lists(EXCERPT, max_size=3).map(tuple),
    st.lists(EXCERPT, max_size=12).map(tuple),
)
ASKED = st.tuples(st.integers(0, 3), RECORD)
RUN = st.lists(ASKED, min_size=1, max_size=8)


def built(build, run) -> tuple[list[Question], list[Record]]:
    """Questions of four kinds (one or two pieces, another year, unanswerable), each with its record."""
    kinds = (
        {"evidence": (Evidence(doc="a.txt", quote=ORIGINAL[:12]),), "answerable": True},
        {
            "evidence": tuple(Evidence(doc="a.txt", quote=q) for q in (ORIGINAL[:12], ORIGINAL[13:])),
            "answerable": True,
        },
        {
            "evidence": (Evidence(doc="a.txt", quote=ORIGINAL[13:]),),
            "answerable": True,
            "wrong_year_facts": ("6月2日",),
        },
        {},
    )
    questions = [build.question(id=f"q{n}", **kinds[kind]) for n, (kind, _) in enumerate(run)]
    return questions, [replace(record, id=f"q{n}") for n, (_, record) in enumerate(run)]


@given(RUN)
@settings(max_examples=25, deadline=None)
def test_every_rate_stays_between_nothing_and_one(build, run):
    questions, records = built(build, run)
    report = summarize(questions, records, original_of, signature={})
    for name, score in report.overall.items():
        assert score.mean >= 0
        assert 1 <= score.n <= len(questions)
        if name in RATES:
            assert score.mean <= 1


@given(RUN, st.randoms())
@settings(max_examples=20, deadline=None)
def test_the_order_of_questions_and_records_changes_nothing(build, run, rng):
    questions, records = built(build, run)
    expected = summarize(questions, records, original_of, signature={})
    rng.shuffle(questions)
    rng.shuffle(records)
    shuffled = summarize(questions, records, original_of, signature={})
    assert shuffled.overall == expected.overall
    assert shuffled.groups == expected.groups


@given(RUN, st.data())
@settings(max_examples=25, deadline=None)
def test_skipping_a_question_never_helps_and_always_shows(build, run, data):
    questions, records = built(build, run)
    skipped = data.draw(st.integers(0, len(records) - 1))
    whole = summarize(questions, records, original_of, signature={})
    part = summarize(questions, records[:skipped] + records[skipped + 1 :], original_of, signature={})
    for name in RATES - LOWER_IS_BETTER - OVER_ANSWERS:
        if name in whole.overall:
            assert part.overall[name].mean <= whole.overall[name].mean
            assert part.overall[name].n == whole.overall[name].n
    assert part.overall["error"].mean >= whole.overall["error"].mean
    assert part.missing == whole.missing + 1


@given(RUN)
@settings(max_examples=30, deadline=None)
def test_larger_windows_never_lose_what_smaller_ones_hold(build, run):
    questions, records = built(build, run)
    overall = {
        name: score.mean
        for name, score in summarize(questions, records, original_of, signature={}).overall.items()
    }
    for names in (
        ["hit@1", "hit@5", "hit@10"],
        ["evidence@500", "evidence@1000", "evidence@2000", "evidence@4000"],
        ["facts@500", "facts@1000", "facts@2000"],
        ["lead@100", "lead@200", "facts"],
        ["hit@1", "mrr", "hit@10"] if all(len(record.hits) <= 10 for record in records) else [],
        ["cited_all", "cited"],
        ["right_answerable", "facts"],
    ):
        held = [overall[name] for name in names if name in overall]
        assert np.all(np.diff(held) >= -1e-12)


def test_summarize_tells_which_stage_lost_each_question(build):
    found, refused, none = (
        build.question("受付は5月1日から", id="q0", type="date"),
        build.question("受付は5月1日から", id="q1", type="date"),
        build.question(id="q2", type="none"),
    )
    records = [
        replace(build.said("5月1日です", "受付は5月1日から"), id="q0", confidence=0.9),
        Record("q1", RecordStatus.NOT_FOUND),
        Record("q2", RecordStatus.NOT_FOUND, confidence=0.1),
    ]
    report = summarize([found, refused, none], records, original_of, signature={})
    assert report.lost == {
        "": {"right": 2, "not_retrieved": 1},
        "date": {"right": 1, "not_retrieved": 1},
        "none": {"right": 1},
    }
    assert [(one.id, one.lost, one.scores["right"]) for one in report.per_question] == [
        ("q0", "right", 1.0), ("q1", "not_retrieved", 0.0), ("q2", "right", 1.0),
    ]  # fmt: skip
    assert [(one.n, one.answerable) for one in report.calibration] == [(1, 0.0), (1, 1.0)]
