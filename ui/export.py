"""Answers with their formal source lines for use elsewhere: Markdown, plain text, and the parts of a DOCX.

What documents and users wrote is text in all of them, never markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.answer import AnswerStatus
from ui.history import KeptTurn
from ui.page_name import PageName
from ui.terminal import clean

NEAREST = 3  # sections named when the documents do not answer
BETWEEN_LINES = " ／ "
NO_CHARACTER = re.compile("[\ufffe\uffff]")  # with what `clean` drops: all that XML forbids
MARKUP = re.compile(r"[\\`*_{}\[\]<>|~$&!^@]|(?<=/)/|(?<=[Ww])\.|:(?=/)")  # the last three: bare addresses
LINE_MARKUP = re.compile(r"^(?=[#+=:-])|(?<=^\d)(?=[.)])|(?<=^\d\d)(?=[.)])|(?<=^\d{3})(?=[.)])")
LONG_NUMBER = re.compile(r"^(\d{4,9})(?=[.)])")


@dataclass(frozen=True, slots=True)
class Labels:
    """The words around answers; these are the Japanese ones."""

    question: str = "質問"
    answer: str = "回答"
    sources: str = "出典"
    nearest: str = "近い箇所"
    not_found: str = "文書に記載がありません。"
    unverified: str = "（根拠未確認）"
    page: str = "{page}頁"
    sheet: str = "シート「{sheet}」{cells}"
    slide: str = "スライド{page}"
    line: str = "{source} {line}行目"
    asked_at: str = "質問した日時: {when}"
    fingerprint: str = "回答の識別子: {fingerprint}"


JAPANESE = Labels()


@dataclass(frozen=True, slots=True)
class SourceLine:
    """Where a citation stands, formally, and what it says there, each on one line.

    Attributes:
        marker: As in the answer; `None` for a section that is only near.
        quote: "" for a section that is only near.
    """

    marker: int | None
    place: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and its answer as lines of clean text, none with a line break.

    Attributes:
        answer: Its sentences, each with its markers; what is said when the documents do not answer.
        notes: When it was asked and what identifies how it was answered.
    """

    question: str
    answer: tuple[str, ...]
    sources_title: str
    sources: tuple[SourceLine, ...]
    notes: tuple[str, ...]


def exchanges(turns: Sequence[KeptTurn], labels: Labels = JAPANESE) -> list[Exchange]:
    """The turns as lines, in their order; times are those of this computer's time zone."""
    return [_exchange(turn, labels) for turn in turns]


def as_markdown(title: str, turns: Sequence[KeptTurn], *, labels: Labels = JAPANESE) -> str:
    """One answer or a conversation as CommonMark, every character of a document or a question escaped."""
    parts = [f"# {escaped(title)}"]
    for one in exchanges(turns, labels):
        parts.append(f"## {labels.question}: {escaped_inside(one.question)}")
        parts += [escaped(line) for line in one.answer]
        if one.sources:
            parts.append(f"### {one.sources_title}")
        for source in one.sources:
            said = f"\n  > {escaped(f'「{source.quote}」')}" if source.quote else ""
            parts.append(f"- {escaped(_marked(source))}{said}")
        parts.append("\\\n".join(escaped(note) for note in one.notes))
    return "\n\n".join(part for part in parts if part) + "\n"


def as_text(turns: Sequence[KeptTurn], *, labels: Labels = JAPANESE) -> str:
    """One answer or several as plain text, for copying."""
    return "\n\n".join("\n".join(_text_lines(one, labels)) for one in exchanges(turns, labels)) + "\n"


def one_line(text: str) -> str:
    """The text without control characters, direction marks and line breaks."""
    lines = (
        " ".join(clean(NO_CHARACTER.sub("", line)).split()) for line in re.split(r"[\n\r\f\v\x85]", text)
    )
    return BETWEEN_LINES.join(line for line in lines if line)


def escaped(text: str) -> str:
    """One line of text as Markdown that shows it unchanged, wherever a line may begin."""
    return LONG_NUMBER.sub(r"\1\\", LINE_MARKUP.sub(r"\\", escaped_inside(text)))


def escaped_inside(text: str) -> str:
    """The same for text that does not begin a line."""
    return MARKUP.sub(r"\\\g<0>", one_line(text))


def _exchange(turn: KeptTurn, labels: Labels) -> Exchange:
    answer = turn.answer
    when = turn.asked_at.astimezone()
    notes = (
        labels.asked_at.format(when=f"{when.year}-{when.month:02d}-{when.day:02d} {when:%H:%M}"),
        labels.fingerprint.format(fingerprint=one_line(turn.fingerprint)),
    )
    question = one_line(turn.question)
    if answer["status"] == AnswerStatus.NOT_FOUND:
        near = tuple(SourceLine(None, _place(hit, labels)) for hit in answer["hits"][:NEAREST])
        return Exchange(question, (labels.not_found,), labels.nearest, near, notes)
    sources = tuple(
        SourceLine(citation["marker"], _place(citation, labels), one_line(citation["quote"]))
        for citation in answer["citations"]
    )
    return Exchange(question, tuple(_sentences(answer, labels)), labels.sources, sources, notes)


def _sentences(answer: Mapping[str, Any], labels: Labels) -> Iterator[str]:
    for sentence in answer["sentences"]:
        markers = "".join(f"[{marker}]" for marker in sentence["citations"])
        doubt = "" if sentence["verified"] else labels.unverified
        label = f"{one_line(sentence['label'])}：" if sentence.get("label") else ""
        yield f"{label}{one_line(sentence['text'])}{doubt} {markers}".rstrip()


def _place(cited: Mapping[str, Any], labels: Labels) -> str:
    """『文書名』 › 章 › 節 › 頁（ファイル 行目）: the file without the folders of this computer."""
    title = one_line(cited["title"])
    steps = [f"『{title}』", *(name for name in map(one_line, cited["section"]) if name and name != title)]
    page = PageName.from_json(cited)
    if page is not None:
        steps.append(one_line(page.written(labels.page, sheet=labels.sheet, slide=labels.slide)))
    source = one_line(cited["source"])
    file = source if cited["line"] is None else labels.line.format(source=source, line=cited["line"])
    return f"{' › '.join(steps)}（{file}）"


def _marked(source: SourceLine) -> str:
    return source.place if source.marker is None else f"[{source.marker}] {source.place}"


def _text_lines(one: Exchange, labels: Labels) -> Iterator[str]:
    yield f"{labels.question}: {one.question}"
    yield ""
    yield from one.answer
    if one.sources:
        yield ""
        yield f"{one.sources_title}:"
    for source in one.sources:
        yield _marked(source) if source.marker is not None else f"・{source.place}"
        if source.quote:
            yield f"    「{source.quote}」"
