"""MilvusCollection: one or several generations in Milvus, as far as one of them reaches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import numpy as np

from index.dense_large import MOST_EXACT
from index.milvus_rows import DENSE, KEY, PASSAGE, TERMS, VECTORS, Extent, Row, within
from index.milvus_server import MilvusServer, client_class
from ingest.errors import EngineRefusedError, IndexMismatchError

ROWS_AT_ONCE = 500
READ_AT_ONCE = 1000
MOST_HITS = 16_384  # that Milvus gives at once
GRAPH = {"M": 32, "efConstruction": 256}
SEALING = 5  # times the patience: what brings much to a disk and into memory takes its time
BROADEST = 32_768  # candidates that Milvus looks at in a graph at most
FIELDS = [KEY, DENSE, TERMS]


class MilvusCollection:
    """Reading and writing by name; nothing is asked before a method is called."""

    def __init__(self, server: MilvusServer, name: str, *, dim: int, extent: Extent | None = None) -> None:
        """Name a collection.

        Args:
            server: Where it is.
            name: What it is called.
            dim: Length of its vectors.
            extent: The rows that exist for this reader; all if left out.
        """
        self._server = server
        self._visible = extent.filter() if extent else ""
        self.name = name
        self.dim = dim

    def create(self, n_rows: int) -> None:
        """Make it, empty; how its vectors are searched depends on how many there will be.

        Raises:
            EngineError: If the server stays away or refuses, or what connects to it is not installed.
        """
        client = client_class()
        from pymilvus import DataType

        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field(KEY, DataType.INT64, is_primary=True)
        schema.add_field(PASSAGE, DataType.INT64)
        schema.add_field(DENSE, DataType.FLOAT_VECTOR, dim=self.dim)
        schema.add_field(TERMS, DataType.SPARSE_FLOAT_VECTOR)
        indexes = client.prepare_index_params()
        if n_rows > MOST_EXACT:
            indexes.add_index(DENSE, index_type="HNSW", metric_type="IP", params=GRAPH)
        else:
            indexes.add_index(DENSE, index_type="FLAT", metric_type="IP")
        indexes.add_index(TERMS, index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
        # Strong: whoever opens a generation sees all of it, on whatever node.
        self._ensure("create_collection", self._exists, schema=schema, consistency_level="Strong")
        # Not waited for: there is nothing to be indexed yet.
        self._ensure(
            "create_index", lambda: self._n_indexes() == len(indexes), index_params=indexes, sync=False
        )

    def send(self, rows: Iterable[Row]) -> None:
        """Put rows, in the place of those with the same keys.

        A batch that was sent, but not acknowledged, is sent again: it replaces itself.

        Raises:
            EngineError: If the server stays away or refuses.
        """
        batch: list[dict[str, Any]] = []
        for row in rows:
            batch.append({KEY: row.key, PASSAGE: row.passage, DENSE: row.vector, TERMS: row.terms})
            if len(batch) == ROWS_AT_ONCE:
                self._call("upsert", data=batch)
                batch = []
        if batch:
            self._call("upsert", data=batch)

    def seal(self) -> None:
        """Wait until the server has all that was sent on its disk, and let it be searched."""
        patience_s = SEALING * self._server.patience_s
        self._call("flush", patience_s=patience_s)
        self._call("load_collection", patience_s=patience_s)

    def delete(self, condition: str) -> None:
        """Take away the rows that a filter leaves."""
        self._call("delete", filter=condition)

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
            "query", collection_name=self.name, filter=self._visible, output_fields=["count(*)"],
            consistency_level="Strong",
        )  # fmt: skip
        n_held = int(counted[0]["count(*)"])
        if n_held != n_rows:
            raise IndexMismatchError(
                f"Milvus の索引の件数が違います（{self.name}、{n_held} 件、正しくは {n_rows} 件）。"
            )

    def search(
        self, field: str, vector: object, *, k: int, only: Collection[int] | None, breadth: int = 0
    ) -> list[tuple[int, float]]:
        """Passages and scores of the `k` best rows, best first; a passage may come more than once.

        Args:
            field: What is compared.
            vector: The question.
            k: Most rows.
            only: Passages to choose among, all of them visible; `None` for all that are.
            breadth: How many candidates are looked at where there is a graph.
        """
        limit = min(k, MOST_HITS)
        found = self._server.ask(
            "search", collection_name=self.name, data=[vector], anns_field=field, limit=limit,
            filter=self._visible if only is None else within(only), output_fields=[PASSAGE],
            search_params={
                "metric_type": "IP", "params": {"ef": max(limit, min(breadth, BROADEST))} if breadth else {},
            },
        )  # fmt: skip
        return [(int(hit["entity"][PASSAGE]), float(hit["distance"])) for hit in found[0]]

    def rows_of(self, passage: int) -> list[Row]:
        """The rows of one passage, by place."""
        own = f"{PASSAGE} == {passage}"
        condition = f"({self._visible}) and {own}" if self._visible else own
        found = self._server.ask(
            "query", collection_name=self.name, filter=condition, output_fields=FIELDS, limit=VECTORS
        )
        return sorted((_row(row) for row in found), key=lambda row: row.key)

    def rows(self, only: Collection[int] | None = None) -> Iterator[Row]:
        """Every visible row, or those of these passages; some thousand in memory at a time.

        Raises:
            EngineError: If the server goes away meanwhile.
        """
        if only is not None and not only:
            return
        iterator = self._call(
            "query_iterator", batch_size=READ_AT_ONCE, output_fields=FIELDS,
            filter=self._visible if only is None else within(only),
        )  # fmt: skip
        try:
            while rows := self._server.once(iterator.next):
                yield from map(_row, rows)
        finally:
            iterator.close()

    def drop(self) -> None:
        """Remove it with the names that point at it; one that is not there is no error."""
        if not self._exists():
            return
        for alias in self._call("list_aliases")["aliases"]:
            self._server.call("drop_alias", alias=alias)
        self._call("drop_collection")

    def _call(self, name: str, **arguments: Any) -> Any:
        return self._server.call(name, collection_name=self.name, **arguments)

    def _ensure(self, name: str, is_done: Callable[[], bool], **arguments: Any) -> None:
        """A call that a server may refuse because it has carried it out already, before it went away."""
        try:
            self._call(name, **arguments)
        except EngineRefusedError:
            if not is_done():
                raise

    def _exists(self) -> bool:
        return bool(self._call("has_collection"))

    def _n_indexes(self) -> int:
        return len(self._call("list_indexes"))


def _row(held: dict[str, Any]) -> Row:
    passage, place = divmod(int(held[KEY]), VECTORS)
    terms = {int(place): float(weight) for place, weight in held[TERMS].items()}
    return Row(passage, place, np.asarray(held[DENSE], dtype=np.float32), terms)
