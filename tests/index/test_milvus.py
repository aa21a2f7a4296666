"""An index in Milvus answers as the local one does, one whole generation at a time."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index import milvus, milvus_collection
from index.backup import backup
from index.doctor import examine, repair
from index.engine import Engine
from index.generation import generation_dir
from index.milvus import MilvusEngine
from index.milvus_collection import MilvusCollection
from index.milvus_place import RECORDS, Place, index_id
from index.milvus_rows import within
from index.pipeline import Pipeline
from index.restore import restore
from index.store import Store
from ingest.catalog import FILE_NAME, Catalog
from ingest.errors import EngineError, EngineMismatchError, EngineMissingError, IndexMismatchError
from tests.index.milvus_lite_engine import engine_at, lite_engine, require_milvus
from tests.index.small_pipeline import (
    DigestEmbedder,
    open_store,
    run_ingest,
    small_pipeline,
    texts_in,
    write_files,
)

TEXTS = {
    "会費.txt": "会費は年に2,000円である。\n団体の会費は5,000円である。\n",
    "窓口.txt": "相談窓口は駅前にある。\n窓口は月曜日に休む。\n㈱潮見が受付を担う。\n",
    "同じ.txt": "食堂は地下にある。\n食堂は地下にある。\n𠮷野家𠮷野家\n",
}
QUERIES = ("会費", "窓口は月曜日", "食堂", "𠮷野", "ない言葉がひとつ窓", "")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusEngine]:
    with lite_engine(tmp_path_factory.mktemp("milvus")) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path / "文書", TEXTS)


def on(engine: Engine) -> Pipeline:
    return replace(small_pipeline(), engine=engine)


def open_on(engine: Engine, index_dir: Path) -> Store:
    return open_store(index_dir, engine=engine)


def verify(engine: MilvusEngine, index_dir: Path) -> None:
    with Catalog.open(index_dir / FILE_NAME) as catalog, open_on(engine, index_dir) as store:
        engine.verify(catalog, generation_dir(index_dir, store.generation), store.manifest)


def collections_of(engine: MilvusEngine, index_dir: Path) -> list[str]:
    """Those that the server holds for this index."""
    name = index_id(index_dir)
    return [held for held in engine.server.call("list_collections") if name in held]


@pytest.fixture
def pair(engine: MilvusEngine, folder: Path, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """The same documents in both engines."""
    run_ingest(folder, index_dir=tmp_path / "local")
    run_ingest(folder, index_dir=tmp_path / "there", pipeline=on(engine))
    with (
        open_store(tmp_path / "local") as local,
        open_on(engine, tmp_path / "there") as there,
    ):
        yield local, there


def test_both_engines_find_the_same_by_vectors(pair: tuple[Store, Store]) -> None:
    local, there = pair
    ids = local.lexical.ids().tolist()
    for question in DigestEmbedder().embed_queries([*QUERIES, *TEXTS]):
        for k in (0, 1, 3, 50):
            for only in (None, set(), set(ids[::2]), set(ids[:3])):
                expected = local.dense.search(question, k=k, only=only)
                found = there.dense.search(question, k=k, only=only)
                assert [i for i, _ in found] == [i for i, _ in expected]
                assert dict(found) == pytest.approx(dict(expected), abs=1e-5)
        assert there.dense.scores(question, [*ids, 10**6]) == pytest.approx(
            local.dense.scores(question, ids), abs=1e-6
        )
    assert np.array_equal(there.dense.vectors_of(ids[1]), local.dense.vectors_of(ids[1]))
    assert (there.dense.dim, there.dense.n_vectors) == (local.dense.dim, local.dense.n_vectors)


def test_both_engines_find_the_same_by_words(pair: tuple[Store, Store]) -> None:
    local, there = pair
    ids = local.lexical.ids().tolist()
    assert there.lexical.ids().tolist() == ids
    assert there.lexical.n_passages == local.lexical.n_passages
    for query in QUERIES:
        terms = {"body": list(query), "grams": [query[n : n + 2] for n in range(len(query) - 1)]}
        for only in (None, set(), set(ids[::2]), set(ids[:3])):
            expected = local.lexical.search(terms, boosts={"grams": 0.5}, k=50, only=only)
            found = there.lexical.search(terms, boosts={"grams": 0.5}, k=50, only=only)
            assert {i for i, _ in found} == {i for i, _ in expected}
            assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))
        for term in {*query, " "}:
            assert there.lexical.document_frequency("body", term) == local.lexical.document_frequency(
                "body", term
            )
            assert there.lexical.idf(term) == local.lexical.idf(term)
            for among in (ids, ids[:2], []):
                told = there.lexical.holders([term], field="body", among=among)
                assert told == local.lexical.holders([term], field="body", among=among)
    there.lexical.self_test()


def test_wrong_arguments_are_refused_as_locally(pair: tuple[Store, Store]) -> None:
    _, there = pair
    with pytest.raises(ValueError, match="negative"):
        there.dense.search(np.zeros(8, dtype=np.float32), k=-1)
    with pytest.raises(ValueError, match="shape"):
        there.dense.search(np.zeros(9, dtype=np.float32), k=1)
    with pytest.raises(ValueError, match="negative"):
        there.lexical.search({"body": ["会"]}, boosts={}, k=-1)
    with pytest.raises(ValueError, match="unknown field"):
        there.lexical.search({"notes": ["会"]}, boosts={}, k=1)


def test_reader_keeps_its_generation_while_a_writer_goes_on(
    engine: MilvusEngine, folder: Path, tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    with open_on(engine, index_dir) as before:
        (folder / "会費.txt").write_text("会費は年に3,000円になった。\n", encoding="utf-8")
        (folder / "窓口.txt").unlink()
        run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
        assert not before.is_current()
        assert len(collections_of(engine, index_dir)) == 2
        assert len(before.lexical.ids()) == len(before.passages(before.lexical.ids().tolist())) == 8
        assert before.lexical.search({"body": ["曜"]}, boosts={}, k=5)
    with open_on(engine, index_dir) as after:
        assert after.lexical.search({"body": ["曜"]}, boosts={}, k=5) == []
        found = after.lexical.search({"grams": ["3,"]}, boosts={}, k=5)
        assert [p.text for p in after.passages([i for i, _ in found])] == ["会費は年に3,000円になった。"]
    (folder / "会費.txt").unlink()
    run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    assert len(collections_of(engine, index_dir)) == 1, (
        "collections of generations that nobody reads are gone"
    )


def test_alias_means_the_current_collection(engine: MilvusEngine, folder: Path, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    for _ in range(2):
        run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
        (folder / "会費.txt").write_text("会費は無料になった。\n", encoding="utf-8")
    [name] = collections_of(engine, index_dir)
    alias = f"shirube_{index_id(index_dir)}"
    assert engine.server.call("list_aliases", collection_name=name)["aliases"] == [alias]


def test_nothing_changed_writes_nothing(engine: MilvusEngine, folder: Path, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    first = run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    again = run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    assert (again.generation, again.n_embedded) == (first.generation, 0)


def rules(n: int) -> dict[str, str]:
    """So many files of three lines each."""
    return {
        f"{i:02d}.txt": "".join(f"第{i}号の{m}項は{i * m}円とする。\n" for m in range(3)) for i in range(n)
    }


FEW, MANY = rules(20), rules(80)


def test_small_changes_go_on_in_the_same_collection(engine: MilvusEngine, tmp_path: Path) -> None:
    folder, index_dir = write_files(tmp_path / "文書", MANY), tmp_path / "index"
    run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    run_ingest(folder, index_dir=tmp_path / "local")
    [name] = collections_of(engine, index_dir)
    wanted, held = dict(MANY), []
    for n in range(6):
        (folder / f"{n:02d}.txt").unlink()
        del wanted[f"{n:02d}.txt"]
        changed = {f"{n + 20:02d}.txt": f"第{n}号は改められた。\n", f"新{n}.txt": f"新しい第{n}号。\n"}
        wanted |= changed
        write_files(folder, changed)
        held.append((open_on(engine, index_dir), open_store(tmp_path / "local")))
        run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
        run_ingest(folder, index_dir=tmp_path / "local")
        assert collections_of(engine, index_dir) == [name]
        verify(engine, index_dir)
        if n == 3:  # from then on nobody reads the first three states: what only they had goes
            for pair in held[:3]:
                for store in pair:
                    store.close()
    held.append((open_on(engine, index_dir), open_store(tmp_path / "local")))
    assert texts_in(index_dir, engine) == wanted
    assert examine(index_dir, embedder="digest/1", pipeline=on(engine)) == []
    questions = DigestEmbedder().embed_queries(["第3号", "新しい", "改められた"])
    for there, local in held[3:]:  # every reader sees its own state, whatever came after it
        assert there.lexical.n_passages == local.lexical.n_passages == len(there.lexical.ids())
        for question in questions:
            found, expected = (store.dense.search(question, k=40) for store in (there, local))
            texts = [
                [p.text for p in s.passages([i for i, _ in hits])]
                for s, hits in ((there, found), (local, expected))
            ]
            assert texts[0] == texts[1]
        for term in "第号改新条円":
            assert there.lexical.document_frequency("body", term) == local.lexical.document_frequency(
                "body", term
            )
        there.lexical.self_test()
        there.close()
        local.close()


def test_rows_that_nobody_reads_any_more_are_deleted(engine: MilvusEngine, tmp_path: Path) -> None:
    folder, index_dir = write_files(tmp_path / "文書", MANY), tmp_path / "index"
    run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    [name] = collections_of(engine, index_dir)
    for n in range(3):
        (folder / f"{n:02d}.txt").unlink()
        report = run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
        held = MilvusCollection(engine.server, name, dim=8)
        assert len(list(held.rows())) == 2 * report.n_passages


def test_rows_of_an_ingest_that_was_not_finished_are_never_seen(engine: MilvusEngine, tmp_path: Path) -> None:
    folder, index_dir = write_files(tmp_path / "文書", FEW), tmp_path / "index"
    run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    [name] = collections_of(engine, index_dir)
    begun = MilvusCollection(engine.server, name, dim=8)
    row = begun.rows_of(1)[0]
    begun.send([replace(row, passage=61 + n) for n in range(50)])
    with open_on(engine, index_dir) as store:
        assert len(store.dense.search(row.vector, k=500)) == 60
    (folder / "新.txt").write_text("新しい規程である。\n", encoding="utf-8")
    run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    assert texts_in(index_dir, engine) == {**FEW, "新.txt": "新しい規程である。\n"}
    assert examine(index_dir, embedder="digest/1", pipeline=on(engine)) == []
    assert len(list(begun.rows())) == 2 * 61


def test_copy_of_an_index_leaves_the_collection_of_the_original_alone(
    engine: MilvusEngine, tmp_path: Path
) -> None:
    folder, index_dir = write_files(tmp_path / "文書", FEW), tmp_path / "index"
    run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    shutil.copytree(index_dir, tmp_path / "copy")
    (folder / "新.txt").write_text("新しい規程である。\n", encoding="utf-8")
    run_ingest(folder, index_dir=tmp_path / "copy", pipeline=on(engine))
    assert texts_in(index_dir, engine) == FEW
    assert texts_in(tmp_path / "copy", engine) == {**FEW, "新.txt": "新しい規程である。\n"}
    assert set(collections_of(engine, index_dir)).isdisjoint(collections_of(engine, tmp_path / "copy"))


def test_restored_state_does_not_disturb_readers_of_what_was_newer(
    engine: MilvusEngine, tmp_path: Path
) -> None:
    folder, index_dir = write_files(tmp_path / "文書", FEW), tmp_path / "index"
    run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    backup(index_dir, tmp_path / "控え.zip")
    newer = {**FEW, "新.txt": "新しい規程である。\n"}
    write_files(folder, newer)
    run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    with open_on(engine, index_dir) as held:
        question = DigestEmbedder().embed_queries(["新しい規程である。"])[0]
        before = held.dense.search(question, k=300)
        restore(tmp_path / "控え.zip", index_dir=index_dir)
        assert texts_in(index_dir, engine) == FEW
        (folder / "新.txt").write_text("ほかの規程である。\n", encoding="utf-8")
        run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
        assert held.dense.search(question, k=300) == before
    assert texts_in(index_dir, engine) == {**FEW, "新.txt": "ほかの規程である。\n"}


def test_what_a_crash_left_in_the_server_goes_with_the_next_commit(
    engine: MilvusEngine, folder: Path, tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    name = index_id(index_dir)
    begun = MilvusCollection(engine.server, f"shirube_{name}_000099_ffffffff", dim=8)
    (index_dir / RECORDS / begun.name).touch()
    begun.create(1)
    (index_dir / RECORDS / f"shirube_{name}_000098_eeeeeeee").touch()  # recorded, never made
    (folder / "会費.txt").write_text("会費は無料になった。\n", encoding="utf-8")
    run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    assert len(collections_of(engine, index_dir)) == 1
    assert len(list((index_dir / RECORDS).iterdir())) == 2


def test_two_indexes_on_one_server_leave_each_other_alone(
    engine: MilvusEngine, folder: Path, tmp_path: Path
) -> None:
    for name in ("a", "b", "a"):
        (folder / "会費.txt").write_text(f"会費は{name}円である。\n", encoding="utf-8")
        run_ingest(folder, index_dir=tmp_path / name, pipeline=on(engine))
    for name in ("a", "b"):
        with open_on(engine, tmp_path / name) as store:
            assert store.lexical.search({"body": [name]}, boosts={}, k=5)


def test_lost_collection_is_told_found_and_made_again(
    engine: MilvusEngine, folder: Path, tmp_path: Path
) -> None:
    index_dir = tmp_path / "index"
    run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    for lose in ("ingest", "doctor"):
        [name] = collections_of(engine, index_dir)
        MilvusCollection(engine.server, name, dim=8).drop()
        with pytest.raises(IndexMismatchError, match="Milvus に索引がありません"):
            open_on(engine, index_dir)
        assert examine(index_dir, embedder="digest/1", pipeline=on(engine))
        embedder = DigestEmbedder()
        if lose == "ingest":
            run_ingest(folder, index_dir=index_dir, pipeline=on(engine), embedder=embedder)
        else:
            repair(index_dir, embedder=embedder, pipeline=on(engine))
        assert embedder.embedded == []
        assert examine(index_dir, embedder="digest/1", pipeline=on(engine)) == []


def test_changed_rows_are_found(engine: MilvusEngine, folder: Path, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    [folder_of] = (index_dir / "generations").iterdir()
    verify(engine, index_dir)
    collection = MilvusCollection(engine.server, Place.load(folder_of).collection, dim=8)
    row = collection.rows_of(1)[0]
    collection.send([replace(row, vector=row.vector[::-1].copy())])
    with pytest.raises(IndexMismatchError, match="内容が"):
        verify(engine, index_dir)
    assert [finding.part for finding in examine(index_dir, embedder="digest/1", pipeline=on(engine))] == [
        "dense"
    ]
    engine.server.call("delete", collection_name=collection.name, ids=[row.key])
    with pytest.raises(IndexMismatchError, match="件数"):
        open_on(engine, index_dir)


def test_other_dimension_in_the_server_is_refused(engine: MilvusEngine, folder: Path, tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    run_ingest(folder, index_dir=index_dir, pipeline=on(engine))
    [name] = collections_of(engine, index_dir)
    with pytest.raises(IndexMismatchError, match="次元"):
        MilvusCollection(engine.server, name, dim=9).check(1)


def test_engine_that_does_not_hold_the_index_is_refused(
    engine: MilvusEngine, folder: Path, tmp_path: Path
) -> None:
    run_ingest(folder, index_dir=tmp_path / "there", pipeline=on(engine))
    run_ingest(folder, index_dir=tmp_path / "local")
    with pytest.raises(EngineMismatchError, match=r"milvus.*local"):
        open_store(tmp_path / "there")
    with pytest.raises(EngineMismatchError, match=r"local.*milvus"):
        open_on(engine, tmp_path / "local")
    (folder / "会費.txt").write_text("会費は無料になった。\n", encoding="utf-8")
    with pytest.raises(EngineMismatchError):
        run_ingest(folder, index_dir=tmp_path / "there")
    with pytest.raises(EngineMismatchError):
        examine(tmp_path / "there", embedder="digest/1", pipeline=small_pipeline())


def test_empty_index_can_be_opened_and_finds_nothing(
    engine: MilvusEngine, folder: Path, tmp_path: Path
) -> None:
    for path in folder.iterdir():
        path.write_text("", encoding="utf-8")
    run_ingest(folder, index_dir=tmp_path / "index", pipeline=on(engine))
    with open_on(engine, tmp_path / "index") as store:
        assert store.dense.search(np.ones(8, dtype=np.float32), k=3) == []
        assert store.lexical.search({"body": ["会"]}, boosts={}, k=3) == []
    assert examine(tmp_path / "index", embedder="digest/1", pipeline=on(engine)) == []


def test_engine_that_is_not_installed_is_told(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(EngineMissingError, match="入っていません"):
        run_ingest(folder, index_dir=tmp_path / "index", pipeline=on(engine_at("http://127.0.0.1:9")))


def test_server_that_is_not_there_is_told_and_the_old_state_stays(folder: Path, tmp_path: Path) -> None:
    require_milvus()
    away = engine_at("http://127.0.0.1:9", patience_s=0.5)
    with pytest.raises(EngineError, match="つながりません") as told:
        run_ingest(folder, index_dir=tmp_path / "index", pipeline=on(away))
    assert "127.0.0.1:9" in told.value.message
    assert told.value.retryable
    embedder = DigestEmbedder()
    run_ingest(folder, index_dir=tmp_path / "index", embedder=embedder)
    assert embedder.embedded == [], "what was embedded before is not embedded again"


def test_many_rows_are_searched_by_a_graph(
    engine: MilvusEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (milvus, milvus_collection):
        monkeypatch.setattr(module, "MOST_EXACT", 100)
    texts = {f"{n}.txt": "".join(f"第{n}号の{m}項は{n * m}円。\n" for m in range(30)) for n in range(20)}
    write_files(tmp_path / "文書", texts)
    run_ingest(tmp_path / "文書", index_dir=tmp_path / "index", pipeline=on(engine))
    run_ingest(tmp_path / "文書", index_dir=tmp_path / "local")
    [name] = collections_of(engine, tmp_path / "index")
    told = engine.server.call("describe_index", collection_name=name, index_name="dense")
    assert told["index_type"] == "HNSW"
    questions = DigestEmbedder().embed_queries([f"問{n}" for n in range(20)])
    with open_on(engine, tmp_path / "index") as there, open_store(tmp_path / "local") as local:
        found = [{i for i, _ in there.dense.search(question, k=10)} for question in questions]
        exact = [{i for i, _ in local.dense.search(question, k=10)} for question in questions]
    assert sum(len(a & b) for a, b in zip(found, exact, strict=True)) >= 0.97 * 10 * len(questions)


@pytest.mark.parametrize(
    ("ids", "told"),
    [
        ([], "passage in []"),
        ([5], "(passage >= 5 and passage <= 5)"),
        ([7, 1, 2, 3], "(passage >= 1 and passage <= 3) or (passage >= 7 and passage <= 7)"),
    ],
)
def test_filter_is_told_in_ranges(ids: list[int], told: str) -> None:
    assert within(ids) == told


def test_filter_of_many_ranges_names_every_id() -> None:
    assert within(range(0, 600, 2)).startswith("passage in [0,2,4,")
