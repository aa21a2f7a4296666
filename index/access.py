"""Access: which documents somebody may see at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index.engine import Engine
from index.generation import Generation
from ingest.catalog import Catalog
from ingest.document_record import DocumentRecord


@dataclass(frozen=True, slots=True)
class Access:
    """The groups that somebody belongs to; `None` for whoever may see everything.

    A document without groups is for everybody, one with groups for who belongs to one of them.
    """

    groups: frozenset[str] | None = None

    def may_see(self, record: DocumentRecord) -> bool:
        """Whether a document exists for them."""
        groups = record.details.groups
        return self.groups is None or not groups or not self.groups.isdisjoint(groups)

    def narrowed(self, records: Iterable[DocumentRecord]) -> Access:
        """The same access by the fewest groups, so that people who see the same have the same access."""
        records = list(records)
        if self.groups is None or all(self.may_see(record) for record in records):
            return EVERYTHING
        known = {group for record in records for group in record.details.groups}
        return Access(self.groups & known)


EVERYTHING = Access()


def restrict(
    catalog: Catalog, generation: Generation, folder: Path, access: Access, engine: Engine
) -> Generation:
    """Take from a catalog that is open for reading, and from its generation, all that must not be seen.

    Nothing is filtered afterwards: to whoever asks, the other documents do not exist. Frequencies of words,
    and so scores, counts and what is told of unknown words, come from the documents that may be seen. Of
    the others only this is left, and only where a large part of a large index may be seen, which then
    shares its files: how long passages are on average, and where the middles of the lists of vectors lie.

    Args:
        catalog: What is in it is hidden by this.
        generation: That belongs to it.
        folder: Of the generation.
        access: What may be seen.
        engine: What holds the generation.

    Returns:
        The generation to use instead; it keeps the given one's lease.
    """
    catalog.restrict([record.id for record in catalog.documents() if access.may_see(record)])
    return engine.view(catalog, generation, folder)
