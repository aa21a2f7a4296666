"""MilvusCollection: the rows of one generation in Milvus, one for each vector of each passage."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.id_set import as_array
from index.milvus_server import MilvusServer
from index.sparse import EVERY, Sparse
from ingest.errors import EngineRefusedError, IndexMismatchError

KEY, PASSAGE, DENSE, TERMS = "key", "passage", "dense", "terms"
VECTORS = 64  # most of one passage: a row's key is its passage's id times this, plus its place
ROWS_AT_ONCE = 500
READ_AT_ONCE = 1000
MOST_HITS = 16_384  # that Milvus gives at once
MOST_RUNS = 100  # ranges in one filter; with more, every id is named
MOST_EXACT = 50_000  # rows that are searched one by one; more get a graph
GRAPH = {"M": 32, "efConstruction": 256}
BREADTH = 4  # times as many candidates as hits are looked at in the graph


@dataclass(frozen=True, slots=True)
class Row:
    """One vector of a passage; the first carries the passage's terms too."""

    passage: int
    place: int
    vector: NDArray[np.float32]
    terms: Sparse

    @property
    def key(self) -> int:
        """Never given twice, so that a row which is sent again replaces itself."""
        return self.passage * VECTORS + self.place

    def digest(self) -> int:
        """A number of 256 bits that changes with anything in it."""
        terms = np.array(sorted(self.terms.items()), dtype=np.float64).reshape(-1, 2)
        data = (
            self.key.to_bytes(8, "little", signed=True)
            + np.ascontiguousarray(self.vector, dtype="<f4").tobytes()
            + terms[:, 0].astype("<u4").tobytes()
            + terms[:, 1].astype("<f4").tobytes()
        )
        return int.from_bytes(hashlib.sha256(data).digest())


class Digest:
    """Of rows in whatever order: their number, and the sum of their digests."""

    def __init__(self) -> None:
        self.n_rows = 0
        self._sum = 0

    def add(self, row: Row) -> None:
        """Take one more row into account."""
        self.n_rows += 1
        self._sum = (self._sum + row.digest()) % 2**256

    def __str__(self) -> str:
        return f"{self.n_rows}:{self._sum:064x}"


class MilvusCollection:
    """Reading and writing by name; nothing is asked before a method is called."""

    def __init__(self, server: MilvusServer, name: str, *, dim: int) -> None:
        self._server = server
        self.name = name
        self.dim = dim

    def create(self, n_rows: int) -> None:
        """Make it, empty; how its vectors are searched depends on how many there will be."""
        from pymilvus import DataType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field(KEY, DataType.INT64, is_primary=True)
        schema.add_field(PASSAGE, DataType.INT64)
        schema.add_field(DENSE, DataType.FLOAT_VECTOR, dim=self.dim)
        schema.add_field(TERMS, DataType.SPARSE_FLOAT_VECTOR)
        indexes = MilvusClient.prepare_index_params()
        if n_rows > MOST_EXACT:
            indexes.add_index(DENSE, index_type="HNSW", metric_type="IP", params=GRAPH)
        else:
            indexes.add_index(DENSE, index_type="FLAT", metric_type="IP")
        indexes.add_index(TERMS, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
        # Strong: whoever opens a generation sees all of it, on whatever node.
        self._ensure(
            "create_collection", lambda: bool(self._server.call("has_collection", collection_name=self.name)),
            schema=schema, consistency_level="Strong",
        )  # fmt: skip
        # Not waited for: there is nothing to be indexed yet.
        self._ensure(
            "create_index", lambda: self._n_indexes() == len(indexes), index_params=indexes, sync=False
        )

    def _ensure(self, name: str, is_done: Callable[[], bool], **arguments: Any) -> None:
        """A call that a server may refuse because it has carried it out already, before it went away."""
        try:
            self._server.call(name, collection_name=self.name, **arguments)
        except EngineRefusedError:
            if not is_done():
                raise

    def _n_indexes(self) -> int:
        return len(self._server.call("list_indexes", collection_name=self.name))

    def write(self, rows: Iterable[Row]) -> Digest:
        """Send rows and wait until the server has them on its disk and holds exactly them.

        A batch that was sent, but not acknowledged, is sent again: it replaces itself.

        Raises:
            IndexMismatchError: If the server holds another number afterwards.
            EngineError: If it stays away or refuses.
        """
        digest, batch = Digest(), []
        for row in rows:
            digest.add(row)
            batch.append({KEY: row.key, PASSAGE: row.passage, DENSE: row.vector, TERMS: row.terms})
            if len(batch) == ROWS_AT_ONCE:
                self._server.call("upsert", collection_name=self.name, data=batch)
                batch = []
        if batch:
            self._server.call("upsert", collection_name=self.name, data=batch)
        self._server.call("flush", collection_name=self.name)
        self._server.call("load_collection", collection_name=self.name)
        self.check(digest.n_rows)
        return digest

    def check(self, n_rows: int) -> None:
        """Refuse a collection that is not there, of other vectors or with another number of rows.

        Raises:
            IndexMismatchError: Says which.
            EngineError: If the server is away.
        """
        told = self._server.ask("describe_collection", collection_name=self.name)
        dims = [field["params"].get("dim") for field in told["fields"] if field["name"] == DENSE]
        if [int(dim) for dim in dims if dim is not None] != [self.dim]:
            raise IndexMismatchError(
                f"Milvus の索引の次元が違います（{self.name}、{dims}、正しくは {self.dim}）。"
            )
        counted = self._server.ask(
            "query", collection_name=self.name, filter="", output_fields=["count(*)"],
            consistency_level="Strong",
        )  # fmt: skip
        n_held = int(counted[0]["count(*)"])
        if n_held != n_rows:
            raise IndexMismatchError(
                f"Milvus の索引の件数が違います（{self.name}、{n_held} 件、正しくは {n_rows} 件）。"
            )

    def search(
        self, field: str, vector: object, *, k: int, only: Collection[int] | None
    ) -> list[tuple[int, float]]:
        """Passages and scores of the `k` best rows, best first; a passage may come more than once."""
        limit = min(k, MOST_HITS)
        found = self._server.ask(
            "search", collection_name=self.name, data=[vector], anns_field=field, limit=limit,
            filter="" if only is None else within(only), output_fields=[PASSAGE],
            search_params={"metric_type": "IP", "params": {"ef": limit * BREADTH} if field == DENSE else {}},
        )  # fmt: skip
        return [(int(hit["entity"][PASSAGE]), float(hit["distance"])) for hit in found[0]]

    def rows_of(self, passage: int) -> list[Row]:
        """The rows of one passage."""
        found = self._server.ask(
            "query", collection_name=self.name, filter=f"{PASSAGE} == {passage}",
            output_fields=[KEY, DENSE, TERMS], limit=VECTORS,
        )  # fmt: skip
        return sorted((_row(row) for row in found), key=lambda row: row.key)

    def rows(self) -> Iterator[Row]:
        """Every row, some thousand in memory at a time."""
        iterator = self._server.call(
            "query_iterator", collection_name=self.name, batch_size=READ_AT_ONCE,
            output_fields=[KEY, DENSE, TERMS],
        )  # fmt: skip
        try:
            while rows := iterator.next():
                yield from map(_row, rows)
        finally:
            iterator.close()

    def digest(self) -> Digest:
        """Of all that the server holds: reads everything."""
        digest = Digest()
        for row in self.rows():
            digest.add(row)
        return digest

    def drop(self) -> None:
        """Remove it with the names that point at it; one that is not there is no error."""
        if not self._server.call("has_collection", collection_name=self.name):
            return
        for alias in self._server.call("list_aliases", collection_name=self.name)["aliases"]:
            self._server.call("drop_alias", alias=alias)
        self._server.call("drop_collection", collection_name=self.name)


def _row(held: dict[str, Any]) -> Row:
    passage, place = divmod(int(held[KEY]), VECTORS)
    terms = {int(place): float(weight) for place, weight in held[TERMS].items()}
    return Row(passage, place, np.asarray(held[DENSE], dtype=np.float32), terms)


def rows_of_passage(passage: int, vectors: Sequence[NDArray[np.float32]], terms: Sparse) -> Iterator[Row]:
    """The rows that stand for a passage.

    Raises:
        ValueError: If it has no vector, or more than `VECTORS`.
    """
    if not 0 < len(vectors) <= VECTORS:
        raise ValueError(f"passage {passage} has {len(vectors)} vectors")
    for place, vector in enumerate(vectors):
        yield Row(passage, place, vector, terms if place == 0 else {EVERY: 1.0})


def within(ids: Collection[int]) -> str:
    """The filter that leaves the rows of these passages.

    The passages of a document have neighbouring ids, so that a few documents are a few ranges.
    """
    array = as_array(ids)
    if not len(array):
        return f"{PASSAGE} in []"
    breaks = np.flatnonzero(np.diff(array) != 1) + 1
    if len(breaks) >= MOST_RUNS:
        return f"{PASSAGE} in [{','.join(map(str, array.tolist()))}]"
    runs = np.split(array, breaks)
    return " or ".join(f"({PASSAGE} >= {run[0]} and {PASSAGE} <= {run[-1]})" for run in runs)
