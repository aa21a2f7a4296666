"""Rows and cells of OpenDocument tables and sheets, repeated and merged ones told as such."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ingest.readers.cell_name import MAX_COLUMNS, MAX_ROWS, cell_name
from ingest.readers.element import Element, attribute, local, number
from ingest.readers.grid_cell import GridCell
from ingest.readers.sheet import count_cell

HIDDEN = frozenset({"collapse", "filter"})
GROUPS = frozenset({"table-row-group", "table-rows", "table-column-group", "table-columns"})
MAX_HIDDEN = 100_000


@dataclass(slots=True)
class OdfTable:
    """A table as read.

    Attributes:
        n_heads: Rows that come back on each page.
    """

    rows: list[list[GridCell]] = field(default_factory=list)
    n_heads: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def read_table(
    table: Element,
    lines_of: Callable[[Element, str], list[str]],
    is_strong: Callable[[Element], bool],
    *,
    is_sheet: bool = False,
) -> OdfTable:
    """The filled cells of each row; the cells that a merged one covers are left out.

    Args:
        table: The `table:table` element.
        lines_of: The lines of a cell of some name.
        is_strong: Whether a cell looks like a header.
        is_sheet: Whether cells have names.

    Raises:
        ReadError: If there are too many cells.
    """
    found = OdfTable()
    at = n_cells = n_columns = 0
    for element, is_head in _parts(table):
        times = max(
            number(
                element,
                "number-rows-repeated" if local(element) == "table-row" else "number-columns-repeated",
                1,
            ),
            1,
        )
        is_hidden = attribute(element, "visibility") in HIDDEN
        if local(element) == "table-column":
            if is_hidden:
                found.hidden_columns.update(range(n_columns, min(n_columns + times, MAX_COLUMNS)))
            n_columns += times
            continue
        cells = list(_cells(element, at, lines_of, is_strong, is_sheet))
        n_cells += len(cells) * times
        count_cell(n_cells)
        for n in range(at, min(at + times, MAX_ROWS)) if cells else ():
            found.rows.append(cells if n == at else [_moved(cell, n) for cell in cells])
        if is_hidden:
            found.hidden_rows.update(range(at, min(at + times, at + MAX_HIDDEN)))
        at = min(at + times, MAX_ROWS)
        found.n_heads = at if is_head else found.n_heads
    return found


def _parts(table: Element) -> Iterator[tuple[Element, bool]]:
    """Columns and rows in order, and whether they are headers."""
    stack = [(element, False) for element in reversed(table)]
    while stack:
        element, is_head = stack.pop()
        name = local(element)
        if name in ("table-row", "table-column"):
            yield element, is_head
        elif name in GROUPS or name in ("table-header-rows", "table-header-columns"):
            below = is_head or name == "table-header-rows"
            stack.extend((inner, below) for inner in reversed(element))


def _cells(
    row: Element,
    at: int,
    lines_of: Callable[[Element, str], list[str]],
    is_strong: Callable[[Element], bool],
    is_sheet: bool,
) -> Iterator[GridCell]:
    column = 0
    for element in row:
        name = local(element)
        if name not in ("table-cell", "covered-table-cell"):
            continue
        times = max(number(element, "number-columns-repeated", 1), 1)
        if name == "table-cell" and len(element):
            lines = [
                line for line in lines_of(element, cell_name(at, column) if is_sheet else "") if line.strip()
            ]
            n_rows, n_columns = (
                max(number(element, f"number-{what}-spanned", 1), 1) for what in ("rows", "columns")
            )
            for n in range(column, min(column + times, MAX_COLUMNS)) if lines else ():
                yield GridCell(
                    tuple(lines), at, n, min(n_rows, MAX_ROWS), min(n_columns, MAX_COLUMNS - n),
                    cell_name(at, n) if is_sheet else "", is_strong(element),
                )  # fmt: skip
        column += times
        if column >= MAX_COLUMNS:
            return


def _moved(cell: GridCell, row: int) -> GridCell:
    name = cell_name(row, cell.column) if cell.name else ""
    return GridCell(cell.lines, row, cell.column, 1, cell.n_columns, name, cell.is_strong)
