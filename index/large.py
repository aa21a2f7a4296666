"""Generations too large to write whole at each change: made whole once, then brought up to date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.dense_large import BASE_FILES, TAIL_FILE, LargeDenseIndex
from index.generation import LEXICAL_FOLDER, generation_dir, load_manifest, write_folder
from index.lexical import LexicalEntry, LexicalIndex
from index.lexical_extend import extend_lexical
from index.linked import link_file
from index.manifest import Manifest
from ingest.catalog import Catalog
from ingest.document_record import Pointer


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids of the passages that went and came since the generation at `before`."""

    before: Pointer
    removed: tuple[int, ...]
    added: tuple[int, ...]


def write_large(
    index_dir: Path, manifest: Manifest, catalog: Catalog, entries: Iterable[LexicalEntry]
) -> Pointer:
    """Write a generation of all that is in the catalog, a few thousand passages in memory at a time.

    Raises:
        OSError: If it cannot be written; the unfinished folder is removed.
        CatalogError: If a text has no vector.
    """

    def write(folder: Path) -> None:
        LargeDenseIndex.build(folder, catalog.vector_packs(manifest.embedder, manifest.dim), dim=manifest.dim)
        LexicalIndex.build(folder / LEXICAL_FOLDER, entries)

    return write_folder(index_dir, manifest, write)


def write_changes(index_dir: Path, manifest: Manifest, catalog: Catalog, changes: Changes) -> Pointer | None:
    """Write a generation that shares with the one before it every file that has not changed.

    Returns:
        What to point at; `None`, and nothing is written, if the one before is no large one or so much has
        changed that all is to be written again.

    Raises:
        OSError: If it cannot be written; the unfinished folder is removed.
        CatalogError: If a text has no vector.
    """
    known = load_manifest(index_dir, changes.before).files
    old = generation_dir(index_dir, changes.before.generation)
    stays = next(catalog.all_terms(), None)
    if TAIL_FILE not in known or stays is None:
        return None
    removed = np.array(sorted(changes.removed), dtype=np.int64)
    packs = catalog.vector_packs(manifest.embedder, manifest.dim, changes.added)
    beside = LargeDenseIndex.load(old).beside(removed, packs)
    if beside is None:
        return None

    def write(folder: Path) -> None:
        for name in BASE_FILES:
            link_file(old / name, folder / name)
        LargeDenseIndex.extend(folder, *beside)
        extend_lexical(
            folder / LEXICAL_FOLDER, old / LEXICAL_FOLDER, removed=changes.removed,
            entries=(LexicalEntry(i, terms) for i, terms in catalog.terms_of(changes.added)),
            stays=LexicalEntry(*stays),
        )  # fmt: skip

    return write_folder(index_dir, manifest, write, known=known)
