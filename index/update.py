"""Update: one ingest under way, from what has changed to the next committed state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from index.dense_large import MOST_EXACT
from index.embed import BatchEmbedder, Embedder, TokenEmbedder
from index.engine import Content, check_engine
from index.generation import generation_dir, load_manifest, remove_stale
from index.import_vectors import import_vectors
from index.large import Changes
from index.lexical import LexicalEntry
from index.manifest import Manifest
from index.pipeline import OnProgress, Pipeline, Progress, Stage
from index.survey import Survey, unreadable
from index.vector_file import VectorFile
from index.vectors import fill_vectors
from ingest.catalog import Catalog
from ingest.database import storage_errors
from ingest.document_record import DocumentRecord, Pointer
from ingest.errors import CatalogError, EngineError, IndexMismatchError, ReadError
from ingest.files import Found, Skipped

TOLD_EVERY = 200  # passages between two reports of progress while indexing


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest did; documents are named by their source.

    Attributes:
        skipped: Files that could not be read, each with its reason and what to do.
        warnings: Japanese sentences: what was read badly, kept or emptied.
        n_embedded: Texts that had to be embedded.
        generation: The current generation afterwards.
        n_imported: Texts whose vectors were taken from files.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    warnings: tuple[str, ...]
    n_documents: int
    n_passages: int
    n_embedded: int
    generation: int
    n_imported: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What an ingest would have to embed.

    Attributes:
        texts: By the `text_key` that their vectors are filed under.
        skipped: Files that could not be read.
        warnings: Japanese sentences: what was read badly.
    """

    texts: Mapping[bytes, str]
    skipped: tuple[Skipped, ...]
    warnings: tuple[str, ...]


@dataclass(slots=True)
class Update:
    """The open catalog, the steps, and what has happened so far."""

    index_dir: Path
    catalog: Catalog
    embedder: Embedder | BatchEmbedder
    pipeline: Pipeline
    on_progress: OnProgress
    texts: dict[bytes, str] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    records: list[DocumentRecord] = field(default_factory=list)
    vectors: Sequence[VectorFile] = ()  # computed elsewhere
    lost: list[bytes] | None = None  # texts that a large collection may hold no more; `None`: look for all

    def __post_init__(self) -> None:
        self.records = self.catalog.documents()

    def check_engine(self) -> None:
        """Refuse to go on in another engine than before.

        Raises:
            EngineMismatchError: If another one holds the index.
        """
        pointer = self.catalog.pointer()
        if pointer is None:
            return
        try:
            manifest = load_manifest(self.index_dir, pointer)
        except (IndexMismatchError, OSError):  # what is damaged is made again, wherever it was
            return
        check_engine(manifest, self.pipeline.engine)

    def read(self, found: Survey) -> None:
        """Read what is new or changed; what cannot be read keeps the document that it had."""
        self.skipped += found.skipped
        kept = list(found.kept)
        for n, (file, record) in enumerate(found.to_read):
            self.on_progress(Progress(Stage.READ, n, len(found.to_read), file.source))
            if not self._read_one(file, record) and record:
                kept.append(record)
        self.on_progress(Progress(Stage.READ, len(found.to_read), len(found.to_read)))
        self.warnings += [
            f"{r.source}: 今回は読めなかったため、前に取り込んだ内容を残しました。" for r in kept
        ]

    def _read_one(self, file: Found, record: DocumentRecord | None) -> bool:
        try:
            document = self.pipeline.read(file)
        except ReadError as error:
            self.skipped.append(Skipped(file.source, error.message, error.hint))
            return False
        except OSError as error:
            self.skipped.append(unreadable(file, error))
            return False
        if record and record.id != document.id:  # the same file, ingested from another folder before
            self.catalog.pending.delete(record.id)
        self.catalog.pending.put(
            document,
            self.pipeline.prepare(document, self.texts),
            root=str(file.root),
            signatures=(self.pipeline.read_by(file), self.pipeline.signature),
        )
        (self.changed if record else self.added).append(document.source)
        self.warnings += [f"{document.source}: {warning}" for warning in document.warnings]
        return True

    def delete(self, records: Iterable[DocumentRecord]) -> None:
        """Let go of documents."""
        for record in records:
            self.catalog.pending.delete(record.id)
            self.removed.append(record.source)

    def finish(
        self, folders: Sequence[Path], unchanged: Sequence[DocumentRecord], *, is_sound: bool = True
    ) -> IngestReport:
        """Embed what is new and commit; nothing is written if nothing has changed and all `is_sound`."""
        self._prepare_again()
        pointer = self.catalog.pointer()
        n_embedded = n_imported = 0
        goes_on = pointer if pointer is not None and is_sound and self._is_sound(pointer) else None
        if pointer is None or self.catalog.pending or goes_on is None:
            self._add_lacking_texts()
            if self.vectors:
                n_imported = import_vectors(
                    self.vectors, self.catalog, self.embedder, self.texts, self.on_progress
                )
            n_embedded = fill_vectors(self.catalog, self.embedder, self.texts, self.on_progress)
            pointer = self._commit(folders, goes_on)
            self._clean_up(pointer)
        counts = self.catalog.statistics()
        return IngestReport(
            added=tuple(self.added),
            changed=tuple(self.changed),
            unchanged=tuple(record.source for record in unchanged),
            removed=tuple(self.removed),
            skipped=tuple(self.skipped),
            warnings=tuple(self.warnings),
            n_documents=counts.n_documents,
            n_passages=counts.n_passages,
            n_embedded=n_embedded,
            generation=pointer.generation,
            n_imported=n_imported,
        )

    def lacking_texts(self) -> dict[bytes, str]:
        """The texts of all that was read, and of all that stays, that have no vector yet."""
        self._prepare_again()
        self._add_lacking_texts()
        embedder = self.embedder.signature
        return {key: text for key, text in self.texts.items() if not self.catalog.has_vector(embedder, key)}

    def _prepare_again(self) -> None:
        """Documents that stay, but were cut or analysed in another way, are made again from their text."""
        for record in self.records:
            if record.id in self.catalog.pending.touched or record.prepared_by == self.pipeline.signature:
                continue
            document = self.catalog.document(record.id)
            self.catalog.pending.put(
                document,
                self.pipeline.prepare(document, self.texts),
                root=record.root,
                signatures=(record.read_by, self.pipeline.signature),
            )

    def _is_sound(self, pointer: Pointer) -> bool:
        try:
            manifest = load_manifest(self.index_dir, pointer)
            manifest.check(embedder=self.embedder.signature, analyser=self.pipeline.analyser)
        except (IndexMismatchError, OSError):
            return False
        folder = generation_dir(self.index_dir, pointer.generation)
        is_ours = (manifest.pipeline, manifest.engine) == (self.pipeline.signature, self.pipeline.engine.name)
        return is_ours and self.pipeline.engine.is_sound(folder, manifest)

    def _add_lacking_texts(self) -> None:
        """Passages that stay may lack vectors: the embedder is another one, or the cache was emptied."""
        for passage in self.catalog.passages(self.catalog.lacking(self.embedder.signature)):
            if passage.document_id not in self.catalog.pending.touched:
                self.texts.update(self.pipeline.keyed_texts(passage))

    def _commit(self, folders: Sequence[Path], before: Pointer | None) -> Pointer:
        """Write the generation, then flip pointer and documents together.

        `before` is what is pointed at, if that can be gone on with.
        """
        catalog, touched = self.catalog, sorted(self.catalog.pending.touched)
        with catalog.transaction():
            removed = tuple(catalog.ids_of_documents(touched))
            lost = catalog.keys_of(removed)
            catalog.pending.apply()
            for folder in folders:
                catalog.put_root(str(folder))
            added = tuple(catalog.ids_of_documents(touched))
            counts = catalog.statistics()
            manifest = Manifest(
                embedder=self.embedder.signature,
                analyser=self.pipeline.analyser,
                pipeline=self.pipeline.signature,
                dim=self.embedder.dim,
                n_documents=counts.n_documents,
                n_passages=counts.n_passages,
                n_vectors=catalog.n_embedded(),
                files={},
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                engine=self.pipeline.engine.name,
            )
            self.lost = lost if manifest.n_vectors > MOST_EXACT else None
            with storage_errors(self.index_dir):
                pointer = self._written(manifest, Changes(before, removed, added) if before else None)
            catalog.set_pointer(pointer)
        catalog.pending.clear()
        return pointer

    def _written(self, manifest: Manifest, changes: Changes | None) -> Pointer:
        """The generation of what the catalog now holds."""
        entries = told_entries(self.catalog, manifest.n_passages, self.on_progress)
        content = Content(self.catalog, entries, changes, isinstance(self.embedder, TokenEmbedder))
        return self.pipeline.engine.write(self.index_dir, manifest, content)

    def _clean_up(self, pointer: Pointer) -> None:
        """The new state is in place: what goes wrong now is worth a warning, not an error."""
        remove_stale(self.index_dir, pointer.generation)
        try:
            self.pipeline.engine.settle(self.index_dir)
        except (EngineError, IndexMismatchError) as error:
            self.warnings.append(f"古い索引を片付けられませんでした（{error.message}）。")
        try:
            if self.lost is None:
                self.catalog.drop_unused_vectors()
            else:  # a large collection is not looked through
                self.catalog.drop_vectors(self.embedder.signature, self.lost)
        except CatalogError as error:
            self.warnings.append(error.message)


def told_entries(catalog: Catalog, n_passages: int, on_progress: OnProgress) -> Iterator[LexicalEntry]:
    """The terms of every passage by ascending id, telling how many have been taken."""
    for n, (i, terms) in enumerate(catalog.all_terms()):
        if n % TOLD_EVERY == 0:
            on_progress(Progress(Stage.INDEX, n, n_passages))
        yield LexicalEntry(i, terms)
    on_progress(Progress(Stage.INDEX, n_passages, n_passages))
