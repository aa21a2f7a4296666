from __future__ import annotations

import hashlib
import json

import pytest

from eval.dataset import dataset_sha256, load_dataset
from ingest.errors import DatasetError

ROW = {
    "id": "q1",
    "question": "受付はいつ始まりますか。",
    "type": "date",
    "audience": "staff",
    "paraphrase": False,
    "answer": "5月1日です。",
    "key_facts": [["5月1日", "五月一日"]],
    "evidence": [{"doc": "案内.txt", "quote": "受付は5月1日から"}],
    "answerable": True,
}
UNANSWERABLE = ROW | {"id": "q2", "answerable": False, "evidence": [], "key_facts": []}


def line(row: object) -> str:
    return json.dumps(row, ensure_ascii=False)


@pytest.fixture
def write(tmp_path):
    def write_lines(*lines: str, encoding: str = "utf-8"):
        path = tmp_path / "questions.jsonl"
        path.write_text("\n".join(lines), encoding=encoding, newline="\n")
        return path

    return write_lines


def test_load_dataset_keeps_order_and_skips_blank_lines(write):
    loaded = load_dataset(write(line(UNANSWERABLE), "", line(ROW), ""))
    assert [question.id for question in loaded] == ["q2", "q1"]
    assert loaded[1].key_facts == (("5月1日", "五月一日"),)
    assert (loaded[1].evidence[0].doc, loaded[1].evidence[0].quote) == ("案内.txt", "受付は5月1日から")
    assert loaded[1].wrong_year_facts == ()


def test_load_dataset_accepts_a_byte_order_mark_and_crlf(write):
    loaded = load_dataset(write(line(ROW) + "\r", line(UNANSWERABLE), encoding="utf-8-sig"))
    assert len(loaded) == 2


def test_load_dataset_keeps_line_separators_inside_a_string(write):
    assert load_dataset(write(line(ROW | {"answer": "一\u2028二"})))[0].answer == "一\u2028二"


def test_load_dataset_ignores_fields_of_other_tools(write):
    assert load_dataset(write(line(ROW | {"note": "x", "wrong_year_facts": ["4月1日"]})))[
        0
    ].wrong_year_facts == ("4月1日",)


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ("{", "2 行目: JSON として読めません。"),
        ("[1]", "2 行目: JSON のオブジェクトではありません。"),
        (line({k: v for k, v in ROW.items() if k != "question"}), "2 行目: 「question」がありません。"),
        (
            line(ROW | {"id": "q9", "evidence": []}),
            "2 行目: answerable が true なのに evidence がありません。",
        ),
        (
            line(ROW | {"id": "q9", "key_facts": [[]]}),
            "2 行目: answerable が true なのに key_facts がないか、空の組があります。",
        ),
        (line(ROW | {"id": "q9", "answerable": "true"}), "2 行目: 「answerable」の値の形が違います。"),
        (line(ROW | {"id": "q9", "question": " "}), "2 行目: 「question」が空です。"),
        (line(ROW | {"id": "q9", "evidence": [{"doc": "a"}]}), "2 行目: 「evidence.0.quote」がありません。"),
        (line(ROW), "2 行目: id「q1」が重複しています。"),
    ],
)
def test_load_dataset_names_the_line_and_what_is_wrong(write, bad, told):
    with pytest.raises(DatasetError) as caught:
        load_dataset(write(line(ROW), bad))
    assert caught.value.message == f"questions.jsonl の {told}"
    assert caught.value.hint


def test_load_dataset_rejects_another_encoding(write):
    with pytest.raises(DatasetError, match="1 行目: JSON として読めません"):
        load_dataset(write(line(ROW), encoding="shift_jis"))


def test_load_dataset_rejects_an_empty_file(write):
    with pytest.raises(DatasetError, match="質問が 1 件もありません"):
        load_dataset(write("", " "))


def test_load_dataset_rejects_a_missing_file(tmp_path):
    with pytest.raises(DatasetError, match="読めません"):
        load_dataset(tmp_path / "none.jsonl")


def test_dataset_sha256_is_that_of_the_bytes(write):
    path = write(line(ROW))
    assert dataset_sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()
