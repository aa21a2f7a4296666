from __future__ import annotations

import csv

import pytest
from openpyxl import Workbook

from eval.dataset import Evidence, checked_only, load_dataset
from ingest.errors import DatasetError

HEADER = [
    "id", "question", "type", "answerable", "key_fact_1", "key_fact_2", "evidence_doc_1", "evidence_quote_1",
    "evidence_doc_2", "evidence_quote_2", "wrong_year_facts", "checked",
]  # fmt: skip
ROW = [
    "q1", "受付は\nいつ、何人ですか。", "date", "はい", "5月1日 | 五月一日", "15", "a.txt", "受付は5月1日\nから",
    "b.txt", "定員は15人", "12人", "TRUE",
]  # fmt: skip
NONE = ["q2", "会場はどこですか。", "place", "×", "", "", "", "", "", "", "", "false"]


def write(path, rows, encoding="utf-8-sig"):
    if path.suffix == ".xlsx":
        book = Workbook()
        for row in rows:
            book.active.append([int(cell) if cell == "15" else cell or None for cell in row])
        book.save(path)
    else:
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(rows)


@pytest.mark.parametrize(("name", "encoding"), [("a.csv", "utf-8-sig"), ("a.CSV", "cp932"), ("a.xlsx", "")])
def test_a_table_gives_the_questions_of_its_rows(tmp_path, name, encoding):
    path = tmp_path / name
    write(path, [HEADER, ROW, [""] * len(ROW), NONE], encoding)
    first, second = load_dataset(path)
    assert first.question == "受付は\nいつ、何人ですか。"
    assert first.key_facts == (("5月1日", "五月一日"), ("15",))
    assert first.evidence == (
        Evidence(doc="a.txt", quote="受付は5月1日\nから"),
        Evidence(doc="b.txt", quote="定員は15人"),
    )
    assert first.wrong_year_facts == ("12人",)
    assert (first.answerable, second.answerable, second.checked) == (True, False, False)
    assert checked_only([first, second]) == (first,)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([HEADER, [*ROW[:3], "たぶん", *ROW[4:]]], "2 行目: 「answerable」"),
        ([HEADER, ROW, ROW], "3 行目: id「q1」が重複"),
        ([HEADER, [*ROW[:4], "", "", *ROW[6:]]], "2 行目: .*key_facts"),
        ([ROW], "列の名前"),
        ([HEADER], "1 件もありません"),
    ],
)
def test_a_malformed_table_is_told_with_its_row(tmp_path, name, rows, told):
    write(tmp_path / name, rows)
    with pytest.raises(DatasetError, match=told):
        load_dataset(tmp_path / name)


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", b"PK\x03\x04"), ("a.csv", b'id,question\n"a')])
def test_what_is_no_table_is_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DatasetError, match="として読めません"):
        load_dataset(tmp_path / name)


def test_a_dataset_without_a_checked_question_says_what_to_do(tmp_path):
    write(tmp_path / "a.csv", [HEADER, NONE])
    with pytest.raises(DatasetError, match="--unchecked"):
        checked_only(load_dataset(tmp_path / "a.csv"))
