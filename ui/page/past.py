"""History: a user's own conversations to search, open, rename, delete and take along."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.visible import visible_line
from ingest.errors import ShirubeError
from ui.context import ServerContext
from ui.history import Conversation
from ui.page.ask import MAX_TURNS, ON_CLICKS, said, told
from ui.page.asked import Session
from ui.page.element import button, element, link, note
from ui.page.frame import Frame
from ui.page.keeping import Keeping, acting_for, found_by, may_be_shown, user_of
from ui.page.turn import Turn
from ui.page.updating import updating

MAX_LISTED = 100


class HistoryPage:
    """Builds the list of conversations, and answers its events."""

    def __init__(self, context: ServerContext, frame: Frame, keeping: Keeping) -> None:
        self._context = context
        self._frame = frame
        self._texts = frame.texts
        self._keeping = keeping

    def build(self) -> None:
        """Create the components inside the block that is open; `web.build_page` wires what opens one."""
        texts = self._texts
        gr.HTML(element("h2", texts("history_title")), js_on_load=None, elem_classes="part")
        self.query = gr.Textbox(label=texts("history_search"), elem_id="history-search", max_lines=1)
        self.status = gr.HTML("", elem_id="history-status", js_on_load=None, elem_classes="part")
        self.list = gr.HTML("", elem_id="history", js_on_load=ON_CLICKS, elem_classes="part")
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        gr.on([self.query.submit, self.query.change], updating(self.list_html), [self.query], [self.list],
              trigger_mode="always_last", **quiet)  # fmt: skip

    def list_html(self, query: str, request: gr.Request) -> str:
        """The conversations that a search finds, all for an empty one."""
        try:
            with acting_for(request):
                found = found_by(
                    self._context.index, self._keeping.history, user_of(request), query, limit=MAX_LISTED
                )
        except ShirubeError as error:
            return note(error.message + error.hint)
        if not found:
            return element("p", self._texts("history_nothing" if query else "history_empty"))
        return element("ul", *map(self._item, found), class_="conversations")

    def _item(self, conversation: Conversation) -> str:
        texts, frame, own = self._texts, self._frame, conversation
        when = own.changed_at.astimezone().strftime("%Y-%m-%d %H:%M")
        title = visible_line(own.title)
        rename = button(
            texts("rename"), data_action="rename", data_conversation=own.id, data_value=own.title,
            data_prompt=texts("rename_question"), aria_label=f"{texts('rename')}: {own.title}",
        )  # fmt: skip
        files = [
            link(
                name, frame.conversation_file_url(own.id, suffix), download=True,
                aria_label=f"{name}: {own.title}",
            )
            for name, suffix in (("Markdown", "md"), ("DOCX", "docx"))
        ]  # fmt: skip
        delete = button(
            texts("delete"), data_action="delete", data_conversation=own.id,
            data_confirm=texts("delete_question", title=own.title),
            aria_label=f"{texts('delete')}: {own.title}",
        )  # fmt: skip
        return element(
            "li",
            button(title, class_="link", data_action="open", data_conversation=own.id),
            element("p", f"{when} ・ {texts('n_questions', n=own.n_turns)}", class_="meta"),
            element("div", rename, *files, delete, class_="actions"),
        )

    def change(self, query: str, event: gr.EventData, request: gr.Request) -> tuple[Any, Any]:
        """Rename or delete a conversation: the list and what to say of it."""
        data, user, history = told(event), user_of(request), self._keeping.history
        conversation_id = str(data.get("conversation", ""))
        try:
            if data.get("action") == "rename":
                history.rename(user, conversation_id, str(data.get("answer", "")))
                note = self._texts("renamed")
            elif data.get("action") == "delete":
                history.delete(user, conversation_id)
                note = self._texts("deleted")
            else:
                return gr.skip(), gr.skip()
        except ShirubeError as error:
            note = f"{error.message}{error.hint}"
        return self.list_html(query, request), said(note)

    def session_of(self, conversation_id: str, user: str) -> Session | None:
        """A kept conversation to go on with; `None` if the user has none like that."""
        try:
            kept = self._keeping.history.turns(user, conversation_id)[-MAX_TURNS:]
        except ShirubeError:
            return None
        shown = [turn for turn in kept if may_be_shown(self._context.index, turn)]
        turns = tuple(Turn.from_json(turn.answer, kept_id=turn.id) for turn in shown)
        return Session(turns, conversation_id)
