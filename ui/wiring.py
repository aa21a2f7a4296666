"""Where objects are built from settings: here what asks, in `ui/pipeline.py` what reads files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assistant.abstain import learnt_model
from assistant.ask import Assistant
from assistant.chain import AnswerChain
from assistant.extract import ExtractLimits, Extractor
from index.access import EVERYTHING, Access
from index.embed import BatchEmbedder
from index.embed_bundled import BundledEmbedder, default_cache_dir
from index.fusion import learnt_fusion
from index.retrieve import HybridRetriever, Retriever
from index.store import Store
from ingest.tokenizer import Tokenizer, default_tokenizer
from ui.engine import build_engine
from ui.settings import BUNDLED, Settings

if TYPE_CHECKING:  # a question without a model must not wait for what asks one
    from assistant.models import ChatModel
    from assistant.prose import ProseChain


def build_embedder(settings: Settings) -> BatchEmbedder:
    """The embedder that the settings name; a sentence-transformers model is loaded only if named."""
    if settings.embedder == BUNDLED:
        return BundledEmbedder(cache_dir=settings.cache_dir or default_cache_dir(), weights=settings.weights)
    from index.embed_transformers import SentenceTransformersEmbedder

    return SentenceTransformersEmbedder(settings.embedder, allow_downloads=settings.allow_downloads)


@dataclass(frozen=True, slots=True)
class Open:
    """An open index and what searches and answers from it."""

    store: Store
    retriever: Retriever
    assistant: Assistant


@contextmanager
def open_index(
    settings: Settings, *, embedder: BatchEmbedder | None = None, access: Access = EVERYTHING
) -> Iterator[Open]:
    """Open the current state of the index for asking and searching.

    Args:
        settings: What to open, and how to search and answer.
        embedder: One that `build_embedder` made of the same settings, where it outlives the opened state.
        access: Which documents exist for whoever asks.

    Raises:
        IndexMissingError: If nothing has been ingested.
        IndexMismatchError: If it was built by something else than these settings.
        EmbedderError: If the model cannot be loaded.
    """
    _stay_silent()
    embedder = embedder or build_embedder(settings)
    with _store(settings, embedder, access) as store:
        tokenizer = default_tokenizer()
        retriever = _retriever(settings, store, embedder, tokenizer)
        extractor = Extractor(
            limits=ExtractLimits(n_quotes=settings.n_quotes, max_chars=settings.answer_chars)
        )
        answerability = learnt_model("bundled" if settings.embedder == BUNDLED else "by_words")
        chain = AnswerChain(
            store, retriever, tokenizer, extractor=extractor, answerability=answerability, k=settings.k
        )
        prose = build_prose(settings, chain, store) if settings.model else None
        yield Open(store, retriever, Assistant(chain, fingerprint=fingerprint(store, settings), prose=prose))


def build_prose(settings: Settings, chain: AnswerChain, store: Store) -> ProseChain:
    """What writes answers with the chat model that the settings name."""
    from assistant.model_stream import TimeLimits
    from assistant.prose import ProseChain, ProseOptions

    options = ProseOptions(
        mode=settings.mode,
        limits=TimeLimits(settings.model_first_s, settings.model_total_s),
        evidence_tokens=settings.evidence_tokens,
        with_furigana=settings.furigana,
    )
    return ProseChain(chain, build_model(settings), store, name=settings.model, options=options)


def build_model(settings: Settings) -> ChatModel:
    """The chat model that the settings name; its key comes from the environment, as its package wants it.

    Raises:
        ModelError: If its package is missing, or the name or the key is.
    """
    from assistant.models import load_model

    needs_key = not _is_local(settings.model_url) or "OPENAI_API_KEY" in os.environ
    return load_model(
        settings.model, url=settings.model_url, timeout_s=settings.model_total_s,
        max_tokens=settings.model_tokens, needs_key=needs_key,
    )  # fmt: skip


def _is_local(url: str) -> bool:
    return bool(url) and (urlsplit(url).hostname or "") in ("127.0.0.1", "localhost", "::1")


def _retriever(settings: Settings, store: Store, embedder: BatchEmbedder, tokenizer: Tokenizer) -> Retriever:
    """The retriever that the settings name; a cross-encoder is loaded only if named."""
    fusion = replace(learnt_fusion(), method=settings.fusion)
    retriever = HybridRetriever(store, embedder, tokenizer, fusion=fusion)
    if not settings.reranker:
        return retriever
    from index.rerank import CrossEncoderReranker, RerankedRetriever

    reranker = CrossEncoderReranker(settings.reranker, allow_downloads=settings.allow_downloads)
    return RerankedRetriever(retriever, reranker)


def open_store(settings: Settings) -> Store:
    """Open the current state of the index only to look at it.

    Raises:
        IndexMissingError: If nothing has been ingested.
        IndexMismatchError: If it was built by something else than these settings.
    """
    return _store(settings, build_embedder(settings))


def _store(settings: Settings, embedder: BatchEmbedder, access: Access = EVERYTHING) -> Store:
    return Store.open(
        settings.index_dir, embedder_signature=embedder.signature, analyser_signature=Tokenizer.signature,
        access=access, engine=build_engine(settings),
    )  # fmt: skip


def fingerprint(store: Store, settings: Settings) -> str:
    """12 hexadecimal digits that change with the index, the settings that shape an answer, or the version."""
    shaping: tuple[object, ...] = (
        settings.k,
        settings.n_quotes,
        settings.answer_chars,
        settings.fusion,
        settings.reranker,
    )
    if settings.model:
        shaping += (
            settings.model,
            settings.mode,
            settings.evidence_tokens,
            settings.model_tokens,
            settings.furigana,
        )
    said = f"{store.manifest.to_json()}\n{shaping}\n{version('shirube')}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _stay_silent() -> None:
    """Let no setting of another program have LangChain send questions and documents to a tracing service."""
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING"):
        for version_of_it in ("", "_V2"):
            os.environ.pop(name + version_of_it, None)
