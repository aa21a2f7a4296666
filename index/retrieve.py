"""Retriever: a query in, hits out, from the lexical and the dense leg together."""

from __future__ import annotations

import heapq
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest
from typing import Protocol

import numpy as np

from index.asking import telling_pairs, telling_terms
from index.coverage import coverage, same_section
from index.embed import Embedder, Encoded, TokenEmbedder
from index.filters import NO_FILTERS, Filters
from index.fuse import (
    Ranking,
    mean_around,
    reciprocal_rank_fusion,
    scaled_by_best,
    scaled_to_range,
    weighted_sum,
)
from index.fusion import Fusion, FusionMethod, learnt_fusion
from index.hit import Hit
from index.store import Store
from index.timing import timed
from index.years import fits_years
from ingest.passage import Passage
from ingest.relative_years import possible_fiscal_years
from ingest.tokenizer import Tokenizer

TERMS, GRAMS = "body", "grams"  # the fields of the lexical index that are searched
LEGS = ("terms", "grams", "dense")
NEIGHBOURS_IN_POOL = 0.5  # their share when the pool is chosen, before any weight
EMBEDDED_CHARS = 1000  # of a query; a longer one takes seconds and its vector tells no more
FILTERS_KEPT = 16  # whose passage ids are held: eight bytes a passage
WIDE = 0.05  # share of all passages from which a filter is applied after the lexical search
KNOWN_ENOUGH = 0.45  # of a query's words; of 101 Japanese questions the least share was .49
KANA, HANGUL = re.compile("[ぁ-ヺｦ-ﾝ]"), re.compile("[ᄀ-ᇿ가-힣]")
# Token vectors of one meaning are near in any language; all else is measured by words or blurred.
ACROSS_LANGUAGES = Fusion(
    terms=0.0, grams=0.0, dense=0.0, neighbours=0.0, tokens=1.0, section=0.0, window=0.0, year=0.0, pool=100
)
SPARE = 2  # times as many passages are then taken as the filter should leave


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found for a query and how good each passage is by each measure.

    Attributes:
        rankings: Of each leg, with its own scores.
        measures: By the names of `Fusion`, scaled so that 1 is about the best, by passage.
        weights: How much each measure counts for this query.
    """

    rankings: Mapping[str, Ranking]
    measures: Mapping[str, Mapping[int, float]]
    weights: Mapping[str, float]


def is_in_another_language(query: str, known: float) -> bool:
    """Whether a query is not in Japanese, so that its words find nothing that it means.

    Args:
        query: What is asked.
        known: The share of its words, by weight, that the passages hold. Chinese and a Japanese compound are
            written alike; only the latter is found.
    """
    return not KANA.search(query) and (HANGUL.search(query) is not None or known < KNOWN_ENOUGH)


class Retriever(Protocol):
    """What finds passages for a query."""

    def retrieve(self, query: str, *, k: int, filters: Filters | None = None) -> list[Hit]:
        """At most `k` hits, best first, none twice, in documents that match the filters.

        An empty query finds nothing, nor do filters that no document matches.
        """
        ...


def retrieve_all(
    retriever: Retriever, queries: Sequence[str], *, k: int, filters: Filters | None = None
) -> list[Hit]:
    """The hits of several queries, such as the parts of a question, taken in turn: first hits, second hits.

    Returns:
        At most `k` hits, none twice; each with the score that the query gave it which brought it first.

    Raises:
        ValueError: If `k` is negative.
    """
    lists = [retriever.retrieve(query, k=k, filters=filters) for query in queries]
    merged: dict[str, Hit] = {}
    for hits in zip_longest(*lists):
        for hit in hits:
            if hit is not None:
                merged.setdefault(hit.passage.id, hit)
    return list(merged.values())[:k]


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
        self._fusion = fusion or learnt_fusion()
        self._ids_of = lru_cache(maxsize=FILTERS_KEPT)(self._read_ids)  # an open store does not change

    def retrieve(self, query: str, *, k: int, filters: Filters | None = None) -> list[Hit]:
        """At most `k` hits, best first, none twice; among equal scores the earlier ingested first.

        Passages of documents that do not match the filters neither are found nor count as neighbours.

        Raises:
            ValueError: If `k` is negative.
        """
        if k < 0:
            raise ValueError(f"k must not be negative: {k}")
        found = self.measure(query, filters=filters) if k else None
        if found is None:
            return []
        if self._fusion.method is FusionMethod.RECIPROCAL_RANK:
            scores = reciprocal_rank_fusion([found.rankings[leg] for leg in LEGS])
        else:
            scores = weighted_sum(found.measures, found.weights)
        best = heapq.nsmallest(k, scores, key=lambda passage: (-scores[passage], passage))
        raw = {name: dict(ranking) for name, ranking in found.rankings.items()}
        return [
            Hit(passage, scores[i], {name: leg[i] for name, leg in raw.items() if i in leg})
            for i, passage in zip(best, self._store.passages(best), strict=True)
        ]

    def measure(self, query: str, *, filters: Filters | None = None) -> Measured | None:
        """Every measure of what the legs find; `None` if there is nothing to ask or to choose among."""
        only = self._ids_of(filters or NO_FILTERS)
        if not query.strip() or (only is not None and not only):
            return None
        encoded = self._encoded(query)
        terms = telling_terms(self._tokenizer.terms(query))
        pairs = telling_pairs(self._tokenizer.bigrams(query))
        rankings: dict[str, Ranking] = {
            "terms": self._lexical({TERMS: terms}, only),
            "grams": self._lexical({GRAMS: pairs}, only),
            "dense": self._store.dense.search(encoded.vector, k=self._fusion.depth, only=only),
        }
        if self._fusion.method is FusionMethod.RECIPROCAL_RANK:
            return Measured(rankings, {}, {})
        trust = self._known_share(terms)
        fusion = self._fusion
        if is_in_another_language(query, trust) and self._store.tokens is not None:
            fusion = replace(ACROSS_LANGUAGES, depth=fusion.depth)
        legs: dict[str, Mapping[int, float]] = {
            "terms": scaled_by_best(rankings["terms"], best=trust),
            "grams": scaled_by_best(rankings["grams"], best=trust),
            "dense": scaled_to_range(rankings["dense"]),
        }
        means = weighted_sum(legs, dict.fromkeys(legs, 1 / len(legs)))
        around = self._store.neighbours(list(means))
        neighbours = mean_around(means, around)
        first = {i: mean + neighbours[i] * NEIGHBOURS_IN_POOL for i, mean in means.items()}
        pool = heapq.nsmallest(fusion.pool, first, key=lambda passage: (-first[passage], passage))
        matched = self._store.tokens.scores(encoded.tokens, pool) if self._store.tokens is not None else {}
        if matched:
            rankings["tokens"] = list(matched.items())
        passages = self._store.passages(pool)
        covered = self._covered(terms, dict(zip(pool, passages, strict=True)), around, only)
        years = possible_fiscal_years(query)
        fit = {i: float(fits_years(p, years)) for i, p in zip(pool, passages, strict=True)} if years else {}
        measures = {**legs, "neighbours": neighbours, "tokens": scaled_to_range(list(matched.items()))}
        return Measured(rankings, {**measures, **covered, "year": fit}, fusion.weights())

    def _known_share(self, terms: Sequence[str]) -> float:
        """The share of the query's words, by weight, that any passage holds; 1 for a query without words.

        Of a question in another language the words that happen to be found, a year or an abbreviation, must
        not count as if they were all that was asked.
        """
        lexical = self._store.lexical
        weights = {term: lexical.idf(term, field=TERMS) for term in terms}
        known = sum(weight for term, weight in weights.items() if lexical.document_frequency(TERMS, term))
        return known / sum(weights.values()) if weights else 1.0

    def _covered(
        self, terms: Sequence[str], pool: Mapping[int, Passage], around: Mapping[int, Sequence[int]],
        only: Collection[int] | None,
    ) -> dict[str, dict[int, float]]:  # fmt: skip
        """How much of the question the section and the neighbourhood of each passage of the pool say."""
        lexical = self._store.lexical
        windows = {i: [i, *(j for j in around.get(i, ()) if only is None or j in only)] for i in pool}
        near = frozenset(j for window in windows.values() for j in window)
        holders = lexical.holders(set(terms), field=TERMS, among=near)
        weights = {term: lexical.idf(term, field=TERMS) for term in holders}
        sections = same_section(list(pool), list(pool.values()))
        return {
            "section": coverage(sections, holders, weights),
            "window": coverage(windows, holders, weights),
        }

    def _read_ids(self, filters: Filters) -> Collection[int] | None:
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

    def _lexical(self, query: Mapping[str, Sequence[str]], only: Collection[int] | None) -> Ranking:
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
