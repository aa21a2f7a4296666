"""What a catalog holds for search: vectors, terms and token vectors, some at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from ingest.database import Database
from ingest.errors import CatalogError
from ingest.stored import decode_terms

FLOAT = np.dtype("<f4")
AT_ONCE = 20_000  # vectors in memory together
VARIABLES = 500  # SQLite's oldest limit on `?` in one statement is 999
JOINED = "FROM embedded e LEFT JOIN vector v ON v.embedder = ? AND v.key = e.key"


def vector_packs(
    database: Database, embedder: str, dim: int, ids: Sequence[int] | None = None
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """Ids, ascending and repeated, and vectors `(n, dim)`, of some passages or of all.

    Raises:
        CatalogError: If a text has no vector of this embedder and size.
    """
    rows = _vector_rows(database, embedder, ids)
    while some := list(islice(rows, AT_ONCE)):
        values = np.empty((len(some), dim), dtype=np.float32)
        for n, (i, data) in enumerate(some):
            if data is None:
                raise CatalogError(f"埋め込みが足りません: 箇所 {i}")
            vector = np.frombuffer(data, dtype=FLOAT)
            if vector.shape != (dim,):
                raise CatalogError(f"保存された埋め込みの次元が違います: {vector.size}（正しくは {dim}）")
            values[n] = vector
        yield np.array([i for i, _ in some], dtype=np.int64), values


def terms_of(database: Database, ids: Sequence[int]) -> Iterator[tuple[int, dict[str, list[str]]]]:
    """The search terms of these passages, by ascending id."""
    for marks, some in _slices(ids):
        query = f"SELECT id, terms FROM passage WHERE id IN ({marks}) ORDER BY id"  # noqa: S608
        yield from ((i, decode_terms(data)) for i, data in database.rows(query, some))


def tokens_of(database: Database, embedder: str, ids: Sequence[int]) -> list[tuple[int, bytes]]:
    """What is kept of the tokens of the first text of these passages, by ascending id, where it is."""
    found: list[tuple[int, bytes]] = []
    for marks, some in _slices(ids):
        query = (
            f"SELECT e.passage_id, v.tokens {JOINED} WHERE e.passage_id IN ({marks}) AND e.place = 0"
            " AND v.tokens IS NOT NULL ORDER BY e.passage_id"
        )
        found += [(i, data) for i, data in database.rows(query, [embedder, *some])]
    return found


def all_tokens(database: Database, embedder: str) -> Iterator[tuple[int, bytes]]:
    """The same of all passages, as a stream."""
    query = (
        f"SELECT e.passage_id, v.tokens {JOINED} WHERE e.place = 0 AND v.tokens IS NOT NULL"
        " ORDER BY e.passage_id"
    )
    yield from database.stream(query, (embedder,))


def lacking(database: Database, embedder: str) -> list[int]:
    """Ids of the passages of which a text has no vector of this embedder."""
    query = (
        "SELECT DISTINCT passage_id FROM embedded e WHERE NOT EXISTS"
        " (SELECT 1 FROM vector v WHERE v.embedder = ? AND v.key = e.key) ORDER BY passage_id"
    )
    return [i for (i,) in database.rows(query, (embedder,))]


def drop_vectors(database: Database, embedder: str, keys: Sequence[bytes]) -> None:
    """Forget the vectors of those of the texts that no passage holds any more."""
    database.write_many(
        "DELETE FROM vector WHERE embedder = ? AND key = ?"
        " AND NOT EXISTS (SELECT 1 FROM embedded e WHERE e.key = vector.key)",
        [(embedder, key) for key in keys],
    )


def keys_of(database: Database, ids: Sequence[int]) -> list[bytes]:
    """The keys of the texts of these passages, none twice."""
    found: set[bytes] = set()
    for marks, some in _slices(ids):
        query = f"SELECT key FROM embedded WHERE passage_id IN ({marks})"  # noqa: S608
        found.update(key for (key,) in database.rows(query, some))
    return sorted(found)


def _vector_rows(
    database: Database, embedder: str, ids: Sequence[int] | None
) -> Iterator[tuple[int, bytes | None]]:
    selected = f"SELECT e.passage_id, v.data {JOINED}"
    if ids is None:
        yield from database.stream(f"{selected} ORDER BY e.passage_id, e.place", (embedder,))
        return
    for marks, some in _slices(ids):
        query = f"{selected} WHERE e.passage_id IN ({marks}) ORDER BY e.passage_id, e.place"
        yield from database.rows(query, [embedder, *some])


def _slices(ids: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    ordered = sorted(int(i) for i in ids)
    for at in range(0, len(ordered), VARIABLES):
        some = ordered[at : at + VARIABLES]
        yield ",".join("?" * len(some)), some
