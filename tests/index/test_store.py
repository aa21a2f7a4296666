from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from index.generation import FOLDER
from ingest.catalog import FILE_NAME
from ingest.errors import IndexMismatchError, IndexMissingError
from tests.index.small_pipeline import DigestEmbedder, open_store, run_ingest, texts_in, write_files

TEXTS = {"休暇.txt": "年次休暇は20日。\n病気休暇は別に定める。\n", "sub/旅費.txt": "旅費は実費を支給する。\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path / "文書", TEXTS)


@pytest.fixture
def index_dir(tmp_path: Path, folder: Path) -> Path:
    run_ingest(folder, index_dir=tmp_path / "索引")
    return tmp_path / "索引"


def test_store_gives_documents_passages_and_both_legs(index_dir: Path) -> None:
    with open_store(index_dir) as store:
        assert [record.source for record in store.documents()] == ["sub/旅費.txt", "休暇.txt"]
        leave = store.documents()[1]
        assert store.text(leave.id) == TEXTS["休暇.txt"]
        assert store.document(leave.id).title == "休暇"
        (hit, _), *_ = store.lexical.search({"grams": ["旅費", "支給"]}, boosts={}, k=3)
        (passage,) = store.passages([hit])
        assert passage.text == "旅費は実費を支給する。"
        question = DigestEmbedder().embed_queries(["病気休暇は別に定める。"])[0]
        (hit, score), *_ = store.dense.search(question, k=3)
        assert store.passages([hit])[0].text == "病気休暇は別に定める。"
        assert score == pytest.approx(1.0)
        assert store.manifest.n_passages == store.statistics().n_passages == 3
        assert store.neighbours([i for i, _ in store.passages_of(leave.id)][:1]) == {
            store.passages_of(leave.id)[0][0]: [store.passages_of(leave.id)[1][0]]
        }
        assert store.passage_ids([passage.id]) == {passage.id: store.passages_of(passage.document_id)[0][0]}


def test_store_gives_the_passage_ids_of_documents(index_dir: Path) -> None:
    with open_store(index_dir) as store:
        own = {record.id: {i for i, _ in store.passages_of(record.id)} for record in store.documents()}
        for document, ids in own.items():
            assert store.ids_of_documents([document]) == ids
        many = [*own, *(f"無い{n}" for n in range(1200))]  # more than one statement may name
        assert store.ids_of_documents(many) == set[int]().union(*own.values())
        assert store.ids_of_documents([]) == store.ids_of_documents(["無い"]) == frozenset()


def test_nothing_ingested_is_told(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError) as caught:
        open_store(tmp_path / "なし")
    assert "shirube ingest" in caught.value.hint
    assert not (tmp_path / "なし").exists()


@pytest.mark.parametrize(("embedder", "analyser"), [("other/1", "characters/1"), ("digest/1", "other/1")])
def test_another_maker_is_refused(index_dir: Path, embedder: str, analyser: str) -> None:
    with pytest.raises(IndexMismatchError, match="other/1") as caught:
        open_store(index_dir, embedder, analyser)
    assert "shirube ingest --rebuild" in caught.value.hint


def test_damaged_index_is_refused(index_dir: Path) -> None:
    dense = next((index_dir / FOLDER).glob("*/dense.faiss"))
    data = bytearray(dense.read_bytes())
    data[-1] ^= 1
    dense.write_bytes(data)
    with open_store(index_dir) as store, pytest.raises(IndexMismatchError, match=r"dense\.faiss"):
        store.check_digests()
    dense.write_bytes(data[:-1])
    with pytest.raises(IndexMismatchError):
        open_store(index_dir)
    shutil.rmtree(index_dir / FOLDER)
    with pytest.raises(IndexMismatchError, match="ありません"):
        open_store(index_dir)


def test_reader_keeps_its_whole_state_while_writers_commit(index_dir: Path, folder: Path) -> None:
    with open_store(index_dir) as store:
        before = dict(store.lexical.search({"body": ["休", "旅"]}, boosts={}, k=9))
        passages = store.passages(list(before))
        for n in range(3):  # three generations: the one that is open is stale by then
            write_files(folder, {"休暇.txt": f"休暇の規則は廃止した。{n}\n"})
            run_ingest(folder, index_dir=index_dir)
        assert not store.is_current()
        assert dict(store.lexical.search({"body": ["休", "旅"]}, boosts={}, k=9)) == before
        assert store.passages(list(before)) == passages
        assert store.text(store.documents()[1].id) == TEXTS["休暇.txt"]
    assert texts_in(index_dir)["休暇.txt"] == "休暇の規則は廃止した。2\n"


def test_opening_while_writers_commit_always_gives_one_whole_state(index_dir: Path, folder: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            write_files(folder, {"休暇.txt": "\n".join([f"版{n}の規則"] * (n % 3 + 1)) + "\n"})
            run_ingest(folder, index_dir=index_dir)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(15):
            with open_store(index_dir) as store:
                hits = store.lexical.search({"body": ["規", "年", "旅"]}, boosts={}, k=9)
                texts = [passage.text for passage in store.passages([i for i, _ in hits])]
                versions = {text for text in texts if text.startswith("版")}
                assert len(versions) <= 1
                assert sum(len(store.text(r.id).splitlines()) for r in store.documents()) == len(
                    {i for r in store.documents() for i, _ in store.passages_of(r.id)}
                )
    finally:
        stop.set()
        writer.join()


def test_store_is_current_until_something_is_ingested(index_dir: Path, folder: Path) -> None:
    with open_store(index_dir) as store:
        run_ingest(folder, index_dir=index_dir)
        assert store.is_current()
        write_files(folder, {"追加.txt": "新しい規則。\n"})
        run_ingest(folder, index_dir=index_dir)
        assert not store.is_current()


def test_threads_may_read_one_store(index_dir: Path) -> None:
    failures: list[BaseException] = []
    with open_store(index_dir) as store:
        expected = {record.id: store.text(record.id) for record in store.documents()}

        def read() -> None:
            try:
                for _ in range(50):
                    assert {r.id: store.text(r.id) for r in store.documents()} == expected
                    hits = store.lexical.search({"body": ["休"]}, boosts={}, k=3)
                    assert len(store.passages([i for i, _ in hits])) == 2
            except BaseException as error:  # a thread's failure must reach the test
                failures.append(error)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []


def test_closed_cleanly_the_index_opens_again(index_dir: Path) -> None:
    assert not (index_dir / f"{FILE_NAME}-wal").exists()  # the last writer has merged its log
    for _ in range(2):
        assert texts_in(index_dir) == TEXTS
