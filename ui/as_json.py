"""What programs read: answers, hits, reports and documents as JSON values with stable keys.

Offsets and ranges are half-open and count code points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.abstain import Confidence
from assistant.answer import Answer, AnswerSentence, Citation, Writing
from index.hit import Hit
from index.update import IngestReport, Plan
from ingest.document import Document
from ingest.document_record import DocumentRecord
from ingest.files import Skipped
from ui.lines import Places
from ui.page_name import PageName

Documents = Mapping[str, DocumentRecord]


def answer_json(answer: Answer, documents: Documents, places: Places) -> dict[str, Any]:
    """An answer with its citations, and the hits that it was taken from."""
    return {
        "question": answer.question,
        "asked": answer.asked,
        "filters": {
            "documents": sorted(answer.filters.documents),
            "publishers": sorted(answer.filters.publishers),
            "fiscal_years": sorted(answer.filters.fiscal_years),
        },
        "status": answer.status.value,
        "confidence": _confidence_json(answer.probability),
        "searched": {
            "names": list(answer.searched.names),
            "unknown": list(answer.searched.unknown),
            "n_documents": sum(answer.filters.matches(record) for record in documents.values()),
        },
        "answer": answer.text,
        "sentences": [sentence_json(sentence) for sentence in answer.sentences],
        **({"writing": _writing_json(answer.writing)} if answer.writing else {}),
        "citations": [_citation_json(citation, documents, places) for citation in answer.citations],
        "hits": [hit_json(hit, documents, places) for hit in answer.hits],
        "fingerprint": answer.fingerprint,
        "timings_s": {stage: round(seconds, 6) for stage, seconds in answer.timings.items()},
    }


def sentence_json(sentence: AnswerSentence) -> dict[str, Any]:
    """A sentence with its markers, its label if it has one, the verdict if a model wrote it."""
    return {
        "text": sentence.text,
        "citations": list(sentence.citations),
        "focus": list(sentence.focus) if sentence.focus else None,
        "verified": sentence.verified,
        "role": sentence.role.value,
        **({"label": sentence.label} if sentence.label else {}),
        **({"verdict": sentence.verdict, "reason": sentence.reason} if sentence.verdict else {}),
    }


def _writing_json(writing: Writing) -> dict[str, Any]:
    return {
        "model": writing.model,
        "mode": writing.mode,
        "fell_back": writing.fell_back,
        "struck": [{"text": sentence.text, "reason": sentence.reason} for sentence in writing.struck],
        "first_s": None if writing.first_s is None else round(writing.first_s, 3),
        "total_s": round(writing.total_s, 3),
        "n_tokens": writing.n_tokens,
    }


def _confidence_json(probability: float | None) -> dict[str, Any] | None:
    if probability is None:
        return None
    return {"probability": round(probability, 4), "level": Confidence.of(probability).value}


def _citation_json(citation: Citation, documents: Documents, places: Places) -> dict[str, Any]:
    return {
        "marker": citation.marker,
        "document_id": citation.document_id,
        "source": citation.source,
        "path": str(documents[citation.document_id].path),
        "sha256": documents[citation.document_id].sha256,
        "title": citation.title,
        "section": list(citation.section),
        "page": citation.page,
        "page_name": _page_json(places.page(citation.document_id, citation.page, citation.spans)),
        "line": places.line(citation.document_id, citation.spans),
        "quote": citation.quote,
        "remark": citation.remark,
        "spans": [[span.start, span.end] for span in citation.spans],
    }


def _page_json(page: PageName | None) -> dict[str, Any] | None:
    return None if page is None else page.as_json()


def hit_json(hit: Hit, documents: Documents, places: Places) -> dict[str, Any]:
    """A hit, where it stands and why it was found."""
    passage = hit.passage
    record = documents[passage.document_id]
    spans = passage.body.spans()
    return {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "source": record.source,
        "path": str(record.path),
        "sha256": record.sha256,
        "title": record.title,
        "section": list(passage.section),
        "page": passage.page,
        "page_name": _page_json(places.page(passage.document_id, passage.page, spans)),
        "line": places.line(passage.document_id, spans),
        "text": passage.text,
        "spans": [[span.start, span.end] for span in spans],
        "score": round(hit.score, 6),
        "legs": {name: round(score, 6) for name, score in hit.legs.items()},
    }


def report_json(report: IngestReport) -> dict[str, Any]:
    """What an ingest or a removal did."""
    return {
        "added": list(report.added),
        "changed": list(report.changed),
        "unchanged": list(report.unchanged),
        "removed": list(report.removed),
        "skipped": _skipped_json(report.skipped),
        "warnings": list(report.warnings),
        "n_documents": report.n_documents,
        "n_passages": report.n_passages,
        "n_embedded": report.n_embedded,
        "n_imported": report.n_imported,
        "generation": report.generation,
    }


def plan_json(plan: Plan, path: Path) -> dict[str, Any]:
    """What would have to be embedded, and where it is listed."""
    return {
        "path": str(path),
        "n_texts": len(plan.texts),
        "n_chars": sum(map(len, plan.texts.values())),
        "n_bytes": path.stat().st_size,
        "skipped": _skipped_json(plan.skipped),
        "warnings": list(plan.warnings),
    }


def _skipped_json(skipped: Iterable[Skipped]) -> list[dict[str, str]]:
    return [{"source": s.source, "message": s.message, "hint": s.hint} for s in skipped]


def status_json(
    documents: Sequence[DocumentRecord], *, index_dir: str, generation: int, n_passages: int
) -> dict[str, Any]:
    """What is indexed."""
    return {
        "index_dir": index_dir,
        "generation": generation,
        "n_documents": len(documents),
        "n_passages": n_passages,
        "documents": [
            {
                "id": record.id,
                "source": record.source,
                "path": str(record.path),
                "title": record.title,
                "publisher": record.publisher,
                "fiscal_years": list(record.fiscal_years),
                "n_chars": record.n_chars,
                "warnings": list(record.warnings),
            }
            for record in documents
        ],
    }


def inspection_json(document: Document, page: Path) -> dict[str, Any]:
    """What was read of a file: where the page about it is, its pages, and what was lost."""
    return {
        "page": str(page),
        "title": document.title,
        "publisher": document.publisher,
        "fiscal_years": list(document.fiscal_years),
        "n_chars": len(document.text),
        "n_blocks": len(document.blocks),
        "pages": [{"number": page.number, "label": page.label, "name": page.name} for page in document.pages],
        "warnings": list(document.warnings),
    }
