"""Pack: some ids with their vectors, so that many are handled without holding all; arrays in plain files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.errors import IndexMismatchError

Pack = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Passage ids `(n,)`, ascending, with a vector each, `(n, dim)`."""
Packs = Iterable[Pack]


def write_array(path: Path, values: NDArray[np.int64]) -> None:
    """Write numbers as eight bytes each, lowest first."""
    path.write_bytes(np.ascontiguousarray(values, dtype="<i8").tobytes())


def read_array(path: Path) -> NDArray[np.int64]:
    """Read what `write_array` wrote.

    Raises:
        IndexMismatchError: If the file is cut short.
        OSError: If it cannot be read.
    """
    if path.stat().st_size % 8:
        raise IndexMismatchError(f"索引のファイルが途中で切れています: {path}")
    return np.fromfile(path, dtype="<i8").astype(np.int64, copy=False)
