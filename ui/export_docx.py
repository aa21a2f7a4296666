"""Answers with their formal source lines as a Word file that Japanese Word shows in Japanese fonts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from ui.export import JAPANESE, Labels, exchanges, one_line
from ui.history import KeptTurn

BODY_FONT, HEADING_FONT = "游明朝", "游ゴシック"
LATIN_FONT = "Century"
BODY_PT, NOTE_PT = 10.5, 9
THEME = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")  # a theme's font outweighs a named one
QUOTE_INDENT_MM = 8
A4_MM = (210, 297)


def as_docx(title: str, turns: Sequence[KeptTurn], *, labels: Labels = JAPANESE) -> bytes:
    """One answer or a conversation as the bytes of a DOCX file.

    The title is the heading of the first level, each question one of the second, its sources stand
    below it in the order of their markers. Characters that XML forbids are left out.
    """
    document: Any = Document()
    _prepare(document, one_line(title))
    document.add_heading(one_line(title), level=1)
    for one in exchanges(turns, labels):
        document.add_heading(f"{labels.question}: {one.question}", level=2)
        for line in one.answer:
            document.add_paragraph(line)
        if one.sources:
            document.add_heading(one.sources_title, level=3)
        for source in one.sources:
            mark = "・" if source.marker is None else f"[{source.marker}] "
            document.add_paragraph(f"{mark}{source.place}").paragraph_format.keep_with_next = bool(
                source.quote
            )
            if source.quote:
                document.add_paragraph(f"「{source.quote}」", style="Quote")
        for note in one.notes:
            document.add_paragraph().add_run(note).font.size = Pt(NOTE_PT)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _prepare(document: Any, title: str) -> None:
    """A4, Japanese fonts, and properties that say nothing about anybody."""
    section = document.sections[0]
    section.page_width, section.page_height = map(Mm, A4_MM)
    for style in document.styles:
        if style.type in (WD_STYLE_TYPE.PARAGRAPH, WD_STYLE_TYPE.CHARACTER):
            _set_fonts(style, HEADING_FONT if style.name.startswith(("Heading", "Title")) else BODY_FONT)
    document.styles["Normal"].font.size = Pt(BODY_PT)
    quote = document.styles["Quote"]
    quote.font.italic = False  # slanted kanji are hard to read
    quote.paragraph_format.left_indent = Mm(QUOTE_INDENT_MM)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "ja-JP")
    about, now = document.core_properties, datetime.now(UTC).replace(tzinfo=None)
    about.title, about.author, about.comments, about.language = title, "", "", "ja-JP"
    about.created = about.modified = now
    about.last_modified_by = ""


def _set_fonts(style: Any, font: str) -> None:
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in THEME:
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script, name in (("ascii", LATIN_FONT), ("hAnsi", LATIN_FONT), ("eastAsia", font)):
        fonts.set(qn(f"w:{script}"), name)
