"""One sheet of an XLSX file, streamed: its cells as displayed, and what it says of rows and columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.readers.cell_name import MAX_COLUMNS, Place, cell_name, read_cell_name, read_range
from ingest.readers.element import Element, attribute, child, children, local, number, text_of
from ingest.readers.grid_cell import GridCell
from ingest.readers.number_format import show_general, show_number, show_text
from ingest.readers.package import Package
from ingest.readers.sheet import Sheet, count_cell, with_merged
from ingest.readers.xlsx_style import CellStyle

PARTS = ("row", "mergeCell", "pane", "autoFilter", "col")
MAX_HIDDEN = 100_000  # columns or rows; more are not told one by one
PLAIN = CellStyle()


@dataclass(slots=True)
class Workbook:
    """What the sheets of a file share.

    Attributes:
        strings: The texts that cells refer to by number.
        from_1904: Whether days are counted from 1904.
        n_cells: Filled cells so far, in all sheets.
        n_without_value: Formulas whose result is not stored.
    """

    package: Package
    strings: Sequence[str]
    styles: Sequence[CellStyle]
    from_1904: bool = False
    n_cells: int = 0
    n_without_value: int = 0


def read_sheet(book: Workbook, part: str, name: str) -> Sheet:
    """The cells of a sheet.

    Raises:
        ReadError: If it is damaged or has too many cells.
    """
    sheet = Sheet(name)
    merged: list[tuple[Place, Place]] = []
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    rows: list[list[GridCell]] = []
    at = -1
    for element in book.package.elements(part, *PARTS):
        match local(element):
            case "row":
                at = max(number(element, "r", at + 2) - 1, 0)
                cells = list(_cells(book, element, at))
                if cells:
                    rows.append(cells)
                if attribute(element, "hidden") in ("1", "true") and len(hidden_rows) < MAX_HIDDEN:
                    hidden_rows.add(at)
            case "mergeCell":
                found = read_range(attribute(element, "ref"))
                if found is not None:
                    merged.append(found)
            case "pane" if attribute(element, "state").startswith("frozen"):
                sheet.n_frozen = number(element, "ySplit")
            case "autoFilter":
                found = read_range(attribute(element, "ref"))
                sheet.filtered |= {found[0][0]} if found else set()
            case "col" if attribute(element, "hidden") in ("1", "true"):
                first, last = number(element, "min", 1), min(number(element, "max", 1), MAX_COLUMNS)
                hidden_columns.update(range(max(first, 1) - 1, last))
    rows.sort(key=lambda cells: cells[0].row)
    sheet.rows = with_merged(rows, merged)
    sheet.hidden_rows, sheet.hidden_columns = frozenset(hidden_rows), frozenset(hidden_columns)
    return sheet


def read_strings(package: Package, part: str) -> list[str]:
    """The shared texts; phonetic readings over them are left out."""
    return [_rich_text(element) for element in package.elements(part, "si", inside="sst")]


def _cells(book: Workbook, row: Element, at: int) -> Iterator[GridCell]:
    """The filled cells of a row, from left to right."""
    column = -1
    known: dict[int, GridCell] = {}
    for element in children(row, "c"):
        place = read_cell_name(element.get("r") or "")
        column = place[1] if place else column + 1
        style_id = number(element, "s")
        style = book.styles[style_id] if 0 <= style_id < len(book.styles) else PLAIN
        text = _shown(book, element, style)
        if text.strip() and column < MAX_COLUMNS:
            book.n_cells += 1
            count_cell(book.n_cells)
            known[column] = GridCell(
                tuple(text.split("\n")), at, column, name=cell_name(at, column), is_strong=style.is_strong
            )
    return iter([known[column] for column in sorted(known)])


def _shown(book: Workbook, element: Element, style: CellStyle) -> str:
    """What a cell displays; of a formula the result that was stored."""
    kind = element.get("t") or "n"
    if kind == "inlineStr":
        return show_text(_rich_text(child(element, "is")), style.code)
    value = text_of(child(element, "v"))
    if not value:
        book.n_without_value += kind != "str" and child(element, "f") is not None
        return ""
    if kind == "s":
        at = int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else -1
        return show_text(book.strings[at], style.code) if 0 <= at < len(book.strings) else ""
    if kind in ("str", "e", "d"):
        return show_text(value, style.code)
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    try:
        amount = float(value)
    except ValueError:
        return value
    if style.code == "General":
        return show_general(amount) if abs(amount) < float("inf") else value
    return show_number(amount, style.code, from_1904=book.from_1904)


def _rich_text(element: Element | None) -> str:
    """The text of a string item: its runs, not the readings over them."""
    if element is None:
        return ""
    parts = []
    for inner in element:
        name = local(inner)
        if name == "t":
            parts.append(text_of(inner))
        elif name == "r":
            parts.append(text_of(child(inner, "t")))
    return "".join(parts).replace("\r\n", "\n").replace("_x000D_", "")
