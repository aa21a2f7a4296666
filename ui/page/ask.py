"""Ask: the conversation, the source panel beside it, filters and questions to try."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr
from gradio.blocks import Block

from assistant.followup import Turn as PastTurn
from assistant.mode import Mode
from assistant.visible import visible_line
from index.filters import Filters
from ingest.document_record import DocumentRecord
from ingest.errors import ShirubeError
from ui.context import ServerContext
from ui.feedback import Verdict
from ui.page.asked import Asked, Session
from ui.page.conversation import ConversationView
from ui.page.element import button, element
from ui.page.frame import Frame
from ui.page.keeping import Keeping, acting_for, user_of
from ui.page.panel import render_empty_panel, render_missing_panel, render_panel
from ui.page.picture import pictures_of
from ui.page.place import Place, PlaceError
from ui.page.turn import Sentence, Turn, sentence_of
from ui.page.updating import updating

MAX_QUESTION_CHARS = 1000
MAX_TURNS = 30  # shown of one conversation; the history has them all
N_SUGGESTIONS = 4
# Answers made at once: more would only share the processors. One that a model writes mostly waits.
AT_ONCE = max(4, 2 * (os.cpu_count() or 1))
AT_ONCE_WRITTEN = 4 * AT_ONCE
SESSION_S = 4 * 60 * 60  # after which the server forgets an idle page's conversation; the history does not
# A click on an element with data-action becomes an event that carries its data-… values.
ON_CLICKS = """element.addEventListener('click', (event) => {
  const detail = window.shirube && window.shirube.detail(event);
  if (detail) trigger('click', detail);
});"""
logger = logging.getLogger(__name__)


class AskPage:
    """Builds the part of the page where people ask, and answers its events."""

    def __init__(
        self, context: ServerContext, frame: Frame, *,
        keeping: Keeping | None = None, suggest: Callable[[int], Sequence[str]] | None = None,
    ) -> None:  # fmt: skip
        self._context = context
        self._frame = frame
        self._texts = frame.texts
        self._keeping = keeping
        self._suggest = suggest
        self.at_once = AT_ONCE_WRITTEN if context.settings.model else AT_ONCE

    def build(self) -> None:
        """Create the components inside the block that is open, and wire them."""
        self.session = gr.State(Session(), time_to_live=SESSION_S)
        with gr.Row(elem_id="ask"):
            with gr.Column(elem_id="dialogue", scale=3, min_width=300):
                self.log = gr.HTML("", elem_id="log", js_on_load=ON_CLICKS, elem_classes="part")
                self.turn = gr.HTML("", elem_id="turn", js_on_load=ON_CLICKS, elem_classes="part")
                self.suggestions = gr.HTML(
                    "", elem_id="suggestions", js_on_load=ON_CLICKS, elem_classes="part"
                )
                self._build_form()
            with gr.Column(elem_id="source-panel", scale=2, min_width=300):
                self.panel = gr.HTML(
                    render_empty_panel(self._frame), elem_id="source", js_on_load=None, elem_classes="part"
                )
        self.status = gr.HTML("", elem_id="status", js_on_load=None, elem_classes="part")
        self._wire()

    def _build_form(self) -> None:
        texts = self._texts
        with gr.Column(elem_id="form"):
            with gr.Row(elem_id="question-row"):
                self.question = gr.Textbox(
                    label=texts("question_label"), placeholder=texts("question_hint"), lines=1, max_lines=6,
                    max_length=MAX_QUESTION_CHARS, elem_id="question", scale=6, autofocus=True,
                )  # fmt: skip
                self.send = gr.Button(texts("send"), variant="primary", elem_id="send", scale=1, min_width=90)
            with gr.Accordion(texts("narrow_down"), open=False, elem_id="narrow"), gr.Row():
                self.documents = gr.Dropdown(
                    [], multiselect=True, label=texts("narrow_by_document"), elem_id="by-document"
                )
                self.publishers = gr.Dropdown(
                    [], multiselect=True, label=texts("narrow_by_publisher"), elem_id="by-publisher"
                )
                self.years = gr.Dropdown(
                    [], multiselect=True, label=texts("narrow_by_year"), elem_id="by-year"
                )
            self.form = gr.Radio(
                [(texts("form_prose"), "prose"), (texts("form_quote"), "quote")],
                value="quote" if self._context.settings.mode is Mode.QUOTE else "prose",
                label=texts("answer_form"),
                visible=bool(self._context.settings.model), elem_id="answer-form",
            )  # fmt: skip
            self.new = gr.Button(texts("new_conversation"), size="sm", elem_id="new", variant="secondary")

    def _wire(self) -> None:
        self.given: set[Block] = {self.session, self.documents, self.publishers, self.years, self.form}
        shown = [self.log, self.turn, self.session, self.question, self.suggestions]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        gr.on(
            [self.question.submit, self.send.click], updating(self.ask_typed),
            {self.question, *self.given}, shown,
            concurrency_limit=self.at_once, concurrency_id="ask", **quiet,
        )  # fmt: skip
        self.suggestions.click(
            updating(self.ask_suggested), self.given, shown,
            concurrency_limit=self.at_once, concurrency_id="ask", **quiet,
        )  # fmt: skip
        for part in (self.log, self.turn):
            part.click(updating(self.act), None, [self.panel, self.status], concurrency_limit=8, **quiet)
        self.new.click(updating(self.start_anew), None, [*shown, self.panel], **quiet)

    def ask_typed(self, given: Mapping[Block, Any], request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Ask the question that was typed."""
        yield from self.ask(self._asked(given[self.question], given), request)

    def ask_suggested(
        self, given: Mapping[Block, Any], event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """Ask the question that was clicked."""
        question = str(told(event).get("question", ""))[:MAX_QUESTION_CHARS]
        yield from self.ask(self._asked(question, given), request)

    def _asked(self, question: str, given: Mapping[Block, Any]) -> Asked:
        """A question with what was chosen when it was sent."""
        chosen = (given[part] or () for part in (self.documents, self.publishers, self.years))
        return Asked(question, given[self.session], Filters(*map(frozenset, chosen)), given[self.form])

    def ask(self, asked: Asked, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Show the question, then its answer sentence by sentence."""
        question, session = asked.question.strip(), asked.session
        if not question:
            yield (gr.skip(),) * 5
            return
        with acting_for(request):
            view = self.view()
        earlier = "".join(view.turn(turn) for turn in session.turns)
        yield earlier, view.pending(question), gr.skip(), "", ""
        turn, answer = None, None
        answering = self._answering(replace(asked, question=question), user_of(request))
        while turn is None:
            with acting_for(request):  # anew for each step: in between, others act in this thread
                shown = next(answering)
            if isinstance(shown, str):
                yield gr.skip(), shown, gr.skip(), gr.skip(), gr.skip()
            else:
                turn, answer = shown
        answering.close()  # gives the state of the index back
        for n in range(1, 0 if turn.written else len(turn.sentences)):
            yield gr.skip(), view.turn(turn, n_sentences=n), gr.skip(), gr.skip(), gr.skip()
        turn, session = self._kept(turn, answer, session, user_of(request))
        yield gr.skip(), view.turn(turn), session, gr.skip(), gr.skip()

    def act(self, event: gr.EventData, request: gr.Request) -> tuple[Any, Any]:
        """What a click inside the conversation asks for: a source, or to keep an opinion."""
        data = told(event)
        if data.get("action") == "cite":
            with acting_for(request):
                return self.open_source(str(data.get("place", ""))), gr.skip()
        if data.get("action") == "feedback" and self._keeping:
            return gr.skip(), self._judge(self._keeping, data, user_of(request))
        return gr.skip(), gr.skip()

    def open_source(self, place: str) -> str:
        """The panel with a cited place."""
        try:
            found = Place.from_link(place)
            document = self._context.document(found.document_id)
            locators = self._context.locators(found.document_id) if document.pages else ()
            pictures = pictures_of(document, locators, found.spans, self._frame)
            located = replace(document, locators=locators)
            return render_panel(located, found, self._frame, pictures=pictures)
        except (PlaceError, KeyError):
            return render_missing_panel(place, self._frame)

    def start_anew(self, request: gr.Request) -> tuple[Any, ...]:
        """An empty conversation."""
        return "", "", Session(), "", self.suggestions_html(request), render_empty_panel(self._frame)

    def resume(self, session: Session) -> tuple[str, str, Session, str]:
        """The outputs `log`, `turn`, `session` and `suggestions` for a kept conversation."""
        view = self.view()
        *earlier, last = [view.turn(turn) for turn in session.turns] or [""]
        return "".join(earlier), last, session, ""

    def choices(self, request: gr.Request) -> tuple[Any, Any, Any]:
        """The outputs `documents`, `publishers` and `years`: what can be chosen now."""
        with acting_for(request):
            records = self._records().values()
        titles = sorted((record.title, record.id) for record in records)
        publishers = sorted({record.publisher for record in records if record.publisher})
        years = sorted({year for record in records for year in record.fiscal_years}, reverse=True)
        named = [(self._texts("fiscal_year", year=year), year) for year in years]
        return gr.update(choices=titles), gr.update(choices=publishers), gr.update(choices=named)

    def suggestions_html(self, request: gr.Request) -> str:
        """Questions to try, each a button; nothing where there are none."""
        with acting_for(request):
            questions = self._suggest(N_SUGGESTIONS) if self._suggest else ()
        items = "".join(
            element("li", button(visible_line(question), data_action="ask", data_question=question))
            for question in questions
        )
        return element("h2", self._texts("suggestions")) + element("ul", items) if items else ""

    def view(self) -> ConversationView:
        """What renders turns, with the names of the documents of now."""
        return ConversationView(self._frame, self._records())

    def _records(self) -> Mapping[str, DocumentRecord]:
        try:
            return self._context.records()
        except ShirubeError:
            return {}

    def _answering(self, asked: Asked, user: str) -> Generator[str | tuple[Turn, dict[str, Any] | None]]:
        """What to show while a model writes, at last the turn, and the answer to keep if there is one."""
        past = [PastTurn(turn.asked, turn.answer_text) for turn in asked.session.turns if not turn.trouble]
        question, mode = asked.question, self._mode(asked.form)
        try:
            events = self._context.stream(question, user=user, filters=asked.filters, history=past, mode=mode)
            view = self.view()
            sentences: list[Sentence] = []
            words = ""
            for event in events:
                if "answer" in event:
                    yield Turn.from_json(event["answer"]), event["answer"]
                    return
                if "sentence" in event:
                    sentences.append(sentence_of(event["sentence"]))
                words = "" if "sentence" in event else words + event["words"]
                yield view.writing(question, sentences, words)
        except ShirubeError as error:
            yield Turn(question, question, trouble=f"{error.message}{error.hint}"), None

    def _mode(self, form: str) -> Mode:
        """How the answer is to be written: in quotes, or in prose as it is set."""
        usual = self._context.settings.mode
        return Mode.QUOTE if form == "quote" else Mode.PLAIN if usual is Mode.QUOTE else usual

    def _kept(
        self, turn: Turn, answer: dict[str, Any] | None, session: Session, user: str
    ) -> tuple[Turn, Session]:
        """The turn with its permanent id, and the session with it; a history that fails stops nobody."""
        conversation_id = session.conversation_id
        if self._keeping and answer is not None:
            try:
                kept = self._keeping.history.add(user, answer, conversation_id=conversation_id)
                turn, conversation_id = replace(turn, kept_id=kept.id), kept.conversation_id
            except ShirubeError as error:
                logger.warning("%s", error.message)
        return turn, replace(
            session, turns=(*session.turns, turn)[-MAX_TURNS:], conversation_id=conversation_id
        )

    def _judge(self, keeping: Keeping, data: Mapping[str, Any], user: str) -> str:
        try:
            verdict = Verdict(str(data.get("verdict", "")))
            keeping.feedback.put(user, str(data.get("kept", "")), verdict, str(data.get("comment", "")))
        except ShirubeError as error:
            return said(f"{error.message}{error.hint}")
        except ValueError:
            return said(self._texts("failed"))
        return said(self._texts("feedback_kept"))


def told(event: gr.EventData) -> Mapping[str, Any]:
    """What an element that was clicked says: its data-… values."""
    return event._data if isinstance(event._data, dict) else {}


def said(message: str) -> str:
    """A message that is shown for a while and read out."""
    return element("p", visible_line(message), class_="shown", data_announce=message)
