"""A conversation as HTML: questions, sentences with a chip for each citation, and what can be done next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.abstain import Confidence
from assistant.answer import AnswerStatus, SentenceRole
from assistant.visible import visible_line, visible_text
from index.filters import Filters
from ingest.document_record import DocumentRecord
from ui.feedback import COMMENT_CHARS, Verdict
from ui.i18n import Texts
from ui.page.element import button, element, link, note
from ui.page.frame import Frame
from ui.page.panel import path_of
from ui.page.turn import Sentence, Source, Turn
from ui.page.writing import about, mark, progress


@dataclass(frozen=True, slots=True)
class ConversationView:
    """Renders turns in one language.

    Attributes:
        documents: By id, for the names in filters.
        is_linked: Whether chips are links, for a page without scripts.
    """

    frame: Frame
    documents: Mapping[str, DocumentRecord]
    is_linked: bool = False

    @property
    def texts(self) -> Texts:
        """The strings of the page's language."""
        return self.frame.texts

    def pending(self, question: str) -> str:
        """A question that is being answered."""
        text = self.texts("searching")
        return _turn(
            self._question(question), element("p", text, class_="searching"), state="pending", said=text
        )

    def writing(self, question: str, sentences: Sequence[Sentence], words: str) -> str:
        """A question whose answer a model is writing."""
        body = progress(sentences, words, self.texts)
        return _turn(self._question(question), body, state="streaming", said="")

    def turn(self, turn: Turn, *, n_sentences: int | None = None) -> str:
        """A turn, or its first sentences while the rest is still to come."""
        texts, head = self.texts, self._question(turn.question)
        if turn.trouble:
            return _turn(head, note(turn.trouble), state="done", said=turn.trouble)
        done = n_sentences is None or n_sentences >= len(turn.sentences)
        if turn.asked != turn.question:
            asked = texts("asked_as", question=turn.asked)
            head += element("p", visible_line(asked), class_="asked")
        if turn.status is AnswerStatus.NOT_FOUND:
            body, said = self._not_found(turn), texts("not_found")
        else:
            body = "".join(self._sentences(turn, turn.sentences[:n_sentences]))
            body += about(turn.written, texts) if done and turn.written else ""
            body += self._confidence(turn) if done else ""
            said = f"{texts('answer_ready', n=len(turn.sources))} {turn.answer_text}"
        tail = self._filters(turn.filters) + self._actions(turn) if done else ""
        return _turn(head, body + tail, state="done" if done else "streaming", said=said)

    def _question(self, question: str) -> str:
        label = element("span", f"{self.texts('you')}: ", class_="visually-hidden")
        return element("h2", label, visible_line(question), class_="question")

    def _sentences(self, turn: Turn, sentences: Sequence[Sentence]) -> Iterator[str]:
        sources = {source.marker: source for source in turn.sources}
        for n, sentence in enumerate(sentences):
            if sentence.role is SentenceRole.SUPPORT and sentences[n - 1].role is SentenceRole.ANSWER:
                yield element("p", self.texts("grounds"), class_="grounds")
            chips = "".join(self._chip(sources[n]) for n in sentence.markers if n in sources)
            doubt = mark(sentence, self.texts)
            yield element(
                "p",
                f"{_label(sentence)}{_emphasised(sentence)}{doubt} {chips}",
                class_="sentence",
                data_role=sentence.role.value,
            )
            remarks = dict.fromkeys(sources[m].remark for m in sentence.markers if m in sources)
            yield from (note(remark) for remark in remarks if remark)

    def _chip(self, source: Source) -> str:
        path, marker = path_of(source.title, source.section, source.page, self.texts), f"[{source.marker}]"
        name = f"{marker} {self.texts('open_source', path=path)}"
        return self._opening(source, marker, class_="chip", aria_label=name, title=path)

    def _opening(self, source: Source, content: str, **told: str) -> str:
        """What opens a place: a button, or a link where there is no script."""
        if self.is_linked:
            return link(content, self.frame.source_url(source.place), **told)
        return button(content, data_action="cite", data_place=source.place.link, **told)

    def _confidence(self, turn: Turn) -> str:
        if turn.confidence not in tuple(Confidence):
            return ""
        said = self.texts("confidence", level=self.texts(f"confidence_{turn.confidence}"))
        return element("p", said, class_="confidence", data_level=turn.confidence)

    def _searched(self, turn: Turn) -> str:
        """What was searched for nothing."""
        texts, comma = self.texts, self.texts("list_comma")
        lines = [texts("searched_documents", n=turn.n_documents)] if turn.n_documents else []
        lines += [texts("searched_names", names=comma.join(turn.names))] if turn.names else []
        lines += [texts("searched_unknown", names=comma.join(turn.unknown))] if turn.unknown else []
        return "".join(element("p", visible_line(line), class_="searched") for line in lines)

    def _not_found(self, turn: Turn) -> str:
        texts = self.texts
        parts = [
            element("p", texts("not_found"), class_="not-found"),
            self._searched(turn),
            element("p", texts("not_found_hint"), class_="hint"),
        ]
        if not turn.filters.is_empty:
            parts.append(element("p", texts("not_found_filtered"), class_="hint"))
        if turn.nearest:
            items = "".join(self._near(source) for source in turn.nearest)
            parts += [element("h3", texts("nearest")), element("ul", items, class_="nearest")]
        return "".join(parts)

    def _near(self, source: Source) -> str:
        path = visible_line(path_of(source.title, source.section, source.page, self.texts))
        opening = self._opening(source, path, class_="link")
        return element("li", opening, element("p", visible_line(source.text)))

    def _filters(self, filters: Filters) -> str:
        if filters.is_empty:
            return ""
        said = self.texts("filtered_by", filters=self.texts("list_comma").join(self.names_of(filters)))
        return element("p", visible_line(said), class_="filters")

    def names_of(self, filters: Filters) -> list[str]:
        """What people call the filters: titles, publishers, years."""
        titles = [self.documents[i].title for i in sorted(filters.documents) if i in self.documents]
        years = [self.texts("fiscal_year", year=year) for year in sorted(filters.fiscal_years)]
        return [*titles, *sorted(filters.publishers), *years]

    def plain(self, turn: Turn) -> str:
        """A turn as text to copy, with its formal source lines."""
        lines = [turn.question, ""]
        lines += [s.labelled + "".join(f"[{n}]" for n in s.markers) for s in turn.sentences]
        if turn.status is AnswerStatus.NOT_FOUND:
            lines.append(self.texts("not_found"))
        if turn.sources:
            lines += ["", self.texts("copy_sources")]
            lines += [f"[{s.marker}] {path_of(s.title, s.section, s.page, self.texts)}" for s in turn.sources]
        return "\n".join(lines)

    def _actions(self, turn: Turn) -> str:
        if self.is_linked:
            return ""
        texts = self.texts
        copy = button(texts("copy"), data_copy=self.plain(turn), data_said=texts("copied"))
        kept = self._kept_actions(turn.kept_id) if turn.kept_id else ""
        return element("div", copy, kept, class_="actions")

    def _kept_actions(self, kept_id: str) -> str:
        """Links and feedback of a turn that is in the history."""
        texts, frame = self.texts, self.frame
        here = frame.answer_url(kept_id)
        told = {"data_action": "feedback", "data_kept": kept_id}
        buttons = [
            button(texts(f"verdict_{verdict}"), data_verdict=verdict, aria_pressed="false", **told)
            for verdict in Verdict
        ]
        comment = texts("comment")
        line = element(
            "input", type="text", maxlength=str(COMMENT_CHARS), data_field="comment", aria_label=comment,
            placeholder=comment,
        )  # fmt: skip
        group = {"class_": "feedback", "role": "group", "aria_label": texts("feedback")}
        return "".join(
            [
                link(texts("link_to_answer"), here, target="_blank", rel="noopener"),
                link("Markdown", frame.answer_file_url(kept_id, "md"), download=True),
                link("DOCX", frame.answer_file_url(kept_id, "docx"), download=True),
                element("div", *buttons, line, data_form=True, **group),
            ]
        )


def _turn(head: str, body: str, *, state: str, said: str) -> str:
    answer = element("div", body, class_="answer")
    return element("article", head, answer, class_="turn", data_state=state, data_announce=said)


def _label(sentence: Sentence) -> str:
    """What a line is of, set apart from what the document says there."""
    return element("span", visible_line(sentence.label), class_="label") if sentence.label else ""


def _emphasised(sentence: Sentence) -> str:
    """The sentence with the words that answer in bold; the cells of a row are set apart."""
    low, high = sentence.focus or (0, 0)
    cells: list[str] = []
    at = 0
    for line in sentence.text.splitlines(keepends=True):
        start, end = max(low - at, 0), min(high - at, len(line))
        at += len(line)
        if not line.strip():
            continue
        if start < end:
            bold = element("strong", visible_text(line[start:end].strip()))
            cells.append(f"{visible_text(line[:start].lstrip())}{bold}{visible_text(line[end:].rstrip())}")
        else:
            cells.append(visible_text(line.strip()))
    if len(cells) < 2:
        return "".join(cells)
    return "".join(element("span", cell, class_="cell") for cell in cells)
