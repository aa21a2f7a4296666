"""Tables of an HTML page: merged cells expanded, header rows told from data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode

from ingest.readers.csv import is_header
from ingest.traced import Traced

MAX_COLUMNS = 1000  # what browsers allow
MAX_ROWS = 65534
CARRIED_CHARS = 200  # a merged cell longer than this is no label that its lower rows need


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the grid: where it stands in the text, and how far it reaches."""

    body: Traced
    column: int
    n_columns: int
    is_head: bool


def is_data_table(table: LexborNode) -> bool:
    """Whether a table holds data, not the layout of an old page."""
    if (table.attributes.get("role") or "") in ("presentation", "none"):
        return False
    inside = table.css("table, h1, h2, h3, h4, h5, h6")
    return all(node.mem_id == table.mem_id for node in inside) and len(table.css("td, th")) > 1


def read_grid(
    table: LexborNode, is_dropped: Callable[[LexborNode], bool], place: Callable[[LexborNode], Traced]
) -> Iterator[list[Cell]]:
    """The rows of a table, each left to right.

    A merged cell stands in each of its rows with the same place in the text; one longer than
    `CARRIED_CHARS` is empty below its first row.

    Args:
        table: The `table` element, without tables inside.
        is_dropped: Whether a row or cell is hidden.
        place: Writes a cell to the linear text; called once a cell, in reading order.
    """
    reaching: dict[int, tuple[int, Cell]] = {}
    for line in table.css("tr"):
        if is_dropped(line):
            continue
        carried = {at: cell for at, (_, cell) in reaching.items()}
        reaching = {at: (left - 1, cell) for at, (left, cell) in reaching.items() if left > 1}
        row: list[Cell] = []
        column = 0
        for node in children(line):
            if node.tag not in ("td", "th") or is_dropped(node):
                continue
            while column in carried:
                row.append(carried.pop(column))
                column += row[-1].n_columns
            body = place(node)
            is_head = node.tag == "th" or (line.parent is not None and line.parent.tag == "thead")
            cell = Cell(body, column, _reach(node, "colspan"), is_head)
            row.append(cell)
            column += cell.n_columns
            if (n_rows := _reach(node, "rowspan")) > 1:
                kept = body if len(body) <= CARRIED_CHARS else body[:0]
                reaching[cell.column] = (n_rows - 1, replace(cell, body=kept))
        yield sorted((*row, *carried.values()), key=lambda cell: cell.column)


def count_heads(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows at the top are headers: rows of `th`, else a first row that reads like labels."""
    n_heads = 0
    while n_heads < len(rows) - 1 and all(cell.is_head for cell in rows[n_heads]):
        n_heads += 1
    if n_heads or len(rows) < 2 or any(cell.is_head for row in rows for cell in row):
        return n_heads
    first, *below = ([cell.body for cell in row] for row in rows)
    return int(is_header(first, below))


def column_labels(heads: Sequence[Sequence[Cell]]) -> dict[int, list[str]]:
    """Per column the distinct labels above it, top to bottom."""
    labels: dict[int, list[str]] = {}
    for cell in (cell for row in heads for cell in row):
        title = cell.body.text.replace("\n", " ")
        for column in range(cell.column, cell.column + cell.n_columns):
            if title and title not in labels.setdefault(column, []):
                labels[column].append(title)
    return labels


def label(cell: Cell, labels: dict[int, list[str]]) -> str:
    """The labels above all columns that the cell covers, "" if there are none."""
    columns = range(cell.column, cell.column + cell.n_columns)
    return " ".join(dict.fromkeys(title for column in columns for title in labels.get(column, ())))


def _reach(node: LexborNode, attribute: str) -> int:
    """How many rows or columns a cell covers; 0 rows means all that follow."""
    value = (node.attributes.get(attribute) or "").strip()
    if not (value.isascii() and value.isdecimal()):
        return 1
    n = int(value[:6])
    if attribute == "colspan":
        return min(max(n, 1), MAX_COLUMNS)
    return min(n or MAX_ROWS, MAX_ROWS)


def children(node: LexborNode) -> Iterator[LexborNode]:
    """Elements, texts and comments directly inside."""
    child = node.child
    while child is not None:
        yield child
        child = child.next
