"""Views: what somebody may see of a generation of the local engine, as indexes that hold nothing else."""

from __future__ import annotations

import tempfile
from dataclasses import replace
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

MOST_OWN = 20_000  # passages that may be seen, up to which they get indexes of their own: some seconds


class _Borrowed(Lease):
    """The lease of a generation together with what was made of it for a time."""

    def __init__(self, lease: Lease, folder: tempfile.TemporaryDirectory[str]) -> None:
        self._lease = lease
        self._folder = folder

    def release(self) -> None:
        self._folder.cleanup()
        self._lease.release()


def local_view(catalog: Catalog, generation: Generation, folder: Path) -> Generation:
    """The part of the generation in `folder` that belongs to what a restricted catalog still shows."""
    documents = [record.id for record in catalog.documents()]
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
