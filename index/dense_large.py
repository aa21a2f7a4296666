"""LargeDenseIndex: vectors too many to compare one by one, quantised, in inverted lists, mapped from files.

The lists propose, the vectors themselves decide: what the quantised lists find is scored again from the file
of all vectors. What came or went since the lists were made stands beside them: a small exact index, and the
rows that are gone. So adding a thousand passages writes a thousand vectors, not a million.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.dense import DenseIndex
from index.id_set import IdSet, as_array, ascending
from index.pack import Packs, read_array, write_array
from ingest.errors import IndexMismatchError

MOST_EXACT = 20_000  # vectors up to which every one is compared and each change writes all: see docs/scale.md
LISTS_FILE = "dense.lists.faiss"
VECTORS_FILE = "dense.vectors.bin"
IDS_FILE = "dense.ids.bin"
BASE_FILES = (LISTS_FILE, VECTORS_FILE, IDS_FILE)
TAIL_FILE = "dense.tail.faiss"
GONE_FILE = "dense.gone.bin"
LISTS_PER_ROOT = 2  # times the square root of the number of vectors: how many lists
SAMPLES_PER_LIST = 50  # vectors from which the lists' middles are learnt
ROUNDS = 8  # of that learning
PROBES = 256  # of the 2,000 lists of a million, that a question looks into: recall .994, see docs/scale.md
PROBES_BY_SHARE = 0.25  # a filter that leaves a share of the rows looks into `share ** -.25` times as many
FILTERS_KEPT = 4  # of which it is kept which rows they leave, a byte a row
PROPOSED = 2  # times as many as are wanted are scored again
FEW = 20_000  # rows to choose among, up to which all of them are scored
MOST_BESIDE = 0.05  # share of the vectors that may stand beside the lists before these are made anew
AT_ONCE = 20_000  # vectors handled together
SEED = 7


class LargeDenseIndex:
    """Inner-product search like `DenseIndex`, nearly exact. Reading is safe from several threads."""

    def __init__(
        self, lists: Any, ids: NDArray[np.int64], vectors: NDArray[np.float32], *, tail: DenseIndex,
        gone: NDArray[np.int64],
    ) -> None:  # fmt: skip
        self._lists = lists
        self._ids = ids
        self._vectors = vectors
        self._tail = tail
        self._gone = gone
        self._alive = ~np.isin(ids, gone) if len(gone) else None
        self._kept: tuple[tuple[IdSet, NDArray[np.bool_]], ...] = ()
        self.dim: int = tail.dim
        self.n_vectors: int = tail.n_vectors + (len(ids) if self._alive is None else int(self._alive.sum()))

    @classmethod
    def build(cls, folder: Path, packs: Packs, *, dim: int) -> Self:
        """Write the files of a new index into a folder.

        Args:
            folder: An existing one.
            packs: Passage ids, ascending over all packs, with their vectors.
            dim: Length of a vector.

        Raises:
            ValueError: If a value is not finite.
            OSError: If the folder cannot be written.
        """
        parts: list[NDArray[np.int64]] = []
        with (folder / VECTORS_FILE).open("wb") as file:
            for some, vectors in packs:
                if not np.isfinite(vectors).all():
                    raise ValueError("a vector holds a value that is not finite")
                parts.append(some)
                file.write(np.ascontiguousarray(vectors, dtype="<f4").tobytes())
        ids = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
        write_array(folder / IDS_FILE, ids)
        lists = _lists_of(_mapped(folder / VECTORS_FILE, len(ids), dim))
        (folder / LISTS_FILE).write_bytes(faiss.serialize_index(lists).data)
        return cls.extend(folder, _nothing(dim), np.empty(0, dtype=np.int64))

    @classmethod
    def extend(cls, folder: Path, tail: DenseIndex, gone: NDArray[np.int64]) -> Self:
        """Write into a folder that has the `BASE_FILES` what stands beside them."""
        tail.save(folder / TAIL_FILE)
        write_array(folder / GONE_FILE, gone)
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what `build` or `extend` wrote.

        Raises:
            IndexMismatchError: If a file is damaged or they do not fit each other.
            OSError: If they cannot be read.
        """
        tail = DenseIndex.load(folder / TAIL_FILE)
        ids = read_array(folder / IDS_FILE)
        try:
            lists = faiss.read_index(str(folder / LISTS_FILE), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
        except RuntimeError as error:
            raise IndexMismatchError(f"ベクトル索引が壊れています: {folder / LISTS_FILE}") from error
        size = (folder / VECTORS_FILE).stat().st_size
        if (lists.ntotal, lists.d, size) != (len(ids), tail.dim, len(ids) * tail.dim * 4):
            raise IndexMismatchError(f"ベクトル索引のファイルが合いません: {folder}")
        vectors = _mapped(folder / VECTORS_FILE, len(ids), tail.dim)
        return cls(lists, ids, vectors, tail=tail, gone=read_array(folder / GONE_FILE))

    def beside(self, removed: NDArray[np.int64], packs: Packs) -> tuple[DenseIndex, NDArray[np.int64]] | None:
        """What `extend` is to write once passages went and came; `None` if the lists are to be made anew."""
        ids, vectors = self._tail.rows()
        stays = ~np.isin(ids, removed)
        kept = [(ids[stays], vectors[stays]), *packs]
        ids, vectors = (np.concatenate(parts) for parts in zip(*kept, strict=True))
        gone = np.union1d(self._gone, removed[np.isin(removed, self._ids)])
        if len(ids) + len(gone) > MOST_BESIDE * max(1, len(self._ids)):
            return None
        return DenseIndex.build(ids, vectors), gone

    def passage_ids(self) -> NDArray[np.int64]:
        """The ids of all passages that it holds, ascending."""
        own = self._ids if self._alive is None else self._ids[self._alive]
        return ascending(np.concatenate([own, self._tail.rows()[0]]))

    def without(self, hidden: NDArray[np.int64]) -> Self:
        """The index as if it did not hold these passages; the files are shared."""
        ids, vectors = self._tail.rows()
        stays = ~np.isin(ids, hidden)
        gone = ascending(np.concatenate([self._gone, hidden]))
        tail = DenseIndex.build(ids[stays], vectors[stays])
        return type(self)(self._lists, self._ids, self._vectors, tail=tail, gone=gone)

    def search(
        self, vector: NDArray[np.float32], *, k: int, only: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """The `k` passages nearest to `vector` `(dim,)`; see `DenseIndex.search`.

        Raises:
            ValueError: If `k` is negative or the vector has another size.
        """
        found = dict(self._tail.search(vector, k=k, only=only))  # refuses what is wrong
        if not k or (only is not None and not only):
            return []
        question = np.ascontiguousarray(vector, dtype=np.float32)
        rows = self._proposed(question, k, only)
        scores = self._vectors[rows] @ question
        for i, score in zip(self._ids[rows].tolist(), scores.tolist(), strict=True):
            found[i] = max(score, found.get(i, -math.inf))
        return sorted(found.items(), key=lambda hit: (-hit[1], hit[0]))[:k]

    def scores(self, vector: NDArray[np.float32], ids: Iterable[int]) -> dict[int, float]:
        """The exact score of each of these passages against `vector` `(dim,)`; unknown ids are left out."""
        if vector.shape != (self.dim,):
            raise ValueError(f"a vector of shape {vector.shape} for an index of dimension {self.dim}")
        question = np.asarray(vector, dtype=np.float32)
        held = {i: self.vectors_of(i) for i in ids}
        return {i: float((vectors @ question).max()) for i, vectors in held.items() if len(vectors)}

    def vectors_of(self, passage_id: int) -> NDArray[np.float32]:
        """A copy of the vectors of one passage, `(n, dim)`; an unknown id has none."""
        rows = self._rows_of(np.array([passage_id], dtype=np.int64))
        return np.array(self._vectors[rows]) if len(rows) else self._tail.vectors_of(passage_id)

    def holds(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> bool:
        """Whether it is made of exactly these vectors `(n, dim)`, given by ascending passage id `(n,)`."""
        if self._alive is None and not self._tail.n_vectors:
            return np.array_equal(self._ids, ids) and np.array_equal(self._vectors, vectors)
        in_base = ~np.isin(ids, self._tail.rows()[0])
        alive = np.flatnonzero(self._alive) if self._alive is not None else np.arange(len(self._ids))
        return (
            np.array_equal(self._ids[alive], ids[in_base])
            and np.array_equal(self._vectors[alive], vectors[in_base])
            and self._tail.holds(ids[~in_base], vectors[~in_base])
        )

    def _proposed(
        self, question: NDArray[np.float32], k: int, only: Collection[int] | None
    ) -> NDArray[np.int64]:
        """Rows that are worth their exact score."""
        alive, probes = (self._alive if only is None else self._chosen(only)), PROBES
        if alive is not None:
            n_rows = np.count_nonzero(alive)
            if n_rows <= FEW:
                return np.flatnonzero(alive)
            # The nearest of a part lie further away than the nearest of all.
            share = n_rows / len(self._ids)
            probes = min(self._lists.nlist, math.ceil(PROBES * share**-PROBES_BY_SHARE))
        engine: Any = faiss  # whose declarations do not know what its classes take
        parameters = engine.SearchParametersIVF(nprobe=probes)
        if alive is not None:
            selector = engine.IDSelectorBitmap(np.packbits(alive, bitorder="little"))
            parameters.sel = selector  # borrowed until the search is over
        faiss.omp_set_num_threads(1)  # see `DenseIndex.search`
        _, found = self._lists.search(question[None], k * PROPOSED, params=parameters)
        rows = found[0][found[0] >= 0]
        return np.unique(rows)

    def _chosen(self, only: Collection[int]) -> NDArray[np.bool_]:
        """Which rows belong to some passages; kept for the last few filters, which are asked for again."""
        kept = self._kept
        for known, rows in kept:
            if known is only:
                return rows
        rows = np.zeros(len(self._ids), dtype=bool)
        rows[self._rows_of(as_array(only))] = True
        if isinstance(only, IdSet):  # which never changes
            self._kept = (*kept[1 - FILTERS_KEPT :], (only, rows))
        return rows

    def _rows_of(self, ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of the file of vectors that belong to these passages, ascending."""
        first = np.searchsorted(self._ids, ids, side="left")
        counts = np.searchsorted(self._ids, ids, side="right") - first
        starts = (
            np.repeat(first - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts) if len(first) else first
        )
        rows = starts + np.arange(len(starts))
        return rows if self._alive is None else rows[self._alive[rows]]


def _lists_of(vectors: NDArray[np.float32]) -> Any:
    n, dim = vectors.shape
    n_lists = max(1, round(LISTS_PER_ROOT * math.sqrt(n)))
    lists = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dim), dim, n_lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    lists.cp.niter, lists.cp.seed = ROUNDS, SEED
    lists.cp.min_points_per_centroid = 1
    chosen = np.sort(np.random.default_rng(SEED).permutation(n)[: n_lists * SAMPLES_PER_LIST])
    lists.train(np.array(vectors[chosen]))
    for at in range(0, n, AT_ONCE):
        lists.add(np.array(vectors[at : at + AT_ONCE]))
    return lists


def _mapped(path: Path, n: int, dim: int) -> NDArray[np.float32]:
    if not n:
        return np.empty((0, dim), dtype=np.float32)
    return np.memmap(path, dtype="<f4", mode="r", shape=(n, dim))


def _nothing(dim: int) -> DenseIndex:
    return DenseIndex.build(np.empty(0, dtype=np.int64), np.empty((0, dim), dtype=np.float32))
