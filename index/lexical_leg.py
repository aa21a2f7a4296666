"""LexicalLeg: what any engine must tell about the search terms of passages."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


def inverse_frequency(n: int, n_passages: int) -> float:
    """How rare a term is that `n` passages hold: `ln(1 + (N - n + .5) / (n + .5))`; always positive."""
    return math.log1p((n_passages - n + 0.5) / (n + 0.5))


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

    def holders(self, term: str, *, field: str, among: Collection[int]) -> frozenset[int]:
        """Which of the passages hold the term in the field."""
        ...

    def self_test(self) -> None:
        """Prove that terms find their passage.

        Raises:
            IndexMismatchError: If they do not.
        """
        ...
