"""Store: the read side of an index folder, one whole state of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import Self

from index.access import EVERYTHING, Access, restrict
from index.dense import Dense
from index.engine import Engine, check_engine
from index.engine_local import LOCAL_ENGINE
from index.generation import Generation, generation_dir, load_manifest
from index.id_set import IdSet
from index.late import TokenIndex
from index.lexical_leg import LexicalLeg
from index.manifest import Manifest
from index.stored_tokens import StoredTokens
from ingest.catalog import FILE_NAME, Catalog
from ingest.database import storage_errors
from ingest.document import Document
from ingest.document_record import CatalogStatistics, DocumentRecord, Pointer
from ingest.errors import IndexMismatchError, IndexMissingError
from ingest.locator import Locator
from ingest.overview import DocumentOverview
from ingest.passage import Passage

ATTEMPTS = 5  # how often writers may move on between our reading of the pointer and of the files
PASSAGES_KEPT = 2048  # read before, some 8 KB each


@dataclass(frozen=True, slots=True)
class Wanted:
    """Signatures that an index must have, what is to be seen of it, and what holds it."""

    embedder: str
    analyser: str
    access: Access
    engine: Engine


class Store:
    """Documents and the search indexes that belong to them, as of the moment of opening.

    Whatever is ingested meanwhile, the state stays the same until the store is closed; `is_current`
    tells when to open another. Reading is safe from several threads.
    """

    def __init__(self, index_dir: Path, catalog: Catalog, generation: Generation) -> None:
        self._index_dir = index_dir
        self._catalog = catalog
        self._pointer = catalog.pointer()
        self.generation: int = generation.number
        self.manifest: Manifest = generation.manifest
        self.dense: Dense = generation.dense
        self.lexical: LexicalLeg = generation.lexical
        self.tokens: TokenIndex | StoredTokens | None = generation.tokens or _stored_tokens(
            catalog, generation
        )
        self._lease = generation.lease
        # Of the catalog, not of the store, which would then hold itself and its files open.
        self._passage = lru_cache(maxsize=PASSAGES_KEPT)(partial(_read_passage, catalog))

    @classmethod
    def open(
        cls, index_dir: Path, *, embedder_signature: str, analyser_signature: str,
        access: Access = EVERYTHING, engine: Engine = LOCAL_ENGINE,
    ) -> Self:  # fmt: skip
        """Open the current state, as far as `access` lets it be seen, from the engine that should hold it.

        Raises:
            IndexMissingError: If nothing has been ingested there.
            IndexMismatchError: If it was built by something else, or is damaged; says what.
            CatalogError: If it cannot be read.
            EngineError: If the engine cannot be reached.
        """
        wanted = Wanted(embedder_signature, analyser_signature, access, engine)
        for _ in range(ATTEMPTS - 1):
            before = _current(index_dir)
            try:
                return cls._open_once(index_dir, wanted)
            except IndexMismatchError:
                # Writers that committed twice meanwhile have removed what we were about to open.
                if _current(index_dir) == before:
                    raise
        return cls._open_once(index_dir, wanted)

    @classmethod
    def _open_once(cls, index_dir: Path, wanted: Wanted) -> Self:
        catalog = Catalog.open(index_dir / FILE_NAME)
        try:
            generation = _load(index_dir, catalog, wanted.engine)
            try:
                generation.manifest.check(embedder=wanted.embedder, analyser=wanted.analyser)
                if wanted.access != EVERYTHING:
                    folder = generation_dir(index_dir, generation.number)
                    generation = restrict(catalog, generation, folder, wanted.access, wanted.engine)
            except BaseException:
                generation.lease.release()
                raise
            return cls(index_dir, catalog, generation)
        except BaseException:
            catalog.close()
            raise

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """The passages with these ids of `dense` and `lexical`, in the order given.

        Raises:
            KeyError: If one of them does not exist.
        """
        return [self._passage(int(i)) for i in ids]

    def passages_of(self, document_id: str) -> list[tuple[int, Passage]]:
        """The ids and passages of one document, in reading order; an unknown document has none."""
        return self._catalog.passages_of(document_id)

    def ids_of_documents(self, document_ids: Iterable[str]) -> IdSet:
        """The ids of `dense` and `lexical` of all passages of these documents; unknown ones have none."""
        return IdSet(self._catalog.ids_of_documents(sorted(document_ids)))

    def neighbours(self, ids: Sequence[int]) -> dict[int, list[int]]:
        """The ids of the passages right before and after each; those without are left out."""
        return self._catalog.neighbours(ids)

    def passage_ids(self, names: Sequence[str]) -> dict[str, int]:
        """Ids of `dense` and `lexical` by `Passage.id`; names that do not exist are left out."""
        return self._catalog.passage_ids(names)

    def documents(self) -> list[DocumentRecord]:
        """Every document, by folder and source."""
        return self._catalog.documents()

    def document(self, document_id: str) -> Document:
        """One document with its text, blocks and pages, but without its locators.

        Raises:
            KeyError: If there is none with this id.
        """
        return self._catalog.document(document_id)

    def locators(self, document_id: str) -> tuple[Locator, ...]:
        """Where the ranges of a document's text stand on its pages; none if it, or its format, has none."""
        return self._catalog.locators(document_id)

    def text(self, document_id: str) -> str:
        """The text of a document as read.

        Raises:
            KeyError: If there is none with this id.
        """
        return self._catalog.text(document_id)

    def overviews(self) -> dict[str, DocumentOverview]:
        """How much there is of each document, by id; documents without a passage are left out."""
        return self._catalog.overviews()

    def statistics(self) -> CatalogStatistics:
        """Counts over everything."""
        return self._catalog.statistics()

    def is_current(self) -> bool:
        """Whether nothing has been ingested since this store was opened."""
        return _current(self._index_dir) == self._pointer

    def check_digests(self) -> None:
        """Read every byte of the generation and compare it with the manifest: slow for large indexes.

        Raises:
            IndexMismatchError: Names the first file that has changed.
        """
        with storage_errors(self._index_dir):
            self.manifest.check_digests(generation_dir(self._index_dir, self.generation))

    def close(self) -> None:
        """Let go of the files; closing twice does nothing."""
        self._catalog.close()
        self._lease.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _stored_tokens(catalog: Catalog, generation: Generation) -> StoredTokens | None:
    """Of a generation that has no copy of the token vectors."""
    manifest = generation.manifest
    first = next(catalog.all_terms(), None)
    if first is None or not catalog.tokens_of(manifest.embedder, [first[0]]):  # one tells of all
        return None
    return StoredTokens(catalog, manifest.embedder, dim=manifest.dim)


def _read_passage(catalog: Catalog, i: int) -> Passage:
    return catalog.passages([i])[0]


def _load(index_dir: Path, catalog: Catalog, engine: Engine) -> Generation:
    pointer = catalog.pointer()
    if pointer is None:
        raise IndexMissingError(f"まだ文書が取り込まれていません: {index_dir}")
    with storage_errors(index_dir):
        try:
            check_engine(load_manifest(index_dir, pointer), engine)
            return Generation.load(index_dir, pointer, partial(engine.load, catalog))
        except FileNotFoundError as error:
            folder = generation_dir(index_dir, pointer.generation)
            raise IndexMismatchError(f"索引のファイルがありません: {folder}") from error


def _current(index_dir: Path) -> Pointer | None:
    with Catalog.open(index_dir / FILE_NAME) as catalog:
        return catalog.pointer()
