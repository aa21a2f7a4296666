"""TokenIndex: how well each word of a question is met anywhere in a passage (late interaction).

One vector for a whole passage blurs what it says; one per token, made in the context of the passage, lets
each token of a question find its own counterpart. They are kept at four bits a value: 192 bytes a token.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.embed import Vectors
from ingest.errors import IndexMismatchError

CODES_FILE = "tokens.bin"
PLACES_FILE = "tokens.places.bin"
BLOCK = 512  # rows unpacked at a time: they stay in the processor's cache, which takes half the time
LEVELS = 16  # two values to a byte
# Of evenly spaced levels the distance at which 16 tell a normal distribution best.
# Source: Max, Quantizing for minimum distortion, IRE Transactions 1960, table II.
STEP = 0.3352

Codes = NDArray[np.uint8]
"""Token vectors of a passage at four bits a value, `(n, dim / 2)`."""


def pack_tokens(tokens: Vectors) -> Codes:
    """Four bits for each value of unit vectors `(n, dim)`: the first half of them low, the second half high.

    A value of a unit vector is `1 / sqrt(dim)` on average, so that all need no scale of their own.
    """
    half = tokens.shape[1] // 2
    levels = np.floor(tokens * (np.sqrt(tokens.shape[1]) / STEP)) + LEVELS // 2
    codes = np.clip(levels, 0, LEVELS - 1).astype(np.uint8)
    packed: Codes = codes[:, :half] | codes[:, half:] << 4
    return packed


class TokenIndex:
    """Token vectors of all passages, mapped from one file. Reading is safe from several threads."""

    def __init__(self, codes: Codes, places: NDArray[np.int64]) -> None:
        self._codes = codes
        self._ids, self._starts, self._ends = places
        self._half = codes.shape[1]

    @classmethod
    def build(cls, folder: Path, rows: Iterable[tuple[int, bytes]], *, dim: int) -> Self:
        """Write the packed token vectors of each passage; `rows` have ascending ids, none twice.

        Raises:
            OSError: If the folder cannot be written.
        """
        places: list[tuple[int, int, int]] = []
        at = 0
        with (folder / CODES_FILE).open("wb") as file:
            for i, data in rows:
                n = len(data) // (dim // 2)
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
        width = dim // 2
        n_bytes = (folder / CODES_FILE).stat().st_size
        if places.size % 3 or n_bytes != width * (places.reshape(3, -1)[2].max(initial=0)):
            raise IndexMismatchError(f"トークンのベクトルの索引が壊れています: {folder}")
        codes = (
            np.memmap(folder / CODES_FILE, dtype=np.uint8, mode="r").reshape(-1, width)
            if n_bytes
            else np.empty((0, width), dtype=np.uint8)
        )
        return cls(codes, places.reshape(3, -1))

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
        rows = np.concatenate([self._codes[self._starts[i] : self._ends[i]] for i in at])
        products = self._products(rows, question)
        best = np.maximum.reduceat(products, np.concatenate([[0], np.cumsum(lengths)[:-1]]), axis=0)
        return dict(zip(self._ids[at].tolist(), best.mean(axis=1).tolist(), strict=True))

    def _products(self, rows: Codes, question: Vectors) -> Vectors:
        """Inner products of packed rows with the question's tokens, `(n rows, n tokens)`."""
        low = np.ascontiguousarray(question[:, : self._half].T)
        high = np.ascontiguousarray(question[:, self._half :].T)
        # The codes themselves are multiplied; what their middle is off zero is the same for every row.
        coded = np.empty((len(rows), len(question)), dtype=np.float32)
        for at in range(0, len(rows), BLOCK):
            some = rows[at : at + BLOCK]
            block = coded[at : at + BLOCK]
            np.matmul((some & 15).astype(np.float32), low, out=block)
            block += (some >> 4).astype(np.float32) @ high
        middle = np.float32((LEVELS - 1) / 2) * question.sum(axis=1)
        products: Vectors = (coded - middle) * np.float32(STEP / np.sqrt(2 * self._half))
        return products
