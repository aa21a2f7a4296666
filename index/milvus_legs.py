"""The dense and the lexical leg of a generation in Milvus."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from index.id_set import IdSet
from index.lexical import clean_terms
from index.milvus_collection import MilvusCollection
from index.milvus_rows import DENSE, TERMS, VECTORS
from index.sparse import Frequencies, dimension, weigh
from ingest.catalog import Catalog
from ingest.errors import IndexMismatchError

BREADTH = 4  # times as many candidates as hits are looked at, where all may be found
SETS_KEPT = 4  # of passages whose terms were looked up: those of the questions under way


class MilvusDense:
    """See `index.dense.Dense`. Reading is safe from several threads."""

    def __init__(
        self, collection: MilvusCollection, *, n_vectors: int, most: int,
        seen: IdSet | None = None, n_all: int | None = None,
    ) -> None:  # fmt: skip
        """Read a collection.

        Args:
            collection: Holds the vectors.
            n_vectors: How many of them may be seen.
            most: Vectors of the passage that has most.
            seen: The passages that exist for whoever asks; `None` for all.
            n_all: How many vectors there are, if not all may be seen.
        """
        self._collection = collection
        self._most = most
        self._seen = seen
        self._n_all = n_vectors if n_all is None else n_all
        self.dim = collection.dim
        self.n_vectors = n_vectors

    def restricted(self, seen: IdSet, n_vectors: int) -> MilvusDense:
        """The same for somebody for whom only some passages exist."""
        return MilvusDense(
            self._collection, n_vectors=n_vectors, most=self._most, seen=seen, n_all=self._n_all
        )

    def search(
        self, vector: NDArray[np.float32], *, k: int, only: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """See `DenseIndex.search`."""
        if k < 0:
            raise ValueError(f"k must not be negative: {k}")
        self._check(vector)
        among = _both(only, self._seen)
        rows = min(self.n_vectors, k * self._most)
        if not rows or (among is not None and not among):
            return []
        question = np.ascontiguousarray(vector, dtype=np.float32)
        # The nearest of a part lie further away than the nearest of all.
        share = 1.0 if among is None else min(1.0, len(among) * self._most / self._n_all)
        breadth = int(rows * BREADTH / share)
        best: dict[int, float] = {}
        for i, score in self._collection.search(DENSE, question, k=rows, only=among, breadth=breadth):
            best[i] = max(score, best.get(i, score))
        return sorted(best.items(), key=lambda hit: (-hit[1], hit[0]))[:k]

    def scores(self, vector: NDArray[np.float32], ids: Iterable[int]) -> dict[int, float]:
        """See `DenseIndex.scores`."""
        self._check(vector)
        question = np.asarray(vector, dtype=np.float32)
        found = ((i, self.vectors_of(i)) for i in ids)
        return {i: float((vectors @ question).max()) for i, vectors in found if len(vectors)}

    def vectors_of(self, passage_id: int) -> NDArray[np.float32]:
        """The vectors of one passage, `(n, dim)`; an unknown id has none."""
        if self._seen is not None and passage_id not in self._seen:
            return np.empty((0, self.dim), dtype=np.float32)
        vectors = [row.vector for row in self._collection.rows_of(passage_id)]
        return np.array(vectors, dtype=np.float32).reshape(-1, self.dim)

    def holds(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> bool:
        """Whether it is made of exactly these vectors, given by ascending passage id; reads all of them."""
        rows = sorted(((row.key, row.vector) for row in self._collection.rows()), key=lambda row: row[0])
        held = np.array([key // VECTORS for key, _ in rows], dtype=np.int64)
        matrix = np.array([vector for _, vector in rows], dtype=np.float32).reshape(-1, self.dim)
        return np.array_equal(held, ids) and np.array_equal(matrix, vectors)

    def _check(self, vector: NDArray[np.float32]) -> None:
        if vector.shape != (self.dim,):
            raise ValueError(f"a vector of shape {vector.shape} for an index of dimension {self.dim}")


@dataclass(frozen=True, slots=True)
class Probe:
    """A term and the passage that it must find."""

    field: str
    term: str
    passage: int


class MilvusLexical:
    """See `index.lexical.LexicalIndex`; which passages hold a term is read from the catalog."""

    def __init__(
        self, collection: MilvusCollection, frequencies: Frequencies, catalog: Catalog, *,
        probe: Probe | None, seen: IdSet | None = None,
    ) -> None:  # fmt: skip
        self._collection = collection
        self._frequencies = frequencies
        self._probe = probe
        self._seen = seen
        self._terms_of = lru_cache(maxsize=SETS_KEPT)(partial(_dimensions_of, catalog))

    def restricted(self, seen: IdSet, frequencies: Frequencies, catalog: Catalog) -> MilvusLexical:
        """The same for somebody for whom only some passages exist, with the frequencies among these."""
        return MilvusLexical(self._collection, frequencies, catalog, probe=self._probe, seen=seen)

    @property
    def n_passages(self) -> int:
        """How many passages there are."""
        return self._frequencies.n_passages

    def search(
        self, query: Mapping[str, Sequence[str]], *, boosts: Mapping[str, float], k: int,
        only: Collection[int] | None = None,
    ) -> list[tuple[int, float]]:  # fmt: skip
        """See `LexicalIndex.search`."""
        if k < 0 or any(boost < 0 for boost in boosts.values()):
            raise ValueError(f"k and boosts must not be negative: {k}, {dict(boosts)}")
        question = self._frequencies.question(query, boosts)
        among = _both(only, self._seen)
        if not question or not k or (among is not None and not among):
            return []
        found = self._collection.search(TERMS, question, k=min(k, self.n_passages), only=among)
        return sorted(((i, score) for i, score in found if score > 0), key=lambda hit: (-hit[1], hit[0]))

    def ids(self) -> NDArray[np.int64]:
        """The ids of all passages, ascending; reads every row."""
        held = {row.passage for row in self._collection.rows() if row.place == 0}
        return np.array(sorted(i for i in held if self._seen is None or i in self._seen), dtype=np.int64)

    def document_frequency(self, field: str, term: str) -> int:
        """In how many passages the term occurs in the field."""
        return self._frequencies.document_frequency(field, term)

    def idf(self, term: str, *, field: str = "body") -> float:
        """How rare a term is."""
        return self._frequencies.idf(field, term)

    def holders(
        self, terms: Collection[str], *, field: str, among: Collection[int]
    ) -> dict[str, frozenset[int]]:
        """Which of the passages hold each of the terms in the field."""
        held = self._terms_of(frozenset(among)) if among else {}
        found: dict[str, frozenset[int]] = {}
        for term in terms:
            cleaned = clean_terms([term])
            place = dimension(field, cleaned[0]) if cleaned else None
            found[term] = frozenset(i for i, places in held.items() if place in places)
        return found

    def self_test(self) -> None:
        """See `LexicalIndex.self_test`."""
        probe = self._probe
        if probe is None:
            if self.n_passages:
                raise IndexMismatchError("語の索引に語が一つもありません。")
            return
        if not self.search({probe.field: [probe.term]}, boosts={}, k=1, only=[probe.passage]):
            raise IndexMismatchError(f"語の索引が「{probe.term}」を見つけられません。")


def _both(only: Collection[int] | None, seen: IdSet | None) -> Collection[int] | None:
    if seen is None or only is None:
        return seen if only is None else only
    return IdSet(i for i in only if i in seen)


def _dimensions_of(catalog: Catalog, ids: frozenset[int]) -> dict[int, frozenset[int]]:
    return {i: frozenset(weigh(terms)) for i, terms in catalog.terms_of(sorted(ids))}
