"""The source panel: title › section › page, the original with its quoted ranges, and the ways out of it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.visible import visible_line
from ingest.document import Block, Document
from ingest.traced import Span
from ui.i18n import Texts
from ui.page.element import button, element, link, note
from ui.page.frame import ANCHOR, Frame
from ui.page.original import render_source
from ui.page.picture import PagePicture, render_picture
from ui.page.place import Place
from ui.page.repaired import render_repaired
from ui.page_name import PageName

CONTEXT_CHARS = 400


def path_of(title: str, section: Sequence[str], page: PageName | None, texts: Texts) -> str:
    """Title › section › page, as text."""
    section = section if page is None else page.without_own(section)
    inner = [name for name in section if name.strip() and name != title]
    last = [page.in_words(texts)] if page is not None else []
    return " › ".join(" ".join(part.split()) for part in (title, *inner, *last))


def block_at(document: Document, spans: Sequence[Span]) -> Block | None:
    """The block in which the first range begins, or the last one before it."""
    if not spans:
        return None
    before = [block for block in document.blocks if block.spans and block.spans[0].start <= spans[0].start]
    return max(before, key=lambda block: block.spans[0].start, default=None)


def render_panel(
    document: Document, place: Place, frame: Frame, *,
    pictures: Sequence[PagePicture] = (), context_chars: int = CONTEXT_CHARS, closable: bool = True,
) -> str:  # fmt: skip
    """The whole panel as HTML; an outdated place has a warning, and ranges beyond the text are not shown.

    Where it is not `closable`, it is a page of its own, which works without scripts.
    """
    texts = frame.texts
    spans = [span for span in place.spans if span.end <= len(document.text)]
    block = block_at(document, spans)
    section, page = (block.section, block.page) if block else ((), None)
    path = path_of(
        document.title, section, PageName.of(page, document.pages, document.locators, spans), texts
    )
    as_read = render_source(document.text, spans, context_chars)
    repaired = render_repaired(document.blocks, spans)
    parts = [
        _head(path, texts, closable=closable),
        "" if place.fits(document.text, document.sha256) else note(texts("source_changed")),
        _pictures(pictures, texts),
        _switched(as_read, repaired, texts) if closable else _folded(as_read, repaired, texts),
        _ways_out(place, frame, closable=closable),
    ]
    return _panel(*parts, place=place.link, announce=texts("source_opened", path=path))


def render_empty_panel(frame: Frame) -> str:
    """The panel before anything was opened."""
    texts = frame.texts
    content = (element("h2", texts("source")), element("p", texts("source_empty")))
    return element("section", *content, class_="source empty")


def render_missing_panel(place: str, frame: Frame) -> str:
    """The panel for a document that is not indexed any more."""
    texts = frame.texts
    gone = texts("source_gone")
    return _panel(_head(texts("source"), texts, closable=True), note(gone), place=place, announce=gone)


def _panel(*parts: str, place: str, announce: str) -> str:
    told = {"data_place": place, "data_announce": announce}
    return element("section", *parts, class_="source", tabindex="-1", **told)


def _head(path: str, texts: Texts, *, closable: bool) -> str:
    return element(
        "header",
        element("p", texts("source"), class_="kicker"),
        element("h2", visible_line(path), class_="path"),
        button(texts("close"), data_close=True) if closable else "",
    )


def _pictures(pictures: Sequence[PagePicture], texts: Texts) -> str:
    if not pictures:
        return ""
    told = {"class_": "pictures", "role": "region", "aria_label": texts("pictures"), "tabindex": "0"}
    return element("div", *(render_picture(picture, texts) for picture in pictures), **told)


def _switched(as_read: str, repaired: str, texts: Texts) -> str:
    """Both texts, one shown at a time; `page.js` switches."""
    buttons = (
        button(texts("view_as_read"), data_view="as-read", aria_pressed="true"),
        button(texts("view_repaired"), data_view="repaired", aria_pressed="false"),
    )
    return (
        element("div", *buttons, class_="views", role="group", aria_label=texts("views"))
        + _view("as-read", as_read, label=texts("view_as_read"))
        + _view("repaired", repaired, label=texts("view_repaired"), hidden=True)
    )


def _view(name: str, content: str, *, label: str, hidden: bool = False) -> str:
    told = {"class_": "view", "data_shows": name, "role": "region", "aria_label": label, "tabindex": "0"}
    return element("div", content, **told, hidden=hidden)


def _folded(as_read: str, repaired: str, texts: Texts) -> str:
    """Both texts without a script: the browser itself scrolls to the first quoted range."""
    anchored = as_read.replace(
        "<mark>", f'<mark id="{ANCHOR}">', 1
    )  # document text is escaped: it has no tag
    summary = element("summary", texts("view_repaired"))
    return element("div", anchored, class_="view") + element("details", summary, repaired)


def _ways_out(place: Place, frame: Frame, *, closable: bool) -> str:
    texts = frame.texts
    file = link(texts("open_file"), frame.file_url(place.document_id), download=True)
    if not closable:
        return element("footer", file)
    here = link(texts("link_to_place"), frame.source_url(place), target="_blank", rel="noopener")
    return element("footer", file, here)
