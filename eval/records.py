"""Record: what was answered to one question, in the form that is written, scored and compared."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from eval.text import squeezed
from eval.unchecked import writing_fields
from ingest.errors import DatasetError, ShirubeError
from ingest.traced import Span

WHITE_SPACE = re.compile(r"\s+")
# JSON may hold these raw, but a reader that uses `str.splitlines` would break the line there.
LINE_BREAKERS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}


class RecordStatus(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A citation's quote or a hit's text, and its ranges of the original.

    Attributes:
        spans: In the order of the text.
        document_id: "" in records that were written by something else.
    """

    source: str
    text: str
    spans: tuple[Span, ...]
    document_id: str = ""


@dataclass(frozen=True, slots=True)
class RecordedSentence:
    """One sentence or row of an answer, with 0-based indices into the record's citations.

    Attributes:
        role: "answer" for the answer line, "support" for what bears it out.
    """

    text: str
    citations: tuple[int, ...]
    role: str = "answer"


@dataclass(frozen=True, slots=True)
class Record:
    """What was answered to one question.

    Attributes:
        answer: Without citation markers, one sentence a line.
        hits: Best first.
        timings: Seconds per stage; "total" is the whole call.
        message: What the error said, "" without one.
        confidence: Probability that the documents answer, 0 … 1; `None` where it was not told.
        writing: How a chat model took part, as `writing_fields` tells it; empty without one.
    """

    id: str
    status: RecordStatus
    answer: str = ""
    sentences: tuple[RecordedSentence, ...] = ()
    citations: tuple[Excerpt, ...] = ()
    hits: tuple[Excerpt, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    message: str = ""
    confidence: float | None = None
    writing: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_answered(self) -> bool:
        """Whether something was said."""
        return self.status is RecordStatus.ANSWERED

    def to_json(self) -> str:
        """The record as one line of JSON, without the line break at its end."""
        fields: dict[str, Any] = {
            "id": self.id,
            "status": self.status.value,
            "answer": self.answer,
            "sentences": [
                {"text": s.text, "citations": list(s.citations), "role": s.role} for s in self.sentences
            ],
            "citations": [_excerpt_fields(citation, "quote") for citation in self.citations],
            "hits": [_excerpt_fields(hit, "text") for hit in self.hits],
            "timings": dict(self.timings),
        }
        if self.confidence is not None:
            fields["confidence"] = self.confidence
        if self.writing:
            fields["writing"] = dict(self.writing)
        if self.message:
            fields["message"] = self.message
        line = json.dumps(fields, ensure_ascii=False)
        for raw, escaped in LINE_BREAKERS.items():
            line = line.replace(raw, escaped)
        return line


def record_of(
    question_id: str,
    answer: Answer,
    *,
    original_of: Callable[[str], str],
    source_of: Callable[[str], str],
    total_s: float,
) -> Record:
    """Write down an answer.

    A quote or hit is written as its ranges of the original say it (see `said`). A marker without a
    citation supports nothing and is left out.

    Args:
        question_id: The dataset's id of the question.
        answer: What was said to it.
        original_of: Document id to `Document.text`.
        source_of: Document id to `Document.source`.
        total_s: Seconds that the whole call took.
    """
    index = {citation.marker: n for n, citation in enumerate(answer.citations)}
    return Record(
        id=question_id,
        status=RecordStatus(answer.status.value),
        answer=answer.text,
        sentences=tuple(
            RecordedSentence(s.text, tuple(index[m] for m in s.citations if m in index), s.role.value)
            for s in answer.sentences
        ),
        citations=tuple(
            Excerpt(c.source, said(original_of(c.document_id), c.spans, c.quote), c.spans, c.document_id)
            for c in answer.citations
        ),
        hits=tuple(
            Excerpt(
                source_of(p.document_id),
                said(original_of(p.document_id), spans, p.text),
                spans,
                p.document_id,
            )
            for p, spans in ((hit.passage, hit.passage.body.spans()) for hit in answer.hits)
        ),
        timings={**answer.timings, "total": total_s},
        # Not every assistant tells one.
        confidence=_probability(getattr(answer, "probability", None)),
        writing=writing_fields(answer),
    )


def failed_record(question_id: str, error: ShirubeError, *, total_s: float) -> Record:
    """Write down that a question ended in an error."""
    return Record(question_id, RecordStatus.ERROR, timings={"total": total_s}, message=error.message)


def said(original: str, spans: tuple[Span, ...], shown: str) -> str:
    """What the ranges say, each run of white space as one line break or blank.

    Where the shown text has the same characters it is taken for its better line breaks. Where the two
    differ by reading order or decoded characters (`&amp;`, a doubled quotation mark) the ranges are taken.
    Where the ranges do not hold the characters that were shown, the shown text is taken: that citation is
    wrong, and `spans` or `hit_spans` must say so.
    """
    ranges = "".join(original[span.start : span.end] for span in spans)
    if squeezed(ranges) == squeezed(shown):
        return _white_space_normalized(shown)
    decoded = html.unescape(ranges)
    readings = (ranges, decoded, ranges.replace('""', '"'), decoded.replace('""', '"'))
    is_same = any(sorted(squeezed(reading)) == sorted(squeezed(shown)) for reading in readings)
    return _white_space_normalized(ranges if is_same else shown)


def load_records(path: Path) -> dict[str, Record]:
    """Read records by question id; of two with one id the later counts.

    Raises:
        DatasetError: If the file cannot be read or a line is no record; the message names the line.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise DatasetError(f"{path} を読めません。") from error
    records: dict[str, Record] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = record_from_json(line)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DatasetError(f"{path.name} の {number} 行目: 回答の記録として読めません。") from error
        records[record.id] = record
    return records


def record_from_json(line: str | bytes) -> Record:
    """Read what `Record.to_json` wrote, or another system's record; an unknown status is an error.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: If it is no record.
    """
    fields = json.loads(line)
    known = fields.get("status") in set(RecordStatus)
    return Record(
        id=fields["id"],
        status=RecordStatus(fields["status"]) if known else RecordStatus.ERROR,
        answer=fields.get("answer") or "",
        sentences=tuple(
            RecordedSentence(s["text"], tuple(map(int, s["citations"])), s.get("role", "answer"))
            for s in fields.get("sentences") or ()
        ),
        citations=tuple(_excerpt(c, "quote") for c in fields.get("citations") or ()),
        hits=tuple(_excerpt(h, "text") for h in fields.get("hits") or ()),
        timings=fields.get("timings") or {},
        message=fields.get("message") or "",
        confidence=_probability(fields.get("confidence")),
        writing=fields.get("writing") or {},
    )


def _probability(value: object) -> float | None:
    """Other systems may write words or percentages there: those are no probability."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value <= 1 else None  # type: ignore[arg-type, operator]


def _white_space_normalized(text: str) -> str:
    return WHITE_SPACE.sub(lambda run: "\n" if "\n" in run[0] else " ", text.strip())


def _excerpt_fields(excerpt: Excerpt, name: str) -> dict[str, Any]:
    spans = [[span.start, span.end] for span in excerpt.spans]
    return {"source": excerpt.source, name: excerpt.text, "spans": spans, "document_id": excerpt.document_id}


def _excerpt(fields: Mapping[str, Any], name: str) -> Excerpt:
    spans = tuple(Span(int(start), int(end)) for start, end in fields.get("spans") or ())
    return Excerpt(fields.get("source", ""), str(fields[name]), spans, fields.get("document_id", ""))
