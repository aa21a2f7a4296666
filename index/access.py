"""Access: which documents somebody may see at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.dense import Dense, DenseIndex
from index.dense_large import LargeDenseIndex
from index.generation import LEXICAL_FOLDER, Generation
from index.lease import Lease
from index.lexical import LexicalEntry, LexicalIndex
from index.lexical_extend import lexical_part
from index.manifest import Manifest
from ingest.catalog import Catalog
from ingest.document_record import DocumentRecord

MOST_OWN = 20_000  # passages that may be seen, up to which they get indexes of their own: some seconds


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


def restrict(catalog: Catalog, generation: Generation, folder: Path, access: Access) -> Generation:
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

    Returns:
        The generation to use instead; it keeps the given one's lease.
    """
    documents = [record.id for record in catalog.documents() if access.may_see(record)]
    catalog.restrict(documents)
    visible = np.fromiter(catalog.ids_of_documents(documents), dtype=np.int64)
    own = tempfile.TemporaryDirectory(prefix="shirube-view-", ignore_cleanup_errors=True)
    try:
        if isinstance(generation.dense, LargeDenseIndex) and len(visible) > MOST_OWN:
            dense, lexical = _shared(catalog, generation.dense, folder, visible, Path(own.name))
        else:
            dense, lexical = _own(catalog, generation.manifest, Path(own.name))
    except BaseException:
        own.cleanup()
        raise
    manifest = replace(
        generation.manifest, n_documents=len(documents), n_passages=len(visible),
        n_vectors=dense.n_vectors, files={},
    )  # fmt: skip
    return replace(
        generation, manifest=manifest, dense=dense, lexical=lexical, lease=_Borrowed(generation.lease, own)
    )


def _own(catalog: Catalog, manifest: Manifest, folder: Path) -> tuple[Dense, LexicalIndex]:
    """Indexes made anew of what the catalog shows."""
    ids, vectors = catalog.vectors(manifest.embedder, manifest.dim)
    entries = (LexicalEntry(i, terms) for i, terms in catalog.all_terms())
    return DenseIndex.build(ids, vectors), LexicalIndex.build(folder / LEXICAL_FOLDER, entries)


def _shared(
    catalog: Catalog, dense: LargeDenseIndex, before: Path, visible: NDArray[np.int64], folder: Path
) -> tuple[Dense, LexicalIndex]:
    """The indexes of a large generation as if the passages that are not visible had been removed."""
    held = dense.passage_ids()
    hidden = held[~np.isin(held, visible)]
    stays = LexicalEntry(*next(catalog.all_terms()))
    lexical = lexical_part(
        folder / LEXICAL_FOLDER, before / LEXICAL_FOLDER, hidden=hidden.tolist(), stays=stays
    )
    return dense.without(hidden), lexical
