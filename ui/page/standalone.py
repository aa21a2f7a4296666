"""A page without scripts, in the look of the main page."""

from __future__ import annotations

from pathlib import Path

from assistant.visible import visible_text
from ui.page.element import element
from ui.page.frame import Frame

CSS = Path(__file__).parents[1] / "page.css"


def standalone(content: str, frame: Frame, *, title: str, before: str = "", wide: bool = False) -> str:
    """The whole page.

    Args:
        content: HTML of its main part.
        frame: Language and addresses.
        title: Plain text; the program's name is added.
        before: HTML above the main part.
        wide: Whether it uses the whole window.
    """
    head = [
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("link", rel="icon", href="data:,"),
        element("title", visible_text(f"{title} | {frame.texts('app_name')}")),
        element("style", CSS.read_text(encoding="utf-8")),
    ]
    look = "standalone part wide" if wide else "standalone part"
    body = element("body", before, element("main", content), class_=look)
    page = element("html", element("head", *head), body, lang=frame.language)
    return f"<!doctype html>{page}"
