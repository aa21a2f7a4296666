"""The rows and cells of a DOCX table, its merged cells told as such."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ingest.readers.element import Element, attribute, child, is_on, local, number
from ingest.readers.grid_cell import GridCell

HOLDERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo"})
MAX_SPAN = 1000
NO_FILL = frozenset({"", "auto", "FFFFFF", "ffffff"})

Lines = Callable[[Element], tuple[list[str], bool]]


def rows_of(table: Element) -> Iterator[Element]:
    """The rows of a table but those that a tracked change deletes."""
    for row in _inside(table, "tr"):
        about = child(row, "trPr")
        if child(about, "del") is None:
            yield row


def n_heads_of(rows: Sequence[Element]) -> int | None:
    """How many rows at the top come back on each page, `None` if none does or all do."""
    n = 0
    while n < len(rows) and is_on(child(rows[n], "trPr", "tblHeader")):
        n += 1
    return n if 0 < n < len(rows) else None


def cells_of(rows: Sequence[Element], lines_of: Lines) -> list[list[GridCell]]:
    """The cells of each row; one that is merged downward stands in its first row only.

    Args:
        rows: The `w:tr` elements.
        lines_of: The lines of a cell, and whether all of them are bold.
    """
    grid: list[list[GridCell]] = []
    open_cells: dict[
        int, tuple[int, int]
    ] = {}  # column to the row and place of the cell that is merged downward
    for n, row in enumerate(rows):
        cells: list[GridCell] = []
        column = number(child(row, "trPr", "gridBefore"), "val")
        for element in _inside(row, "tc"):
            about = child(element, "tcPr")
            width = min(max(number(child(about, "gridSpan"), "val", 1), 1), MAX_SPAN)
            merge = child(about, "vMerge")
            if merge is not None and attribute(merge, "val") != "restart" and column in open_cells:
                at, place = open_cells[column]
                grid[at][place] = replace(grid[at][place], n_rows=n - at + 1)
                lines_of(element)  # a number in it counts, its text is not seen
            else:
                lines, is_bold = lines_of(element)
                is_strong = is_bold or attribute(child(about, "shd"), "fill") not in NO_FILL
                cells.append(GridCell(tuple(lines), n, column, n_columns=width, is_strong=is_strong))
                open_cells.pop(column, None)
                if merge is not None:
                    open_cells[column] = (n, len(cells) - 1)
            column += width
        grid.append(cells)
    return grid


def _inside(element: Element, name: str) -> Iterator[Element]:
    """Rows or cells, those in content controls too, in order."""
    stack = list(reversed(element))
    while stack:
        inner = stack.pop()
        kind = local(inner)
        if kind == name:
            yield inner
        elif kind in HOLDERS:
            stack.extend(reversed(inner))
