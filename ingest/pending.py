"""PendingChanges: documents read by an ingest that wait for their one commit."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from ingest.database import Database
from ingest.document import Document
from ingest.document_record import PreparedPassage
from ingest.stored import (
    encode_abbreviations,
    encode_blocks,
    encode_json,
    encode_passage,
    encode_terms,
    encode_text,
)

AT_ONCE = 500  # passages prepared and staged together; a document's may be too many to hold


class PendingChanges:
    """What the next commit will put and delete; private to the writer, gone if it dies."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._put: set[str] = set()
        self._deleted: set[str] = set()

    def __bool__(self) -> bool:
        return bool(self._put or self._deleted)

    @property
    def touched(self) -> frozenset[str]:
        """Ids of the documents that are put or deleted."""
        return frozenset(self._put | self._deleted)

    def put(
        self,
        document: Document,
        passages: Iterable[PreparedPassage],
        *,
        root: str,
        signatures: tuple[str, str],
    ) -> None:
        """Replace a document and its passages, or add them; of several puts the last one counts.

        Args:
            document: As read.
            passages: In reading order; taken a few hundred at a time.
            root: The folder that it was ingested from, absolute.
            signatures: `DocumentRecord.read_by` and `prepared_by`.
        """
        with self._database.transaction():
            for table, column in (
                ("document", "id"),
                ("passage", "document_id"),
                ("embedded", "document_id"),
            ):
                self._database.rows(
                    f"DELETE FROM staged_{table} WHERE {column} = ?",  # noqa: S608
                    (document.id,),
                )
            self._put_document(document, root, signatures)
            self._put_passages(document.id, passages)
        self._put.add(document.id)
        self._deleted.discard(document.id)

    def _put_document(self, document: Document, root: str, signatures: tuple[str, str]) -> None:
        texts = (root, document.source, document.title, document.publisher)
        row = (
            document.id,
            *(encode_text(text) for text in texts),
            encode_json(document.fiscal_years),
            document.sha256,
            encode_json(document.warnings),
            *signatures,
            len(document.text),
            encode_text(document.text),
            encode_blocks(document.blocks),
            encode_abbreviations(document.abbreviations),
        )
        # Bytes cast to text, because the driver refuses names that are no Unicode, such as 'a\udc82.txt'.
        values = "?" + ", CAST(? AS TEXT)" * len(texts) + ", ?" * (len(row) - 1 - len(texts))
        self._database.rows(f"INSERT INTO staged_document VALUES ({values})", row)  # noqa: S608

    def _put_passages(self, document_id: str, passages: Iterable[PreparedPassage]) -> None:
        numbered = enumerate(passages)
        while batch := list(islice(numbered, AT_ONCE)):
            self._database.write_many(
                "INSERT INTO staged_passage (document_id, place, name, content, terms)"
                " VALUES (?, ?, ?, ?, ?)",
                (
                    (document_id, place, p.passage.id, encode_passage(p.passage), encode_terms(p.terms))
                    for place, p in batch
                ),
            )
            self._database.write_many(
                "INSERT INTO staged_embedded (document_id, passage, place, key) VALUES (?, ?, ?, ?)",
                (
                    (document_id, passage, place, key)
                    for passage, p in batch
                    for place, key in enumerate(p.keys)
                ),
            )

    def delete(self, document_id: str) -> None:
        """Remove a document and its passages; an id that does not exist changes nothing."""
        if document_id not in self._put:
            self._deleted.add(document_id)

    def apply(self) -> None:
        """Carry out all of it; call inside the transaction that also sets the pointer."""
        database = self._database
        database.write_many("DELETE FROM document WHERE id = ?", [(i,) for i in sorted(self.touched)])
        database.rows("INSERT INTO document SELECT * FROM staged_document")
        database.rows(
            "INSERT INTO passage (document_id, place, name, content, terms)"
            " SELECT document_id, place, name, content, terms FROM staged_passage ORDER BY rowid"
        )
        database.rows(
            "INSERT INTO embedded (passage_id, place, key) SELECT p.id, s.place, s.key FROM staged_embedded s"
            " JOIN passage p ON p.document_id = s.document_id AND p.place = s.passage"
        )

    def clear(self) -> None:
        """Forget all of it, once it is committed."""
        with self._database.transaction():
            for table in ("document", "passage", "embedded"):
                self._database.rows(f"DELETE FROM staged_{table}")  # noqa: S608
        self._put.clear()
        self._deleted.clear()
