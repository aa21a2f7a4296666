"""IdSet: the passages that a filter leaves, a few bytes each where a set of Python's takes sixty."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Set

import numpy as np
from numpy.typing import NDArray


class IdSet(Set[int]):
    """Passage ids, ascending, none twice; to be asked for length and membership and to be walked through."""

    def __init__(self, ids: Iterable[int]) -> None:
        self.ids: NDArray[np.int64] = np.unique(np.fromiter(ids, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[int]:
        return iter(self.ids.tolist())

    def __contains__(self, item: object) -> bool:
        at = int(np.searchsorted(self.ids, item)) if isinstance(item, int) else len(self.ids)
        return at < len(self.ids) and int(self.ids[at]) == item


def as_array(ids: Collection[int]) -> NDArray[np.int64]:
    """The ids ascending, none twice, as an array."""
    if isinstance(ids, IdSet):
        return ids.ids
    return np.unique(np.fromiter(ids, dtype=np.int64, count=len(ids)))
