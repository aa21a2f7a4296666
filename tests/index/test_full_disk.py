"""A disk that is full, and one that is read-only: the previous state stays, readers and the doctor find it whole."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from index.backup import backup
from index.build import remove
from index.doctor import Part, examine
from index.restore import restore
from ingest.errors import CatalogError, DiskFullError
from tests.index.small_pipeline import (
    DigestEmbedder,
    open_store,
    run_ingest,
    small_pipeline,
    texts_in,
    write_files,
)

MEGABYTES = 8
RESERVE_BYTES = 4_000_000
pytestmark = pytest.mark.slow


def run(*command: str | Path) -> bool:
    return subprocess.run(list(map(str, command)), capture_output=True, check=False).returncode == 0


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes."""
    place = tmp_path / "小さい"
    place.mkdir()
    if os.name != "posix" or not run("mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", place):
        pytest.skip("mounting needs the rights of an administrator")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def damage(index_dir: Path) -> list[str]:
    found = examine(index_dir, embedder="digest/1", pipeline=small_pipeline())
    return [finding.message for finding in found if finding.part not in (Part.LEFTOVERS, Part.FILES)]


def fill(path: Path) -> None:
    """Write until nothing more fits."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass


def some_texts(n: int) -> dict[str, str]:
    return {f"規則{m}.txt": "".join(f"{m}の{i}項の定め。\n" for i in range(40)) for m in range(n)}


def test_full_disk_keeps_the_previous_state_at_every_size(tmp_path: Path, disk: Path) -> None:
    folder, index_dir = tmp_path / "文書", disk / "索引"
    ended, wrong = threading.Event(), []
    reserve = disk / "reserve"
    reserve.write_bytes(bytes(RESERVE_BYTES))
    now = some_texts(1)
    run_ingest(write_files(folder, now), index_dir=index_dir)
    backup(index_dir, tmp_path / "控え.zip")

    def read() -> None:
        while not ended.is_set():
            try:
                with open_store(index_dir) as store:
                    for record in store.documents():
                        assert store.text(record.id) == some_texts(99)[record.source]
            except Exception as error:
                wrong.append(repr(error))
            ended.wait(0.05)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    n_full = 0
    try:
        for n in range(3, 60, 3):
            new = some_texts(n)
            try:
                run_ingest(write_files(folder, new), index_dir=index_dir)
            except DiskFullError:
                n_full += 1
            else:
                now = new
            assert texts_in(index_dir) == now
            assert damage(index_dir) == []
        filler = disk / "filler"
        fill(filler)
        with pytest.raises(CatalogError):
            restore(tmp_path / "控え.zip", index_dir=index_dir)
        assert texts_in(index_dir) == now
        filler.unlink()
        reserve.unlink()
        gone = [name for name in now if name != "規則0.txt"]
        remove(gone, index_dir=index_dir, embedder=DigestEmbedder(), pipeline=small_pipeline())
        restore(tmp_path / "控え.zip", index_dir=index_dir)
    finally:
        ended.set()
        for reader in readers:
            reader.join()
    assert n_full > 3
    assert wrong == []
    assert texts_in(index_dir) == some_texts(1)
    assert damage(index_dir) == []


def test_read_only_disk_is_read_and_not_written(tmp_path: Path, disk: Path) -> None:
    folder, index_dir = tmp_path / "文書", disk / "索引"
    run_ingest(write_files(folder, some_texts(2)), index_dir=index_dir)
    backup(index_dir, tmp_path / "控え.zip")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    write_files(folder, some_texts(3))
    for change in (
        lambda: run_ingest(folder, index_dir=index_dir),
        lambda: restore(tmp_path / "控え.zip", index_dir=index_dir),
        lambda: remove(
            ["規則0.txt"], index_dir=index_dir, embedder=DigestEmbedder(), pipeline=small_pipeline()
        ),
    ):
        with pytest.raises(CatalogError):
            change()
        assert texts_in(index_dir) == some_texts(2)
        assert damage(index_dir) == []
    backup(index_dir, tmp_path / "もう一つ.zip")
    restore(tmp_path / "もう一つ.zip", index_dir=tmp_path / "別")
    assert texts_in(tmp_path / "別") == some_texts(2)
