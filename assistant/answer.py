"""Answer, its sentences and their citations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.quantities import LIST_MARKER
from index.filters import NO_FILTERS, Filters
from index.hit import Hit
from ingest.traced import Span

OWN_MARK = re.compile(rf"・|{LIST_MARKER.pattern.removeprefix('(?m)')}")


class AnswerStatus(StrEnum):
    """Whether the documents answer."""

    ANSWERED = "answered"
    NOT_FOUND = "not_found"


class SentenceRole(StrEnum):
    """What a sentence of an answer is for."""

    ANSWER = "answer"  # the answer line
    SUPPORT = "support"  # what bears it out or adds to it


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact place in the original that says so.

    Attributes:
        marker: 1-based number shown as [1].
        passage_id: The hit of the same answer that holds the quote.
        source: Path of the file below the folder it was ingested from.
        quote: What the ranges say, in the repaired form that people read.
        spans: Ranges of `Document.text`, ascending, none overlapping.
        remark: What a reader must be told of the place, in Japanese, "" for most.
    """

    marker: int
    passage_id: str
    document_id: str
    source: str
    title: str
    section: tuple[str, ...]
    page: int | None
    quote: str
    spans: tuple[Span, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """One sentence or table row of an answer.

    Attributes:
        citations: Markers of the citations that support it, never empty in an extractive answer.
        focus: Half-open offsets into `text` of the words that answer (a date, a number, a name), if known.
        verified: Whether its numbers, dates and words were found in what it cites.
        role: Whether it answers or bears the answer out; the answer comes first.
        verdict: What the check of a written sentence found; "" for a quoted one.
        reason: Why a written sentence is not confirmed, in Japanese; "" if it is.
        label: What a quoted sentence is of, where its own words do not say: which of the years compared, or
            the row and column of a cell.
    """

    text: str
    citations: tuple[int, ...]
    focus: tuple[int, int] | None = None
    verified: bool = True
    role: SentenceRole = SentenceRole.ANSWER
    verdict: str = ""
    reason: str = ""
    label: str = ""

    @property
    def labelled(self) -> str:
        """Its text, after its label if it has one: 「令和3年度：1,180件」."""
        return f"{self.label}：{self.text.removeprefix('・')}" if self.label else self.text


@dataclass(frozen=True, slots=True)
class Writing:
    """How a chat model took part in an answer.

    Attributes:
        model: Its name.
        mode: In which mode it was asked.
        fell_back: Why the quoted answer took the place of the written one, in Japanese; "" if it did not.
        struck: Written sentences that the sources contradict, with the reason; no part of the answer.
        first_s: Seconds until its first words, `None` if none came.
        total_s: Seconds until its last.
        n_tokens: Of its answer, as far as it tells.
        said: All that it said, unchecked, sentence by sentence; each cites ranks of the answer's hits.
    """

    model: str
    mode: str
    fell_back: str = ""
    struck: tuple[AnswerSentence, ...] = ()
    first_s: float | None = None
    total_s: float = 0.0
    n_tokens: int = 0
    said: tuple[AnswerSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Searched:
    """What was looked for, in the question's own words.

    Attributes:
        names: What it names, in order, as far as the documents searched hold words of it.
        unknown: What it names and no document that is indexed holds.
    """

    names: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to the user, and all that it rests on.

    Attributes:
        sentences: Empty when the status is NOT_FOUND.
        citations: In order of their markers, which count from 1.
        hits: What was retrieved, best first; for NOT_FOUND the nearest sections.
        fingerprint: Digest of what produced the answer: index generation, settings, versions.
        timings: Seconds per stage, by the stage's name.
        filters: To which documents the search was restricted.
        asked: What was looked for: the question, completed from the turns before where it was elliptical;
            "" stands for the question itself.
        probability: How likely the documents answer, 0 … 1, whether they were taken to or not; `None` where
            nobody judged.
        searched: What was looked for, with NOT_FOUND.
        writing: How a chat model took part; `None` where none was asked.
    """

    question: str
    status: AnswerStatus
    sentences: tuple[AnswerSentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    fingerprint: str = ""
    timings: Mapping[str, float] = field(default_factory=dict)
    filters: Filters = NO_FILTERS
    asked: str = ""
    probability: float | None = None
    searched: Searched = Searched()
    writing: Writing | None = None

    def __post_init__(self) -> None:
        if not self.asked:
            object.__setattr__(self, "asked", self.question)

    @property
    def text(self) -> str:
        """The sentences without markers; several are a list, 「・」 before what has no mark of its own.

        A written answer is prose, then the list of its grounds.
        """
        if self.prose:
            grounds = [_marked(one.labelled) for one in self.sentences if one.role is SentenceRole.SUPPORT]
            return "\n".join([self.prose, *grounds])
        texts = [sentence.labelled for sentence in self.sentences]
        return "".join(texts) if len(texts) < 2 else "\n".join(map(_marked, texts))

    @property
    def prose(self) -> str:
        """What a chat model wrote of it; "" for a quoted answer."""
        if not self.writing or self.writing.fell_back:
            return ""
        written = [one.text for one in self.sentences if one.role is SentenceRole.ANSWER]
        if self.writing.mode == "list":
            return "\n".join(written)
        return "".join(f"\n{text}" if text.startswith("・") else text for text in written).lstrip("\n")


def _marked(text: str) -> str:
    return text if OWN_MARK.match(text) else f"・{text}"
