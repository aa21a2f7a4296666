"""Catalog: the one SQLite file that is the truth; search indexes are derived from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ingest import stored_search
from ingest.database import Database
from ingest.document import Abbreviation, Document
from ingest.document_record import RECORD, CatalogStatistics, DocumentRecord, Pointer
from ingest.errors import IndexMismatchError
from ingest.locator import Locator
from ingest.overview import DocumentOverview, read_overviews
from ingest.passage import Passage
from ingest.pending import PendingChanges
from ingest.stored import decode_abbreviations, decode_passage, decode_terms, decode_text, encode_text
from ingest.stored_document import read_document
from ingest.stored_places import decode_locators
from ingest.stored_search import FLOAT, VARIABLES

FILE_NAME = "catalog.sqlite"


class Catalog:
    """Documents with their text as read, blocks, passages and terms, cached vectors, and the pointer.

    Opened for reading, it shows the state of the moment of opening until it is closed. Opened for
    writing, documents are staged first and become visible by one transaction; vectors are a cache and
    committed at once. A writer must hold the index folder's lock.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.pending = PendingChanges(database)

    @classmethod
    def open(cls, path: Path, *, writable: bool = False) -> Self:
        """Open the catalog file; a writer creates it if need be.

        Raises:
            IndexMissingError: If a reader finds nothing there.
            IndexMismatchError: If it is damaged or of another format.
            CatalogError: If the place cannot be read or written.
        """
        return cls(Database(path, writable=writable))

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def check(self) -> None:
        """Look for damage in the whole file: slow for large ones.

        Raises:
            IndexMismatchError: If there is any.
        """
        found = self._database.rows("PRAGMA quick_check(1)")
        if found != [("ok",)] or self._database.rows("PRAGMA foreign_key_check"):
            raise IndexMismatchError(f"索引の台帳が壊れています: {self._database.folder}")

    def restrict(self, document_ids: Sequence[str]) -> None:
        """Show from now on only these documents and what belongs to them; for readers only."""
        self._database.restrict(document_ids)

    def copy_to(self, path: Path) -> None:
        """Write this state into a new file of its own, whatever is committed meanwhile."""
        self._database.copy_to(path)

    def copy_into(self, other: Catalog) -> None:
        """Make this the state of another catalog that is open for writing, in one transaction."""
        self._database.copy_into(other._database)

    def pointer(self) -> Pointer | None:
        """The current generation, `None` before the first ingest."""
        rows = self._database.rows("SELECT generation, manifest FROM pointer")
        return Pointer(*rows[0]) if rows else None

    def roots(self) -> list[str]:
        """The folders that were ingested, in alphabetical order."""
        return [path for (path,) in self._database.rows("SELECT path FROM root ORDER BY path")]

    def documents(self) -> list[DocumentRecord]:
        """Every document, by folder and source."""
        rows = self._database.rows(f"SELECT {','.join(RECORD)} FROM document ORDER BY root, source")  # noqa: S608
        return [DocumentRecord.from_row(row) for row in rows]

    def document(self, document_id: str) -> Document:
        """One document with its text, blocks and pages, but without its locators.

        Raises:
            KeyError: If there is none with this id.
        """
        return read_document(self._database, document_id)

    def locators(self, document_id: str) -> tuple[Locator, ...]:
        """Where the ranges of its text stand on its pages; none if it, or its format, has none."""
        rows = self._database.rows("SELECT content FROM locators WHERE document_id = ?", (document_id,))
        return decode_locators(rows[0][0]) if rows else ()

    def abbreviations(self) -> dict[str, tuple[Abbreviation, ...]]:
        """The short names that each document gives to full ones, by its id; without any it is left out."""
        rows = self._database.rows("SELECT id, abbreviations FROM document")
        return {i: found for i, data in rows if (found := decode_abbreviations(data))}

    def text(self, document_id: str) -> str:
        """The text as read.

        Raises:
            KeyError: If there is no document with this id.
        """
        rows = self._database.rows("SELECT text FROM document WHERE id = ?", (document_id,))
        if not rows:
            raise KeyError(document_id)
        return decode_text(rows[0][0])

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """The passages with these row ids, in the order given.

        Raises:
            KeyError: If one of them does not exist.
        """
        found: dict[int, Passage] = {}
        for at in range(0, len(ids), VARIABLES):
            some = ids[at : at + VARIABLES]
            marks = ",".join("?" * len(some))
            rows = self._database.rows(
                f"SELECT id, document_id, content FROM passage WHERE id IN ({marks})",  # noqa: S608
                [int(i) for i in some],
            )
            found.update((i, decode_passage(document_id, content)) for i, document_id, content in rows)
        return [found[int(i)] for i in ids]

    def passages_of(self, document_id: str) -> list[tuple[int, Passage]]:
        """The row ids and passages of one document, in reading order; unknown documents have none."""
        rows = self._database.rows(
            "SELECT id, content FROM passage WHERE document_id = ? ORDER BY place", (document_id,)
        )
        return [(i, decode_passage(document_id, content)) for i, content in rows]

    def ids_of_documents(self, document_ids: Sequence[str]) -> Iterator[int]:
        """The row ids of all passages of these documents; those that do not exist have none."""
        for at in range(0, len(document_ids), VARIABLES):
            some = document_ids[at : at + VARIABLES]
            marks = ",".join("?" * len(some))
            query = f"SELECT id FROM passage WHERE document_id IN ({marks})"  # noqa: S608
            yield from (i for (i,) in self._database.rows(query, some))

    def passage_ids(self, names: Sequence[str]) -> dict[str, int]:
        """Row ids by `Passage.id`; names that do not exist are left out."""
        found: dict[str, int] = {}
        for name in names:
            found.update(self._database.rows("SELECT name, id FROM passage WHERE name = ?", (name,)))
        return found

    def neighbours(self, ids: Sequence[int]) -> dict[int, list[int]]:
        """The row ids of the passages right before and after each, in reading order, in its document.

        A passage that is alone in its document, and an id that does not exist, are left out.
        """
        found: dict[int, list[int]] = {}
        for at in range(0, len(ids), VARIABLES):
            some = ids[at : at + VARIABLES]
            marks = ",".join("?" * len(some))
            rows = self._database.rows(
                "SELECT p.id, n.id FROM passage p JOIN passage n ON n.document_id = p.document_id"  # noqa: S608
                f" AND n.place IN (p.place - 1, p.place + 1) WHERE p.id IN ({marks}) ORDER BY n.place",
                [int(i) for i in some],
            )
            for i, neighbour in rows:
                found.setdefault(i, []).append(neighbour)
        return found

    def all_passages(self) -> Iterator[tuple[int, Passage]]:
        """Every passage by ascending row id."""
        query = "SELECT id, document_id, content FROM passage ORDER BY id"
        for i, document_id, content in self._database.stream(query):
            yield i, decode_passage(document_id, content)

    def all_terms(self) -> Iterator[tuple[int, dict[str, list[str]]]]:
        """The search terms of every passage by ascending row id."""
        for i, terms in self._database.stream("SELECT id, terms FROM passage ORDER BY id"):
            yield i, decode_terms(terms)

    def overviews(self) -> dict[str, DocumentOverview]:
        """How much there is of each document, by id; documents without a passage are left out."""
        return read_overviews(self._database)

    def statistics(self) -> CatalogStatistics:
        """Counts over everything."""
        counts = self._database.rows(
            "SELECT (SELECT count(*) FROM document), (SELECT count(*) FROM passage),"
            " (SELECT coalesce(sum(n_chars), 0) FROM document), (SELECT count(*) FROM vector)"
        )
        return CatalogStatistics(*counts[0])

    def vectors(self, embedder: str, dim: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The vectors of all passages: row ids `(n,)`, ascending and repeated, and values `(n, dim)`.

        Raises:
            CatalogError: If a text of some passage has no vector of this embedder and size.
        """
        packs = list(self.vector_packs(embedder, dim))
        if not packs:
            return np.empty(0, dtype=np.int64), np.empty((0, dim), dtype=np.float32)
        return np.concatenate([ids for ids, _ in packs]), np.concatenate([values for _, values in packs])

    def vector_packs(
        self, embedder: str, dim: int, ids: Sequence[int] | None = None
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """The same, some thousands at a time, of all passages or of those with these row ids."""
        return stored_search.vector_packs(self._database, embedder, dim, ids)

    def terms_of(self, ids: Sequence[int]) -> Iterator[tuple[int, dict[str, list[str]]]]:
        """The search terms of these passages by ascending row id."""
        return stored_search.terms_of(self._database, ids)

    def n_embedded(self) -> int:
        """How many vectors the passages have in all."""
        return int(self._database.rows("SELECT count(*) FROM embedded")[0][0])

    def tokens_of(self, embedder: str, ids: Sequence[int]) -> list[tuple[int, bytes]]:
        """What `tokens` gives, of these passages only."""
        return stored_search.tokens_of(self._database, embedder, ids)

    def lacking(self, embedder: str) -> list[int]:
        """Row ids of the passages of which a text has no vector of this embedder."""
        return stored_search.lacking(self._database, embedder)

    def has_vector(self, embedder: str, key: bytes) -> bool:
        """Whether the vector of a text is cached."""
        return bool(
            self._database.rows("SELECT 1 FROM vector WHERE embedder = ? AND key = ?", (embedder, key))
        )

    def tokens(self, embedder: str) -> Iterator[tuple[int, bytes]]:
        """What is kept of the tokens of each passage's first text, by ascending row id."""
        return stored_search.all_tokens(self._database, embedder)

    def put_vectors(
        self, embedder: str, keys: Sequence[bytes], vectors: NDArray[np.float32], *,
        tokens: Sequence[bytes] | None = None,
    ) -> None:  # fmt: skip
        """Cache the vectors `(n, dim)` of the texts with these keys; committed when this returns.

        `tokens` is what to keep of the vectors of each text's tokens.
        """
        kept: Sequence[bytes | None] = [None] * len(keys) if tokens is None else tokens
        rows = zip(keys, np.ascontiguousarray(vectors, dtype=FLOAT), kept, strict=True)
        self._database.write_many(
            "INSERT OR REPLACE INTO vector (embedder, key, data, tokens) VALUES (?, ?, ?, ?)",
            [(embedder, key, vector.tobytes(), signs) for key, vector, signs in rows],
        )

    def keys_of(self, ids: Sequence[int]) -> list[bytes]:
        """The keys of the texts of these passages."""
        return stored_search.keys_of(self._database, ids)

    def drop_unused_vectors(self) -> None:
        """Forget the vectors of texts that no passage holds any more, of whatever embedder."""
        self._database.rows("DELETE FROM vector WHERE key NOT IN (SELECT key FROM embedded)")

    def drop_vectors(self, embedder: str, keys: Sequence[bytes]) -> None:
        """The same of some texts and one embedder only, without a look at all others."""
        stored_search.drop_vectors(self._database, embedder, keys)

    def transaction(self) -> AbstractContextManager[None]:
        """All that is written inside is committed together, or, if anything is raised, not at all."""
        return self._database.transaction()

    def put_root(self, path: str) -> None:
        """Remember a folder that was ingested, and when."""
        self._database.write_many(
            "INSERT OR REPLACE INTO root (path, ingested_at) VALUES (CAST(? AS TEXT), ?)",
            [(encode_text(path), datetime.now(UTC).isoformat(timespec="seconds"))],
        )

    def set_pointer(self, pointer: Pointer) -> None:
        """Make a generation the current one."""
        self._database.write_many(
            "INSERT OR REPLACE INTO pointer (only_row, generation, manifest) VALUES (1, ?, ?)",
            [(pointer.generation, pointer.manifest)],
        )
