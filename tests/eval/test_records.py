from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Answer, AnswerSentence, AnswerStatus, Citation
from eval.records import (
    Excerpt,
    Record,
    RecordedSentence,
    RecordStatus,
    failed_record,
    load_records,
    record_from_json,
    record_of,
    said,
)
from ingest.errors import DatasetError, LockedError
from ingest.traced import Span

ORIGINAL = "第1章 受付\n受付は5月1日\nから始める。\n以上"


def record(answer: Answer) -> Record:
    return record_of(
        "q1", answer, original_of={"d1": ORIGINAL}.__getitem__, source_of=lambda _: "a.txt", total_s=0.7
    )


def test_record_of_writes_what_the_format_asks_for(build):
    start, end = ORIGINAL.index("受付は"), ORIGINAL.index("\n以上")
    answer = build.answer("いつ", build.passage("d1", ORIGINAL, start, end))

    fields = json.loads(record(answer).to_json())

    text = "受付は5月1日\nから始める。"
    place = {"source": "a.txt", "spans": [[start, end]], "document_id": "d1"}
    assert fields == {
        "id": "q1",
        "status": "answered",
        "answer": text,
        "sentences": [{"text": text, "citations": [0], "role": "answer"}],
        "citations": [place | {"quote": text}],
        "hits": [place | {"text": text}],
        "timings": {"retrieve": 0.5, "total": 0.7},
    }


def test_record_of_turns_markers_into_indices_and_drops_dangling_ones(build):
    passage = build.passage("d1", ORIGINAL, 0, 6)
    answer = build.answer("いつ", passage, passage)
    first, second = answer.citations
    answer = replace(
        answer,
        citations=(replace(first, marker=4), replace(second, marker=2)),
        sentences=(AnswerSentence("文。", (2, 4)), AnswerSentence("文。", (9,))),
    )
    assert [sentence.citations for sentence in record(answer).sentences] == [(1, 0), ()]


def test_record_of_keeps_the_hits_of_a_refusal(build):
    answer = build.answer("いつ", build.passage("d1", ORIGINAL, 0, 6))
    refusal = record(replace(answer, status=AnswerStatus.NOT_FOUND, sentences=(), citations=()))
    assert (refusal.status, len(refusal.hits)) == (RecordStatus.NOT_FOUND, 1)


def test_failed_record_says_what_happened():
    failed = failed_record("q1", LockedError("使用中です。"), total_s=0.1)
    assert (failed.status, failed.message, failed.hits) == (RecordStatus.ERROR, "使用中です。", ())
    assert json.loads(failed.to_json())["message"] == "使用中です。"


@pytest.mark.parametrize(
    ("original", "spans", "shown", "expected"),
    [
        ("令和3\n\n年度", [(0, 7)], "令和3年度", "令和3年度"),
        ("受付は　\n\n5月", [(0, 8)], "受付は　\n\n5月", "受付は\n5月"),
        ("甲 乙\t\t丙", [(0, 6)], "甲 乙 丙", "甲 乙 丙"),
        ("A&amp;B", [(0, 7)], "A&B", "A&amp;B"),
        ('一""二', [(0, 4)], '一"二', '一""二'),
        ("右左", [(0, 1), (1, 2)], "左右", "右左"),
        ("1,234千円", [(0, 7)], "9,876千円", "9,876千円"),
        ("令和3年度", [], "令和3年度", "令和3年度"),
    ],
)
def test_said_takes_the_ranges_unless_they_do_not_hold_what_was_shown(original, spans, shown, expected):
    assert said(original, tuple(Span(*span) for span in spans), shown) == expected


def test_to_json_is_one_line_for_every_way_of_splitting_lines():
    odd = "甲\u2028乙\x85丙\u2029丁\n\x0c戊"
    line = Record("q1", RecordStatus.ANSWERED, answer=odd, citations=(Excerpt(odd, odd, ()),)).to_json()
    assert len(line.splitlines()) == 1
    assert json.loads(line)["answer"] == odd


TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
SPANS = st.lists(st.builds(Span, st.integers(0, 99), st.integers(0, 99)), max_size=3).map(tuple)
EXCERPTS = st.lists(st.builds(Excerpt, TEXT, TEXT, SPANS, TEXT), max_size=3).map(tuple)
SENTENCES = st.lists(
    st.builds(RecordedSentence, TEXT, st.lists(st.integers(0, 9)).map(tuple)), max_size=3
).map(tuple)
RECORDS = st.builds(
    Record,
    TEXT,
    st.sampled_from(RecordStatus),
    TEXT,
    SENTENCES,
    EXCERPTS,
    EXCERPTS,
    st.dictionaries(TEXT, st.floats(0, 1e6), max_size=3),
    TEXT,
)


@given(RECORDS)
def test_record_survives_being_written_and_read(record):
    assert record_from_json(record.to_json()) == record


def test_load_records_takes_the_later_of_two_and_foreign_records(tmp_path):
    path = tmp_path / "records.jsonl"
    foreign = {"id": "q1", "status": "timeout", "answer": None, "citations": [{"quote": "引用"}]}
    path.write_text(
        Record("q1", RecordStatus.ANSWERED).to_json() + "\n\n" + json.dumps(foreign), encoding="utf-8"
    )
    assert load_records(path) == {
        "q1": Record("q1", RecordStatus.ERROR, citations=(Excerpt("", "引用", ()),))
    }


@pytest.mark.parametrize(
    "bad", ["{", "[]", '{"status": "answered"}', '{"id": "q", "hits": [{"spans": [[1]]}]}']
)
def test_load_records_names_the_line_that_is_none(tmp_path, bad):
    path = tmp_path / "records.jsonl"
    path.write_text(Record("q1", RecordStatus.ANSWERED).to_json() + "\n" + bad, encoding="utf-8")
    with pytest.raises(DatasetError, match="2 行目"):
        load_records(path)


def test_load_records_rejects_a_missing_file(tmp_path):
    with pytest.raises(DatasetError, match="読めません"):
        load_records(tmp_path / "none.jsonl")


def test_record_of_exposes_a_quote_that_its_ranges_do_not_say():
    citation = Citation(1, "p", "d1", "a.txt", "題", (), None, "受付は6月1日", (Span(7, 14),))
    answer = Answer("いつ", AnswerStatus.ANSWERED, (AnswerSentence("受付は6月1日", (1,)),), (citation,))
    assert record(answer).citations[0].text == "受付は6月1日"


@pytest.mark.parametrize(
    ("told", "kept"), [(0.25, 0.25), (1, 1.0), (None, None), ("高い", None), (87, None), (True, None)]
)
def test_a_confidence_is_a_probability_or_is_not_kept(told, kept):
    line = json.dumps({"id": "q1", "status": "answered", "confidence": told})
    assert record_from_json(line).confidence == kept


def test_a_confidence_is_written_only_where_there_is_one():
    assert "confidence" not in Record("q1", RecordStatus.ANSWERED).to_json()
    record = Record("q1", RecordStatus.ANSWERED, confidence=0.5)
    assert record_from_json(record.to_json()) == record
