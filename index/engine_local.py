"""LocalEngine: both search indexes as files in the folder of their generation (faiss and tantivy)."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.dense import Dense, DenseIndex
from index.dense_large import MOST_EXACT
from index.engine import Content
from index.generation import LEXICAL_FOLDER, Generation, open_legs, write_generation
from index.large import write_changes, write_large
from index.lease import Lease
from index.lexical import LexicalEntry, LexicalIndex
from index.lexical_leg import LexicalLeg
from index.manifest import LOCAL as NAME
from index.manifest import Manifest
from ingest.catalog import Catalog
from ingest.document_record import Pointer
from ingest.errors import IndexMismatchError


class _Borrowed(Lease):
    """The lease of a generation together with what was made of it for a time."""

    def __init__(self, lease: Lease, folder: tempfile.TemporaryDirectory[str]) -> None:
        self._lease = lease
        self._folder = folder

    def release(self) -> None:
        self._folder.cleanup()
        self._lease.release()


class LocalEngine:
    """Needs no other process; large collections are quantised and mapped from their files."""

    name = NAME

    def write(self, index_dir: Path, manifest: Manifest, content: Content) -> Pointer:
        """See `Engine.write`: whole or, of a large one, what has changed."""
        catalog = content.catalog
        if manifest.n_vectors > MOST_EXACT:
            changes = content.changes
            extended = write_changes(index_dir, manifest, catalog, changes) if changes else None
            return extended or write_large(index_dir, manifest, catalog, content.entries)
        ids, vectors = catalog.vectors(manifest.embedder, manifest.dim)
        tokens = catalog.tokens(manifest.embedder) if content.is_by_token else None
        return write_generation(
            index_dir, manifest, ids=ids, vectors=vectors, entries=content.entries, tokens=tokens
        )

    def load(self, catalog: Catalog, folder: Path, manifest: Manifest) -> tuple[Dense, LexicalLeg]:  # noqa: ARG002
        """See `Engine.load`."""
        return open_legs(folder, manifest)

    def view(self, catalog: Catalog, generation: Generation) -> Generation:
        """Indexes of their own, made anew of what may be seen."""
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

    def is_sound(self, folder: Path, manifest: Manifest) -> bool:  # noqa: ARG002
        """Nothing is kept outside the folder."""
        return True

    def verify(self, catalog: Catalog, folder: Path, manifest: Manifest) -> None:
        """See `Engine.verify`."""
        manifest.check_digests(folder)
        dense, lexical = open_legs(folder, manifest)
        passages = np.fromiter((i for i, _ in catalog.all_terms()), dtype=np.int64)
        if not np.array_equal(lexical.ids(), passages):
            raise IndexMismatchError("語の索引にある箇所が台帳と違います。")
        if not dense.holds(*catalog.vectors(manifest.embedder, manifest.dim)):
            raise IndexMismatchError("ベクトル索引の内容が台帳の埋め込みと違います。")

    def settle(self, index_dir: Path) -> None:
        """Nothing is kept outside the folders."""


LOCAL_ENGINE = LocalEngine()
