"""The one place where objects are built from settings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from assistant.ask import Assistant
from assistant.chain import AnswerChain
from assistant.extract import ExtractLimits, Extractor
from index.embed import BatchEmbedder
from index.embed_bundled import BundledEmbedder, default_cache_dir
from index.pipeline import Pipeline
from index.retrieve import Fusion, HybridRetriever, embed_texts, lexical_fields
from index.store import Store
from ingest.chunk import chunk
from ingest.document import Document
from ingest.errors import ReadError
from ingest.files import Found, Skipped, find_files
from ingest.metadata import Declaration, load_declarations
from ingest.read import read
from ingest.tokenizer import Tokenizer, default_tokenizer
from ui.settings import BUNDLED, Settings


def build_embedder(settings: Settings) -> BatchEmbedder:
    """The embedder that the settings name; a sentence-transformers model is loaded only if named."""
    if settings.embedder == BUNDLED:
        return BundledEmbedder(cache_dir=settings.cache_dir or default_cache_dir(), weights=settings.weights)
    from index.embed_transformers import SentenceTransformersEmbedder

    return SentenceTransformersEmbedder(settings.embedder, allow_downloads=settings.allow_downloads)


def build_pipeline(settings: Settings) -> Pipeline:
    """The steps from a folder to search entries."""
    tokenizer = default_tokenizer()

    def find(path: Path) -> Iterator[Found | Skipped]:
        return find_files([path], max_file_mb=settings.max_file_mb)

    def read_found(found: Found) -> Document:
        declarations, warning = _declarations(found.root)
        document = read(found.path, root=found.root, metadata=declarations)
        return replace(document, warnings=(*document.warnings, warning)) if warning else document

    return Pipeline(
        signature=f"{source_digest('ingest')}/{Tokenizer.signature}",
        analyser=Tokenizer.signature,
        find=find,
        read=read_found,
        chunk=chunk,
        embed_texts=embed_texts,
        lexical_fields=lambda passage: lexical_fields(passage, tokenizer),
        read_signature=lambda found: _declared(found),
    )


@cache
def source_digest(package: str) -> str:
    """Digest of a package's own source: a changed reader reads every file again by itself."""
    digest = hashlib.sha256()
    for path in sorted(Path(str(files(package))).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=64)
def _declarations(root: Path) -> tuple[tuple[Declaration, ...], str]:
    """What `documents.toml` declares below a folder, or why it cannot be used: the files are read anyway."""
    try:
        return load_declarations(root), ""
    except ReadError as error:
        return (), error.message


def _declared(found: Found) -> str:
    """Digest of what is declared of a file, so that a changed declaration has it read again."""
    declarations, warning = _declarations(found.root)
    own = [repr(d) for d in declarations if fnmatchcase(found.source, d.pattern)]
    return hashlib.sha256("\n".join([*own, warning]).encode()).hexdigest()[:12] if own or warning else ""


@dataclass(frozen=True, slots=True)
class Open:
    """An open index and what searches and answers from it."""

    store: Store
    retriever: HybridRetriever
    assistant: Assistant


@contextmanager
def open_index(settings: Settings) -> Iterator[Open]:
    """Open the current state of the index for asking and searching.

    Raises:
        IndexMissingError: If nothing has been ingested.
        IndexMismatchError: If it was built by something else than these settings.
        EmbedderError: If the model cannot be loaded.
    """
    embedder = build_embedder(settings)
    with _store(settings, embedder) as store:
        tokenizer = default_tokenizer()
        retriever = HybridRetriever(store, embedder, tokenizer, fusion=Fusion(method=settings.fusion))
        extractor = Extractor(
            limits=ExtractLimits(n_quotes=settings.n_quotes, max_chars=settings.answer_chars)
        )
        chain = AnswerChain(store, retriever, tokenizer, extractor=extractor, k=settings.k)
        yield Open(store, retriever, Assistant(chain, fingerprint=fingerprint(store, settings)))


def open_store(settings: Settings) -> Store:
    """Open the current state of the index only to look at it.

    Raises:
        IndexMissingError: If nothing has been ingested.
        IndexMismatchError: If it was built by something else than these settings.
    """
    return _store(settings, build_embedder(settings))


def _store(settings: Settings, embedder: BatchEmbedder) -> Store:
    return Store.open(
        settings.index_dir, embedder_signature=embedder.signature, analyser_signature=Tokenizer.signature
    )


def fingerprint(store: Store, settings: Settings) -> str:
    """12 hexadecimal digits that change with the index, the settings that shape an answer, or the version."""
    shaping = (settings.k, settings.n_quotes, settings.answer_chars, settings.fusion)
    said = f"{store.manifest.to_json()}\n{shaping}\n{version('shirube')}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]
