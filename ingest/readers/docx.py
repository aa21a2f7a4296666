"""DOCX: paragraphs with their numbering, tables, notes and text boxes, in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.content import Content
from ingest.document import BlockKind
from ingest.readers.chart import chart_title, diagram_lines
from ingest.readers.docx_style import Numbering, Style, read_styles
from ingest.readers.docx_table import cells_of, n_heads_of, rows_of
from ingest.readers.docx_text import Inline, InlineReader
from ingest.readers.element import Element, attribute, child, children, local, number
from ingest.readers.grid import Shape, find_unit, write_table
from ingest.readers.office import COMMENT, OfficeWriter
from ingest.readers.outline import with_headings
from ingest.readers.package import Package

MAIN = "word/document.xml"
BLOCKS = ("p", "tbl", "sdt", "customXml", "ins", "moveTo", "AlternateContent", "altChunk")
HOLDERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "Choice", "Fallback"})
HEADING_CHARS = 100  # a longer paragraph is none, whatever its style
CAPTION = re.compile(r"[（(【＜]?\s*[表図]\s*[0-9０-９一-十]")
SHORT = 60


def read_docx(package: Package) -> Content:
    """Read a document from its package.

    Raises:
        ReadError: If it is damaged or beyond the limits.
    """
    main = next((r.target for r in package.relations("").values() if r.kind == "officeDocument"), MAIN)
    return _Reader(package, main).content()


class _Reader:
    """Reads one document."""

    def __init__(self, package: Package, main: str) -> None:
        self._package = package
        self._main = main
        self._relations = package.relations(main)
        parts = {relation.kind: relation.target for relation in self._relations.values()}
        self._styles = read_styles(package, parts.get("styles", ""))
        self._numbering = Numbering(package, parts.get("numbering", ""), self._styles)
        self._inline = InlineReader()
        self._writer = OfficeWriter()
        self._title = ""
        self._has_headings = False
        self._unit = self._caption = ""
        self._waiting: list[Inline] = []
        self._notes: dict[tuple[str, str], list[str]] = {}
        for kind in ("footnote", "endnote", "comment"):
            for note in package.elements(parts.get(f"{kind}s", ""), kind, inside=f"{kind}s"):
                self._notes[kind, attribute(note, "id")] = list(self._lines(note))

    def content(self) -> Content:
        """All of it."""
        body = self._package.elements(self._main, *BLOCKS, inside="body")
        for element in body:
            self._write([element])
        self._write_furniture()
        self._warn()
        content = self._writer.content(self._title)
        return content if self._has_headings else with_headings(content)

    def _write(self, elements: Iterable[Element]) -> None:
        for element, name in _blocks(elements):
            if name == "tbl":
                self._write_table(element)
            elif name == "p":
                self._write_paragraph(element)
            else:
                self._writer.warn("ほかの形式のまま埋め込まれた文書があり、その部分は読めませんでした。")

    def _write_paragraph(self, element: Element) -> None:
        inline = self._inline.read(element)
        style = self._style(element)
        number = self._number(element, style)
        lines = (number + inline.text).split("\n") if inline.text.strip() else []
        kind, level = self._kind(element, style, inline, bool(number))
        if kind is BlockKind.HEADING and level == 0:
            self._title = self._title or " ".join(" ".join(lines).split())
        self._has_headings = self._has_headings or (kind is BlockKind.HEADING and level > 0)
        self._writer.write(kind, lines, level=level)
        self._remember(kind, " ".join(lines))
        self._write_attached([inline])

    def _kind(
        self, element: Element, style: Style, inline: Inline, is_numbered: bool
    ) -> tuple[BlockKind, int]:
        """What a paragraph is, and the level of a heading."""
        outline = child(element, "pPr", "outlineLvl")
        level = style.level if outline is None else number(outline, "val", 9) + 1
        if style.is_contents:
            return BlockKind.FURNITURE, 0
        if style.is_title and len(inline.text) <= HEADING_CHARS:
            return BlockKind.HEADING, 0
        if level is not None and 1 <= level <= 9 and len(inline.text) <= HEADING_CHARS:
            return BlockKind.HEADING, level
        if style.is_caption:
            return BlockKind.CAPTION, 0
        return (BlockKind.LIST_ITEM if is_numbered else BlockKind.PARAGRAPH), 0

    def _style(self, element: Element) -> Style:
        return self._styles.get(attribute(child(element, "pPr", "pStyle"), "val"), Style())

    def _number(self, element: Element, style: Style) -> str:
        """The automatic number before a paragraph, counted even if the paragraph is empty but for it."""
        numbered = child(element, "pPr", "numPr")
        own = attribute(child(numbered, "numId"), "val")
        num_id = own or style.num_id
        if not num_id or num_id == "0":
            return ""
        inner = child(numbered, "ilvl")
        if inner is not None:
            return self._numbering.next(num_id, number(inner, "val"))
        if own or style.num_level is None:
            style_id = attribute(child(element, "pPr", "pStyle"), "val")
            return self._numbering.next(num_id, self._numbering.level_of(num_id, style_id))
        return self._numbering.next(num_id, style.num_level)

    def _remember(self, kind: BlockKind, text: str) -> None:
        """Keep the caption and unit that stand right above a table."""
        unit = find_unit(text)
        if unit:
            self._unit = unit
        elif kind is BlockKind.CAPTION or (len(text) <= SHORT and CAPTION.match(text)):
            self._caption, self._unit = text, ""
        elif text.strip():
            self._caption = self._unit = ""

    def _write_table(self, table: Element) -> None:
        rows = list(rows_of(table))
        if max((sum(1 for _ in children_cells) for children_cells in map(_cells, rows)), default=0) <= 1:
            for row in rows:  # a box around text
                for cell in _cells(row):
                    self._write(cell)
            return
        grid = cells_of(rows, self._cell_lines)
        shape = Shape(n_heads_of(rows), unit=self._unit, caption=self._caption)
        write_table(self._writer, grid, shape)
        self._caption = self._unit = ""
        waiting, self._waiting = self._waiting, []
        self._write_attached(waiting)

    def _cell_lines(self, cell: Element) -> tuple[list[str], bool]:
        """The lines of a cell, and whether all of them are bold."""
        lines: list[str] = []
        is_bold = True
        for element, name in _blocks(cell):
            if name == "tbl":
                for row in rows_of(element):
                    lines += [line for inner in _cells(row) for line in self._cell_lines(inner)[0]]
            elif name == "p":
                inline = self._inline.read(element)
                number = self._number(element, self._style(element))
                if inline.text.strip():
                    lines += (number + inline.text).split("\n")
                    is_bold = is_bold and inline.is_bold
                self._waiting.append(inline)
                for box in inline.boxes:
                    lines += self._cell_lines(box)[0]
                inline.boxes.clear()
        return lines, is_bold and bool(lines)

    def _write_attached(self, inlines: Iterable[Inline]) -> None:
        """Write what hangs on paragraphs: text boxes, charts, notes and comments."""
        for inline in inlines:
            for box in inline.boxes:
                self._write(box)
            for kind, part in inline.graphics:
                self._write_graphic(kind, part)
            for kind, note_id in inline.notes:
                lines = self._notes.get((kind, note_id), [])
                if kind != "comment" and lines:
                    label = self._inline.seen.label(kind, note_id)
                    self._writer.write(BlockKind.PARAGRAPH, [label + lines[0].lstrip(), *lines[1:]])
                elif lines:
                    with self._writer.marked(COMMENT):
                        self._writer.write(BlockKind.PARAGRAPH, [f"［{COMMENT}］{lines[0]}", *lines[1:]])

    def _write_graphic(self, kind: str, relation_id: str) -> None:
        relation = self._relations.get(relation_id)
        if relation is None:
            return
        if kind == "chart":
            self._writer.write(BlockKind.CAPTION, [chart_title(self._package, relation.target)])
        for line in diagram_lines(self._package, relation.target) if kind == "diagram" else ():
            self._writer.write(BlockKind.LIST_ITEM, [line])

    def _lines(self, element: Element) -> Iterator[str]:
        """The lines of a note."""
        for inner, name in _blocks(element):
            if name == "p":
                text = self._inline.read(inner).text
                yield from (line for line in text.split("\n") if line.strip())

    def _write_furniture(self) -> None:
        """Headers and footers of the pages, each text once."""
        known: set[str] = set()
        for relation in self._relations.values():
            if relation.kind in ("header", "footer"):
                for element in self._package.elements(relation.target, "p", inside=relation.kind[:2] + "r"):
                    text = self._inline.read(element).text.strip()
                    if not text.isdecimal() and text not in known:
                        known.add(text)
                        self._writer.write(BlockKind.FURNITURE, text.split("\n"))

    def _warn(self) -> None:
        seen = self._inline.seen
        if seen.n_inserted or seen.n_deleted:
            self._writer.warn(
                f"変更履歴が残っています（挿入 {seen.n_inserted} か所、削除 {seen.n_deleted} か所）。"
                "挿入は本文として読み、削除された文字は読んでいません。"
            )
        if seen.n_hidden:
            self._writer.warn(f"隠し文字が {seen.n_hidden} か所あり、読んでいません。")


def _cells(row: Element) -> list[Element]:
    return [inner for inner, name in _blocks(row, "tc") if name == "tc"]


def _blocks(elements: Iterable[Element], *more: str) -> Iterator[tuple[Element, str]]:
    """Paragraphs and tables, those in content controls and the like too, in order, without recursion."""
    stack = list(reversed(list(elements)))
    while stack:
        element = stack.pop()
        name = local(element)
        if name in ("p", "tbl", "altChunk") or name in more:
            yield element, name
        elif name in HOLDERS:
            stack.extend(reversed(list(element)))
        elif name == "AlternateContent":
            stack.extend(
                reversed(list(children(element, "Choice"))[:1] or list(children(element, "Fallback")))
            )
