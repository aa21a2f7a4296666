"""How good the answers are: are they right, cited, supported, short, and refused where they should be?

Each measure takes a `Case` and returns its value for that one question, or `None` where it does not apply.
A question without a record counts as an error: it is not answered, not cited, not refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from itertools import pairwise

from assistant.quantities import ungrounded
from eval.metrics import Case, Measure
from eval.records import Excerpt, RecordedSentence, RecordStatus
from eval.text import COVERED_SHARE, coverage, covers, first_chars, states, states_all

ANSWER_CHARS = 400
LEAD_CHARS = 200
LINE_CHARS = 60
QUOTE_CHARS = 600
MOST_RANGES = 24
LEAST_RANGE_CHARS = 4
SENTENCE_GRAM = 3
MARKER = re.compile(r"[\[［【]\d+[\]］】]")


def answer_read(case: Case) -> str:
    """The answer as far as it is read: 400 characters of it, citation markers not counted."""
    return MARKER.sub("", case.record.answer)[:ANSWER_CHARS]


def quotes_read(case: Case) -> list[str]:
    """The citations' quotes as far as they are read: 600 characters in all."""
    return first_chars((citation.text for citation in case.record.citations), QUOTE_CHARS)


def facts(case: Case) -> float | None:
    """1 if the answer, as far as it is read, states every key fact, else 0."""
    return lead_at(case, chars=ANSWER_CHARS)


def lead_at(case: Case, *, chars: int) -> float | None:
    """1 if the answer's first `chars` characters state every key fact, else 0: said first, and briefly."""
    if not case.question.answerable:
        return None
    is_told = states_all(answer_read(case)[:chars], case.question.key_facts)
    return float(case.record.is_answered and is_told)


def line(case: Case) -> float | None:
    """1 if the answer's first sentence, read up to 60 characters, states every key fact, else 0."""
    if not case.question.answerable:
        return None
    return float(case.record.is_answered and states_all(_line(case)[:LINE_CHARS], case.question.key_facts))


def line_chars(case: Case) -> float | None:
    """Characters of the answer's first sentence, however long."""
    return float(len(_line(case))) if _is_answer(case) else None


def cited(case: Case) -> float | None:
    """1 if the quotes, as far as they are read, cover at least one piece of evidence, else 0."""
    if not case.question.answerable:
        return None
    quotes = quotes_read(case)
    return float(case.record.is_answered and any(covers(quotes, quote) for quote in case.quotes))


def cited_all(case: Case) -> float | None:
    """1 if the quotes, as far as they are read, cover every piece of evidence, else 0."""
    if not case.question.answerable:
        return None
    quotes = quotes_read(case)
    return float(case.record.is_answered and all(covers(quotes, quote) for quote in case.quotes))


def right(case: Case) -> float | None:
    """`facts * cited` where the documents answer, else `refused`."""
    return right_answerable(case) if case.question.answerable else refused(case)


def right_answerable(case: Case) -> float | None:
    """`facts * cited`, not counting refusals."""
    return float(facts(case) == cited(case) == 1) if case.question.answerable else None


def refused(case: Case) -> float | None:
    """1 if an unanswerable question got "not found", else 0."""
    return None if case.question.answerable else float(case.record.status is RecordStatus.NOT_FOUND)


def false_refusal(case: Case) -> float | None:
    """1 if an answerable question got "not found", else 0; lower is better."""
    return float(case.record.status is RecordStatus.NOT_FOUND) if case.question.answerable else None


def supported(case: Case) -> float | None:
    """Share of sentences that are borne out by the quotes they cite; 0 without a sentence.

    They do if together they hold 60 % of the sentence's 3-grams and, with the question, every number in it.
    """
    if not _is_answer(case):
        return None
    sentences = case.record.sentences
    return sum(_is_borne_out(case, s) for s in sentences) / len(sentences) if sentences else 0.0


def numbers(case: Case) -> float | None:
    """1 if the question or the quotes, as far as they are read, hold every number of the answer, else 0."""
    if not _is_answer(case):
        return None
    return float(not ungrounded(answer_read(case), [case.question.question, *quotes_read(case)]))


def spans(case: Case) -> float | None:
    """Share of the citations whose ranges are their quote; 0 without a citation.

    The ranges must ascend without overlap; more than 24 of them, or ranges of fewer than 4 characters on
    average, do not count: a quote put together from crumbs is no place that a reader can be shown.
    """
    if not _is_answer(case):
        return None
    citations = case.record.citations
    return sum(map(partial(_is_place, case), citations)) / len(citations) if citations else 0.0


def wrong_year(case: Case) -> float | None:
    """1 if the answer's first 200 characters state a `wrong_year_facts` string, else 0; lower is better."""
    if not case.question.answerable or not case.question.wrong_year_facts:
        return None
    lead = answer_read(case)[:LEAD_CHARS]
    return float(
        case.record.is_answered and any(states(lead, fact) for fact in case.question.wrong_year_facts)
    )


def error(case: Case) -> float | None:
    """1 if the question ended in an error or has no record, else 0; lower is better."""
    return float(case.record.status is RecordStatus.ERROR)


def answer_chars(case: Case) -> float | None:
    """Characters of the answer as far as it is read, so 400 at most."""
    return float(len(answer_read(case))) if _is_answer(case) else None


def quote_chars(case: Case) -> float | None:
    """Characters of all quotes together."""
    return float(sum(len(citation.text) for citation in case.record.citations)) if _is_answer(case) else None


def _line(case: Case) -> str:
    sentences = case.record.sentences
    return MARKER.sub("", sentences[0].text if sentences else case.record.answer.split("\n")[0])


def _is_answer(case: Case) -> bool:
    return case.question.answerable and case.record.is_answered


def _is_borne_out(case: Case, sentence: RecordedSentence) -> bool:
    citations = case.record.citations
    own = [citations[n].text for n in sentence.citations if 0 <= n < len(citations)]
    has_numbers = not ungrounded(sentence.text, [case.question.question, *own])
    return bool(own) and has_numbers and coverage(sentence.text, own, gram=SENTENCE_GRAM) >= COVERED_SHARE


def _is_place(case: Case, citation: Excerpt) -> bool:
    ranges = citation.spans
    is_ordered = all(before.end <= after.start for before, after in pairwise(ranges))
    chars = sum(span.end - span.start for span in ranges)
    is_whole = len(ranges) <= MOST_RANGES and chars >= LEAST_RANGE_CHARS * len(ranges)
    return is_ordered and is_whole and case.holds(citation)


ANSWER_MEASURES: Mapping[str, Measure] = {
    "facts": facts,
    "lead@100": partial(lead_at, chars=100),
    "lead@200": partial(lead_at, chars=200),
    "line@60": line,
    "cited": cited,
    "cited_all": cited_all,
    "right": right,
    "right_answerable": right_answerable,
    "refused": refused,
    "false_refusal": false_refusal,
    "supported": supported,
    "numbers": numbers,
    "spans": spans,
    "wrong_year": wrong_year,
    "answer_chars": answer_chars,
    "line_chars": line_chars,
    "quote_chars": quote_chars,
    "error": error,
}
