"""What people read on the terminal, and the same as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from assistant.answer import Answer, AnswerSentence, AnswerStatus, Citation
from index.hit import Hit
from index.update import IngestReport
from ingest.document_record import DocumentRecord
from ui.lines import Places

NEAREST = 3  # sections shown when the documents do not answer
PREVIEW_CHARS = 60
BOLD, PLAIN = "\033[1m", "\033[0m"
NOT_FOUND = "文書に記載がありません。"
HINT = "言い方を変えるか、年度や部署・事業の名前を入れて、もう一度聞いてください。"


def answer_lines(
    answer: Answer, documents: dict[str, DocumentRecord], places: Places, *, bold: bool
) -> Iterator[str]:
    """The answer with its markers, then each citation: title › section › page, the quote, file and line."""
    if answer.status is AnswerStatus.NOT_FOUND:
        yield NOT_FOUND
        yield from _nearest(answer.hits[:NEAREST], documents, places)
        yield HINT
        return
    for sentence in answer.sentences:
        markers = "".join(f"[{marker}]" for marker in sentence.citations)
        yield f"{_sentence(sentence, bold=bold)} {markers}"
    yield ""
    for citation in answer.citations:
        yield from _citation(citation, places)


def _sentence(sentence: AnswerSentence, *, bold: bool) -> str:
    text = sentence.text
    if bold and sentence.focus:
        start, end = sentence.focus
        text = f"{text[:start]}{BOLD}{text[start:end]}{PLAIN}{text[end:]}"
    unchecked = "" if sentence.verified else "（根拠未確認）"
    return _one_line(text) + unchecked


def _citation(citation: Citation, places: Places) -> Iterator[str]:
    yield f"[{citation.marker}] {_path(citation.title, citation.section, citation.page)}"
    yield f"    「{_one_line(citation.quote)}」"
    yield f"    {places.place(citation.document_id, citation.spans)}"


def _nearest(hits: Sequence[Hit], documents: dict[str, DocumentRecord], places: Places) -> Iterator[str]:
    if hits:
        yield ""
        yield "近い箇所:"
    for hit in hits:
        passage = hit.passage
        yield f"・{_path(documents[passage.document_id].title, passage.section, passage.page)}"
        yield f"    {_preview(passage.text)}"
        yield f"    {places.place(passage.document_id, passage.body.spans())}"
    if hits:
        yield ""


def hit_lines(hits: Sequence[Hit], documents: dict[str, DocumentRecord], places: Places) -> Iterator[str]:
    """One entry per hit: rank and score, where it stands, and how it begins."""
    if not hits:
        yield "見つかりませんでした。言葉を変えて、もう一度探してください。"
    for rank, hit in enumerate(hits, start=1):
        passage = hit.passage
        path = _path(documents[passage.document_id].title, passage.section, passage.page)
        yield f"{rank:2d}. {hit.score:.3f}  {path}"
        yield f"    {_preview(passage.text, PREVIEW_CHARS * 2)}"
        yield f"    {places.place(passage.document_id, passage.body.spans())}"


def report_lines(report: IngestReport) -> Iterator[str]:
    """What an ingest or a removal did, file by file where something is to be known."""
    counts = (
        ("追加", report.added), ("更新", report.changed), ("変更なし", report.unchanged), ("削除", report.removed),
    )  # fmt: skip
    told = "、".join(f"{label} {len(names)}件" for label, names in counts if names) or "変更なし"
    yield f"{told}。索引は {report.n_documents} 文書、{report.n_passages} 箇所です。"
    for skipped in report.skipped:
        yield f"とばしました: {skipped.source}: {skipped.message} {skipped.hint}".rstrip()
    for warning in report.warnings:
        yield f"注意: {warning}"


def document_lines(documents: Sequence[DocumentRecord], *, n_passages: int, index_dir: str) -> Iterator[str]:
    """What is indexed: each document's title, publisher, years, file and warnings."""
    yield f"索引 {index_dir}: {len(documents)} 文書、{n_passages} 箇所"
    for record in documents:
        years = "、".join(f"{year}年度" for year in record.fiscal_years)
        about = " ／ ".join(part for part in (record.publisher, years) if part)
        yield f"- {record.title}" + (f"（{about}）" if about else "")
        yield f"    {record.path}  {record.n_chars:,} 字  id {record.id}"
        for warning in record.warnings:
            yield f"    注意: {warning}"


def answer_json(answer: Answer, places: Places) -> dict[str, Any]:
    """An answer for programs; offsets and ranges are half-open code points."""
    return {
        "question": answer.question,
        "status": answer.status.value,
        "answer": answer.text,
        "sentences": [
            {
                "text": sentence.text,
                "citations": list(sentence.citations),
                "focus": list(sentence.focus) if sentence.focus else None,
                "verified": sentence.verified,
            }
            for sentence in answer.sentences
        ],
        "citations": [
            {
                "marker": citation.marker,
                "document_id": citation.document_id,
                "source": citation.source,
                "title": citation.title,
                "section": list(citation.section),
                "page": citation.page,
                "line": places.line(citation.document_id, citation.spans),
                "quote": citation.quote,
                "spans": [[span.start, span.end] for span in citation.spans],
            }
            for citation in answer.citations
        ],
        "hits": [hit_json(hit, places) for hit in answer.hits],
        "fingerprint": answer.fingerprint,
        "timings_s": {stage: round(seconds, 6) for stage, seconds in answer.timings.items()},
    }


def hit_json(hit: Hit, places: Places) -> dict[str, Any]:
    """A hit for programs."""
    passage = hit.passage
    spans = passage.body.spans()
    return {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "section": list(passage.section),
        "page": passage.page,
        "line": places.line(passage.document_id, spans),
        "text": passage.text,
        "spans": [[span.start, span.end] for span in spans],
        "score": round(hit.score, 6),
        "legs": {name: round(score, 6) for name, score in hit.legs.items()},
    }


def _path(title: str, section: Sequence[str], page: int | None) -> str:
    return " › ".join([title, *section, *([f"{page}頁"] if page is not None else [])])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _preview(text: str, chars: int = PREVIEW_CHARS) -> str:
    line = _one_line(text)
    return line if len(line) <= chars else f"{line[:chars]}…"
