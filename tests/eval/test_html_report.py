from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from eval.evaluate import summarize
from eval.html_report import render_report
from eval.records import Excerpt, Record, RecordStatus
from ingest.traced import Span

ORIGINAL = "前の行\n受付は5月1日から\n始める。<b>後の行</b>\u202e\x1b[31m"
QUOTE = "受付は5月1日から\n始める"
EVIL = '<script>alert(1)</script><img src=x onerror="x">\u202e\x00'


def page(build, *, question=None, record=None, text=ORIGINAL, **fields):
    question = question or build.question(QUOTE, **fields)
    record = record or build.said("5月1日です", QUOTE)
    texts = {"a.txt": text}
    report = summarize([question], [record], texts.__getitem__, signature={"shirube": "0<1"})
    return render_report(report, [question], [record], texts.__getitem__)


class Balance(HTMLParser):
    """Whether every element that is opened is closed, in order."""

    VOID = frozenset({"meta", "rect", "line", "circle"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_startendtag(self, tag, attrs):  # noqa: ARG002 - closes itself
        return

    def handle_starttag(self, tag, attrs):  # noqa: ARG002
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def test_the_page_shows_question_answer_citation_and_the_evidence_in_the_original(build):
    said = page(build, question=build.question(QUOTE, answer="5月1日から", audience="staff"))
    assert "いつですか。" in said
    assert "<p>5月1日から</p>" in said
    assert "5月1日です" in said
    assert "<blockquote>受付は5月1日から\n始める</blockquote>" in said
    assert "前の行\n<mark>受付は5月1日から\n始める</mark>。" in said
    assert "a.txt、2 行目" in said
    assert "shirube:0&lt;1" in said


def test_the_page_is_one_file_without_script_or_anything_from_elsewhere(build):
    said = page(build)
    assert "default-src &#x27;none&#x27;" in said or "default-src 'none'" in said
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|https?://", said)


def test_the_page_is_well_formed(build):
    balance = Balance()
    balance.feed(page(build, question=build.question(QUOTE, type=EVIL, question=EVIL, answer=EVIL)))
    assert (balance.open, balance.wrong) == ([], [])


def test_nothing_of_documents_questions_or_answers_becomes_markup(build):
    question = build.question(
        QUOTE, id=EVIL, question=EVIL, type=EVIL, answer=EVIL, audience=EVIL, key_facts=((EVIL,),)
    )
    excerpt = Excerpt(EVIL, EVIL, (Span(0, 3),))
    record = replace(build.said(EVIL, EVIL), id=EVIL, hits=(excerpt,), timings={EVIL: 0.1}, message=EVIL)
    said = page(build, question=question, record=record, text=ORIGINAL + EVIL)
    assert "<script>alert" not in said
    assert "<img" not in said
    assert "<b>" not in said
    assert not {"\u202e", "\x00", "\x1b"} & set(said)
    assert "⟦U+202E⟧" in said


@pytest.mark.parametrize(
    ("text", "told"), [("別の文", "文書の本文に見つかりません"), (None, "この文書は索引にありません")]
)
def test_evidence_that_is_not_there_is_told(build, text, told):
    question, record = build.question(QUOTE), build.said("5月1日です", QUOTE)
    texts = {} if text is None else {"a.txt": text}
    report = summarize([question], [record], texts.__getitem__, signature={})
    assert told in render_report(report, [question], [record], texts.__getitem__)


@pytest.mark.parametrize("status", [RecordStatus.NOT_FOUND, RecordStatus.ERROR])
def test_a_question_without_an_answer_has_its_row(build, status):
    record = Record("q1", status, message="索引がありません。" if status is RecordStatus.ERROR else "")
    said = page(build, record=record)
    assert ("索引がありません。" if status is RecordStatus.ERROR else "文書に記載がない、と答えた") in said
    assert said.count('<details class="question">') == 1


def test_lost_questions_come_first_and_each_stage_is_linked(build):
    questions = [build.question(QUOTE, id=f"q{n}") for n in range(3)]
    records = [replace(build.said("5月1日です", QUOTE), id="q0"), Record("q1", RecordStatus.NOT_FOUND)]
    report = summarize(questions, records, {"a.txt": ORIGINAL}.__getitem__, signature={})
    said = render_report(report, questions, records, {"a.txt": ORIGINAL}.__getitem__)
    linked = re.findall(r'href="#(stage-\w+)"', said)
    assert sorted(linked) == sorted(re.findall(r'<h3 id="(stage-\w+)"', said))
    assert (
        said.index('id="stage-error"')
        < said.index('id="stage-not_retrieved"')
        < said.index('id="stage-right"')
    )


def test_confidence_is_plotted_where_it_was_recorded(build):
    assert "<h2>確からしさ</h2>" not in page(build)
    record = replace(build.said("5月1日です", QUOTE), confidence=0.9)
    said = page(build, record=record)
    assert "確からしさ 0.90" in said
    assert '<svg class="reliability"' in said


def test_the_same_run_gives_the_same_page(build):
    assert page(build) == page(build)
