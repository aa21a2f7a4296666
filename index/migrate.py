"""Migrate: move an index to another engine as it is, without reading a file or embedding a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from index.engine import Content, Engine
from index.generation import Generation, generation_dir, load_manifest, remove_stale
from index.manifest import Manifest
from index.pipeline import OnProgress, no_progress
from index.update import told_entries
from index.writing import writing
from ingest.catalog import FILE_NAME, Catalog
from ingest.database import storage_errors
from ingest.document_record import Pointer
from ingest.errors import EngineError, IndexMismatchError, IndexMissingError


@dataclass(frozen=True, slots=True)
class MigrateReport:
    """What was moved, all of it read back and compared.

    Attributes:
        source: The engine that held the index before.
        target: The engine that holds it now; if it is the same, nothing was done.
        warnings: Japanese sentences: what could not be cleared away.
    """

    source: str
    target: str
    n_documents: int
    n_passages: int
    n_vectors: int
    generation: int
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Makers:
    """Signatures of what would read the index afterwards."""

    embedder: str
    analyser: str
    dim: int


def migrate(
    index_dir: Path, *, target: Engine, sources: tuple[Engine, ...], makers: Makers,
    on_progress: OnProgress = no_progress,
) -> MigrateReport:  # fmt: skip
    """Write what the catalog holds to another engine, read all of it back, and only then point at it.

    Readers see the old state until then. Whatever goes wrong, the old state stays.

    Args:
        index_dir: The index folder.
        target: Where to.
        sources: Engines from which what is no longer needed is then removed.
        makers: What the index must have been made by.
        on_progress: Told about each passage.

    Raises:
        IndexMissingError: If nothing was ingested.
        IndexMismatchError: If the index was made by another model, is damaged, or came out different.
        EngineError: If the target cannot be reached or refuses.
        LockedError: If another process is writing.
    """
    if not (index_dir / FILE_NAME).exists():
        raise IndexMissingError(f"索引がありません: {index_dir}")
    with writing(index_dir, may_reset=False, thorough=True) as catalog:
        before = catalog.pointer()
        if before is None:
            raise IndexMissingError(f"まだ文書が取り込まれていません: {index_dir}")
        with storage_errors(index_dir):
            manifest = load_manifest(index_dir, before)
        _check(catalog, manifest, makers)
        counts = (manifest.n_documents, manifest.n_passages, manifest.n_vectors)
        if manifest.engine == target.name:
            return MigrateReport(target.name, target.name, *counts, before.generation)
        pointer = _move(index_dir, catalog, manifest, target, on_progress)
        remove_stale(index_dir, pointer.generation)
        warnings = tuple(_leftovers(index_dir, (target, *sources)))
        return MigrateReport(manifest.engine, target.name, *counts, pointer.generation, warnings)


def _check(catalog: Catalog, manifest: Manifest, makers: Makers) -> None:
    manifest.check(embedder=makers.embedder, analyser=makers.analyser)
    if manifest.dim != makers.dim:
        dims = f"索引は {manifest.dim}、今の設定は {makers.dim}"
        raise IndexMismatchError(f"ベクトルの次元が違います（{dims}）。")
    counts = catalog.statistics()
    if (manifest.n_documents, manifest.n_passages) != (counts.n_documents, counts.n_passages):
        raise IndexMismatchError("目録の件数が台帳と違います。")


def _move(
    index_dir: Path, catalog: Catalog, manifest: Manifest, target: Engine, on_progress: OnProgress
) -> Pointer:
    created = datetime.now(UTC).isoformat(timespec="seconds")
    moved = replace(manifest, engine=target.name, created=created, files={})
    is_by_token = next(catalog.tokens(manifest.embedder), None) is not None
    with catalog.transaction():
        with storage_errors(index_dir):
            entries = told_entries(catalog, manifest.n_passages, on_progress)
            pointer = target.write(index_dir, moved, Content(catalog, entries, None, is_by_token))
            _verify(index_dir, catalog, pointer, target)
        catalog.set_pointer(pointer)
    return pointer


def _verify(index_dir: Path, catalog: Catalog, pointer: Pointer, target: Engine) -> None:
    """That it can be opened and searched, and that everything is in it, as read from where it is now."""
    generation = Generation.load(index_dir, pointer, partial(target.load, catalog))
    try:
        target.verify(catalog, generation_dir(index_dir, pointer.generation), generation.manifest)
    finally:
        generation.lease.release()


def _leftovers(index_dir: Path, engines: tuple[Engine, ...]) -> Iterator[str]:
    for engine in engines:
        try:
            engine.settle(index_dir)
        except (EngineError, IndexMismatchError) as error:
            yield f"古い索引を片付けられませんでした（{error.message}）。"
