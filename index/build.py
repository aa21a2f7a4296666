"""Ingest and remove: bring the index folder from one whole state to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.embed import BatchEmbedder, Embedder
from index.import_vectors import check_vector_files
from index.pipeline import OnProgress, Pipeline, no_progress
from index.survey import Survey, survey
from index.update import IngestReport, Plan, Update
from index.writing import writing
from ingest.catalog import FILE_NAME, Catalog
from ingest.errors import IndexMissingError, ReadError
from ingest.files import Skipped


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """How an ingest treats what is there already.

    Attributes:
        rebuild: Read unchanged files too, and start afresh if the catalog is damaged.
        keep_missing: Do not remove documents whose file is gone.
        vectors: A folder of vector files that other machines computed.
    """

    rebuild: bool = False
    keep_missing: bool = False
    vectors: Path | None = None


DEFAULT_OPTIONS = IngestOptions()


def ingest(
    paths: Sequence[Path],
    *,
    index_dir: Path,
    embedder: Embedder | BatchEmbedder,
    pipeline: Pipeline,
    options: IngestOptions = DEFAULT_OPTIONS,
    on_progress: OnProgress = no_progress,
) -> IngestReport:
    """Bring the index up to date with folders and files.

    A folder is mirrored: documents whose file is gone from it are removed. A file that cannot be read is
    reported; a document that was made of it before stays. If anything is raised, at whatever moment, the
    previous state stays; vectors that were made until then are not made again.

    Args:
        paths: Folders and files; none, with `rebuild`, stands for all that was ingested before.
        index_dir: Made if need be.
        embedder: Used only if a text has no vector yet.
        pipeline: The steps from a file to its search entries.
        options: How what is there already is treated.
        on_progress: Told about each file and batch.

    Raises:
        ReadError: If one of the paths does not exist.
        IndexMissingError: If there are no paths and nothing was ingested before.
        IndexMismatchError: If the catalog is damaged or of another format, and `rebuild` is not set.
        LockedError: If another process is writing.
        DiskFullError: If no space is left.
        CatalogError: If the index folder cannot be written.
        EmbedderError: If the embedding model cannot be loaded.
        EngineMismatchError: If another engine holds the index, and `rebuild` is not set.
        EngineError: If the engine cannot be reached.
        MissingShardError: If not all of the vector files are there; see `check_vector_files` for others.
    """
    given = [_existing(path) for path in paths]
    files = check_vector_files(options.vectors, embedder) if options.vectors else ()
    with writing(index_dir, may_reset=options.rebuild and bool(given), thorough=options.rebuild) as catalog:
        run = Update(index_dir, catalog, embedder, pipeline, on_progress, vectors=files)
        if not options.rebuild:
            run.check_engine()
        folders = given or _all_paths(catalog, index_dir)
        found = _read(run, folders, reread=options.rebuild)
        if not options.keep_missing:
            run.delete(found.gone)
        run.warnings += [f"フォルダーに取り込める文書がありません: {path}" for path in found.emptied]
        return run.finish([path for path in folders if path.is_dir()], found.unchanged)


def plan(
    paths: Sequence[Path],
    *,
    index_dir: Path,
    embedder: Embedder | BatchEmbedder,
    pipeline: Pipeline,
    options: IngestOptions = DEFAULT_OPTIONS,
    on_progress: OnProgress = no_progress,
) -> Plan:
    """Read what `ingest` would read and say what it would embed; the index stays as it is.

    Raises:
        ShirubeError: As `ingest` does.
    """
    given = [_existing(path) for path in paths]
    with writing(index_dir, may_reset=False, thorough=False) as catalog:
        run = Update(index_dir, catalog, embedder, pipeline, on_progress)
        found = _read(run, given or _all_paths(catalog, index_dir), reread=options.rebuild)
        if not options.keep_missing:
            run.delete(found.gone)
        return Plan(run.lacking_texts(), tuple(run.skipped), tuple(run.warnings))


def _read(run: Update, folders: Sequence[Path], *, reread: bool) -> Survey:
    found = survey(
        folders,
        run.records,
        run.pipeline,
        reread=reread,
        ignore=run.index_dir.resolve(),
        on_progress=run.on_progress,
    )
    run.read(found)
    return found


def remove(
    names: Iterable[str],
    *,
    index_dir: Path,
    embedder: Embedder | BatchEmbedder,
    pipeline: Pipeline,
    on_progress: OnProgress = no_progress,
) -> IngestReport:
    """Remove documents by id or source; a source that several folders have is removed from all of them.

    A file that is still in its folder comes back with the next ingest of that folder.

    Returns:
        The report; names that are no document's are in `skipped`.

    Raises:
        IndexMissingError: If nothing was ingested before.
        ShirubeError: As `ingest` does.
    """
    if not (index_dir / FILE_NAME).exists():
        raise IndexMissingError(f"索引がありません: {index_dir}")
    with writing(index_dir, may_reset=False, thorough=False) as catalog:
        run = Update(index_dir, catalog, embedder, pipeline, on_progress)
        run.check_engine()
        for name in names:
            named = [record for record in run.records if name in (record.id, record.source)]
            run.delete(named)
            if not named:
                hint = "shirube status で文書の名前を確かめてください。"
                run.skipped.append(Skipped(name, "この名前の文書は索引にありません。", hint))
        stays = [record for record in run.records if record.id not in catalog.pending.touched]
        return run.finish([], stays)


def build_again(
    *,
    index_dir: Path,
    embedder: Embedder | BatchEmbedder,
    pipeline: Pipeline,
    on_progress: OnProgress = no_progress,
) -> IngestReport:
    """Make a new generation from the catalog alone; no file is read.

    Raises:
        IndexMissingError: If nothing was ingested before.
        ShirubeError: As `ingest` does.
    """
    if not (index_dir / FILE_NAME).exists():
        raise IndexMissingError(f"索引がありません: {index_dir}")
    with writing(index_dir, may_reset=False, thorough=True) as catalog:
        run = Update(index_dir, catalog, embedder, pipeline, on_progress)
        return run.finish([], run.records, is_sound=False)


def _existing(path: Path) -> Path:
    if not path.exists():
        raise ReadError(f"フォルダーまたはファイルがありません: {path}（これまでの索引はそのままです）")
    return path.resolve()


def _all_paths(catalog: Catalog, index_dir: Path) -> list[Path]:
    """All folders ever ingested, and the files that were ingested alone and are still there."""
    roots = [_existing(Path(root)) for root in catalog.roots()]
    alone = [record.path for record in catalog.documents() if Path(record.root) not in roots]
    paths = roots + [path for path in alone if path.exists()]
    if not paths:
        raise IndexMissingError(f"まだ文書が取り込まれていません: {index_dir}")
    return paths
