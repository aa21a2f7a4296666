"""Blocks of OpenDocument text: paragraphs, headings, lists and tables, written in order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from ingest.document import BlockKind
from ingest.readers.element import Element, attribute, child, children, descendants, local, number
from ingest.readers.grid import Shape, find_unit, write_table
from ingest.readers.odf_style import Numbers, OdfStyles
from ingest.readers.odf_table import read_table
from ingest.readers.odf_text import OdfInline, OdfTextReader, note_body, plain_lines
from ingest.readers.office import COMMENT, OfficeWriter
from ingest.readers.package import Package

TITLES = ("Title", "Titel", "表題")
CAPTIONS = ("Caption", "Table", "Illustration", "Figure", "Drawing")
INDEXES = frozenset(
    {
        *("table-of-content", "alphabetical-index", "illustration-index", "table-index"),
        *("object-index", "user-index", "bibliography"),
    }
)
HEADING_CHARS = 100
MAX_LEVEL = 10


class OdfBlocks:
    """Writes the blocks of one file.

    Attributes:
        title: Of the document, as its style says, "" if none does.
        has_headings: Whether any heading was written.
    """

    def __init__(self, package: Package, writer: OfficeWriter) -> None:
        self.styles = OdfStyles(package)
        self.text = OdfTextReader()
        self.title = ""
        self.has_headings = False
        self._package = package
        self._writer = writer
        self._lists: dict[str, Numbers] = {}
        self._caption = self._unit = ""
        self._waiting: list[OdfInline] = []

    def is_strong(self, cell: Element) -> bool:
        """Whether a cell looks like a header."""
        styles = [attribute(cell, "style-name"), *(attribute(p, "style-name") for p in children(cell, "p"))]
        return any(
            self.styles.is_strong(style) or self.styles.is_named(style, "Table_20_Heading")
            for style in styles
        )

    def write(self, elements: Iterable[Element]) -> None:
        """Write blocks in order, those in sections too."""
        stack = list(reversed(list(elements)))
        while stack:
            element = stack.pop()
            name = local(element)
            if name in ("p", "h"):
                self._write_paragraph(element, "", is_listed=False)
            elif name == "list":
                self._write_list(element)
            elif name == "table":
                self._write_table(element)
            elif name in INDEXES:
                self._writer.write(BlockKind.FURNITURE, list(plain_lines(self.text, element)))
            elif name in ("section", "numbered-paragraph", "index-body", "note-body", "text-box", "frame"):
                stack.extend(reversed(element))
            elif name == "object":
                self._write_chart(attribute(element, "href"))

    def write_shape(self, shape: Element) -> None:
        """Write a shape of a slide."""
        self.write(shape if local(shape) != "g" else descendants(shape, "p", "list", "table"))

    def _write_paragraph(self, element: Element, mark: str, *, is_listed: bool) -> None:
        inline = self.text.read(element)
        style = attribute(element, "style-name")
        level, is_filled = 0, bool(inline.text.strip())
        kind = BlockKind.LIST_ITEM if is_listed else BlockKind.PARAGRAPH
        if local(element) == "h" and len(inline.text) <= HEADING_CHARS:
            kind, level = BlockKind.HEADING, min(max(number(element, "outline-level", 1), 1), MAX_LEVEL)
            if is_filled and not mark and attribute(element, "is-list-header") != "true":
                mark = self.styles.outline.next(level)
            self.has_headings = self.has_headings or is_filled
        elif self.styles.is_named(style, *TITLES) and len(inline.text) <= HEADING_CHARS:
            kind = BlockKind.HEADING
            self.title = self.title or " ".join(inline.text.split())
        elif self.styles.is_named(style, *CAPTIONS):
            kind = BlockKind.CAPTION
        lines = (mark + inline.text).split("\n") if is_filled else []
        self._writer.write(kind, lines, level=level)
        if is_filled:
            self._unit = find_unit(inline.text)
            self._caption = inline.text if kind is BlockKind.CAPTION else self._caption if self._unit else ""
        self._write_attached(inline)

    def _write_list(self, element: Element) -> None:
        """Write a list, its lists inside too, without recursion."""
        style = attribute(element, "style-name")
        if attribute(element, "continue-numbering") != "true" and not attribute(element, "continue-list"):
            self._lists[style] = self.styles.numbers(style)
        numbers = self._lists.setdefault(style, self.styles.numbers(style))
        stack = [(item, 1) for item in reversed(element)]
        while stack:
            item, level = stack.pop()
            name = local(item)
            if name == "list":
                stack.extend((inner, level + 1) for inner in reversed(item))
            elif name in ("list-item", "list-header"):
                start = number(item, "start-value", -1)
                first = next((inner for inner in item if local(inner) in ("p", "h")), None)
                mark = ""
                if first is not None and name == "list-item":
                    mark = numbers.next(level, start if start >= 0 else None)
                    self._write_paragraph(first, mark, is_listed=True)
                stack.extend(
                    (inner, level) for inner in reversed(item) if inner is not first or name == "list-header"
                )
            elif name in ("p", "h"):
                self._write_paragraph(item, "", is_listed=True)
            elif name == "table":
                self._write_table(item)

    def _write_table(self, table: Element) -> None:
        found = read_table(table, self._cell_lines, self.is_strong)
        if all(len(row) <= 1 and row[0].column == 0 for row in found.rows) and len(found.rows) > 0:
            for row in found.rows:
                self._writer.write(BlockKind.PARAGRAPH, row[0].lines)
        elif found.rows:
            shape = Shape(found.n_heads or None, self._unit, self._caption)
            write_table(self._writer, found.rows, shape)
        self._caption = self._unit = ""
        waiting, self._waiting = self._waiting, []
        for inline in waiting:
            self._write_attached(inline)

    def _cell_lines(self, cell: Element, _: str) -> list[str]:
        lines: list[str] = []
        stack = list(reversed(cell))
        while stack:
            element = stack.pop()
            if local(element) in ("p", "h"):
                inline = self.text.read(element)
                lines += inline.text.split("\n")
                self._waiting.append(inline)
            else:
                stack.extend(reversed(element))
        return lines

    def _write_attached(self, inline: OdfInline) -> None:
        """Write what hangs on a paragraph: text boxes, charts, notes and comments."""
        for box in inline.boxes:
            self.write(box)
        for name in inline.charts:
            self._write_chart(name)
        for mark, note in inline.notes:
            lines = list(plain_lines(self.text, note_body(note)))
            if lines:
                self._writer.write(BlockKind.PARAGRAPH, [mark + lines[0].lstrip(), *lines[1:]])
        for comment in inline.comments:
            lines = list(plain_lines(self.text, comment))
            if any(line.strip() for line in lines):
                with self._writer.marked(COMMENT):
                    self._writer.write(BlockKind.PARAGRAPH, [f"［{COMMENT}］{lines[0]}", *lines[1:]])

    def _write_chart(self, name: str) -> None:
        """Write the title of an embedded chart."""
        part = posixpath.normpath(f"{name.removeprefix('./')}/content.xml")
        for chart in self._package.elements(part, "chart", inside="chart"):
            title = child(chart, "title")
            self._writer.write(BlockKind.CAPTION, list(plain_lines(self.text, title)))
