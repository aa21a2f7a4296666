"""Doctor: whether catalog, search indexes, vectors and manifest fit together; repairs what is derived."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

import numpy as np

from index.build import build_again
from index.embed import BatchEmbedder, Embedder
from index.engine import check_engine
from index.generation import FOLDER, Generation, generation_dir, load_manifest
from index.pipeline import OnProgress, Pipeline, no_progress
from index.writing import SCRATCH
from ingest.catalog import FILE_NAME, Catalog
from ingest.database import storage_errors
from ingest.errors import (
    CatalogError,
    EngineError,
    EngineMismatchError,
    IndexMismatchError,
    IndexMissingError,
    ShirubeError,
)

RESTORE = "shirube restore でバックアップに戻すか、shirube ingest --rebuild で作り直してください。"
REPAIR = "shirube doctor --repair で直せます。"
FETCH_AGAIN = "shirube ingest で取り込み直すと、今のファイルに合います。"


class Part(StrEnum):
    """What a finding is about; `FILES` is no damage, only news of the originals."""

    CATALOG = "catalog"
    MANIFEST = "manifest"
    DENSE = "dense"
    LEXICAL = "lexical"
    VECTORS = "vectors"
    LEFTOVERS = "leftovers"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit.

    Attributes:
        message: One Japanese sentence.
        hint: What to do next, in Japanese.
        is_derived: Whether it can be made again from the catalog.
    """

    part: Part
    message: str
    hint: str
    is_derived: bool


def examine(index_dir: Path, *, embedder: str, pipeline: Pipeline) -> list[Finding]:
    """Compare everything with everything; reads every byte and changes nothing.

    Args:
        index_dir: The index folder.
        embedder: Signature of what should have made the vectors.
        pipeline: What should have read and cut the documents.

    Raises:
        IndexMissingError: If nothing was ingested there.
        CatalogError: If the folder cannot be read.
        EngineError: If the engine that should hold the index cannot be reached.
        EngineMismatchError: If another one holds it.
    """
    try:
        with Catalog.open(index_dir / FILE_NAME) as catalog:
            catalog.check()
            return list(_findings(index_dir, catalog, embedder, pipeline))
    except IndexMismatchError as error:
        return [Finding(Part.CATALOG, error.message, RESTORE, is_derived=False)]


def repair(
    index_dir: Path,
    *,
    embedder: Embedder | BatchEmbedder,
    pipeline: Pipeline,
    on_progress: OnProgress = no_progress,
) -> None:
    """Make again from the catalog all that is derived from it; readers see the old state until it is done.

    Raises:
        ShirubeError: As `index.build.ingest` does.
    """
    build_again(index_dir=index_dir, embedder=embedder, pipeline=pipeline, on_progress=on_progress)


def _findings(index_dir: Path, catalog: Catalog, embedder: str, pipeline: Pipeline) -> Iterator[Finding]:
    pointer = catalog.pointer()
    if pointer is None:
        raise IndexMissingError(f"まだ文書が取り込まれていません: {index_dir}")
    lacking = catalog.lacking(embedder)
    if lacking:
        yield Finding(
            Part.VECTORS, f"埋め込みのない箇所が {len(lacking)} あります。", REPAIR, is_derived=True
        )
    try:
        with storage_errors(index_dir):
            check_engine(load_manifest(index_dir, pointer), pipeline.engine)
            generation = Generation.load(index_dir, pointer, partial(pipeline.engine.load, catalog))
    except (EngineError, EngineMismatchError):  # no damage, and no reason to make anything again
        raise
    except (ShirubeError, FileNotFoundError) as error:
        message = error.message if isinstance(error, ShirubeError) else "索引のファイルがありません。"
        yield Finding(Part.MANIFEST, message, REPAIR, is_derived=True)
    else:
        try:
            yield from _of_generation(index_dir, catalog, generation, embedder, pipeline)
        finally:
            generation.lease.release()
    yield from _leftovers(index_dir, pointer.generation)
    yield from _files(catalog)


def _of_generation(
    index_dir: Path, catalog: Catalog, generation: Generation, embedder: str, pipeline: Pipeline
) -> Iterator[Finding]:
    manifest = generation.manifest
    try:
        manifest.check(embedder=embedder, analyser=pipeline.analyser)
        manifest.check_digests(generation_dir(index_dir, generation.number))
    except IndexMismatchError as error:
        yield Finding(Part.MANIFEST, error.message, REPAIR, is_derived=True)
        return
    counts = catalog.statistics()
    if (manifest.n_documents, manifest.n_passages) != (counts.n_documents, counts.n_passages):
        yield Finding(Part.MANIFEST, "目録の件数が台帳と違います。", REPAIR, is_derived=True)
    passages = np.fromiter((i for i, _ in catalog.all_terms()), dtype=np.int64)
    if not np.array_equal(generation.lexical.ids(), passages):
        yield Finding(Part.LEXICAL, "語の索引にある箇所が台帳と違います。", REPAIR, is_derived=True)
    try:
        ids, vectors = catalog.vectors(embedder, manifest.dim)
    except CatalogError as error:
        yield Finding(Part.VECTORS, error.message, REPAIR, is_derived=True)
        return
    if not generation.dense.holds(ids, vectors):
        yield Finding(Part.DENSE, "ベクトル索引の内容が台帳の埋め込みと違います。", REPAIR, is_derived=True)


def _leftovers(index_dir: Path, current: int) -> Iterator[Finding]:
    """What a crash left, or what somebody still reads: the next writer clears it away."""
    folders = (
        sorted(path.name for path in (index_dir / FOLDER).iterdir()) if (index_dir / FOLDER).is_dir() else []
    )
    unknown = [name for name in folders if not name.isdecimal() or int(name) > current]
    if (index_dir / SCRATCH).exists():
        unknown.append(SCRATCH)
    if unknown:
        message = f"途中で終わった処理の残りがあります（{'、'.join(unknown)}）。"
        yield Finding(Part.LEFTOVERS, message, REPAIR, is_derived=True)


def _files(catalog: Catalog) -> Iterator[Finding]:
    gone = [record.source for record in catalog.documents() if not record.path.exists()]
    if gone:
        message = f"元のファイルがなくなった文書が {len(gone)} あります（{gone[0]} など）。"
        yield Finding(Part.FILES, message, FETCH_AGAIN, is_derived=False)
