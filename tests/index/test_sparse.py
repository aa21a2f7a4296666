"""The inner product of a passage and a question is their BM25 score, as tantivy gives it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import sparse
from index.lexical import LexicalEntry, LexicalIndex
from index.sparse import DIMENSIONS, EVERY, Frequencies, dimension, rounded_length, weigh
from ingest.errors import IndexMismatchError

WORDS = [f"語{n}" for n in range(60)]


def random_passages(n: int) -> list[dict[str, list[str]]]:
    chance = random.Random(3)
    lengths = [chance.choice([3, 20, 45, 90, 200]) for _ in range(n)]
    return [
        {"body": chance.choices(WORDS, k=length), "grams": chance.choices(WORDS, k=length)}
        for length in lengths
    ]


def test_scores_are_those_of_the_local_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passages = random_passages(200)
    for field in ("body", "grams"):
        mean = sum(len(fields[field]) for fields in passages) / len(passages)
        monkeypatch.setitem(sparse.TYPICAL, field, mean)
    local = LexicalIndex.build(tmp_path / "lexical", [LexicalEntry(i, f) for i, f in enumerate(passages)])
    frequencies = Frequencies.count(passages)
    query = {"body": ["語1", "語7", "語7", "ない語"], "grams": ["語2"]}
    question = frequencies.question(query, {"grams": 0.5})
    for i, score in local.search(query, boosts={"grams": 0.5}, k=200):
        held = weigh(passages[i])
        product = sum(weight * held.get(place, 0.0) for place, weight in question.items())
        assert product == pytest.approx(score, rel=1e-5)


def test_frequencies_are_those_of_the_local_engine(tmp_path: Path) -> None:
    passages = random_passages(50)
    local = LexicalIndex.build(tmp_path / "lexical", [LexicalEntry(i, f) for i, f in enumerate(passages)])
    Frequencies.count(passages).save(tmp_path / "frequencies.bin")
    ours = Frequencies.load(tmp_path / "frequencies.bin", 50)
    for word in [*WORDS, "ない語", "", " "]:
        assert ours.document_frequency("body", word) == local.document_frequency("body", word)
        assert ours.idf("body", word) == local.idf(word, field="body")
    assert ours.document_frequency("title", "語1") == 0


def test_weights_of_a_passage_do_not_depend_on_others() -> None:
    assert weigh({"body": ["会費"]}) == weigh({"body": ["会費"], "grams": []})
    assert weigh({}) == {EVERY: 1.0}


@given(st.text(), st.sampled_from(["title", "section", "body", "grams"]))
def test_every_term_has_a_place_that_engines_take(term: str, field: str) -> None:
    assert EVERY < dimension(field, term) < DIMENSIONS


def test_one_term_has_a_place_in_each_field() -> None:
    assert len({dimension(field, "会費") for field in ("title", "section", "body", "grams")}) == 4


@pytest.mark.parametrize(
    ("n", "kept"),
    [
        (0, 0),
        (40, 40),
        (41, 40),
        (42, 42),
        (55, 54),
        (56, 56),
        (59, 56),
        (60, 60),
        (88, 88),
        (95, 88),
        (300, 280),
    ],
)
def test_length_is_rounded_down_as_in_one_byte(n: int, kept: int) -> None:
    assert rounded_length(n) == kept


def test_unknown_field_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown field"):
        weigh({"notes": ["会費"]})
    with pytest.raises(ValueError, match="unknown field"):
        Frequencies.count([]).question({"notes": ["会費"]}, {})


def test_table_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "frequencies.bin").write_bytes(b"\0" * 12)
    with pytest.raises(IndexMismatchError):
        Frequencies.load(tmp_path / "frequencies.bin", 1)
