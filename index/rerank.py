"""Reranker: reads question and passage together and puts the best of a result list in a new order."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

from index.filters import Filters
from index.hit import Hit
from index.retrieve import Retriever
from ingest.errors import EmbedderError

POOL = 50  # a cross-encoder on a processor takes some 20 ms a passage: more would not be waited for


class Reranker(Protocol):
    """What scores passages against a question."""

    def scores(self, query: str, passages: Sequence[str]) -> list[float]:
        """One score for each passage, higher is better; comparable within one call only."""
        ...


class CrossEncoderReranker:
    """A sentence-transformers `CrossEncoder`, imported only when this is built.

    Args:
        model_name_or_path: `owner/name` on the Hugging Face hub, or a folder.
        allow_downloads: Whether a model that is not on this machine may be fetched.

    Raises:
        EmbedderError: If the model is not there or cannot be loaded.
    """

    def __init__(self, model_name_or_path: str, *, allow_downloads: bool = False) -> None:
        try:
            from sentence_transformers import CrossEncoder

            with contextlib.redirect_stderr(io.StringIO()):  # its progress bar
                self._model: Any = CrossEncoder(
                    model_name_or_path, device="cpu", local_files_only=not allow_downloads
                )
        except (ImportError, OSError, ValueError, RuntimeError) as error:
            raise EmbedderError(f"リランカー {model_name_or_path} を読み込めません。") from error

    def scores(self, query: str, passages: Sequence[str]) -> list[float]:
        """What the model says of each pair; see `Reranker`."""
        if not passages:
            return []
        pairs = [(query, passage) for passage in passages]
        return [float(score) for score in self._model.predict(pairs, show_progress_bar=False)]


class RerankedRetriever:
    """A retriever whose best hits are put in the order that a reranker gives them; the others follow.

    Args:
        retriever: Finds the hits.
        reranker: Scores the best of them, context included.
        pool: How many.
    """

    def __init__(self, retriever: Retriever, reranker: Reranker, *, pool: int = POOL) -> None:
        self._retriever = retriever
        self._reranker = reranker
        self._pool = pool

    def retrieve(self, query: str, *, k: int, filters: Filters | None = None) -> list[Hit]:
        """At most `k` hits, best first, none twice; see `Retriever`."""
        hits = self._retriever.retrieve(query, k=max(k, self._pool) if k else 0, filters=filters)
        head, tail = hits[: self._pool], hits[self._pool :]
        scores = self._reranker.scores(query, [hit.passage.search_text for hit in head])
        order = sorted(range(len(head)), key=lambda i: (-scores[i], i))
        first = [
            replace(head[i], score=scores[i], legs={**head[i].legs, "reranker": scores[i]}) for i in order
        ]
        lowest = min(scores, default=0.0)
        rest = [replace(hit, score=lowest - n) for n, hit in enumerate(tail, start=1)]
        return [*first, *rest][:k]
