"""Filters: to which documents a search is restricted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.document_record import DocumentRecord


@dataclass(frozen=True, slots=True)
class Filters:
    """A hard restriction: passages of other documents are never found.

    A document matches when it satisfies every criterion that is not empty; an empty one restricts nothing.

    Attributes:
        documents: Ids of documents.
        publishers: As `DocumentRecord.publisher` has them.
        fiscal_years: Western years; a document matches that has one of them.
    """

    documents: frozenset[str] = frozenset()
    publishers: frozenset[str] = frozenset()
    fiscal_years: frozenset[int] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is restricted."""
        return not (self.documents or self.publishers or self.fiscal_years)

    def matches(self, record: DocumentRecord) -> bool:
        """Whether a document may be searched."""
        return (
            (not self.documents or record.id in self.documents)
            and (not self.publishers or record.publisher in self.publishers)
            and (not self.fiscal_years or not self.fiscal_years.isdisjoint(record.fiscal_years))
        )

    def document_ids(self, records: Iterable[DocumentRecord]) -> frozenset[str] | None:
        """The ids of the documents that match, maybe none; `None` when nothing is restricted."""
        if self.is_empty:
            return None
        return frozenset(record.id for record in records if self.matches(record))


NO_FILTERS = Filters()
