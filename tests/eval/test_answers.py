from __future__ import annotations

from dataclasses import replace

import pytest

from eval import answers
from eval.records import Excerpt, Record, RecordedSentence, RecordStatus
from ingest.traced import Span

ONE = "受付は5月1日から始める"
TWO = "会場は潮見市役所の二階です"
FILL = "あ" * 100


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("5月1日です", (1.0, 1.0, 1.0)),
        (FILL + "5月1日です", (0.0, 1.0, 1.0)),
        (FILL * 2 + "5月1日です", (0.0, 0.0, 1.0)),
        (FILL * 4 + "5月1日です", (0.0, 0.0, 0.0)),
        ("[1]" * 40 + "【2】5月1日です", (1.0, 1.0, 1.0)),
        ("15月1日です", (0.0, 0.0, 0.0)),
    ],
)
def test_facts_and_leads_read_no_further_than_their_characters(build, answer, expected):
    case = build.case(build.question(ONE), build.said(answer, ONE))
    assert (
        answers.lead_at(case, chars=100),
        answers.lead_at(case, chars=200),
        answers.facts(case),
    ) == expected


@pytest.mark.parametrize("status", [RecordStatus.NOT_FOUND, RecordStatus.ERROR])
def test_nothing_is_right_in_what_was_not_answered(build, status):
    case = build.case(build.question(ONE), replace(build.said("5月1日です", ONE), status=status))
    measured = [answers.facts, answers.cited, answers.cited_all, answers.right, answers.right_answerable]
    assert [measure(case) for measure in measured] == [0.0] * 5


def test_cited_needs_one_piece_and_cited_all_every_one(build):
    case = build.case(build.question(ONE, TWO), build.said("5月1日です", TWO))
    assert (answers.cited(case), answers.cited_all(case)) == (1.0, 0.0)
    both = build.case(build.question(ONE, TWO), build.said("5月1日です", TWO, ONE))
    assert (answers.cited(both), answers.cited_all(both)) == (1.0, 1.0)


def test_cited_reads_six_hundred_characters_of_the_quotes(build):
    question = build.question(ONE)
    within = build.case(question, build.said("5月1日", "い" * (600 - len(ONE)), ONE))
    beyond = build.case(question, build.said("5月1日", "い" * 600, ONE))
    assert (answers.cited(within), answers.cited(beyond)) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("answer", "quote", "expected"), [("5月1日", ONE, 1.0), ("5月1日", TWO, 0.0), ("6月1日", ONE, 0.0)]
)
def test_right_is_facts_and_cited(build, answer, quote, expected):
    case = build.case(build.question(ONE), build.said(answer, quote))
    assert answers.right(case) == answers.right_answerable(case) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [(RecordStatus.NOT_FOUND, 1.0), (RecordStatus.ANSWERED, 0.0), (RecordStatus.ERROR, 0.0)],
)
def test_refusing_is_right_exactly_where_nothing_answers(build, status, expected):
    unanswerable = build.case(build.question(), Record("q1", status))
    assert answers.refused(unanswerable) == answers.right(unanswerable) == expected
    assert answers.right_answerable(unanswerable) is answers.false_refusal(unanswerable) is None
    answerable = build.case(build.question(ONE), Record("q1", status))
    assert answers.false_refusal(answerable) == expected
    assert answers.refused(answerable) is None


def test_supported_is_the_share_of_sentences_borne_out_by_their_own_quotes(build):
    sentences = (
        RecordedSentence(ONE, (0,)),
        RecordedSentence(ONE, (1,)),  # the other quote
        RecordedSentence("受付は6月1日から始める", (0,)),  # another number
        RecordedSentence("まったく別のことを言う文", (0, 1)),
        RecordedSentence(ONE, ()),
        RecordedSentence(ONE, (7, -2)),  # citations that are not there
        RecordedSentence("受付は9時、5月1日から始める", (0,)),  # 9 is in the question
    )
    record = replace(build.said(ONE, ONE, TWO), sentences=sentences)
    case = build.case(build.question(ONE, question="9時でも受付できますか。"), record)
    assert answers.supported(case) == pytest.approx(2 / 7)


def test_supported_is_nothing_without_sentences(build):
    assert (
        answers.supported(build.case(build.question(ONE), replace(build.said(ONE, ONE), sentences=()))) == 0.0
    )


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("受付は5月1日です", 1.0),
        ("受付は５月 １日です", 1.0),
        ("受付は6月1日です", 0.0),
        ("令和3年度の受付です", 1.0),
        ("令和4年度の受付です", 0.0),
        ("数のない答え", 1.0),
    ],
)
def test_numbers_must_stand_in_a_quote_or_the_question(build, answer, expected):
    case = build.case(build.question(ONE, question="2021年度はいつですか。"), build.said(answer, ONE))
    assert answers.numbers(case) == expected


def cites(*citations: Excerpt) -> Record:
    return Record("q1", RecordStatus.ANSWERED, ONE, citations=citations)


def excerpt(text: str, *spans: tuple[int, int]) -> Excerpt:
    return Excerpt("a.txt", text, tuple(Span(*span) for span in spans))


LONG = "".join(chr(0x4E00 + n) for n in range(200))


@pytest.mark.parametrize(
    ("citation", "expected"),
    [
        (excerpt(LONG[:10], (0, 10)), 1.0),
        (excerpt(LONG[:4] + "\n" + LONG[10:14], (0, 4), (10, 14)), 1.0),
        (excerpt(LONG[:8], (0, 4), (4, 8)), 1.0),
        (excerpt(LONG[10:14] + LONG[:4], (10, 14), (0, 4)), 0.0),  # out of order
        (excerpt(LONG[:6] + LONG[4:10], (0, 6), (4, 10)), 0.0),  # overlap
        (excerpt(LONG[:3], (0, 3)), 0.0),  # a crumb
        (
            excerpt(
                "".join(LONG[8 * n : 8 * n + 4] for n in range(24)), *((8 * n, 8 * n + 4) for n in range(24))
            ),
            1.0,
        ),
        (
            excerpt(
                "".join(LONG[7 * n : 7 * n + 4] for n in range(25)), *((7 * n, 7 * n + 4) for n in range(25))
            ),
            0.0,
        ),
        (excerpt(LONG[1:11], (0, 10)), 0.0),
        (excerpt(LONG[:10]), 0.0),
    ],
)
def test_spans_are_few_ascending_ranges_that_are_the_quote(build, citation, expected):
    assert answers.spans(build.case(build.question(ONE), cites(citation), a=LONG)) == expected


def test_spans_is_the_share_of_citations(build):
    good, bad = excerpt(LONG[:10], (0, 10)), excerpt(LONG[:10], (1, 11))
    assert answers.spans(build.case(build.question(ONE), cites(good, bad, good), a=LONG)) == 2 / 3
    assert answers.spans(build.case(build.question(ONE), cites(), a=LONG)) == 0.0


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("4月1日です", 1.0), ("14月1日です", 0.0), ("5月1日です", 0.0), (FILL * 2 + "4月1日", 0.0)],
)
def test_wrong_year_reads_the_first_two_hundred_characters(build, answer, expected):
    case = build.case(build.question(ONE, wrong_year_facts=("4月1日",)), build.said(answer, ONE))
    assert answers.wrong_year(case) == expected


def test_wrong_year_applies_only_where_such_facts_are_given(build):
    assert answers.wrong_year(build.case(build.question(ONE), build.said("4月1日", ONE))) is None


def test_chars_count_the_answer_as_read_and_all_quotes(build):
    case = build.case(build.question(ONE), build.said("あいう[1]" + "え" * 500, ONE, TWO))
    assert answers.answer_chars(case) == 400
    assert answers.quote_chars(case) == len(ONE) + len(TWO)


def test_what_an_answer_says_is_measured_only_where_one_was_given(build):
    for case in (
        build.case(build.question(ONE), Record("q1", RecordStatus.NOT_FOUND)),
        build.case(build.question(), build.said(ONE, ONE)),
    ):
        conditional = ("supported", "numbers", "spans", "answer_chars", "quote_chars")
        assert [answers.ANSWER_MEASURES[name](case) for name in conditional] == [None] * 5


@pytest.mark.parametrize(
    ("status", "expected"),
    [(RecordStatus.NOT_FOUND, 0.0), (RecordStatus.ANSWERED, 0.0), (RecordStatus.ERROR, 1.0)],
)
def test_error_counts_on_every_question(build, status, expected):
    assert answers.error(build.case(build.question(ONE), Record("q1", status))) == expected
    assert answers.error(build.case(build.question(), Record("q1", status))) == expected


@pytest.mark.parametrize(("sentence", "value"), [("受付は5月1日から。", 1.0), ("あ" * 58 + "5月1日", 0.0)])
def test_line_is_read_up_to_60_characters(build, sentence, value):
    case = build.case(build.question("受付は5月1日から"), build.said(sentence, "受付は5月1日から"))
    assert answers.line(case) == value
    assert answers.line_chars(case) == len(sentence)
