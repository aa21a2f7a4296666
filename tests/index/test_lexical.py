from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.lexical import PROBE_FILE, LexicalEntry, LexicalIndex, clean_terms
from ingest.errors import IndexMismatchError

ENTRIES = [
    LexicalEntry(
        11, {"title": ["休暇"], "body": ["年次", "休暇", "20", "日"], "grams": ["年次", "次休", "休暇"]}
    ),
    LexicalEntry(12, {"title": ["旅費"], "body": ["旅費", "支給", "日"]}),
    LexicalEntry(13, {"title": ["休暇"], "body": ["病気", "休暇", "休暇"]}),
    LexicalEntry(14, {}),
]


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    return LexicalIndex.build(tmp_path / "語", ENTRIES)


def ids(hits: list[tuple[int, float]]) -> list[int]:
    return [i for i, _ in hits]


def test_search_finds_the_passages_that_hold_a_term_best_first(index: LexicalIndex) -> None:
    hits = index.search({"body": ["休暇"]}, boosts={}, k=10)
    assert ids(hits) == [13, 11]
    assert hits[0][1] > hits[1][1] > 0
    assert ids(index.search({"body": ["休暇", "旅費"]}, boosts={}, k=10)) == [12, 13, 11]
    assert index.search({"body": ["出張"]}, boosts={}, k=10) == []


def test_search_returns_at_most_k_and_only_what_is_chosen(index: LexicalIndex) -> None:
    query = {"body": ["休暇", "旅費", "日"]}
    assert len(index.search(query, boosts={}, k=2)) == 2
    assert index.search(query, boosts={}, k=0) == []
    everywhere = dict(index.search(query, boosts={}, k=10))
    chosen = dict(index.search(query, boosts={}, k=10, only={11, 12, 99}))
    assert chosen == {i: everywhere[i] for i in (11, 12)}  # choosing does not change a score
    assert index.search(query, boosts={}, k=10, only=[]) == []


def test_boosts_weigh_fields_and_repeated_terms_weigh_more(index: LexicalIndex) -> None:
    def one(query: dict[str, list[str]], boosts: dict[str, float]) -> float:
        return index.search(query, boosts=boosts, k=1, only=[11])[0][1]

    title, body = one({"title": ["休暇"]}, {}), one({"body": ["休暇"]}, {})
    assert one({"title": ["休暇"], "body": ["休暇"]}, {"title": 3.0}) == pytest.approx(3 * title + body)
    assert one({"body": ["休暇", "休暇"]}, {}) == pytest.approx(2 * body)
    assert index.search({"title": ["休暇"]}, boosts={"title": 0.0}, k=5) == []


def test_equal_scores_come_by_ascending_id(tmp_path: Path) -> None:
    entries = [LexicalEntry(i, {"body": ["同じ"]}) for i in (9, 3, 2**40, 5)]
    found = LexicalIndex.build(tmp_path / "x", entries).search({"body": ["同じ"]}, boosts={}, k=4)
    assert ids(found) == [3, 5, 9, 2**40]


def test_empty_query_and_empty_index_find_nothing(index: LexicalIndex, tmp_path: Path) -> None:
    assert index.search({}, boosts={}, k=5) == []
    assert index.search({"body": ["", "　", " "]}, boosts={}, k=5) == []
    empty = LexicalIndex.build(tmp_path / "空", [])
    assert empty.search({"body": ["休暇"]}, boosts={}, k=5) == []
    assert empty.n_passages == 0
    empty.self_test()


def test_bad_arguments_are_refused(index: LexicalIndex, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown fields"):
        index.search({"text": ["休暇"]}, boosts={}, k=5)
    with pytest.raises(ValueError, match="unknown fields"):
        LexicalIndex.build(tmp_path / "y", [LexicalEntry(1, {"text": ["休暇"]})])
    with pytest.raises(ValueError, match="negative"):
        index.search({"body": ["休暇"]}, boosts={}, k=-1)


@pytest.mark.parametrize("most", [1, 2000])
def test_holders_are_looked_up_among_the_passages_given(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.lexical.MOST_HELD", most)  # rare terms and frequent ones are looked up apart
    texts = {1: ["会費"], 2: ["会費", "団体"], 3: ["会費"]}
    index = LexicalIndex.build(tmp_path / "l", [LexicalEntry(i, {"body": t}) for i, t in texts.items()])
    found = [index.holders([term], field="body", among={1, 2})[term] for term in ("会費", "団体", "割引")]
    assert found == [{1, 2}, {2}, set()]
    assert index.holders(["会費"], field="body", among=()) == {"会費": frozenset()}


def test_holders_of_many_terms_are_those_of_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.lexical.MOST_HELD", 1)
    chance = random.Random(7)
    terms = [f"語{n}" for n in range(50)]
    texts = {i: chance.sample(terms, 20) for i in range(1, 60)}
    index = LexicalIndex.build(tmp_path / "l", [LexicalEntry(i, {"body": t}) for i, t in texts.items()])
    among = set(chance.sample(sorted(texts), 30))
    found = index.holders(terms, field="body", among=among)
    assert found == {term: {i for i in among if term in texts[i]} for term in terms}


def test_terms_that_half_of_very_many_passages_hold_are_not_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {1: ["市", "会費"], 2: ["市", "団体"], 3: ["市"], 4: ["会費", "市"], 5: ["市"]}
    index = LexicalIndex.build(tmp_path / "l", [LexicalEntry(i, {"body": t}) for i, t in texts.items()])
    query = {"body": ["市", "会費"]}
    assert len(index.search(query, boosts={}, k=9)) == 5
    monkeypatch.setattr("index.lexical.MANY", 4)
    assert [i for i, _ in index.search(query, boosts={}, k=9)] == [1, 4]
    assert len(index.search({"body": ["市"]}, boosts={}, k=9)) == 5  # nothing else is asked for
    assert len(index.search({"body": ["市", "割引"]}, boosts={}, k=9)) == 5


def test_document_frequency_and_idf_count_passages(index: LexicalIndex) -> None:
    assert index.n_passages == 4
    assert [index.document_frequency("body", term) for term in ("休暇", "旅費", "出張", "")] == [2, 1, 0, 0]
    assert index.idf("休暇") == pytest.approx(np.log(1 + (4 - 2 + 0.5) / (2 + 0.5)))
    assert index.idf("出張") > index.idf("旅費") > index.idf("休暇") > 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(terms=st.lists(st.text(st.characters(), max_size=12), max_size=8))
def test_any_term_that_is_put_in_is_found(terms: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("terms")
    index = LexicalIndex.build(folder, [LexicalEntry(1, {"body": terms}), LexicalEntry(2, {"body": ["別"]})])
    for term in terms:
        cleaned = clean_terms([term])
        assert cleaned == clean_terms(cleaned)
        assert index.document_frequency("body", term) == len(cleaned) * (2 if cleaned == ["別"] else 1)
        if cleaned:
            assert 1 in ids(index.search({"body": [term]}, boosts={}, k=2))


def test_endless_term_is_cut_alike_in_index_and_query(tmp_path: Path) -> None:
    long = "あ" * 100_000
    index = LexicalIndex.build(tmp_path / "z", [LexicalEntry(1, {"body": [long]})])
    assert ids(index.search({"body": [long]}, boosts={}, k=1)) == [1]


def test_opened_index_answers_like_the_built_one(index: LexicalIndex, tmp_path: Path) -> None:
    query = {"title": ["休暇"], "body": ["日", "休暇"]}
    opened = LexicalIndex.open(tmp_path / "語")
    assert opened.search(query, boosts={"title": 2.0}, k=9) == index.search(query, boosts={"title": 2.0}, k=9)
    opened.self_test()


def test_self_test_draws_a_japanese_term_when_there_is_one(tmp_path: Path) -> None:
    entries = [LexicalEntry(1, {"body": ["abc"]}), LexicalEntry(2, {"body": ["x", "休暇"]})]
    LexicalIndex.build(tmp_path / "p", entries).self_test()
    assert json.loads((tmp_path / "p" / PROBE_FILE).read_text(encoding="utf-8")) == ["body", "休暇", 2]


def test_self_test_refuses_a_dead_index(index: LexicalIndex, tmp_path: Path) -> None:
    probe = tmp_path / "語" / PROBE_FILE
    probe.write_text(json.dumps(["body", "どこにもない", 11]), encoding="utf-8")
    with pytest.raises(IndexMismatchError, match="どこにもない"):
        LexicalIndex.open(tmp_path / "語").self_test()
    without_terms = LexicalIndex.build(tmp_path / "無", [LexicalEntry(1, {"body": []})])
    with pytest.raises(IndexMismatchError, match="一つもありません"):
        without_terms.self_test()


def test_damaged_folder_is_refused(index: LexicalIndex, tmp_path: Path) -> None:
    folder = tmp_path / "語"
    (folder / "meta.json").write_text("{}")
    with pytest.raises(IndexMismatchError):
        LexicalIndex.open(folder)
    with pytest.raises(IndexMismatchError):
        LexicalIndex.open(tmp_path / "なし")


def test_scores_agree_with_bm25s_on_random_terms(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    vocabulary = [f"語{n}" for n in range(60)]
    weights = 1 / np.arange(1, 61)
    texts = [
        rng.choice(vocabulary, size=rng.integers(1, 40), p=weights / weights.sum()).tolist()
        for _ in range(300)  # at most 39 terms each: tantivy's lengths are exact up to 40
    ]
    index = LexicalIndex.build(
        tmp_path / "o", [LexicalEntry(n + 1, {"body": text}) for n, text in enumerate(texts)]
    )
    oracle = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    oracle.index(texts, show_progress=False)
    for _ in range(40):
        query = rng.choice(vocabulary, size=4, replace=False).tolist()
        expected = 2.2 * oracle.get_scores(query)  # Lucene leaves out the constant k1 + 1
        found = dict(index.search({"body": query}, boosts={}, k=300))
        assert found.keys() == {n + 1 for n in np.flatnonzero(expected)}
        assert found == pytest.approx({i: float(expected[i - 1]) for i in found}, rel=1e-4)


def test_scores_of_long_passages_stay_near_the_formula(tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    texts = [[f"語{n}" for n in rng.integers(0, 50, size=rng.integers(41, 400))] for _ in range(60)]
    index = LexicalIndex.build(
        tmp_path / "l", [LexicalEntry(n + 1, {"body": text}) for n, text in enumerate(texts)]
    )
    oracle = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    oracle.index(texts, show_progress=False)
    query = [term for term, _ in Counter(texts[0]).most_common(3)]
    expected = 2.2 * oracle.get_scores(query)
    found = dict(index.search({"body": query}, boosts={}, k=60))
    assert found == pytest.approx({i: float(expected[i - 1]) for i in found}, rel=0.1)
