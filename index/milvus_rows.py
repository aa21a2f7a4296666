"""Row: what stands in Milvus for one vector of a passage, and which rows belong to a generation."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.id_set import as_array
from index.sparse import EVERY, Sparse

KEY, PASSAGE, DENSE, TERMS = "key", "passage", "dense", "terms"  # the fields
VECTORS = 64  # most of one passage: a row's key is its passage's id times this, plus its place
MOST_RUNS = 100  # ranges in one filter; with more, every id is named


@dataclass(frozen=True, slots=True)
class Row:
    """One vector of a passage; the first carries the passage's terms too."""

    passage: int
    place: int
    vector: NDArray[np.float32]
    terms: Sparse

    @property
    def key(self) -> int:
        """Never given twice, so that a row which is sent again replaces itself."""
        return self.passage * VECTORS + self.place

    def digest(self) -> int:
        """A number of 256 bits that changes with anything in it."""
        terms = np.array(sorted(self.terms.items()), dtype=np.float64).reshape(-1, 2)
        data = (
            self.key.to_bytes(8, "little", signed=True)
            + np.ascontiguousarray(self.vector, dtype="<f4").tobytes()
            + terms[:, 0].astype("<u4").tobytes()
            + terms[:, 1].astype("<f4").tobytes()
        )
        return int.from_bytes(hashlib.sha256(data).digest())


@dataclass(frozen=True, slots=True)
class Extent:
    """Which rows of a collection belong to a generation: those up to a passage, but for some.

    A later generation adds rows behind it and takes none away before nobody reads this one any more.

    Attributes:
        last: The highest id of its passages.
        gone: Ids of passages of earlier generations that are not in it.
    """

    last: int
    gone: tuple[int, ...] = ()

    def filter(self) -> str:
        """The filter that leaves its rows."""
        up_to = f"{PASSAGE} <= {self.last}"
        return f"{up_to} and not ({within(self.gone)})" if self.gone else up_to


def digest_of(rows: Iterable[Row]) -> str:
    """How many rows there are, and the sum of their digests: the same in whatever order they come."""
    n_rows = total = 0
    for row in rows:
        n_rows += 1
        total = (total + row.digest()) % 2**256
    return f"{n_rows}:{total:064x}"


def rows_of_passage(passage: int, vectors: Sequence[NDArray[np.float32]], terms: Sparse) -> Iterator[Row]:
    """The rows that stand for a passage.

    Raises:
        ValueError: If it has no vector, or more than `VECTORS`.
    """
    if not 0 < len(vectors) <= VECTORS:
        raise ValueError(f"passage {passage} has {len(vectors)} vectors")
    for place, vector in enumerate(vectors):
        yield Row(passage, place, vector, terms if place == 0 else {EVERY: 1.0})


def n_runs(ids: Collection[int]) -> int:
    """How many runs of neighbouring numbers there are."""
    array = as_array(ids)
    return int(np.count_nonzero(np.diff(array) != 1)) + 1 if len(array) else 0


def within(ids: Collection[int]) -> str:
    """The filter that leaves the rows of these passages.

    The passages of a document have neighbouring ids, so that a few documents are a few ranges.
    """
    array = as_array(ids)
    if not len(array):
        return f"{PASSAGE} in []"
    if n_runs(array) > MOST_RUNS:
        return f"{PASSAGE} in [{','.join(map(str, array.tolist()))}]"
    runs = np.split(array, np.flatnonzero(np.diff(array) != 1) + 1)
    return " or ".join(f"({PASSAGE} >= {run[0]} and {PASSAGE} <= {run[-1]})" for run in runs)
