"""TokenIndex: how well each word of a question is met anywhere in a passage (late interaction).

One vector for a whole passage blurs what it says; one per token, made in the context of the passage, lets each
token of a question find its own counterpart. They are kept as signs only: 48 bytes a token.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.embed import Vectors
from ingest.errors import IndexMismatchError

SIGNS_FILE = "tokens.bin"
PLACES_FILE = "tokens.places.bin"
BITS = 8

Signs = NDArray[np.uint8]
"""Packed signs of a passage's token vectors, `(n, dim / 8)`."""


def pack_signs(tokens: Vectors, centre: Vectors) -> Signs:
    """Signs of token vectors `(n, dim)` around `centre` `(dim,)`, eight to a byte.

    A model's vectors all lean to one side; around their centre their signs say most.
    """
    return np.packbits(tokens > centre, axis=1)


class TokenIndex:
    """Token vectors of all passages as signs, mapped from one file. Reading is safe from several threads."""

    def __init__(self, signs: Signs, places: NDArray[np.int64]) -> None:
        self._signs = signs
        self._ids, self._starts, self._ends = places
        self._scale = np.float32(1 / np.sqrt(signs.shape[1] * BITS))

    @classmethod
    def build(cls, folder: Path, rows: Iterable[tuple[int, bytes]], *, dim: int) -> Self:
        """Write the packed signs of each passage; `rows` have ascending ids, none twice.

        Raises:
            OSError: If the folder cannot be written.
        """
        places: list[tuple[int, int, int]] = []
        at = 0
        with (folder / SIGNS_FILE).open("wb") as file:
            for i, data in rows:
                n = len(data) // (dim // BITS)
                file.write(data)
                places.append((i, at, at + n))
                at += n
        (folder / PLACES_FILE).write_bytes(np.array(places, dtype="<i8").reshape(-1, 3).T.tobytes())
        return cls.load(folder, dim=dim)

    @classmethod
    def load(cls, folder: Path, *, dim: int) -> Self:
        """Map what `build` wrote.

        Raises:
            IndexMismatchError: If the files do not fit each other.
            OSError: If they cannot be read.
        """
        places = np.fromfile(folder / PLACES_FILE, dtype="<i8")
        width = dim // BITS
        n_bytes = (folder / SIGNS_FILE).stat().st_size
        if places.size % 3 or n_bytes != width * (places.reshape(3, -1)[2].max(initial=0)):
            raise IndexMismatchError(f"トークンのベクトルの索引が壊れています: {folder}")
        signs = (
            np.memmap(folder / SIGNS_FILE, dtype=np.uint8, mode="r").reshape(-1, width)
            if n_bytes
            else np.empty((0, width), dtype=np.uint8)
        )
        return cls(signs, places.reshape(3, -1))

    def scores(self, question: Vectors, ids: Sequence[int]) -> dict[int, float]:
        """The mean over the question's tokens of the best match of each in a passage, by passage.

        Args:
            question: Unit vectors of its tokens, `(n, dim)`.
            ids: Passages to score; those without token vectors are left out.
        """
        wanted = np.array(sorted(set(ids)), dtype=np.int64)
        at = np.searchsorted(self._ids, wanted)
        at = at[(at < len(self._ids)) & np.isin(wanted, self._ids)]
        lengths = self._ends[at] - self._starts[at]
        at, lengths = at[lengths > 0], lengths[lengths > 0]
        if not len(at) or not len(question):
            return {}
        rows = np.concatenate([self._signs[self._starts[i] : self._ends[i]] for i in at])
        # With signs as 0 and 1, twice the product minus the sum is the product with signs as -1 and 1.
        products = np.unpackbits(rows, axis=1).astype(np.float32) @ question.T * 2 - question.sum(axis=1)
        best = np.maximum.reduceat(products, np.concatenate([[0], np.cumsum(lengths)[:-1]]), axis=0)
        means = best.mean(axis=1) * self._scale
        return dict(zip(self._ids[at].tolist(), means.tolist(), strict=True))
