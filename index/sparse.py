"""BM25 as an inner product of two sparse vectors, for engines that store such vectors.

A passage keeps how much each of its terms says of it, a question how rare each of its terms is. What is rare
is counted by the reader, not by the engine: a user's view counts only what the user may see.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.lexical import FIELDS, clean_terms
from index.lexical_counts import idf
from ingest.errors import IndexMismatchError

K1, B = 1.2, 0.75  # as tantivy has them
# The length that counts as neither long nor short, in terms. A constant, not the mean of the collection: else
# a passage would have to be weighed anew whenever another one comes, and would tell of those that are hidden.
TYPICAL = {"title": 10.0, "section": 20.0, "body": 70.0, "grams": 140.0}
EVERY = 0  # a dimension of no term; engines refuse vectors without any
DIMENSIONS = 2**32 - 2  # engines take 0 … 2³² - 2
DIMENSIONS_KEPT = 1 << 16

Sparse = dict[int, float]


@lru_cache(maxsize=DIMENSIONS_KEPT)
def dimension(field: str, term: str) -> int:
    """Where a term of a field stands in a sparse vector: of a million terms, some hundred share a place."""
    digest = hashlib.blake2b(f"{field}\0{term}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest) % (DIMENSIONS - 1) + 1


def weigh(fields: Mapping[str, Sequence[str]]) -> Sparse:
    """What stands for a passage with these terms by field.

    Raises:
        ValueError: If a field is not one of the lexical index's.
    """
    weights: Sparse = {EVERY: 1.0}
    for field in fields:
        if field not in FIELDS:
            raise ValueError(f"unknown field {field!r}, known are {FIELDS}")
        terms = clean_terms(fields[field])
        norm = K1 * (1 - B + B * rounded_length(len(terms)) / TYPICAL[field])
        for term, n in Counter(terms).items():
            place = dimension(field, term)
            weights[place] = weights.get(place, 0.0) + n * (K1 + 1) / (n + norm)
    return weights


def rounded_length(n: int) -> int:
    """A passage's length as tantivy keeps it in one byte, so that both engines score alike.

    Exact up to 40, then rounded down in steps that double with every eighth of them.
    """
    start, step = 40, 2
    while n >= start + 8 * step:
        start, step = start + 8 * step, 2 * step
    return n if n <= 40 else start + (n - start) // step * step


class Frequencies:
    """In how many passages each dimension occurs. Reading is safe from several threads."""

    def __init__(self, dimensions: NDArray[np.uint32], counts: NDArray[np.uint32], n_passages: int) -> None:
        self._dimensions = dimensions
        self._counts = counts
        self.n_passages = n_passages

    @classmethod
    def of(cls, counts: Mapping[int, int], n_passages: int) -> Self:
        """From how often each dimension was met."""
        dimensions = np.array(sorted(counts), dtype=np.uint32)
        return cls(
            dimensions, np.array([counts[d] for d in dimensions.tolist()], dtype=np.uint32), n_passages
        )

    @classmethod
    def count(cls, passages: Iterable[Mapping[str, Sequence[str]]]) -> Self:
        """Over the terms by field of some passages."""
        counts: Counter[int] = Counter()
        n_passages = 0
        for fields in passages:
            counts.update(weigh(fields).keys())
            n_passages += 1
        return cls.of(counts, n_passages)

    def save(self, path: Path) -> None:
        """Write one file."""
        path.write_bytes(np.concatenate([self._dimensions, self._counts]).astype("<u4", copy=False).tobytes())

    @classmethod
    def load(cls, path: Path, n_passages: int) -> Self:
        """Read what `save` wrote.

        Raises:
            IndexMismatchError: If the file is cut short.
            OSError: If it cannot be read.
        """
        both = np.fromfile(path, dtype="<u4")
        if both.size % 2:
            raise IndexMismatchError(f"語の数の表が壊れています: {path}")
        return cls(both[: both.size // 2], both[both.size // 2 :], n_passages)

    def counts(self) -> Counter[int]:
        """How often each dimension was met, to be changed."""
        return Counter(dict(zip(self._dimensions.tolist(), self._counts.tolist(), strict=True)))

    def document_frequency(self, field: str, term: str) -> int:
        """In how many passages a term occurs in a field."""
        cleaned = clean_terms([term])
        if not cleaned:
            return 0
        place = dimension(field, cleaned[0])
        at = int(np.searchsorted(self._dimensions, place))
        found = at < len(self._dimensions) and int(self._dimensions[at]) == place
        return int(self._counts[at]) if found else 0

    def idf(self, field: str, term: str) -> float:
        """How rare a term is, as BM25 weighs it."""
        return idf(self.n_passages, self.document_frequency(field, term))

    def question(self, query: Mapping[str, Sequence[str]], boosts: Mapping[str, float]) -> Sparse:
        """What stands for a question: an inner product with a passage is their BM25 score."""
        weights: Sparse = {}
        for field, terms in query.items():
            if field not in FIELDS:
                raise ValueError(f"unknown field {field!r}, known are {FIELDS}")
            boost = boosts.get(field, 1.0)
            for term, n in Counter(clean_terms(terms)).items():
                if boost and self.document_frequency(field, term):
                    place = dimension(field, term)
                    weights[place] = weights.get(place, 0.0) + n * boost * self.idf(field, term)
        return weights
