"""Turn: a question and what was answered, as the page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from assistant.answer import AnswerStatus, SentenceRole
from index.filters import Filters
from ingest.traced import Span
from ui.page.place import DIGEST_CHARS, Place
from ui.page_name import PageName

NEAREST = 3  # sections shown when the documents do not answer
PREVIEW_CHARS = 90


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence or table row of an answer; see `AnswerSentence`."""

    text: str
    markers: tuple[int, ...]
    focus: tuple[int, int] | None = None
    verified: bool = True
    role: SentenceRole = SentenceRole.ANSWER
    verdict: str = ""
    reason: str = ""
    label: str = ""

    @property
    def labelled(self) -> str:
        """Its text on one line, after its label if it has one."""
        text = one_line(self.text)
        return f"{self.label}：{text.removeprefix('・')}" if self.label else text


@dataclass(frozen=True, slots=True)
class Written:
    """How a chat model took part; see `assistant.answer.Writing`."""

    model: str
    fell_back: str = ""
    struck: tuple[Sentence, ...] = ()
    total_s: float = 0.0
    n_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """A place that can be opened: of a citation, or near to what was asked.

    Attributes:
        marker: 0 for a place that is not cited.
        text: The quote, or how a near passage begins.
        remark: What a reader must be told of the place, "" for most.
    """

    marker: int
    place: Place
    title: str
    section: tuple[str, ...]
    page: PageName | None
    text: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What the page keeps of a question and its answer: no hits, so that a session stays small.

    Attributes:
        asked: What was looked for; differs from the question when that was completed.
        filters: Only documents that match were searched.
        confidence: How likely the documents answer, in a word ("high", "medium", "low"), "" if unknown.
        names: What was looked for, where nothing was found.
        unknown: What of it no document holds.
        n_documents: How many documents were searched.
        trouble: Why there is no answer, "" if there is one.
        kept_id: Its permanent id in the history, "" if it is not kept.
        written: How a chat model took part, `None` where none was asked.
    """

    question: str
    asked: str
    status: AnswerStatus = AnswerStatus.NOT_FOUND
    sentences: tuple[Sentence, ...] = ()
    sources: tuple[Source, ...] = ()
    nearest: tuple[Source, ...] = ()
    filters: Filters = Filters()  # noqa: RUF009 - frozen
    confidence: str = ""
    names: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    n_documents: int = 0
    trouble: str = ""
    kept_id: str = ""
    written: Written | None = None

    @classmethod
    def from_json(cls, answer: Mapping[str, Any], *, kept_id: str = "") -> Self:
        """The turn of what `ui.as_json.answer_json` wrote."""
        status = AnswerStatus(answer["status"])
        filters = answer["filters"]
        searched = answer.get("searched") or {}  # answers of older versions have none
        near = answer["hits"][:NEAREST] if status is AnswerStatus.NOT_FOUND else ()
        return cls(
            question=answer["question"],
            asked=answer["asked"],
            status=status,
            sentences=tuple(sentence_of(told) for told in answer["sentences"]),
            sources=tuple(_place(c, c["marker"], c["quote"]) for c in answer["citations"]),
            nearest=tuple(_place(h, 0, _shortened(h["text"])) for h in near),
            filters=Filters(
                frozenset(filters["documents"]),
                frozenset(filters["publishers"]),
                frozenset(filters["fiscal_years"]),
            ),
            confidence=str((answer.get("confidence") or {}).get("level", "")),
            names=tuple(searched.get("names", ())),
            unknown=tuple(searched.get("unknown", ())),
            n_documents=int(searched.get("n_documents", 0)),
            kept_id=kept_id,
            written=_written(answer.get("writing")),
        )

    @property
    def answer_text(self) -> str:
        """The sentences without markers, one a line."""
        return "\n".join(sentence.labelled for sentence in self.sentences)


def one_line(text: str) -> str:
    """The cells of a row, or the lines of a sentence, side by side."""
    return " ／ ".join(part for line in text.splitlines() if (part := " ".join(line.split())))


def _written(told: Mapping[str, Any] | None) -> Written | None:
    if told is None:
        return None
    struck = tuple(Sentence(one["text"], (), verified=False, reason=one["reason"]) for one in told["struck"])
    return Written(told["model"], told["fell_back"], struck, told["total_s"], told["n_tokens"])


def sentence_of(told: Mapping[str, Any]) -> Sentence:
    """A sentence of what `ui.as_json.sentence_json` wrote."""
    role = SentenceRole(told.get("role", SentenceRole.ANSWER))  # histories of before do not tell it
    return Sentence(
        told["text"], tuple(told["citations"]), _pair(told["focus"]), told["verified"], role,
        told.get("verdict", ""), told.get("reason", ""), told.get("label", ""),
    )  # fmt: skip


def _place(told: Mapping[str, Any], marker: int, text: str) -> Source:
    spans = _ascending(Span(start, end) for start, end in told["spans"])
    place = Place(told["document_id"], spans, told["sha256"][:DIGEST_CHARS])
    return Source(
        marker,
        place,
        told["title"],
        tuple(told["section"]),
        PageName.from_json(told),
        one_line(text),
        told.get("remark", ""),
    )


def _ascending(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The ranges in the order of the original, those that touch or overlap made one."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return tuple(out)


def _pair(values: Sequence[int] | None) -> tuple[int, int] | None:
    return (values[0], values[1]) if values else None


def _shortened(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= PREVIEW_CHARS else f"{line[:PREVIEW_CHARS]}…"
