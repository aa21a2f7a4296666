"""StoredTokens: token vectors read from the catalog, for collections whose copy would fill the disk twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.embed import Vectors
from index.late import TokenIndex
from ingest.catalog import Catalog


class StoredTokens:
    """What `TokenIndex` does, a hundred passages read for each question. Safe from several threads."""

    def __init__(self, catalog: Catalog, embedder: str, *, dim: int) -> None:
        self._catalog = catalog
        self._embedder = embedder
        self._dim = dim

    def scores(self, question: Vectors, ids: Sequence[int]) -> dict[int, float]:
        """See `TokenIndex.scores`."""
        wanted = sorted({int(i) for i in ids})
        rows = self._catalog.tokens_of(self._embedder, wanted)
        width = self._dim // 2
        ends = np.cumsum([len(data) // width for _, data in rows], dtype=np.int64)
        codes = np.frombuffer(b"".join(data for _, data in rows), dtype=np.uint8).reshape(-1, width)
        starts = np.concatenate([[0], ends[:-1]]).astype(np.int64) if rows else ends
        return TokenIndex(codes, np.array([[i for i, _ in rows], starts, ends], dtype=np.int64)).scores(
            question, wanted
        )
