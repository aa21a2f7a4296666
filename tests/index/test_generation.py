from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.generation import (
    FOLDER,
    Generation,
    generation_dir,
    load_manifest,
    remove_stale,
    write_generation,
)
from index.lexical import LexicalEntry
from index.manifest import FILE_NAME, Manifest
from ingest.document_record import Pointer
from ingest.errors import IndexMismatchError

MANIFEST = Manifest("e/1", "a/1", "p/1", 2, 1, 2, 3, {}, "2025-04-01T00:00:00+00:00")
ENTRIES = [LexicalEntry(1, {"body": ["休暇"]}), LexicalEntry(2, {"body": ["旅費"]})]


def write(index_dir: Path) -> Pointer:
    vectors = np.array([[1, 0], [0, 1], [0.5, 0.5]], dtype=np.float32)
    return write_generation(index_dir, MANIFEST, ids=np.array([1, 2, 2]), vectors=vectors, entries=ENTRIES)


def test_generation_is_loaded_as_it_was_written(tmp_path: Path) -> None:
    pointer = write(tmp_path)
    generation = Generation.load(tmp_path, pointer)
    assert generation.number == 1
    assert generation.dense.search(np.array([1, 0], dtype=np.float32), k=2) == [(1, 1.0), (2, 0.5)]
    assert [i for i, _ in generation.lexical.search({"body": ["旅費"]}, boosts={}, k=5)] == [2]
    generation.manifest.check_digests(generation_dir(tmp_path, 1))
    assert "dense.faiss" in generation.manifest.files
    assert any(name.startswith("lexical/") for name in generation.manifest.files)


def test_numbers_go_up_and_stale_generations_go(tmp_path: Path) -> None:
    numbers = [write(tmp_path).generation for _ in range(4)]
    assert numbers == [1, 2, 3, 4]
    remove_stale(tmp_path, 3)  # 4 was never pointed at
    assert sorted(path.name for path in (tmp_path / FOLDER).iterdir()) == ["000003"]
    remove_stale(tmp_path / "なし", 1)


def test_unfinished_folder_is_removed_when_writing_fails(tmp_path: Path) -> None:
    def entries() -> Iterator[LexicalEntry]:
        yield ENTRIES[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_generation(
            tmp_path,
            MANIFEST,
            ids=np.empty(0, dtype=np.int64),
            vectors=np.empty((0, 2), dtype=np.float32),
            entries=entries(),
        )
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_folder_that_is_not_what_the_catalog_points_at_is_refused(tmp_path: Path) -> None:
    pointer = write(tmp_path)
    with pytest.raises(IndexMismatchError, match="台帳と合いません"):
        load_manifest(tmp_path, Pointer(1, "0" * 64))
    with pytest.raises(FileNotFoundError):
        load_manifest(tmp_path, Pointer(2, pointer.manifest))
    manifest = generation_dir(tmp_path, 1) / FILE_NAME
    manifest.write_bytes(manifest.read_bytes() + b" ")
    with pytest.raises(IndexMismatchError):
        Generation.load(tmp_path, pointer)


def test_lost_file_is_noticed_on_loading(tmp_path: Path) -> None:
    pointer = write(tmp_path)
    next(generation_dir(tmp_path, 1).glob("lexical/*.term")).unlink()
    with pytest.raises(IndexMismatchError, match=r"\.term"):
        Generation.load(tmp_path, pointer)


def test_counts_that_contradict_the_manifest_are_refused(tmp_path: Path) -> None:
    pointer = write_generation(
        tmp_path, MANIFEST, ids=np.array([1]), vectors=np.ones((1, 2), dtype=np.float32), entries=ENTRIES
    )
    with pytest.raises(IndexMismatchError, match="件数"):
        Generation.load(tmp_path, pointer)
