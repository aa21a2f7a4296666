"""Retriever: a query in, hits out, from the lexical and the dense leg together."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

import numpy as np

from index.embed import Embedder, Encoded, TokenEmbedder
from index.filters import NO_FILTERS, Filters
from index.fuse import (
    Ranking,
    reciprocal_rank_fusion,
    scaled_by_best,
    scaled_to_range,
    weighted_sum,
    with_neighbours,
)
from index.hit import Hit
from index.store import Store
from index.timing import timed
from ingest.passage import Passage
from ingest.tokenizer import Tokenizer

TERMS, GRAMS = "body", "grams"  # the fields of the lexical index that are searched
EMBEDDED_CHARS = 1000  # of a query; a longer one takes seconds and its vector tells no more
FILTERS_KEPT = 16  # whose passage ids are held: some 6 MB each for 100,000 passages
WIDE = 0.05  # share of all passages from which a filter is applied after the lexical search
SPARE = 2  # times as many passages are then taken as the filter should leave


class FusionMethod(StrEnum):
    """How the legs' rankings become one."""

    WEIGHTED_SUM = "weighted_sum"
    RECIPROCAL_RANK = "reciprocal_rank"


@dataclass(frozen=True, slots=True)
class Fusion:
    """How much each leg counts.

    Attributes:
        terms: Weight of BM25 over words.
        grams: Weight of BM25 over character pairs, which finds what the dictionary cuts differently.
        dense: Weight of the vectors' inner product.
        neighbours: Share of the scores right before and after a passage that is added to its own.
        tokens: Weight of the best matches of the question's tokens, where the embedder gives token vectors.
        depth: Passages taken from each leg.
        pool: Best passages of the legs together that are matched token by token.
        method: The comparison, reciprocal ranks, uses neither weights nor neighbours.
    """

    terms: float = 1.0
    grams: float = 1.0
    dense: float = 1.0
    neighbours: float = 0.25
    tokens: float = 2.0
    depth: int = 100
    pool: int = 50
    method: FusionMethod = FusionMethod.WEIGHTED_SUM


class Retriever(Protocol):
    """What finds passages for a query."""

    def retrieve(self, query: str, *, k: int, filters: Filters | None = None) -> list[Hit]:
        """At most `k` hits, best first, none twice, in documents that match the filters.

        An empty query finds nothing, nor do filters that no document matches.
        """
        ...


def lexical_fields(passage: Passage, tokenizer: Tokenizer) -> Mapping[str, Sequence[str]]:
    """The search terms of a passage, context included, by field of the lexical index."""
    text = passage.search_text
    return {TERMS: tokenizer.terms(text), GRAMS: tokenizer.bigrams(text)}


def embed_texts(passage: Passage) -> list[str]:
    """The texts whose vectors stand for a passage in the dense index."""
    return [passage.search_text]


class HybridRetriever:
    """Words, character pairs and vectors searched side by side, fused into one list."""

    def __init__(
        self, store: Store, embedder: Embedder, tokenizer: Tokenizer, *, fusion: Fusion | None = None
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._tokenizer = tokenizer
        self._fusion = fusion or Fusion()
        self._ids_of = lru_cache(maxsize=FILTERS_KEPT)(self._read_ids)  # an open store does not change

    def retrieve(self, query: str, *, k: int, filters: Filters | None = None) -> list[Hit]:
        """At most `k` hits, best first, none twice; among equal scores the earlier ingested first.

        Passages of documents that do not match the filters neither are found nor count as neighbours.

        Raises:
            ValueError: If `k` is negative.
        """
        if k < 0:
            raise ValueError(f"k must not be negative: {k}")
        only = self._ids_of(filters or NO_FILTERS)
        if not query.strip() or k == 0 or (only is not None and not only):
            return []
        encoded = self._encoded(query)
        rankings = self._rankings(query, encoded, only)
        scores = self._fused(rankings)
        if self._fusion.method is FusionMethod.WEIGHTED_SUM:
            rankings["tokens"] = self._matched(encoded, scores)
            for i, matched in scaled_to_range(rankings["tokens"]).items():
                scores[i] += self._fusion.tokens * matched
        best = heapq.nsmallest(k, scores, key=lambda passage: (-scores[passage], passage))
        raw = {name: dict(ranking) for name, ranking in rankings.items()}
        return [
            Hit(passage, scores[i], {name: found[i] for name, found in raw.items() if i in found})
            for i, passage in zip(best, self._store.passages(best), strict=True)
        ]

    def _read_ids(self, filters: Filters) -> frozenset[int] | None:
        """The passages to choose among; `None` for all."""
        documents = filters.document_ids(self._store.documents())
        return None if documents is None else self._store.ids_of_documents(documents)

    def _encoded(self, query: str) -> Encoded:
        """The query's vector, and those of its tokens if there is anything to match them with."""
        text = query[:EMBEDDED_CHARS]
        with timed("embed"):
            if self._store.tokens is not None and isinstance(self._embedder, TokenEmbedder):
                return self._embedder.encode_query(text)
            vector = self._embedder.embed_queries([text])[0]
            return Encoded(vector, np.empty((0, len(vector)), dtype=np.float32))

    def _matched(self, encoded: Encoded, scores: Mapping[int, float]) -> Ranking:
        """How well the best passages of the legs meet the question's tokens."""
        if self._store.tokens is None or not self._fusion.tokens:
            return []
        pool = heapq.nsmallest(self._fusion.pool, scores, key=lambda passage: (-scores[passage], passage))
        return list(self._store.tokens.scores(encoded.tokens, pool).items())

    def _rankings(self, query: str, encoded: Encoded, only: frozenset[int] | None) -> dict[str, Ranking]:
        """What each leg finds, with its own scores."""
        terms = {TERMS: self._tokenizer.terms(query)}
        grams = {GRAMS: self._tokenizer.bigrams(query)}
        return {
            "terms": self._lexical(terms, only),
            "grams": self._lexical(grams, only),
            "dense": self._store.dense.search(encoded.vector, k=self._fusion.depth, only=only),
        }

    def _lexical(self, query: Mapping[str, Sequence[str]], only: frozenset[int] | None) -> Ranking:
        """The lexical leg among some passages.

        tantivy looks up every id that it is to choose among: 90 ms for 99,000 of them, .2 ms for none. A wide
        filter is therefore applied to a longer list; only if that leaves too few is tantivy told the ids.
        """
        lexical, depth = self._store.lexical, self._fusion.depth
        if only is not None and len(only) > WIDE * lexical.n_passages:
            most = SPARE * depth * lexical.n_passages // len(only)
            found = lexical.search(query, boosts={}, k=most)
            left = [hit for hit in found if hit[0] in only]
            if len(left) >= depth or len(found) < most:
                return left[:depth]
        return lexical.search(query, boosts={}, k=depth, only=only)

    def _fused(self, rankings: Mapping[str, Ranking]) -> dict[int, float]:
        fusion = self._fusion
        if fusion.method is FusionMethod.RECIPROCAL_RANK:
            return reciprocal_rank_fusion(list(rankings.values()))
        legs = {
            "terms": scaled_by_best(rankings["terms"]),
            "grams": scaled_by_best(rankings["grams"]),
            "dense": scaled_to_range(rankings["dense"]),
        }
        weights = {"terms": fusion.terms, "grams": fusion.grams, "dense": fusion.dense}
        scores = weighted_sum(legs, weights)
        if fusion.neighbours:
            around = self._store.neighbours(list(scores))
            scores = with_neighbours(scores, around, share=fusion.neighbours)
        return scores
