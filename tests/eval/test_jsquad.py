from __future__ import annotations

import json

import pytest

from eval.dataset import load_dataset
from eval.jsquad import convert
from ingest.errors import DatasetError
from ingest.metadata import load_declarations

PASSAGES = [
    {"id": "a1p0", "title": '潮見の"港"', "text": "潮見港は1921年に開かれた。"},
    {"id": "a1p1", "title": "潮見港", "text": "灯台は岬の先に立つ。"},
]
QUERIES = [
    {
        "id": f"a1p0q{n}",
        "question": "港はいつ開かれたか。",
        "relevant": ["a1p0"],
        "answers": ["1921年", "1921年に"],
    }
    for n in range(5)
]


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "src"
    folder.mkdir()
    for name, rows in (("corpus", PASSAGES), ("queries", QUERIES)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"jsquad_valid.{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_convert_writes_one_file_a_passage_and_a_dataset_over_them(source, tmp_path):
    out = tmp_path / "out"
    assert convert(source, out) == 5
    questions = load_dataset(out / "questions.jsonl")
    assert [question.id for question in questions] == [query["id"] for query in QUERIES]
    assert questions[0].key_facts == (("1921年", "1921年に"),)
    for piece in questions[0].evidence:
        assert piece.quote in (out / "documents" / piece.doc).read_text(encoding="utf-8")
    declared = {declaration.pattern: declaration for declaration in load_declarations(out / "documents")}
    assert declared["a1p0.txt"].title == '潮見の"港"'


def test_convert_draws_the_same_questions_for_the_same_seed(source, tmp_path):
    drawn = []
    for name in ("a", "b"):
        assert convert(source, tmp_path / name, n_questions=2, seed=3) == 2
        drawn.append((tmp_path / name / "questions.jsonl").read_bytes())
    assert drawn[0] == drawn[1]
    assert len(list((tmp_path / "a" / "documents").glob("*.txt"))) == 2


@pytest.mark.parametrize(
    ("line", "told"),
    [("{", "JSON"), ('{"id": "x"}', "title"), ('{"id": "../x", "title": "t", "text": "t"}', "ファイル名")],
)
def test_convert_names_the_malformed_line(source, tmp_path, line, told):
    with (source / "jsquad_valid.corpus.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    with pytest.raises(DatasetError, match=told):
        convert(source, tmp_path / "out")
