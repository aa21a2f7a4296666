"""Viewer: permanent links to cited places, answers and original files, behind the same login as the page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from ingest.document_record import DocumentRecord
from ingest.errors import ShirubeError
from ui.acting import acting_name
from ui.context import ServerContext
from ui.export import Labels, as_markdown
from ui.file_name import safe_name
from ui.history import KeptTurn
from ui.history_file import NotKeptError
from ui.i18n import Texts, language_of
from ui.page.conversation import ConversationView
from ui.page.element import element, link, note
from ui.page.frame import Frame
from ui.page.keeping import Keeping, may_be_shown, user_of
from ui.page.panel import render_panel
from ui.page.picture import pictures_of
from ui.page.place import Place, PlaceError
from ui.page.standalone import standalone
from ui.page.turn import Turn
from ui.page_routes import add_pages

SCRIPT = Path(__file__).with_name("page.js")
CONTEXT_CHARS = 20_000  # around the place on a page of its own
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Language = Annotated[str, Query(alias="lang", max_length=8)]
Suffix = Literal["md", "docx"]


def build_router(context: ServerContext, *, keeping: Keeping | None = None, root: str = "") -> APIRouter:
    """The addresses that the page links to; those of answers only where answers are kept.

    `/source/<document id>` a cited place, `/file/<document id>` the original, `/page.js` the page's script,
    `/page/<document id>/<number>.png` a page's picture, `/inspect/<document id>` what was read,
    `/answer/<id>` a kept answer, `/answer/<id>/export.…` and `/conversation/<id>/export.…` files of them.

    `root` is the prefix below which a proxy shows the server, without a slash at its end.
    """
    router = APIRouter(include_in_schema=False)
    frame_of = partial(_frame, root)

    @router.get("/page.js")
    def script() -> Response:
        return FileResponse(SCRIPT, media_type="text/javascript")

    @router.get("/source/{document_id}")
    def source(
        document_id: str,
        spans: Annotated[str, Query(max_length=4000)] = "",
        v: Annotated[str, Query(max_length=64)] = "",
        lang: Language = "ja",
    ) -> Response:
        return _source_page(context, (document_id, spans, v), frame_of(lang))

    @router.get("/file/{document_id}")
    def file(document_id: str, lang: Language = "ja") -> Response:
        return _file(context, document_id, frame_of(lang))

    add_pages(router, context, frame_of)
    if keeping is not None:
        _add_kept(router, context, keeping, frame_of)
    return router


def _add_kept(
    router: APIRouter, context: ServerContext, keeping: Keeping, frame_of: Callable[[str], Frame]
) -> None:
    """The addresses of what is kept: another user's does not exist."""

    @router.get("/answer/{turn_id}")
    def answer(turn_id: str, request: Request, lang: Language = "ja") -> Response:
        frame = frame_of(lang)
        try:
            kept = _kept(context, keeping, user_of(request), turn_id)
        except ShirubeError as error:
            return _message(f"{error.message}{error.hint}", frame, status=404)
        return _answer_page(context, kept, frame)

    @router.get("/answer/{turn_id}/export.{suffix}")
    def export_answer(turn_id: str, suffix: Suffix, request: Request, lang: Language = "ja") -> Response:
        frame = frame_of(lang)
        try:
            kept = _kept(context, keeping, user_of(request), turn_id)
        except ShirubeError as error:
            return _message(f"{error.message}{error.hint}", frame, status=404)
        return _export(kept.question, [kept], suffix, frame)

    @router.get("/conversation/{conversation_id}/export.{suffix}")
    def export(conversation_id: str, suffix: Suffix, request: Request, lang: Language = "ja") -> Response:
        frame, user = frame_of(lang), user_of(request)
        try:
            title = keeping.history.conversation(user, conversation_id).title
            turns = [
                turn
                for turn in keeping.history.turns(user, conversation_id)
                if may_be_shown(context.index, turn)
            ]
        except ShirubeError as error:
            return _message(f"{error.message}{error.hint}", frame, status=404)
        return _export(title, turns, suffix, frame)


def _kept(context: ServerContext, keeping: Keeping, user: str, turn_id: str) -> KeptTurn:
    turn = keeping.history.turn(user, turn_id)
    if not may_be_shown(context.index, turn):
        raise NotKeptError("この回答のもとになった文書は、いまは見られません。")
    return turn


def _frame(root: str, lang: str) -> Frame:
    return Frame(language_of(lang), root)


def _source_page(context: ServerContext, link: tuple[str, str, str], frame: Frame) -> HTMLResponse:
    try:
        place = Place.from_query(*link)
        document = context.document(place.document_id)
    except PlaceError as error:
        return _message(f"{error.message}{error.hint}", frame, status=400)
    except KeyError:
        return _message(frame.texts("source_gone"), frame, status=404)
    locators = context.locators(place.document_id) if document.pages else ()
    pictures = pictures_of(document, locators, place.spans, frame)
    panel = render_panel(
        replace(document, locators=locators),
        place,
        frame,
        pictures=pictures,
        context_chars=CONTEXT_CHARS,
        closable=False,
    )
    return _standalone(panel, frame, title=document.title)


def _answer_page(context: ServerContext, kept: KeptTurn, frame: Frame) -> HTMLResponse:
    turn = Turn.from_json(kept.answer)
    view = ConversationView(frame, context.records(), is_linked=True)
    return _standalone(view.turn(turn), frame, title=turn.question)


def _file(context: ServerContext, document_id: str, frame: Frame) -> Response:
    """The original as an attachment: only what was ingested, and only while it is still that file."""
    record = context.records().get(document_id)
    if record is None:
        return _message(frame.texts("source_gone"), frame, status=404)
    context.audit.opened("file", acting_name(), document_id)
    try:
        is_same = _is_same(record)
    except OSError:
        return _message(frame.texts("file_gone"), frame, status=404)
    if not is_same:
        return _message(frame.texts("file_changed"), frame, status=409)
    return FileResponse(
        record.path, media_type="application/octet-stream", headers=_attached(record.path.name)
    )


def _is_same(record: DocumentRecord) -> bool:
    with record.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == record.sha256


def _export(title: str, turns: list[KeptTurn], suffix: Suffix, frame: Frame) -> Response:
    labels, headers = labels_of(frame.texts), _attached(f"{title}.{suffix}")
    if suffix == "md":
        text = as_markdown(title, turns, labels=labels)
        return Response(text, media_type="text/markdown; charset=utf-8", headers=headers)
    from ui.export_docx import as_docx  # only an export needs what writes DOCX

    return Response(as_docx(title, turns, labels=labels), media_type=DOCX, headers=headers)


def labels_of(texts: Texts) -> Labels:
    """The words of an export in the language of the page."""
    names = ("question", "answer", "nearest", "not_found")
    return Labels(
        **{name: texts(name) for name in names},
        sources=texts("copy_sources"),
        unverified=texts("export_unverified"),
        page=texts("export_page"),
        sheet=texts("sheet_place", sheet="{sheet}", cells="{cells}"),
        slide=texts("slide_number", page="{page}"),
        line=texts("export_line"),
        asked_at=texts("export_asked_at"),
        fingerprint=texts("export_fingerprint"),
    )


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(safe_name(name), safe='')}"}


def _message(text: str, frame: Frame, *, status: int) -> HTMLResponse:
    return _standalone(note(text), frame, title=frame.texts("source"), status=status)


def _standalone(content: str, frame: Frame, *, title: str, status: int = 200) -> HTMLResponse:
    back = element("nav", link(frame.texts("back_to_page"), frame.home_url))
    return HTMLResponse(standalone(content, frame, title=title, before=back), status_code=status)
