from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from eval.evaluate import MEASURES, summarize
from eval.labels import LABELS
from eval.records import Record, RecordStatus, load_records
from eval.report import ReportError, Score, write_report
from eval.table import display_width, format_table

SIGNATURE = {"shirube": "0.1.0", "dataset_sha256": "0" * 64}


@pytest.fixture
def records(build):
    return [
        Record("q0", RecordStatus.NOT_FOUND, timings={"total": 0.25}),
        Record("q1", RecordStatus.NOT_FOUND),
    ]


@pytest.fixture
def report(build, records):
    questions = [
        build.question("受付は5月1日から", id="q0", type="date"),
        build.question(id="q1", type="答えなし"),
        build.question("受付は5月1日から", id="q2", type="number"),
    ]
    return summarize(questions, records, {}.__getitem__, signature=SIGNATURE)


def test_every_measure_has_a_label():
    assert list(LABELS) == list(MEASURES)


def test_write_report_writes_both_files_and_nothing_else(tmp_path, records, report):
    out = tmp_path / "new" / "run"
    write_report(out, records, report)
    assert sorted(path.name for path in out.iterdir()) == ["records.jsonl", "report.json"]
    assert list(load_records(out / "records.jsonl").values()) == records


def test_report_json_holds_measures_groups_timings_and_signature(tmp_path, records, report):
    write_report(tmp_path, iter(records), report)
    written = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert written["overall"]["refused"] == {"mean": 1.0, "low": 1.0, "high": 1.0, "n": 1}
    assert written["groups"]["type"]["答えなし"]["right"]["mean"] == 1.0
    assert written["groups"]["document"]["a.txt"]["hit@1"]["n"] == 2
    assert written["timings"] == {"total": {"p50_s": 0.25, "p95_s": 0.25, "n": 1}}
    assert (written["questions"], written["answerable"], written["missing"]) == (3, 2, 1)
    assert written["signature"] == SIGNATURE
    digest = hashlib.sha256((tmp_path / "records.jsonl").read_bytes()).hexdigest()
    assert written["records_sha256"] == digest


def test_write_report_is_the_same_bytes_for_the_same_run(tmp_path, records, report):
    for name in ("a", "b"):
        write_report(tmp_path / name, records, report)
    for name in ("records.jsonl", "report.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_write_report_replaces_an_earlier_run(tmp_path, records, report):
    write_report(tmp_path, records, report)
    write_report(tmp_path, records[:1], report)
    assert list(load_records(tmp_path / "records.jsonl")) == ["q0"]


def test_write_report_keeps_the_earlier_file_when_it_cannot_finish(tmp_path, records, report, monkeypatch):
    write_report(tmp_path, records, report)
    before = (tmp_path / "records.jsonl").read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ReportError, match="書き込めません"):
        write_report(tmp_path, records[:1], report)
    assert (tmp_path / "records.jsonl").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["records.jsonl", "report.json"]


def test_write_report_says_when_the_folder_is_a_file(tmp_path, records, report):
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError) as caught:
        write_report(tmp_path / "file", records, report)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("指標", 4), ("ｶﾅ", 2), ("Ａ", 2), ("か\u3099", 2), ("", 0)]
)
def test_display_width_counts_terminal_columns(text, width):
    assert display_width(text) == width


def test_format_table_aligns_columns_under_wide_characters(report):
    tables = format_table(report).split("\n\n")
    measures = tables[1].splitlines()
    ends = {
        display_width(line[: line.index(cell) + len(cell)])
        for line, cell in zip(measures, ["値", "0.000"], strict=False)
    }
    assert len(ends) == 1
    kinds = next(table for table in tables if table.startswith("種類")).splitlines()
    assert len({display_width(line) for line in kinds}) == 1


def test_format_table_shows_counts_measures_groups_timings_and_signature(report):
    table = format_table(report)
    assert table.startswith("質問 3 件（答えられる 2 件、答えられない 1 件）、記録のない質問 1 件\n")
    for word in ("hit@1", LABELS["refused"], "答えなし", "250.0", "dataset_sha256:000"):
        assert word in table
    assert "文書" not in [line.split()[0] for line in table.splitlines() if line]


def test_format_table_writes_characters_with_one_digit(report):
    scores = {**report.overall, "quote_chars": Score(123.456, 100, 150, 3)}
    table = format_table(type(report)(scores, {}, {}, {}, 3, 2, 0, {}))
    assert "123.5" in table
    assert "100.0–150.0" in table


def test_docs_tell_every_measure():
    told = (Path(__file__).parents[2] / "docs" / "eval.md").read_text(encoding="utf-8")
    table = "\n".join(line for line in told.splitlines() if line.startswith("| `"))
    for name in MEASURES:
        stem, at, size = name.partition("@")
        assert f"`{name}`" in table or (f"`{stem}@" in table and f"`{at}{size}`" in table), name
