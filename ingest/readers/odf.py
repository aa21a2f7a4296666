"""ODT, ODS and ODP: OpenDocument text, sheets and slides."""

from __future__ import annotations

from dataclasses import replace

from ingest.containers import Container
from ingest.content import Content, first_heading
from ingest.document import BlockKind
from ingest.errors import ProtectedError
from ingest.locator import PageKind
from ingest.readers.element import Element, attribute, children, descendants, local
from ingest.readers.odf_block import INDEXES, OdfBlocks
from ingest.readers.odf_table import read_table
from ingest.readers.odf_text import plain_lines
from ingest.readers.office import COMMENT, OfficeWriter
from ingest.readers.outline import with_headings
from ingest.readers.package import Package
from ingest.readers.pptx import HIDDEN_SLIDE, NOTES
from ingest.readers.sheet import Sheet, workbook_title, write_sheet
from ingest.readers.slide_order import Placed, in_reading_order

CONTENT = "content.xml"
BLOCKS = ("p", "h", "list", "table", "section", "numbered-paragraph", "frame", *sorted(INDEXES))
FURNITURE = frozenset({"page-number", "date-time", "footer", "header"})
PER_UNIT = {"cm": 360_000, "mm": 36_000, "in": 914_400, "pt": 12_700, "pc": 152_400, "px": 9_525}
SHAPES = ("frame", "custom-shape", "rect", "ellipse", "text-box", "polygon", "path", "connector", "line", "g")


def read_odf(package: Package, kind: Container) -> Content:
    """Read a text, a spreadsheet or a presentation from its package.

    Raises:
        ReadError: If it is encrypted, damaged or beyond the limits.
    """
    if next(package.elements("META-INF/manifest.xml", "encryption-data"), None) is not None:
        raise ProtectedError("パスワードで保護されています。")
    writer = OfficeWriter()
    blocks = OdfBlocks(package, writer)
    match kind:
        case Container.ODS:
            _read_sheets(package, blocks, writer)
            return writer.content(workbook_title(writer.blocks))
        case Container.ODP:
            for page in package.elements(CONTENT, "page", inside="presentation"):
                _read_slide(page, blocks, writer)
            content = writer.content()
            return replace(content, title=first_heading(content.blocks))
    for element in package.elements(CONTENT, *BLOCKS, inside="text"):
        parent = element.getparent()
        if parent is not None and local(parent.getparent()) == "body":
            blocks.write([element])
    content = writer.content(blocks.title)
    return content if blocks.has_headings else with_headings(content)


def _read_sheets(package: Package, blocks: OdfBlocks, writer: OfficeWriter) -> None:
    for table in package.elements(CONTENT, "table", inside="spreadsheet"):
        sheet = Sheet(attribute(table, "name"))

        def lines_of(cell: Element, name: str, sheet: Sheet = sheet) -> list[str]:
            for comment in children(cell, "annotation"):
                sheet.comments.append((name, "\n".join(plain_lines(blocks.text, comment))))
            lines = [line for p in children(cell, "p") for line in blocks.text.read(p).text.split("\n")]
            return lines or [attribute(cell, "string-value") or attribute(cell, "value")]

        found = read_table(table, lines_of, blocks.is_strong, is_sheet=True)
        sheet.rows, sheet.n_frozen = found.rows, found.n_heads
        sheet.hidden_rows, sheet.hidden_columns = (
            frozenset(found.hidden_rows),
            frozenset(found.hidden_columns),
        )
        sheet.is_hidden = blocks.styles.is_hidden(attribute(table, "style-name"))
        for shapes in children(table, "shapes"):
            text = "\n".join(plain_lines(blocks.text, shapes))
            sheet.boxes += [text] if text.strip() else []
        write_sheet(writer, sheet)


def _read_slide(page: Element, blocks: OdfBlocks, writer: OfficeWriter) -> None:
    shapes = [shape for shape in page if local(shape) in SHAPES]
    titles = [shape for shape in shapes if attribute(shape, "class") == "title"]
    title = " ".join(line for shape in titles for line in plain_lines(blocks.text, shape))
    writer.turn_page(PageKind.SLIDE, " ".join(title.split()))
    if blocks.styles.is_hidden(attribute(page, "style-name")):
        writer.warn(f"非表示のスライド（{writer.page} 枚目）の内容も読んでいます。")
        with writer.marked(HIDDEN_SLIDE):
            _write_shapes(shapes, blocks, writer)
    else:
        _write_shapes(shapes, blocks, writer)
    with writer.marked(NOTES):
        for notes in children(page, "notes"):
            for frame in children(notes, "frame"):
                if attribute(frame, "class") not in FURNITURE:
                    writer.write(BlockKind.PARAGRAPH, list(plain_lines(blocks.text, frame)))
    with writer.marked(COMMENT):
        for comment in children(page, "annotation"):
            lines = list(plain_lines(blocks.text, comment))
            writer.write(BlockKind.PARAGRAPH, [f"［{COMMENT}］{lines[0]}", *lines[1:]] if lines else [])


def _write_shapes(shapes: list[Element], blocks: OdfBlocks, writer: OfficeWriter) -> None:
    others = []
    for shape in shapes:
        if attribute(shape, "class") == "title":
            writer.write(BlockKind.HEADING, list(plain_lines(blocks.text, shape)), level=1)
        elif attribute(shape, "class") not in FURNITURE:
            others.append(Placed(shape, _box(shape)))
    for shape in in_reading_order(others):
        blocks.write_shape(shape)


def _box(shape: Element) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom of a shape; of a group those of what is in it."""
    left, top, width, height = (_length(attribute(shape, key)) for key in ("x", "y", "width", "height"))
    if local(shape) == "g":
        boxes = [box for inner in descendants(shape, *SHAPES[:-1]) if (box := _box(inner)) is not None]
        if boxes:
            return (
                min(b[0] for b in boxes),
                min(b[1] for b in boxes),
                max(b[2] for b in boxes),
                max(b[3] for b in boxes),
            )
    if left is None or top is None:
        return None
    return left, top, left + (width or 0), top + (height or 0)


def _length(text: str) -> int | None:
    value, unit = text[:-2], text[-2:]
    try:
        return int(min(max(float(value), -1e6), 1e6) * PER_UNIT[unit])
    except (KeyError, ValueError):
        return None
