"""LexicalLeg: what any engine must tell about the search terms of passages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class LexicalLeg(Protocol):
    """What finds passages by their search terms; `LexicalIndex` says more of each method."""

    @property
    def n_passages(self) -> int:
        """How many passages there are."""
        ...

    def search(
        self, query: Mapping[str, Sequence[str]], *, boosts: Mapping[str, float], k: int,
        only: Collection[int] | None = None,
    ) -> list[tuple[int, float]]:  # fmt: skip
        """The `k` passages that hold any of the terms, best first, with the sum of their BM25 scores."""
        ...

    def ids(self) -> NDArray[np.int64]:
        """The ids of all passages, ascending."""
        ...

    def document_frequency(self, field: str, term: str) -> int:
        """In how many passages the term occurs in the field."""
        ...

    def idf(self, term: str, *, field: str = "body") -> float:
        """How rare a term is."""
        ...

    def holders(
        self, terms: Collection[str], *, field: str, among: Collection[int]
    ) -> dict[str, frozenset[int]]:
        """Which of the passages hold each of the terms in the field."""
        ...

    def self_test(self) -> None:
        """Prove that terms find their passage.

        Raises:
            IndexMismatchError: If they do not.
        """
        ...
