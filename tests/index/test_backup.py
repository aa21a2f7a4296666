from __future__ import annotations

import json
import random
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from index.backup import HEADER, BackupError, backup
from index.generation import FOLDER
from index.lock import WriterLock
from index.restore import restore
from index.writing import SCRATCH
from ingest.errors import IndexMismatchError, IndexMissingError, LockedError
from tests.index.small_pipeline import open_store, run_ingest, texts_in, write_files

OLD = {"休暇.txt": "年次休暇は20日。\n", "旅費.txt": "旅費は実費。\n"}
NEW = {"休暇.txt": "年次休暇は15日。\n", "通勤.txt": "通勤手当は月額。\n"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_files(tmp_path / "文書", OLD)


@pytest.fixture
def index_dir(tmp_path: Path, folder: Path) -> Path:
    run_ingest(folder, index_dir=tmp_path / "索引")
    return tmp_path / "索引"


@pytest.fixture
def archive(tmp_path: Path, index_dir: Path) -> Path:
    backup(index_dir, tmp_path / "控え.zip")
    return tmp_path / "控え.zip"


def move_on(folder: Path, index_dir: Path) -> None:
    (folder / "旅費.txt").unlink()
    write_files(folder, NEW)
    run_ingest(folder, index_dir=index_dir)
    assert texts_in(index_dir) == NEW


def test_restored_index_is_what_was_backed_up(folder: Path, index_dir: Path, archive: Path) -> None:
    move_on(folder, index_dir)
    report = restore(archive, index_dir=index_dir)
    assert texts_in(index_dir) == OLD
    assert (report.n_documents, report.generation) == (2, 3)
    assert sorted(path.name for path in (index_dir / FOLDER).iterdir()) == ["000003"]
    assert not (index_dir / SCRATCH).exists()


def test_restored_into_an_empty_place_and_ingested_on(folder: Path, archive: Path, tmp_path: Path) -> None:
    restore(archive, index_dir=tmp_path / "別の場所")
    assert texts_in(tmp_path / "別の場所") == OLD
    assert run_ingest(folder, index_dir=tmp_path / "別の場所").unchanged == tuple(sorted(OLD))
    move_on(folder, tmp_path / "別の場所")


def test_restored_over_a_damaged_catalog(index_dir: Path, archive: Path) -> None:
    (index_dir / "catalog.sqlite").write_bytes(b"not a database" * 1000)
    restore(archive, index_dir=index_dir)
    assert texts_in(index_dir) == OLD


def test_reader_keeps_its_state_while_another_is_restored(
    folder: Path, index_dir: Path, archive: Path
) -> None:
    move_on(folder, index_dir)
    with open_store(index_dir) as store:
        restore(archive, index_dir=index_dir)
        assert {record.source for record in store.documents()} == set(NEW)
        store.check_digests()
        assert not store.is_current()
    assert texts_in(index_dir) == OLD


def test_conversations_are_in_the_archive_and_come_back_only_where_there_are_none(
    index_dir: Path, tmp_path: Path
) -> None:
    history = index_dir / "history.sqlite"
    with closing(sqlite3.connect(history)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE said (words TEXT)")
        connection.execute("INSERT INTO said VALUES ('前')")
        connection.commit()
        backup(index_dir, tmp_path / "控え.zip")
        connection.execute("INSERT INTO said VALUES ('後')")
        connection.commit()
        restore(tmp_path / "控え.zip", index_dir=index_dir)
        assert connection.execute("SELECT words FROM said").fetchall() == [("前",), ("後",)]
    restore(tmp_path / "控え.zip", index_dir=tmp_path / "新")
    with closing(sqlite3.connect(tmp_path / "新" / "history.sqlite")) as connection:
        assert connection.execute("SELECT words FROM said").fetchall() == [("前",)]


def test_every_flipped_byte_is_noticed_and_changes_nothing(
    folder: Path, index_dir: Path, archive: Path
) -> None:
    move_on(folder, index_dir)
    data = archive.read_bytes()
    moments = random.Random(5)
    for _ in range(40):
        at = moments.randrange(len(data))
        archive.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
        try:
            restore(archive, index_dir=index_dir)
        except (BackupError, IndexMismatchError):
            assert texts_in(index_dir) == NEW
        else:  # a byte that nothing depends on, such as a time
            assert texts_in(index_dir) == OLD
            archive.write_bytes(data)
            move_on_again(folder, index_dir)


def move_on_again(folder: Path, index_dir: Path) -> None:
    run_ingest(folder, index_dir=index_dir)
    assert texts_in(index_dir) == NEW


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_archive_that_is_cut_off_is_refused(index_dir: Path, archive: Path, share: float) -> None:
    data = archive.read_bytes()
    archive.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(BackupError):
        restore(archive, index_dir=index_dir)
    assert texts_in(index_dir) == OLD


def present(folder: Path) -> list[Path]:
    """Everything there but what SQLite keeps while a file is open."""
    return sorted(path for path in folder.rglob("*") if not path.name.endswith(("-shm", "-wal")))


@pytest.mark.parametrize(
    "name",
    ["../外.txt", "/etc/外", "generation/../../外", "catalog.sqlite-wal", "generation/a\\..\\b", "other"],
)
def test_name_that_no_backup_has_is_refused(
    index_dir: Path, archive: Path, name: str, tmp_path: Path
) -> None:
    content = b"evil"
    with zipfile.ZipFile(archive) as opened:
        header = json.loads(opened.read(HEADER))
        kept = {n: opened.read(n) for n in header["files"]}
    header["files"][name] = {"n_bytes": 4, "sha256": "4" * 64}
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(HEADER, json.dumps(header))
        for n, data in {**kept, name: content}.items():
            made.writestr(n, data)
    before = present(tmp_path)
    with pytest.raises(BackupError):
        restore(archive, index_dir=index_dir)
    assert present(tmp_path) == before
    assert texts_in(index_dir) == OLD


def test_compressed_archive_is_refused(index_dir: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        kept = {info.filename: opened.read(info) for info in opened.infolist()}
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in kept.items():
            made.writestr(name, data)
    with pytest.raises(BackupError):
        restore(archive, index_dir=index_dir)


def test_backup_goes_on_beside_a_writer_and_restore_waits_for_none(index_dir: Path, tmp_path: Path) -> None:
    with WriterLock(index_dir):
        backup(index_dir, tmp_path / "控え.zip")
        with pytest.raises(LockedError):
            restore(tmp_path / "控え.zip", index_dir=index_dir)


def test_damaged_index_is_not_backed_up(index_dir: Path, tmp_path: Path) -> None:
    next((index_dir / FOLDER).glob("*/dense.faiss")).write_bytes(b"x")
    with pytest.raises(IndexMismatchError):
        backup(index_dir, tmp_path / "控え.zip")
    assert [
        path.name for path in tmp_path.iterdir() if "控え" in path.name or path.name.startswith(".")
    ] == []


def test_no_index_and_no_place_are_told(index_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        backup(tmp_path / "なし", tmp_path / "控え.zip")
    with pytest.raises(BackupError, match="読み書きできません"):
        backup(index_dir, tmp_path / "なし" / "控え.zip")
    with pytest.raises(BackupError, match="読み書きできません"):
        restore(tmp_path / "なし.zip", index_dir=index_dir)
