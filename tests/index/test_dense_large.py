"""LargeDenseIndex: against exact search, and brought up to date as if it had been built whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import index.dense_large
import index.engine_local
import index.update
from index.dense import DenseIndex
from index.dense_large import BASE_FILES, GONE_FILE, TAIL_FILE, LargeDenseIndex
from index.generation import generation_dir
from index.linked import link_file
from ingest.errors import IndexMismatchError
from tests.index.small_pipeline import DigestEmbedder, open_store, run_ingest, texts_in, write_files

DIM = 16
N = 5_000


@pytest.fixture
def large_from_100(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists from a hundred vectors on, and a fifth of them may stand beside the lists."""
    monkeypatch.setattr(index.update, "MOST_EXACT", 100)
    monkeypatch.setattr(index.engine_local, "MOST_EXACT", 100)
    monkeypatch.setattr(index.dense_large, "MOST_BESIDE", 0.2)


def drawn(seed: int, n: int = N) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    middles = rng.standard_normal((50, DIM))
    vectors = middles[rng.integers(0, 50, n)] + 0.5 * rng.standard_normal((n, DIM))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def built(folder: Path) -> tuple[LargeDenseIndex, NDArray[np.int64], NDArray[np.float32]]:
    ids, vectors = np.arange(N, dtype=np.int64) * 2 + 1, drawn(1)
    folder.mkdir(exist_ok=True)
    packs = [(ids[at : at + 999], vectors[at : at + 999]) for at in range(0, N, 999)]
    return LargeDenseIndex.build(folder, packs, dim=DIM), ids, vectors


def overlap(index: LargeDenseIndex, exact: DenseIndex, only: set[int] | None) -> float:
    questions = drawn(3, 60)
    shares = [
        len(dict(index.search(q, k=10, only=only)).keys() & dict(exact.search(q, k=10, only=only)).keys())
        / 10
        for q in questions
    ]
    return float(np.mean(shares))


@pytest.mark.parametrize("part", [None, 2, 500])
def test_search_agrees_with_exact_search(
    tmp_path: Path, part: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.dense_large, "FEW", 100)
    large, ids, vectors = built(tmp_path)
    only = None if part is None else set(ids[::part].tolist())
    assert overlap(large, DenseIndex.build(ids, vectors), only) >= 0.97
    found = large.search(vectors[8], k=3)
    assert found[0] == (17, pytest.approx(1.0, abs=1e-5))
    assert large.scores(vectors[8], [17, 2]) == {17: pytest.approx(1.0, abs=1e-5)}
    assert large.search(vectors[8], k=3, only=set()) == []
    assert large.holds(ids, vectors)
    assert not large.holds(ids, np.roll(vectors, 1, axis=0))


def test_extended_index_finds_what_came_and_not_what_went(tmp_path: Path) -> None:
    large, ids, vectors = built(tmp_path / "a")
    new_ids, new = np.arange(20_001, 20_101), drawn(2, 100)
    removed = ids[100:150]
    beside = large.beside(removed, [(new_ids, new)])
    assert beside is not None
    target = tmp_path / "b"
    target.mkdir()
    for name in BASE_FILES:
        link_file(tmp_path / "a" / name, target / name)
    extended = LargeDenseIndex.extend(target, *beside)
    stays = ~np.isin(ids, removed)
    all_ids, all_vectors = np.concatenate([ids[stays], new_ids]), np.concatenate([vectors[stays], new])
    assert extended.n_vectors == len(all_ids)
    assert extended.holds(all_ids, all_vectors)
    assert overlap(extended, DenseIndex.build(all_ids, all_vectors), None) >= 0.97
    assert extended.search(new[5], k=1) == [(20_006, pytest.approx(1.0, abs=1e-5))]
    assert int(removed[0]) not in dict(extended.search(vectors[100], k=50))
    assert len(extended.vectors_of(int(removed[0]))) == 0
    assert large.n_vectors == N  # the files that they share have not changed


def test_much_that_changed_is_not_put_beside(tmp_path: Path) -> None:
    large, ids, _ = built(tmp_path)
    assert large.beside(ids[:1_000], []) is None


def test_damaged_file_is_refused(tmp_path: Path) -> None:
    built(tmp_path)
    path = tmp_path / "dense.vectors.bin"
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(IndexMismatchError):
        LargeDenseIndex.load(tmp_path)


@pytest.mark.usefixtures("large_from_100")
def test_ingest_of_a_large_index_links_what_has_not_changed(tmp_path: Path) -> None:
    folder, index_dir = tmp_path / "docs", tmp_path / "index"
    texts = {
        f"{n:03d}.txt": "\n".join(f"第{n}号の{m}項、費用は{n * m}円。" for m in range(5)) for n in range(40)
    }
    write_files(folder, texts)
    run_ingest(folder, index_dir=index_dir)
    with open_store(index_dir) as held:
        (folder / "007.txt").unlink()
        write_files(folder, {"003.txt": "窓口は移りました。", "新.txt": "新しい届出。"})
        report = run_ingest(folder, index_dir=index_dir)
        assert (report.added, report.changed, report.removed) == (("新.txt",), ("003.txt",), ("007.txt",))
        assert held.text(
            next(r.id for r in held.documents() if r.source == "007.txt")
        )  # a reader keeps its state
    files = {path.name: path.stat().st_nlink for path in generation_dir(index_dir, 2).iterdir()}
    assert {TAIL_FILE, GONE_FILE, *BASE_FILES} <= files.keys()
    wanted = {**texts, "003.txt": "窓口は移りました。", "新.txt": "新しい届出。"}
    del wanted["007.txt"]
    assert texts_in(index_dir) == wanted
    with open_store(index_dir) as store:
        question = DigestEmbedder().embed_queries(["新しい届出。"])[0]
        assert store.passages([store.dense.search(question, k=1)[0][0]])[0].text == "新しい届出。"
        assert store.lexical.search({"body": list("移")}, boosts={}, k=5)
        assert store.tokens is None


@pytest.mark.usefixtures("large_from_100")
def test_many_changes_write_a_large_index_whole(tmp_path: Path) -> None:
    folder, index_dir = tmp_path / "docs", tmp_path / "index"
    texts = {f"{n}.txt": f"届出その{n}。\n期限は{n}日。" for n in range(40)}
    write_files(folder, texts)
    run_ingest(folder, index_dir=index_dir)
    texts |= {f"{n}.txt": f"変わった届出{n}。" for n in range(20)}
    write_files(folder, texts)
    run_ingest(folder, index_dir=index_dir)
    assert texts_in(index_dir) == texts


@pytest.mark.usefixtures("large_from_100")
def test_vectors_of_texts_that_a_large_collection_lost_are_dropped(tmp_path: Path) -> None:
    folder, index_dir = tmp_path / "docs", tmp_path / "index"
    texts = {f"{n:03d}.txt": "\n".join(f"第{n}号の{m}項。" for m in range(5)) for n in range(40)}
    same = {"甲/通知.txt": "同じ文。\n", "乙/通知.txt": "同じ文。\n"}
    write_files(folder, texts | same)
    run_ingest(folder, index_dir=index_dir)
    with open_store(index_dir) as store:
        n_before = store.statistics().n_vectors
    (folder / "007.txt").unlink()
    (folder / "甲" / "通知.txt").unlink()
    run_ingest(folder, index_dir=index_dir)
    with open_store(index_dir) as store:
        assert store.statistics().n_vectors == n_before - 2 * 5  # of each line with and without its title
    del texts["007.txt"]
    assert texts_in(index_dir) == texts | {"乙/通知.txt": "同じ文。\n"}
