"""Citations: from a quote of a hit to the exact ranges of the original."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.answer import Citation
from assistant.extract import Quote
from ingest.document_record import DocumentRecord


def cite(quote: Quote, documents: Mapping[str, DocumentRecord], *, marker: int) -> Citation:
    """The citation of a quote; its ranges were fixed when the document was read.

    Args:
        quote: What is to be cited.
        documents: Records by document id; must hold the quote's.
        marker: 1-based number under which it is shown.
    """
    passage = quote.hit.passage
    body = passage.body[quote.start : quote.end].strip()
    document = documents[passage.document_id]
    return Citation(
        marker=marker,
        passage_id=passage.id,
        document_id=passage.document_id,
        source=document.source,
        title=document.title,
        section=passage.section,
        page=passage.page,
        quote=body.text,
        spans=body.spans(),
    )
