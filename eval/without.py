"""A store as if some of its passages had never been ingested, without building an index again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.dense import Dense
from index.lexical_counts import idf
from index.lexical_leg import LexicalLeg
from index.store import Store
from ingest.passage import Passage

Terms = Mapping[str, Collection[str]]
"""The search terms of a passage by field."""


def without(store: Store, gone: Mapping[int, Terms]) -> Store:
    """The store minus some passages: no leg finds them, and their words are as rare as they would be.

    It shares everything with the store given, which must stay open.

    Args:
        store: An open one.
        gone: The ids of the passages to leave out, each with its search terms by field.
    """
    reduced = _StoreWithout(store, frozenset(gone))
    reduced.dense = _DenseWithout(store.dense, frozenset(gone))
    reduced.lexical = _LexicalWithout(store.lexical, gone)
    return reduced


class _StoreWithout(Store):
    """Reads documents as if the passages were not there."""

    def __init__(self, whole: Store, gone: frozenset[int]) -> None:
        vars(self).update(vars(whole))
        self._gone = gone

    def passages_of(self, document_id: str) -> list[tuple[int, Passage]]:
        return [found for found in super().passages_of(document_id) if found[0] not in self._gone]


class _DenseWithout:
    """Looks for as many more as may have to be left out."""

    def __init__(self, whole: Dense, gone: frozenset[int]) -> None:
        self._whole = whole
        self._gone = gone
        self.dim = whole.dim
        self.n_vectors = whole.n_vectors

    def scores(self, vector: NDArray[np.float32], ids: Iterable[int]) -> dict[int, float]:
        return self._whole.scores(vector, ids)

    def vectors_of(self, passage_id: int) -> NDArray[np.float32]:
        return self._whole.vectors_of(passage_id)

    def holds(self, ids: NDArray[np.int64], vectors: NDArray[np.float32]) -> bool:
        return self._whole.holds(ids, vectors)

    def search(
        self, vector: NDArray[np.float32], *, k: int, only: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        found = self._whole.search(vector, k=k + len(self._gone), only=only)
        return [hit for hit in found if hit[0] not in self._gone][:k]


class _LexicalWithout:
    """The same for words; document frequencies leave the passages out too.

    The number of passages stays: scores that changed with it would betray that something is left out.
    """

    def __init__(self, whole: LexicalLeg, gone: Mapping[int, Terms]) -> None:
        self._whole = whole
        self._gone = gone
        self.n_passages = whole.n_passages

    def search(
        self,
        query: Mapping[str, Sequence[str]],
        *,
        boosts: Mapping[str, float],
        k: int,
        only: Collection[int] | None = None,
    ) -> list[tuple[int, float]]:
        found = self._whole.search(query, boosts=boosts, k=k + len(self._gone), only=only)
        return [hit for hit in found if hit[0] not in self._gone][:k]

    def ids(self) -> NDArray[np.int64]:
        held = self._whole.ids()
        return held[~np.isin(held, list(self._gone))]

    def document_frequency(self, field: str, term: str) -> int:
        n = self._whole.document_frequency(field, term)
        return n - sum(term in terms.get(field, ()) for terms in self._gone.values())

    def idf(self, term: str, *, field: str = "body") -> float:
        return idf(self.n_passages, self.document_frequency(field, term))

    def holders(
        self, terms: Collection[str], *, field: str, among: Collection[int]
    ) -> dict[str, frozenset[int]]:
        found = self._whole.holders(terms, field=field, among=among)
        return {term: held - self._gone.keys() for term, held in found.items()}

    def self_test(self) -> None:
        self._whole.self_test()
