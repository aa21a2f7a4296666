"""Baseline: the plain LangChain pipeline of the tutorials, over the same documents with the same model.

Recursive splitter 1000/200, one vector a chunk, exact inner product in FAISS. Without a language model it
says its best chunk and cites it. The splitter is imported only here.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import faiss

from eval.dataset import Question
from eval.records import Excerpt, Record, RecordedSentence, RecordStatus
from index.embed import Embedder
from ingest.errors import ShirubeError
from ingest.traced import Span

CHUNK_CHARS, OVERLAP_CHARS = 1000, 200  # as in LangChain's tutorials


class BaselineError(ShirubeError):
    """The package that the baseline needs is not installed."""

    hint = "pip install -c constraints.txt -e '.[baseline]' で入れるか、--baseline を外してください。"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a document, word for word."""

    source: str
    text: str
    start: int

    def excerpt(self) -> Excerpt:
        """As a hit or citation of a record."""
        return Excerpt(self.source, self.text, (Span(self.start, self.start + len(self.text)),))


class Baseline:
    """Chunks of all documents with their vectors."""

    def __init__(self, chunks: Iterable[Chunk], embedder: Embedder) -> None:
        self._chunks = list(chunks)
        self._embedder = embedder
        self._index = faiss.IndexFlatIP(embedder.dim)
        if self._chunks:
            self._index.add(embedder.embed_passages([chunk.text for chunk in self._chunks]))

    def records(self, questions: Iterable[Question], *, k: int) -> Iterator[Record]:
        """One record a question, in their order, with at most `k` hits."""
        for question in questions:
            started = time.perf_counter()
            hits = self._search(question.question, k=k)
            best = hits[:1]
            yield Record(
                id=question.id,
                status=RecordStatus.ANSWERED if best else RecordStatus.NOT_FOUND,
                answer="".join(hit.text for hit in best),
                sentences=tuple(RecordedSentence(hit.text, (0,)) for hit in best),
                citations=tuple(best),
                hits=tuple(hits),
                timings={"total": time.perf_counter() - started},
            )

    def _search(self, query: str, *, k: int) -> list[Excerpt]:
        if not self._chunks:
            return []
        _, found = self._index.search(self._embedder.embed_queries([query]), min(k, len(self._chunks)))
        return [self._chunks[at].excerpt() for at in found[0]]


def split(texts: Mapping[str, str]) -> Iterator[Chunk]:
    """The chunks of documents, given as text by source.

    Raises:
        BaselineError: If langchain-text-splitters is not installed.
    """
    try:
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as error:
        raise BaselineError("比べる相手に要る langchain-text-splitters が入っていません。") from error
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK_CHARS, chunk_overlap=OVERLAP_CHARS, add_start_index=True
    )
    for source, text in texts.items():
        for piece in splitter.create_documents([text]):
            yield Chunk(source, piece.page_content, piece.metadata["start_index"])
