"""PPTX: each slide a page, its shapes in reading order, tables with headers, notes below."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ingest.content import Content, first_heading
from ingest.document import BlockKind
from ingest.locator import PageKind
from ingest.readers.chart import chart_title, diagram_lines
from ingest.readers.element import Element, attribute, child, children, descendants, local, number, text_of
from ingest.readers.grid import Shape as TableShape
from ingest.readers.grid import write_table
from ingest.readers.grid_cell import GridCell
from ingest.readers.numerals import numeral
from ingest.readers.office import COMMENT, OfficeWriter
from ingest.readers.package import Package
from ingest.readers.pptx_shapes import BODIES, FURNITURE, TITLES, Layouts, Shape, shapes_of, tables_in
from ingest.readers.slide_furniture import with_furniture
from ingest.readers.slide_order import Placed, in_reading_order

MAIN = "ppt/presentation.xml"
HIDDEN_SLIDE, NOTES = "非表示のスライド", "発表者ノート"
NUMERALS = {
    "alphaLc": "lowerLetter",
    "alphaUc": "upperLetter",
    "romanLc": "lowerRoman",
    "romanUc": "upperRoman",
    "circleNumDb": "decimalEnclosedCircle",
    "circleNumWdWhite": "decimalEnclosedCircle",
    "arabicDb": "decimalFullWidth",
    "ea1Jpn": "japaneseCounting",
    "ea1JpnKor": "japaneseCounting",
    "arabic": "decimal",
}  # of `buAutoNum` without its ending
ENDINGS = (("ParenBoth", "({})"), ("ParenR", "{})"), ("Period", "{}."), ("Minus", "{}-"), ("Plain", "{}"))
MAX_SPAN = 1000
SHOWN_SLIDES = 10  # in one warning


def read_pptx(package: Package) -> Content:
    """Read a presentation from its package.

    Raises:
        ReadError: If it is damaged or beyond the limits.
    """
    main = next((r.target for r in package.relations("").values() if r.kind == "officeDocument"), MAIN)
    relations = package.relations(main)
    entries = children(child(package.root(main), "sldIdLst"), "sldId")
    parts = [relations[key].target for entry in entries if (key := _relation_id(entry)) in relations]
    writer = OfficeWriter()
    reader = _SlideReader(package, writer)
    for part in parts:
        reader.read(part)
    if reader.without_text:
        shown = "、".join(map(str, reader.without_text[:SHOWN_SLIDES]))
        more = " ほか" if len(reader.without_text) > SHOWN_SLIDES else ""
        writer.warn(f"文字のないスライドがあります（{shown}{more} 枚目）。画像の中の文字は読んでいません。")
    content = writer.content()
    blocks = with_furniture(content.blocks)
    return replace(content, blocks=blocks, title=first_heading(blocks))


class _SlideReader:
    """Reads slide by slide."""

    def __init__(self, package: Package, writer: OfficeWriter) -> None:
        self._package = package
        self._writer = writer
        self._layouts = Layouts(package)
        self._relations = package.relations("")
        self.without_text: list[int] = []

    def read(self, part: str) -> None:
        """Write one slide as a page."""
        root = self._package.root(part)
        self._relations = self._package.relations(part)
        shapes = list(shapes_of(root, self._layouts.places(part)))
        titles = [shape for shape in shapes if shape.kind in TITLES]
        title = " ".join(line for shape in titles for line in _plain_lines(shape.element)).strip()
        self._writer.turn_page(PageKind.SLIDE, " ".join(title.split()))
        n_blocks = len(self._writer.blocks)
        if attribute(root, "show") in ("0", "false"):
            self._writer.warn(f"非表示のスライド（{self._writer.page} 枚目）の内容も読んでいます。")
            with self._writer.marked(HIDDEN_SLIDE):
                self._write_shapes(shapes)
        else:
            self._write_shapes(shapes)
        is_bare = all(block.kind is BlockKind.FURNITURE for block in self._writer.blocks[n_blocks:])
        if is_bare and any(local(shape.element) == "pic" for shape in shapes) and self._writer.page:
            self.without_text.append(self._writer.page)
        self._write_attached()

    def _write_shapes(self, shapes: list[Shape]) -> None:
        titles = [shape for shape in shapes if shape.kind in TITLES]
        last = [shape for shape in shapes if shape.kind in FURNITURE]
        others = [shape for shape in shapes if shape.kind not in TITLES | FURNITURE]
        for shape in titles:
            self._writer.write(BlockKind.HEADING, list(_plain_lines(shape.element)), level=1)
        for shape in in_reading_order([Placed(shape, shape.box) for shape in others]):
            self._write_shape(shape)
        for shape in last:
            self._writer.write(BlockKind.FURNITURE, list(_plain_lines(shape.element)))

    def _write_shape(self, shape: Shape) -> None:
        for table in tables_in(shape.element):
            grid = list(_rows_of(table))
            has_head = attribute(child(table, "tblPr"), "firstRow") in ("1", "true")
            write_table(self._writer, grid, TableShape(1 if has_head and len(grid) > 1 else None))
        for element in descendants(shape.element, "chart", "relIds"):
            relation = self._relations.get(attribute(element, "id") or attribute(element, "dm"))
            if relation is not None and local(element) == "chart":
                self._writer.write(BlockKind.CAPTION, [chart_title(self._package, relation.target)])
            elif relation is not None:
                for line in diagram_lines(self._package, relation.target):
                    self._writer.write(BlockKind.LIST_ITEM, [line])
        body = child(shape.element, "txBody")
        if body is not None:
            self._write_paragraphs(body, is_list=shape.kind in BODIES)

    def _write_paragraphs(self, body: Element, *, is_list: bool) -> None:
        counts: dict[tuple[int, str], int] = {}
        for paragraph in children(body, "p"):
            text = _text(paragraph)
            if text.strip():
                mark, has_bullet = _bullet(child(paragraph, "pPr"), counts)
                kind = BlockKind.LIST_ITEM if has_bullet or is_list else BlockKind.PARAGRAPH
                self._writer.write(kind, (mark + text).split("\n"))

    def _write_attached(self) -> None:
        """Write the notes and comments of the slide."""
        for relation in list(self._relations.values()):
            if relation.kind == "notesSlide":
                with self._writer.marked(NOTES):
                    for shape in shapes_of(self._package.root(relation.target), {}):
                        if shape.kind == "body":
                            self._writer.write(BlockKind.PARAGRAPH, list(_plain_lines(shape.element)))
            elif relation.kind == "comments":
                with self._writer.marked(COMMENT):
                    for element in self._package.elements(relation.target, "cm", "reply"):
                        told = child(element, "text")
                        lines = [text_of(told)] if told is not None else list(_plain_lines(element))
                        if any(line.strip() for line in lines):
                            self._writer.write(BlockKind.PARAGRAPH, [f"［{COMMENT}］{lines[0]}", *lines[1:]])


def _relation_id(entry: Element) -> str:
    """The `r:id` of an element that has an `id` of its own too."""
    return next((str(value) for key, value in entry.attrib.items() if key.endswith("}id")), "")


def _plain_lines(element: Element) -> Iterator[str]:
    """The lines of the text of a shape."""
    body = child(element, "txBody")
    for paragraph in children(body, "p"):
        yield from _text(paragraph).split("\n")


def _text(paragraph: Element) -> str:
    parts = []
    for run in paragraph:
        name = local(run)
        if name == "br":
            parts.append("\n")
        elif name in ("r", "fld"):
            parts.append(text_of(child(run, "t")).replace("\v", "\n"))
        elif name in ("m", "AlternateContent"):  # formulas
            parts.append("".join(text_of(text) for text in descendants(run, "t")))
    return "".join(parts)


def _bullet(about: Element | None, counts: dict[tuple[int, str], int]) -> tuple[str, bool]:
    """The automatic number before a paragraph, and whether it has a bullet of any kind."""
    auto = child(about, "buAutoNum")
    level = number(about, "lvl")
    for key in [key for key in counts if key[0] > level or (key[0] == level and auto is None)]:
        del counts[key]
    if auto is None:
        return "", child(about, "buChar") is not None or child(about, "buBlip") is not None
    kind = attribute(auto, "type", "arabicPeriod")
    key = (level, f"{kind} {attribute(auto, 'startAt')}")
    counts[key] = counts.get(key, number(auto, "startAt", 1) - 1) + 1
    ending, pattern = next(((end, shown) for end, shown in ENDINGS if kind.endswith(end)), ("", "{}"))
    style = NUMERALS.get(kind.removesuffix(ending), "decimal")
    return pattern.format(numeral(counts[key], style)) + " ", True


def _rows_of(table: Element) -> Iterator[list[GridCell]]:
    """The cells of each row, those that a merged one covers left out."""
    for n, row in enumerate(children(table, "tr")):
        cells = []
        for column, cell in enumerate(children(row, "tc")):
            if attribute(cell, "hMerge") in ("1", "true") or attribute(cell, "vMerge") in ("1", "true"):
                continue
            spans = [min(max(number(cell, key, 1), 1), MAX_SPAN) for key in ("rowSpan", "gridSpan")]
            cells.append(GridCell(tuple(_plain_lines(cell)), n, column, spans[0], spans[1]))
        yield cells
