"""Filling the cache of vectors: only what is missing, committed batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from index.embed import BatchEmbedder, Embedder, TokenEmbedder, Vectors
from index.late import pack_tokens
from index.pipeline import OnProgress, Progress, Stage
from ingest.catalog import Catalog
from ingest.errors import EmbedderError

BATCH = 32  # texts between two commits, for an embedder that makes no batches of its own
WINDOW = 8192  # texts handed over at once: enough to sort by length, few enough to hold


def fill_vectors(
    catalog: Catalog, embedder: Embedder | BatchEmbedder, texts: Mapping[bytes, str], on_progress: OnProgress
) -> int:
    """Embed those of the texts, given by their `text_key`, that have no vector yet.

    Returns:
        How many texts were embedded; with 0 the embedder's model was not touched.

    Raises:
        EmbedderError: If the embedder fails or gives vectors that are not finite or not of its size.
    """
    keys = [key for key in texts if not catalog.has_vector(embedder.signature, key)]
    done = 0
    for at in range(0, len(keys), WINDOW):
        window = keys[at : at + WINDOW]
        if not done:
            on_progress(Progress(Stage.EMBED, 0, len(keys)))
        for positions, vectors, tokens in embedded(embedder, [texts[key] for key in window]):
            some = [window[n] for n in positions]
            catalog.put_vectors(embedder.signature, some, vectors, tokens=tokens)
            done += len(positions)
            on_progress(Progress(Stage.EMBED, done, len(keys)))
    return done


def embedded(
    embedder: Embedder | BatchEmbedder, texts: Sequence[str]
) -> Iterator[tuple[list[int], Vectors, list[bytes] | None]]:
    """Positions, vectors and, where the embedder gives them, the packed token vectors, batch by batch.

    Raises:
        EmbedderError: If the embedder fails or gives vectors that are not finite or not of its size.
    """
    for positions, vectors, tokens in _batches(embedder, texts):
        if vectors.shape != (len(positions), embedder.dim) or not np.isfinite(vectors).all():
            raise EmbedderError("埋め込みモデルが正しいベクトルを返しませんでした。")
        yield positions, vectors, tokens


def _batches(
    embedder: Embedder | BatchEmbedder, texts: Sequence[str]
) -> Iterator[tuple[list[int], Vectors, list[bytes] | None]]:
    if isinstance(embedder, TokenEmbedder):
        for positions, encoded in embedder.encode_passages_in_batches(texts):
            packed = [pack_tokens(one.tokens).tobytes() for one in encoded]
            yield positions, np.stack([one.vector for one in encoded]), packed
        return
    in_batches = getattr(embedder, "embed_passages_in_batches", None)
    if in_batches is not None:
        for positions, vectors in in_batches(texts):
            yield positions, vectors, None
        return
    for at in range(0, len(texts), BATCH):
        some = texts[at : at + BATCH]
        yield list(range(at, at + len(some))), embedder.embed_passages(some), None
