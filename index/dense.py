"""DenseIndex: passages by the inner product of their vectors, with faiss."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Protocol, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.id_set import as_array
from ingest.errors import IndexMismatchError


class Dense(Protocol):
    """What finds passages by their vectors."""

    dim: int
    n_vectors: int

    def search(
        self, vector: NDArray[np.float32], *, k: int, only: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """The `k` passages nearest to `vector` `(dim,)`, best first; see `DenseIndex.search`."""
        ...

    def scores(self, vector: NDArray[np.float32], ids: Iterable[int]) -> dict[int, float]:
        """The exact score of each of these passages; unknown ids are left out."""
        ...

    def vectors_of(self, passage_id: int) -> NDArray[np.float32]:
        """A copy of the vectors of one passage, `(n, dim)`."""
        ...

    def holds(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> bool:
        """Whether it is made of exactly these vectors, given by ascending passage id."""
        ...


class DenseIndex:
    """Exact inner-product search; a passage may have several vectors and scores by its best one.

    Reading is safe from several threads.
    """

    def __init__(self, index: Any) -> None:
        self._index = index
        self.dim: int = index.d
        self.n_vectors: int = index.ntotal
        ids = faiss.vector_to_array(index.id_map)
        self._order = np.argsort(ids, kind="stable")  # rows of the matrix by ascending passage id
        self._ids = ids[self._order]
        self._most = int(np.unique(self._ids, return_counts=True)[1].max(initial=0))
        flat: Any = faiss.downcast_index(index.index)
        self._matrix: NDArray[np.float32] = (
            faiss.rev_swig_ptr(flat.get_xb(), self.n_vectors * self.dim).reshape(self.n_vectors, self.dim)
            if self.n_vectors
            else np.empty((0, self.dim), dtype=np.float32)
        )

    @classmethod
    def build(cls, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> Self:
        """Index `vectors` `(n, dim)`, each under the passage id at its place in `ids` `(n,)`; n may be 0.

        Raises:
            ValueError: If the shapes do not fit or a value is not finite.
        """
        if vectors.ndim != 2 or ids.shape != (len(vectors),):
            raise ValueError(f"ids of shape {ids.shape} for vectors of shape {vectors.shape}")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector holds a value that is not finite")
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        if len(ids):
            index.add_with_ids(
                np.ascontiguousarray(vectors, dtype=np.float32), np.ascontiguousarray(ids, dtype=np.int64)
            )
        return cls(index)

    def save(self, path: Path) -> None:
        """Write one file. Python writes it, because faiss opens no path with Japanese in it on Windows."""
        path.write_bytes(faiss.serialize_index(self._index).data)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            IndexMismatchError: If the file is damaged or of another kind.
            OSError: If it cannot be read.
        """
        data = np.fromfile(path, dtype=np.uint8)
        try:
            index = faiss.deserialize_index(data)
        except RuntimeError as error:
            raise IndexMismatchError(f"ベクトル索引が壊れています: {path}") from error
        if not isinstance(index, faiss.IndexIDMap2):
            raise IndexMismatchError(f"ベクトル索引の種類が違います: {path}")
        return cls(index)

    def search(
        self, vector: NDArray[np.float32], *, k: int, only: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """The `k` passages nearest to `vector` `(dim,)`: ids, none twice, with their best score.

        Args:
            vector: The question.
            k: Most passages to return.
            only: Passage ids to choose among; `None` for all, empty for none.

        Returns:
            Best first; among equal scores the lower id first.

        Raises:
            ValueError: If `k` is negative or the vector has another size.
        """
        if k < 0:
            raise ValueError(f"k must not be negative: {k}")
        self._check(vector)
        rows = min(self.n_vectors, k * self._most)  # enough for k passages even if each fills all its places
        if not rows or (only is not None and not only):
            return []
        parameters = None
        if only is not None:
            selector = faiss.IDSelectorBatch(as_array(only))  # faiss borrows it until the search is over
            parameters = faiss.SearchParameters()
            parameters.sel = selector
        question = np.ascontiguousarray(vector, dtype=np.float32)[None]
        # Of the calling thread only. With more, each waits for the others: on a busy PC with two cores one
        # question against 12,000 vectors took 24 ms with two threads and .5 ms with one.
        faiss.omp_set_num_threads(1)
        scores, ids = self._index.search(question, rows, params=parameters)
        best: dict[int, float] = {}
        for i, score in zip(ids[0].tolist(), scores[0].tolist(), strict=True):
            if i >= 0:  # faiss fills up with -1
                best.setdefault(i, score)
        return sorted(best.items(), key=lambda hit: (-hit[1], hit[0]))[:k]

    def scores(self, vector: NDArray[np.float32], ids: Iterable[int]) -> dict[int, float]:
        """The exact score of each of these passages against `vector` `(dim,)`; unknown ids are left out."""
        self._check(vector)
        question = np.asarray(vector, dtype=np.float32)
        found: dict[int, float] = {}
        for i in ids:
            vectors = self.vectors_of(i)
            if len(vectors):
                found[i] = float((vectors @ question).max())
        return found

    def vectors_of(self, passage_id: int) -> NDArray[np.float32]:
        """A copy of the vectors of one passage, `(n, dim)`; an unknown id has none."""
        first, last = np.searchsorted(self._ids, [passage_id, passage_id + 1])
        return self._matrix[self._order[first:last]]

    def rows(self) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """All ids, ascending and repeated, with a copy of their vectors, `(n, dim)`."""
        return self._ids, self._matrix[self._order]

    def holds(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> bool:
        """Whether it is made of exactly these vectors `(n, dim)`, given by ascending passage id `(n,)`."""
        return np.array_equal(self._ids, ids) and np.array_equal(self._matrix[self._order], vectors)

    def _check(self, vector: NDArray[np.float32]) -> None:
        if vector.shape != (self.dim,):
            raise ValueError(f"a vector of shape {vector.shape} for an index of dimension {self.dim}")
