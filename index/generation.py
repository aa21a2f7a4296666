"""Generation: one folder with both search indexes, written whole, then synced, then pointed at."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.dense import Dense, DenseIndex
from index.dense_large import TAIL_FILE, LargeDenseIndex
from index.late import CODES_FILE, TokenIndex
from index.lease import LEASE_FILE, Lease, end_leases
from index.lexical import LexicalEntry, LexicalIndex
from index.lexical_leg import LexicalLeg
from index.manifest import FILE_NAME as MANIFEST_FILE
from index.manifest import FileDigest, Manifest
from ingest.document_record import Pointer
from ingest.errors import IndexMismatchError

FOLDER = "generations"
DENSE_FILE = "dense.faiss"
LEXICAL_FOLDER = "lexical"

OpenLegs = Callable[[Path, Manifest], tuple[Dense, LexicalLeg]]
"""What opens both legs of the generation in a folder."""


@dataclass(frozen=True, slots=True)
class Generation:
    """The search indexes of one state of the catalog.

    Attributes:
        tokens: `None` if the embedder gives no vectors of tokens.
        lease: Keeps writers from removing its folder.
    """

    number: int
    manifest: Manifest
    dense: Dense
    lexical: LexicalLeg
    tokens: TokenIndex | None
    lease: Lease

    @classmethod
    def load(cls, index_dir: Path, pointer: Pointer, legs: OpenLegs | None = None) -> Self:
        """Open the generation that the catalog points at.

        Args:
            index_dir: The index folder.
            pointer: Of the catalog.
            legs: How its engine opens the legs; from the files of its folder if left out.

        Raises:
            FileNotFoundError: If its folder is gone: a writer has moved on since the pointer was read.
            IndexMismatchError: If it is damaged, or is not what the catalog points at.
        """
        lease = Lease(generation_dir(index_dir, pointer.generation))
        try:
            return cls._load(index_dir, pointer, legs or open_legs, lease)
        except BaseException:
            lease.release()
            raise

    @classmethod
    def _load(cls, index_dir: Path, pointer: Pointer, legs: OpenLegs, lease: Lease) -> Self:
        folder = generation_dir(index_dir, pointer.generation)
        manifest = load_manifest(index_dir, pointer)
        dense, lexical = legs(folder, manifest)
        if (dense.n_vectors, lexical.n_passages) != (manifest.n_vectors, manifest.n_passages):
            raise IndexMismatchError(f"索引の件数が目録と合いません: {folder}")
        lexical.self_test()
        tokens = TokenIndex.load(folder, dim=manifest.dim) if CODES_FILE in manifest.files else None
        return cls(pointer.generation, manifest, dense, lexical, tokens, lease)


def open_legs(folder: Path, manifest: Manifest) -> tuple[Dense, LexicalLeg]:
    """Open both legs from the files of a generation's folder.

    Raises:
        IndexMismatchError: If they are damaged.
    """
    is_large = TAIL_FILE in manifest.files
    dense: Dense = LargeDenseIndex.load(folder) if is_large else DenseIndex.load(folder / DENSE_FILE)
    return dense, LexicalIndex.open(folder / LEXICAL_FOLDER)


def generation_dir(index_dir: Path, number: int) -> Path:
    """The folder of a generation."""
    return index_dir / FOLDER / f"{number:06d}"


def load_manifest(index_dir: Path, pointer: Pointer) -> Manifest:
    """The manifest of a generation, checked against the catalog and against the sizes of its files.

    Raises:
        FileNotFoundError: If its folder is gone.
        IndexMismatchError: If it is damaged, or is not what the catalog points at.
    """
    folder = generation_dir(index_dir, pointer.generation)
    data = (folder / MANIFEST_FILE).read_bytes()
    if sha256(data).hexdigest() != pointer.manifest:
        raise IndexMismatchError(f"索引の目録が台帳と合いません: {folder}")
    manifest = Manifest.from_json(data.decode("utf-8", "replace"))
    manifest.check_sizes(folder)
    return manifest


def write_generation(
    index_dir: Path,
    manifest: Manifest,
    *,
    ids: NDArray[np.int64],
    vectors: NDArray[np.float32],
    entries: Iterable[LexicalEntry],
    tokens: Iterable[tuple[int, bytes]] | None = None,
) -> Pointer:
    """Write the indexes and the manifest into a new folder, all of it on the disk when this returns.

    Args:
        index_dir: The index folder.
        manifest: What builds it; its `files` are filled in here.
        ids: Passage id of each vector, `(n,)`.
        vectors: `(n, dim)`.
        entries: Terms of every passage.
        tokens: Packed token vectors of each passage, by ascending id, if there are any.

    Returns:
        What the catalog must point at to make it the current one.

    Raises:
        OSError: If it cannot be written; the unfinished folder is removed.
    """

    def write(folder: Path) -> None:
        DenseIndex.build(ids, vectors).save(folder / DENSE_FILE)
        LexicalIndex.build(folder / LEXICAL_FOLDER, entries)
        if tokens is not None:
            TokenIndex.build(folder, tokens, dim=vectors.shape[1])

    return write_folder(index_dir, manifest, write)


def write_folder(
    index_dir: Path,
    manifest: Manifest,
    write: Callable[[Path], None],
    *,
    known: Mapping[str, FileDigest] = MappingProxyType({}),
) -> Pointer:
    """Let `write` fill a new folder; manifest and sync are added here.

    Args:
        index_dir: The index folder.
        manifest: What builds it; its `files` are filled in here.
        write: Puts the files into the folder that it is given.
        known: Digests of files that have a second name elsewhere: they are not read again.

    Raises:
        OSError: If it cannot be written; the unfinished folder is removed.
    """
    folder = generation_dir(index_dir, next_number(index_dir))
    try:
        folder.mkdir(parents=True)
        write(folder)
        digests = {}
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"):
            name = path.relative_to(folder).as_posix()
            is_shared = name in known and path.stat().st_nlink > 1
            digests[name] = known[name] if is_shared else FileDigest.from_file(path)
        text = replace(manifest, files=digests).to_json()
        (folder / MANIFEST_FILE).write_bytes(text.encode("utf-8"))
        (folder / LEASE_FILE).touch()
        sync(folder)
        return Pointer(int(folder.name), sha256(text.encode("utf-8")).hexdigest())
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def remove_stale(index_dir: Path, current: int) -> None:
    """Remove all generations but the current one and those that somebody reads.

    Only a writer that holds the lock may do so: a generation after the current one was never finished. What
    cannot be removed now is left to the next time.
    """
    for number in _numbers(index_dir):
        folder = generation_dir(index_dir, number)
        if number != current and end_leases(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _numbers(index_dir: Path) -> list[int]:
    folder = index_dir / FOLDER
    if not folder.is_dir():
        return []
    return sorted(int(path.name) for path in folder.iterdir() if path.name.isdecimal())


def next_number(index_dir: Path) -> int:
    """The number of the generation that is written next."""
    return max(_numbers(index_dir), default=0) + 1


def sync(folder: Path) -> None:
    """Force a folder, all that is in it and its entry in its parents to the disk."""
    for path in [*folder.rglob("*"), folder, folder.parent, folder.parent.parent]:
        if path.is_dir():
            if os.name == "nt":  # Windows cannot sync a folder, and does not need to
                continue
            handle = os.open(path, os.O_RDONLY)
        else:
            handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
