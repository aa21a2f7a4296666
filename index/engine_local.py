"""LocalEngine: both search indexes as files in the folder of their generation (faiss and tantivy)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.dense import Dense
from index.dense_large import MOST_EXACT
from index.engine import Content
from index.generation import Generation, open_legs, write_generation
from index.large import write_changes, write_large
from index.lexical_leg import LexicalLeg
from index.manifest import LOCAL as NAME
from index.manifest import Manifest
from index.view import local_view
from ingest.catalog import Catalog
from ingest.document_record import Pointer
from ingest.errors import IndexMismatchError


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

    def view(self, catalog: Catalog, generation: Generation, folder: Path) -> Generation:
        """See `index.view.local_view`."""
        return local_view(catalog, generation, folder)

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
