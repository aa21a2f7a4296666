"""Addresses of page pictures and of the view of what was read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from ingest.errors import ReadError
from ingest.locator import Page
from ui.context import ServerContext
from ui.page.element import element, link, note
from ui.page.frame import Frame
from ui.page.inspection import render_inspection
from ui.page.standalone import standalone
from ui.page_pictures import ChangedFileError, PagePictures

PAGES_AT_ONCE = 20
KEEP = {"Cache-Control": "private, max-age=3600"}  # the address changes with the file


def add_pages(router: APIRouter, context: ServerContext, frame_of: Callable[[str], Frame]) -> None:
    """Add `/page/<document id>/<number>.png` and `/inspect/<document id>`: of ingested documents only."""
    pictures = PagePictures()

    @router.get("/page/{document_id}/{number}.png")
    def picture(document_id: str, number: int) -> Response:
        record = context.records().get(document_id)
        if record is None:
            return Response(status_code=404)
        try:
            found = pictures.picture(record, number)
        except ChangedFileError:
            return Response(status_code=409)
        except (KeyError, OSError, ReadError):
            return Response(status_code=404)
        return Response(found, media_type="image/png", headers=KEEP)

    @router.get("/inspect/{document_id}")
    def inspect(
        document_id: str,
        first: Annotated[int, Query(ge=1, le=100_000)] = 1,
        lang: Annotated[str, Query(max_length=8)] = "ja",
    ) -> Response:
        return _inspection(context, document_id, first, frame_of(lang))


def _inspection(context: ServerContext, document_id: str, first: int, frame: Frame) -> HTMLResponse:
    texts = frame.texts
    back = element("nav", link(texts("back_to_page"), frame.home_url))
    try:
        document = context.document(document_id)
    except KeyError:
        missing = standalone(note(texts("source_gone")), frame, title=texts("inspect"), before=back)
        return HTMLResponse(missing, status_code=404)

    def picture_url(page: Page) -> str:
        has_picture = page.width and page.height
        return frame.page_url(document_id, page.number, document.sha256) if has_picture else ""

    content = render_inspection(
        document, context.locators(document_id), texts, picture_url, first=first, n_pages=PAGES_AT_ONCE
    )
    following = first + PAGES_AT_ONCE
    if document.pages and document.pages[-1].number >= following:
        url = frame.inspection_url(document_id, following)
        content += element("p", link(texts("inspection_more", first=following), url))
    return HTMLResponse(standalone(content, frame, title=document.title, before=back, wide=True))
