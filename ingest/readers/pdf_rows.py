"""The rows of a PDF's tables: merged cells expanded, header chains found, also where a table goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.document import Block, BlockKind
from ingest.readers.csv import NUMBER, is_header, row_block
from ingest.readers.html_table import CARRIED_CHARS, Cell, column_labels, label
from ingest.readers.pdf_text import PlacedCell, PlacedTable
from ingest.traced import Traced

IN_CELL = re.compile(r"[\d０-９,.，．()（）▲△\-－+%％―\s]*[\d０-９][\d０-９,.，．()（）▲△\-－+%％―\s]*")
SAME_EDGE = 4.0  # points between the edges of a table and of what goes on with it on the next page
MAX_HEADS = 4
LATIN_END = re.compile(r"[0-9０-９A-Za-z,.)）%％]$")
LATIN_START = re.compile(r"[0-9０-９A-Za-z(（▲△-]")


class TableRows:
    """Makes blocks of tables, remembering the last one's labels for what goes on with it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._last: tuple[PlacedTable, dict[int, list[str]]] | None = None

    def blocks(self, table: PlacedTable, path: tuple[str, ...], unit: str) -> Iterator[Block]:
        """One block a row, header rows as furniture; `unit` stands above the table, "" if nothing does."""
        rows = [row for row in self._rows(table) if any(cell.body for cell in row)]
        n_heads = _count_heads(rows)
        labels = column_labels(rows[:n_heads])
        if not n_heads and self._continues(table) and self._last:
            labels = self._last[1]
        if unit:
            for column in _number_columns(rows[n_heads:]):
                labels.setdefault(column, []).append(f"（{unit}）")
        self._last = (table, {column: titles[:] for column, titles in labels.items()})
        for n, row in enumerate(rows):
            if n < n_heads:
                bodies = [cell.body for cell in row if cell.body]
                found = Block(BlockKind.FURNITURE, Traced.joined(bodies, "\n"), path)
            else:
                found = row_block([cell.body for cell in row], [label(cell, labels) for cell in row], path)
            yield replace(found, page=table.page)

    def _continues(self, table: PlacedTable) -> bool:
        if self._last is None:
            return False
        last = self._last[0]
        near = abs(last.left - table.left) < SAME_EDGE and abs(last.right - table.right) < SAME_EDGE
        return near and table.page == last.page + 1 and last.n_columns == table.n_columns

    def _rows(self, table: PlacedTable) -> Iterator[list[Cell]]:
        """The rows from first to last; a merged cell stands in each of its rows."""
        bodies = [self._body(cell) for cell in table.cells]
        for row in range(table.n_rows):
            yield [
                Cell(
                    body if row == cell.rows[0] or len(body) <= CARRIED_CHARS else body[:0],
                    cell.columns[0], cell.columns[1] - cell.columns[0], is_head=False,
                )
                for cell, body in sorted(zip(table.cells, bodies, strict=True), key=lambda x: x[0].columns)
                if cell.rows[0] <= row < cell.rows[1]
            ]  # fmt: skip

    def _body(self, cell: PlacedCell) -> Traced:
        """The lines of a cell joined; a break between two Latin words or numbers stays a space."""
        parts: list[Traced] = []
        for span in cell.spans:
            part = Traced.from_original(self._text, span.start, span.end)
            if parts and LATIN_END.search(parts[-1].text) and LATIN_START.match(part.text):
                parts.append(Traced.inserted(" "))
            parts.append(part)
        return Traced.joined(parts)


def _count_heads(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows at the top name the columns: those that a merged head covers, else the first one."""
    if len(rows) < 2:
        return 0
    heads = 1
    while heads < min(MAX_HEADS, len(rows) - 1) and any(cell.n_columns > 1 for cell in rows[heads - 1]):
        if any(NUMBER.fullmatch(cell.body.text) for cell in rows[heads] if cell.body):
            break
        heads += 1
    named = [cell.body.text for row in rows[:heads] for cell in row if cell.body]
    if heads > 1 and not any(NUMBER.fullmatch(name) for name in named):
        return heads
    first, *below = ([cell.body for cell in row] for row in rows)
    has_numbers = sum(any(NUMBER.fullmatch(body.text) for body in row if body) for row in below)
    are_words = sum(bool(body) for body in first) >= 2 and not any(
        NUMBER.fullmatch(body.text) for body in first if body
    )
    return int(is_header(first, below) or (are_words and 2 * has_numbers > len(below)))


def _number_columns(rows: Sequence[Sequence[Cell]]) -> Iterator[int]:
    """The columns of which most cells are numbers."""
    cells: dict[int, list[bool]] = {}
    for cell in (cell for row in rows for cell in row if cell.body):
        for column in range(cell.column, cell.column + cell.n_columns):
            cells.setdefault(column, []).append(IN_CELL.fullmatch(cell.body.text) is not None)
    return (column for column, found in cells.items() if 2 * sum(found) > len(found))
