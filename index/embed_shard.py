"""Embedding one shard of a work list into a file, on whatever machine, from where the last run got to."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from index.embed import BatchEmbedder, Embedder, TokenEmbedder
from index.pipeline import OnProgress, Progress, Stage, no_progress
from index.shard import Shard
from index.vector_file import Block, VectorFile, VectorFileError, VectorHeader, VectorWriter
from index.vectors import embedded
from index.whole_file import parts_of, to_disk, whole_file
from index.work_list import read_work_list

BLOCK = 1024  # texts between two writes: enough to sort by length, few enough to do again
ABANDONED_S = 3600  # nobody writes to a part that has not grown for so long


@dataclass(frozen=True, slots=True)
class ShardReport:
    """What a run did.

    Attributes:
        n_texts: Texts of the shard.
        n_embedded: Those that this run embedded; the others were there.
        n_bytes: Size of the file.
    """

    path: Path
    n_texts: int
    n_embedded: int
    n_bytes: int


def embed_shard(
    work_dir: Path,
    shard: Shard,
    *,
    out: Path,
    embedder: Embedder | BatchEmbedder,
    on_progress: OnProgress = no_progress,
) -> ShardReport:
    """Embed the texts of one shard into a file in the folder `out`, which is made if need be.

    A shard that is there already, whole and of the same list, is not computed again. Killed at whatever
    moment, what was written until then is gone on with by the next run; blocks are of the same texts as
    without the interruption. Two runs at once do no harm, each writes a file of its own.

    Raises:
        WorkListError: If there is no list, or it is damaged.
        OtherModelError: If the list is meant for another embedder.
        EmbedderError: If the model cannot be loaded or fails.
        OSError: If the file cannot be written.
    """
    work, texts = read_work_list(work_dir, shard, embedder=embedder.signature)
    width = embedder.dim // 2 if isinstance(embedder, TokenEmbedder) else 0
    header = VectorHeader(work.embedder, embedder.dim, work.digest, shard.number, shard.of, len(texts), width)
    path = out / header.file_name()
    if _is_whole(path, header):
        return ShardReport(path, len(texts), 0, path.stat().st_size)
    out.mkdir(parents=True, exist_ok=True)
    begun = parts_of(path)
    try:
        with whole_file(path, keep_part=True) as file:
            n_embedded = _write(file, header, texts, embedder, [*begun, path], on_progress)
    except FileNotFoundError:  # another run of this shard was first, and has cleared away what was begun
        if not _is_whole(path, header):
            raise
        n_embedded = 0
    _remove(parts_of(path))
    return ShardReport(path, len(texts), n_embedded, path.stat().st_size)


def _write(
    file: BinaryIO,
    header: VectorHeader,
    texts: Mapping[bytes, str],
    embedder: Embedder | BatchEmbedder,
    begun: Sequence[Path],
    on_progress: OnProgress,
) -> int:
    """Go on with what was begun; how many texts were embedded."""
    writer, keys = VectorWriter(file, header), list(texts)
    n_kept = _take_over(begun, writer, header, keys)
    to_disk(file)
    _remove(part for part in begun if time.time() - _written_at(part) > ABANDONED_S)
    for at in range(n_kept, len(keys), BLOCK):
        some = keys[at : at + BLOCK]
        vectors = np.zeros((len(some), header.dim), dtype=np.float32)
        tokens = [b""] * len(some)
        on_progress(Progress(Stage.EMBED, at, len(keys)))
        n_done = at
        for positions, rows, packed in embedded(embedder, [texts[key] for key in some]):
            vectors[positions] = rows
            for position, data in zip(positions, packed or (), strict=bool(packed)):
                tokens[position] = data
            n_done += len(positions)
            on_progress(Progress(Stage.EMBED, n_done, len(keys)))
        writer.add(Block(some, vectors, tokens if header.token_bytes else None))
        to_disk(file)
    writer.finish()
    return len(keys) - n_kept


def _take_over(
    begun: Sequence[Path], writer: VectorWriter, header: VectorHeader, keys: Sequence[bytes]
) -> int:
    """Copy what is whole of the file that got furthest; how many texts that are."""
    n = 0
    with suppress(VectorFileError):  # where it was cut off, or what was changed later
        for block in _furthest(begun, header):
            if list(block.keys) != list(keys[n : n + len(block.keys)]):
                break
            writer.add(block)
            n += len(block.keys)
    return n


def _furthest(begun: Sequence[Path], header: VectorHeader) -> Iterator[Block]:
    opened = []
    for path in begun:
        with suppress(VectorFileError, OSError):
            opened.append((path.stat().st_size, VectorFile.open(path)))
    ours = [(size, file) for size, file in opened if file.header == header]
    if ours:
        yield from max(ours, key=lambda sized: sized[0])[1].blocks()


def _is_whole(path: Path, header: VectorHeader) -> bool:
    """Whether a shard is there, of the same list and model, and sound to its end."""
    try:
        file = VectorFile.open(path)
        return file.header == header and sum(len(block.keys) for block in file.blocks()) == header.n_texts
    except VectorFileError:
        return False


def _written_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return time.time()


def _remove(parts: Iterable[Path]) -> None:
    for part in parts:
        with suppress(OSError):  # gone already or, on Windows, in use
            part.unlink()
