"""Access: which documents somebody may see at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from index.dense import DenseIndex
from index.generation import LEXICAL_FOLDER, Generation
from index.lease import Lease
from index.lexical import LexicalEntry, LexicalIndex
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


class _Borrowed(Lease):
    """The lease of a generation together with what was made of it for a time."""

    def __init__(self, lease: Lease, folder: tempfile.TemporaryDirectory[str]) -> None:
        self._lease = lease
        self._folder = folder

    def release(self) -> None:
        self._folder.cleanup()
        self._lease.release()


def restrict(catalog: Catalog, generation: Generation, access: Access) -> Generation:
    """Take from a catalog that is open for reading, and from its generation, all that must not be seen.

    Nothing is filtered afterwards: to whoever asks, the other documents do not exist. Frequencies of words,
    and so scores, counts and what is told of unknown words, come from the documents that may be seen.

    Returns:
        The generation to use instead; it keeps the given one's lease.
    """
    catalog.restrict([record.id for record in catalog.documents() if access.may_see(record)])
    counts = catalog.statistics()
    ids, vectors = catalog.vectors(generation.manifest.embedder, generation.manifest.dim)
    folder = tempfile.TemporaryDirectory(prefix="shirube-view-", ignore_cleanup_errors=True)
    try:
        entries = (LexicalEntry(i, terms) for i, terms in catalog.all_terms())
        lexical = LexicalIndex.build(Path(folder.name, LEXICAL_FOLDER), entries)
    except BaseException:
        folder.cleanup()
        raise
    manifest = replace(
        generation.manifest, n_documents=counts.n_documents, n_passages=counts.n_passages,
        n_vectors=len(ids), files={},
    )  # fmt: skip
    return replace(
        generation, manifest=manifest, dense=DenseIndex.build(ids, vectors), lexical=lexical,
        lease=_Borrowed(generation.lease, folder),
    )  # fmt: skip
