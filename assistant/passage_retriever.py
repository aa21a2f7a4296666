"""Shirube's retriever for any LangChain chain."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

from assistant.reading import PASSAGES_KEPT
from index.filters import Filters
from index.hit import Hit
from index.timing import timed
from ingest.document_record import DocumentRecord
from ingest.passage import Passage


class PassageRetriever(BaseRetriever):
    """Shirube's retriever for any LangChain chain.

    Each document's `page_content` is what is shown and quoted; its metadata tell where it stands (`source`,
    `title`, `section`, `page`, `spans`, `score`) and hold the `hit` itself. `invoke(query, filters=…)`
    searches only the documents that match.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: Any  # a `Retriever`; pydantic cannot check a protocol
    store: Any  # a `Store`, for titles and sources
    k: int = 20
    _documents: dict[str, DocumentRecord] = PrivateAttr(default_factory=dict)

    def model_post_init(self, _context: object, /) -> None:
        """Read titles and sources once: an open store does not change."""
        self._documents = {record.id: record for record in self.store.documents()}

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002
        filters: Filters | None = None,
    ) -> list[LangChainDocument]:
        with timed("retrieve"):
            hits: list[Hit] = self.retriever.retrieve(query, k=self.k, filters=filters)
        return [self._document(hit) for hit in hits]

    def _document(self, hit: Hit) -> LangChainDocument:
        passage = hit.passage
        record = self._documents[passage.document_id]
        return LangChainDocument(
            id=passage.id,
            page_content=passage.text,
            metadata={
                "source": record.source,
                "title": record.title,
                "section": list(passage.section),
                "page": passage.page,
                "spans": _spans(passage),
                "score": hit.score,
                "hit": hit,
            },
        )


@lru_cache(maxsize=PASSAGES_KEPT)
def _spans(passage: Passage) -> tuple[tuple[int, int], ...]:
    return tuple((span.start, span.end) for span in passage.body.spans())
