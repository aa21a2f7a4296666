"""Corpus: the documents that were asked, looked up by id or by source, at each step of the pipeline."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from index.store import Store
from ingest.document import BlockKind

DOCUMENTS_KEPT = 32  # twenty hits rarely come from more


@dataclass(frozen=True, slots=True)
class DocumentTexts:
    """What is left of one document after reading and after chunking.

    Attributes:
        blocks: Repaired texts without running headers and page numbers, in reading order.
        passages: Texts of its passages, in reading order.
    """

    blocks: tuple[str, ...]
    passages: tuple[str, ...]


class Corpus:
    """The documents of an open store; of two with one source the first counts.

    Raises of its methods: `KeyError` for a document that is not there.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        records = store.documents()
        self._sources = {record.id: record.source for record in records}
        self._ids = {record.source: record.id for record in reversed(records)}
        self.text = lru_cache(maxsize=DOCUMENTS_KEPT)(self._text)
        self.texts = lru_cache(maxsize=DOCUMENTS_KEPT)(self._texts)

    def source(self, document_id: str) -> str:
        """The path of a document's file below the ingested folder."""
        return self._sources[document_id]

    def sources(self) -> list[str]:
        """Of all documents, sorted."""
        return sorted(self._ids)

    def id_of(self, source: str) -> str:
        """The id of the document with this source."""
        return self._ids[source]

    def _text(self, name: str) -> str:
        """A document as read, by id or source."""
        return self._store.text(self._ids.get(name, name))

    def _texts(self, name: str) -> DocumentTexts:
        """A document after reading and after chunking, by id or source."""
        document_id = self._ids.get(name, name)
        blocks = self._store.document(document_id).blocks
        return DocumentTexts(
            tuple(block.text for block in blocks if block.kind is not BlockKind.FURNITURE),
            tuple(passage.text for _, passage in self._store.passages_of(document_id)),
        )
