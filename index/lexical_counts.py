"""What a searcher of tantivy tells of single terms: how many passages hold one, and which."""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from tantivy import Occur, Query

MOST_HELD = 2000  # passages that hold a term, up to which all are looked up at once and kept
AT_ONCE = 20  # terms in one search: the sum of as many powers of two is exact in a score


def idf(n_passages: int, n: int) -> float:
    """`ln(1 + (N - n + .5) / (n + .5))`, as BM25 weighs a term that n of N passages hold."""
    return math.log1p((n_passages - n + 0.5) / (n + 0.5))


def n_in_files(path: Path) -> int:
    """How many passages tantivy has in the files of a folder, those that were removed included."""
    segments = json.loads((path / "meta.json").read_text(encoding="utf-8"))["segments"]
    return sum(int(segment["max_doc"]) for segment in segments)


def frequency(searcher: Any, _schema: Any, field: str, term: str) -> int:
    """In how many passages a term is, maybe with some that were removed."""
    return int(searcher.doc_freq(field, term))


def counted(searcher: Any, schema: Any, field: str, term: str) -> int:
    """In how many passages a term is, without those that were removed."""
    return int(searcher.search(Query.term_query(schema, field, term, "freq"), 1, count=True).count)


def holders(searcher: Any, schema: Any, field: str, term: str) -> array[int]:
    """The passages with a term that is in no more than `MOST_HELD` of them."""
    if not searcher.num_docs:
        return array("q")
    query = Query.term_query(schema, field, term, "freq")
    hits = searcher.search(query, min(MOST_HELD, searcher.num_docs), count=False).hits
    return array("q", searcher.fast_field_values("id", [address for _, address in hits]))


def holders_among(
    searcher: Any, schema: Any, field: str, terms: Sequence[str], among: Collection[int]
) -> dict[str, frozenset[int]]:
    """Which of some passages hold each of the terms: one search for many terms, told by its scores.

    The n-th term counts `2 ** n`, so that the digits of a passage's score say which terms it holds.
    """
    found: dict[str, frozenset[int]] = {}
    chosen = Query.const_score_query(Query.term_set_query(schema, "id", sorted(among)), 0.0)
    for at in range(0, len(terms), AT_ONCE):
        some = terms[at : at + AT_ONCE]
        queries = (Query.term_query(schema, field, term, "freq") for term in some)
        scored = [(Occur.Should, Query.const_score_query(q, float(2**n))) for n, q in enumerate(queries)]
        query = Query.boolean_query([(Occur.Must, chosen), (Occur.Must, Query.boolean_query(scored))])
        hits = searcher.search(query, len(among), count=False).hits
        ids = searcher.fast_field_values("id", [address for _, address in hits])
        digits = [(int(i), int(score)) for i, (score, _) in zip(ids, hits, strict=True)]
        found |= {t: frozenset(i for i, score in digits if score >> n & 1) for n, t in enumerate(some)}
    return found
