"""Real implementations with scripted or simple behaviour, shared by tests of several folders."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.hit import Hit
from ingest.document import BlockKind
from ingest.passage import Passage
from ingest.sentences import sentence_bounds
from ingest.tokenizer import default_tokenizer
from ingest.traced import Traced


class TermEmbedder:
    """Unit vectors of hashed search terms: texts are near when they share words. No model."""

    signature = "hashed-terms/1"
    dim = 512

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for term in default_tokenizer().terms(text):
                row[int.from_bytes(hashlib.sha256(term.encode()).digest()[:4]) % self.dim] += 1
            row[0] += not row.any()
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    embed_queries = embed_passages


def passage_of(
    text: str,
    *,
    order: int = 0,
    document_id: str = "文書",
    context: str = "",
    section: tuple[str, ...] = (),
    body: Traced | None = None,
) -> Passage:
    """A passage of one document; its original is the text itself unless `body` says otherwise."""
    return Passage(
        id=f"{document_id}-{order:05d}",
        document_id=document_id,
        order=order,
        kind=BlockKind.PARAGRAPH,
        body=Traced.from_original(text) if body is None else body,
        sentences=tuple(sentence_bounds(text if body is None else body.text)),
        context=context,
        section=section,
        page=None,
        line=1,
    )


def hits_of(*texts: str, legs: Mapping[str, float] | None = None) -> list[Hit]:
    """One hit per text, best first, with scores 1, 1/2, 1/3 …"""
    return [Hit(passage_of(text, order=n), 1 / (n + 1), dict(legs or {})) for n, text in enumerate(texts)]
