"""The page: asking, documents and history in one Gradio application, without a request to any other host."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio.components import Navbar

from assistant.visible import visible_line
from ui.context import ServerContext
from ui.i18n import LANGUAGES
from ui.page.ask import AskPage, told
from ui.page.documents import DocumentsPage
from ui.page.element import button, element, link
from ui.page.frame import Frame, home_path
from ui.page.keeping import NOBODY, acting_for, user_of
from ui.page.newcomer import GlossaryPage, GuidePage, Newcomers, is_opening
from ui.page.parts import PageParts, open_parts
from ui.page.past import HistoryPage
from ui.page.theme import build_theme
from ui.page.updating import updating
from ui.viewer import build_router

CSS = Path(__file__).with_name("page.css")
TITLE = "しるべ Shirube"
MAX_SESSIONS = 500  # pages that are remembered, some 0.15 MB each; the one that was longest unused goes first
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def mount_page(app: FastAPI, context: ServerContext) -> None:
    """Mount the page, Japanese at `/` and English at `/en`, and the addresses that it links to.

    To be called after all other routes are there. Gradio's components compile their templates in the browser,
    so a content security policy has to allow `'unsafe-eval'`; inline scripts are not needed.

    Raises:
        SettingsError: If uploads are enabled without a folder that can be used.
    """
    stack = ExitStack()
    parts = stack.enter_context(open_parts(context))
    app.include_router(build_router(context, keeping=parts.keeping, root=parts.root))
    asyncio.run(_mount(app, context, parts))
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(of: FastAPI) -> AsyncIterator[Any]:
        with stack:
            async with before(of) as state:
                yield state

    app.router.lifespan_context = lifespan


async def _mount(app: FastAPI, context: ServerContext, parts: PageParts) -> None:
    """Mount inside an event loop: outside of one, Gradio makes its own for each lock and leaves them open."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "SSR mode is not supported")  # said of several pages even when off
        gr.mount_gradio_app(
            app, build_page(context, parts), path="/", footer_links=[], run_history=False, show_error=False,
            enable_monitoring=False, ssr_mode=False, pwa=False, mcp_server=False, theme=build_theme(),
            css_paths=[CSS], max_file_size=context.settings.max_upload_mb << 20,
            head=element("script", src=f"{parts.root}/page.js"),
        )  # fmt: skip


def build_page(context: ServerContext, parts: PageParts) -> gr.Blocks:
    """The page in every language, each under its own address."""
    page = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    page.state_session_capacity = MAX_SESSIONS
    for language in LANGUAGES:
        frame = Frame(language, parts.root)
        path = home_path(language)
        with page if path == "/" else page.route(frame.texts("own_name"), path, show_in_navbar=False):
            _Part(context, frame, parts).build(page)
    return page


class _Part:
    """The page in one language."""

    def __init__(self, context: ServerContext, frame: Frame, parts: PageParts) -> None:
        self._frame = frame
        self._parts = parts
        self._ask = AskPage(context, frame, keeping=parts.keeping, suggest=parts.suggest)
        self._documents = DocumentsPage(context, frame, uploads=parts.uploads)
        newcomers = Newcomers(context)
        self._glossary = GlossaryPage(newcomers, frame)
        self._guide = GuidePage(newcomers, frame)
        self._past = HistoryPage(context, frame, parts.keeping) if parts.keeping else None

    def build(self, page: gr.Blocks) -> None:
        """Create all components inside the block that is open, and wire what concerns several parts."""
        texts, past = self._frame.texts, self._past
        Navbar(visible=False)
        header = gr.HTML(
            _header(self._frame, NOBODY, self._parts), elem_id="frame", js_on_load=None, elem_classes="part"
        )
        with gr.Tabs(elem_id="pages", selected="ask") as tabs:
            with gr.Tab(texts("tab_ask"), id="ask"):
                self._ask.build()
            with gr.Tab(texts("tab_glossary"), id="glossary") as glossary_tab:
                self._glossary.build()
            with gr.Tab(texts("tab_guide"), id="guide") as guide_tab:
                self._guide.build()
            with gr.Tab(texts("tab_documents"), id="documents") as documents_tab:
                self._documents.build()
            if past:
                with gr.Tab(texts("tab_history"), id="history") as history_tab:
                    past.build()
        if self._parts.has_login:
            page.load(updating(self._greet), None, [header], **QUIET)
        ask = self._ask
        page.load(updating(ask.suggestions_html), None, [ask.suggestions], **QUIET)
        choices = [ask.documents, ask.publishers, ask.years]
        gr.on([page.load, self._documents.table.change], ask.choices, None, choices, **QUIET)
        documents_tab.select(updating(self._documents.table_html), None, [self._documents.table], **QUIET)
        self._wire_newcomers(glossary_tab, guide_tab, tabs)
        if past:
            history_tab.select(updating(past.list_html), [past.query], [past.list], **QUIET)
            past.list.click(updating(past.change), [past.query], [past.list, past.status], **QUIET)
            opened = [ask.log, ask.turn, ask.session, ask.suggestions, tabs]
            past.list.click(updating(self._open_conversation), None, opened, **QUIET)
        page.unload(self._documents.cancel)

    def _wire_newcomers(self, glossary_tab: gr.Tab, guide_tab: gr.Tab, tabs: gr.Tabs) -> None:
        """Fill both tabs when they are opened; a place or a question that is clicked shows in the first."""
        ask, glossary, guide = self._ask, self._glossary, self._guide
        glossary_tab.select(updating(glossary.list_html), [glossary.words], [glossary.list], **QUIET)
        guide_tab.select(updating(guide.list_html), None, [guide.list], **QUIET)
        for shown in (glossary.list, guide.list):
            shown.click(_first_tab, None, [tabs], **QUIET)
            shown.click(updating(ask.act), None, [ask.panel, ask.status], **QUIET)
        answered = [ask.log, ask.turn, ask.session, ask.question, ask.suggestions]
        guide.list.click(
            updating(ask.ask_suggested), ask.given, answered,
            concurrency_limit=ask.at_once, concurrency_id="ask", **QUIET,
        )  # fmt: skip

    def _greet(self, request: gr.Request) -> str:
        return _header(self._frame, user_of(request), self._parts)

    def _open_conversation(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        data = told(event)
        session = None
        if data.get("action") == "open" and self._past:
            with acting_for(request):
                session = self._past.session_of(str(data.get("conversation", "")), user_of(request))
        if session is None:
            return (gr.skip(),) * 5
        with acting_for(request):
            return (*self._ask.resume(session), gr.Tabs(selected="ask"))


def _first_tab(event: gr.EventData) -> Any:
    return gr.Tabs(selected="ask") if is_opening(event) else gr.skip()


def _header(frame: Frame, user: str, parts: PageParts) -> str:
    """Skip links, name, language, dark mode, and who is logged in."""
    texts, other = frame.texts, frame.other
    who = ""
    if parts.has_login and user != NOBODY:
        log_out = element("button", texts("log_out"))
        who = element("span", visible_line(texts("logged_in_as", user=user)), class_="user")
        who += element("form", log_out, method="post", action=f"{parts.root}/logout")
    brand = (element("h1", texts("app_name")), element("p", texts("app_about")))
    language = {"lang": other.language, "hreflang": other.language}
    return element(
        "header",
        link(texts("skip_to_question"), "#question", class_="skip"),
        link(texts("skip_to_source"), "#source", class_="skip"),
        element("div", *brand, class_="brand"),
        element(
            "nav",
            button(texts("dark_mode"), data_dark=True, aria_pressed="false"),
            link(texts("other_language"), other.home_url, **language),
            who,
            aria_label=texts("settings_menu"),
        ),
        element("div", id="announcer", class_="visually-hidden", role="status", aria_live="polite"),
        data_language=frame.language,
    )
