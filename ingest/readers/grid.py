"""Tables of office files: merged cells expanded, header rows chained, units told with their columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.document import Block, BlockKind
from ingest.readers.csv import NUMBER, row_block
from ingest.readers.grid_cell import GridCell, Row
from ingest.readers.heads import count_heads, is_group
from ingest.readers.office import OfficeWriter
from ingest.traced import Traced

CHAIN = " › "
CARRIED_CHARS = 200  # a merged cell longer than this is no label that its lower rows need
NOTE = re.compile(r"[※＊*]|[（(]?(?:注|備考|資料|出典)")
UNIT = re.compile(r"[（(［\[]?\s*単\s*位\s*[:：]?\s*([^（）()［］\[\]\s]{1,12}?)\s*[）)］\]]?$")
HAS_UNIT = re.compile(r"[（(][^（）()]{1,8}[）)]|[%％]|円")
NO_AMOUNT = re.compile(r"(?:年度?|番号|No\.?|№|コード|順位|[数率比回日月歳]|割合)$", re.IGNORECASE)
HIDDEN_ROW, HIDDEN_COLUMN = "非表示の行", "（非表示の列）"


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a table besides its cells.

    Attributes:
        n_heads: How many rows at its top the file says are headers, `None` if it does not say.
        unit: Of its amounts, "" if none is told.
        caption: Stands above it and is told with each row, "" if there is none.
        hidden_rows: Numbers of rows that a reader of the file does not see.
        hidden_columns: The same for columns.
    """

    n_heads: int | None = None
    unit: str = ""
    caption: str = ""
    hidden_rows: frozenset[int] = field(default_factory=frozenset)
    hidden_columns: frozenset[int] = field(default_factory=frozenset)


class Labels:
    """The chain of labels above each column."""

    def __init__(self, heads: Sequence[Row], rows: Sequence[Row], shape: Shape) -> None:
        self._titles: dict[int, dict[str, None]] = {}
        self._known: dict[tuple[int, int, bool], str] = {}
        for n, row in enumerate(heads):
            below = {cell.column for lower in heads[n + 1 :] for cell, body in lower if body}
            stops = [cell.column for cell, body in row if body][1:]
            for cell, body in row:
                title = body.text.replace("\n", " ")
                end = cell.column + cell.n_columns
                if cell.n_columns == 1 and cell.n_rows == 1 and cell.column in below:
                    # not merged, yet it names the columns up to the next label, if they have one below
                    stop = next((stop for stop in stops if stop > cell.column), max(below) + 1)
                    end = max(end, stop)
                for column in range(cell.column, end) if title else ():
                    if column == cell.column or column < cell.column + cell.n_columns or column in below:
                        self._titles.setdefault(column, {})[title] = None
        self._hidden = shape.hidden_columns
        self._unit = f"（{shape.unit}）" if shape.unit else ""
        self._amounts = _amount_columns(rows) if shape.unit and heads else frozenset()

    def __bool__(self) -> bool:
        return bool(self._titles)

    def columns(self) -> set[int]:
        """The columns that have a label."""
        return set(self._titles)

    def of(self, cell: GridCell, body: Traced) -> str:
        """「令和4年度 › 予算額（千円）」, "" if nothing stands above the cell; the unit with numbers only."""
        has_unit = bool(self._unit) and NUMBER.fullmatch(body.text) is not None
        key = (cell.column, cell.n_columns, has_unit)
        if key not in self._known:
            columns = range(cell.column, cell.column + cell.n_columns)
            titles: dict[str, None] = {}
            if len(columns) > 2 and len(columns) * 2 > len(self._titles):
                columns = range(0)  # it stands under the table as a whole
            for column in columns:
                titles.update(self._titles.get(column, {}))
            label = CHAIN.join(titles)
            if label and has_unit and cell.column in self._amounts and not _tells_unit(label):
                label += self._unit
            hidden = cell.column in self._hidden
            self._known[key] = label + HIDDEN_COLUMN if label and hidden else label
        return self._known[key]


def write_table(
    writer: OfficeWriter, rows: Sequence[Sequence[GridCell]], shape: Shape, *, before: Labels | None = None
) -> Labels:
    """Write a table row by row: its header rows as furniture, the others with the labels of their columns.

    A merged cell stands in the text once and in each of its rows with the same place; one longer than
    `CARRIED_CHARS` only in its first row. A row that is one wide merged cell heads the rows below it.

    Args:
        writer: What it is written to.
        rows: In order, each with its cells from left to right, also the empty ones that are merged.
        shape: What the file tells besides.
        before: Labels of the part above, which hold if this part has no header of its own.

    Returns:
        The labels, for a part that goes on below.
    """
    path = (*writer.section, *([shape.caption] if shape.caption else []))
    placed: list[Row] = [[(cell, writer.place(cell.lines, cell=cell.name)) for cell in row] for row in rows]
    full = [row for row in expanded(placed) if any(body for _, body in row)]
    n_heads = count_heads(full) if shape.n_heads is None else min(shape.n_heads, len(full))
    labels = Labels(full[:n_heads], full[n_heads:], shape)
    if not labels and before is not None and _columns(full) <= before.columns():
        labels = before
    group: tuple[str, ...] = ()
    for n, row in enumerate(full):
        bodies = _own(row) if n < n_heads else [body for _, body in row]
        filled = [body for body in bodies if body]
        if n < n_heads:
            if filled:
                writer.row(Block(BlockKind.FURNITURE, Traced.joined(filled, "\n"), path, writer.page))
        elif len(filled) == 1 and is_group(row, full[n_heads:], n - n_heads):
            group = (filled[0].text.replace("\n", " "),)
            writer.row(Block(BlockKind.HEADING, filled[0], path + group, writer.page))
        elif len(filled) == 1 and NOTE.match(filled[0].text):
            writer.row(Block(BlockKind.PARAGRAPH, filled[0], path, writer.page))
        elif filled:
            hidden = (HIDDEN_ROW,) if row[0][0].row in shape.hidden_rows else ()
            block = row_block(bodies, [labels.of(*item) for item in row], (*path, *group, *hidden))
            writer.row(_on_page(block, writer.page))
    writer.space()
    return labels


def expanded(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows, each with the merged cells that reach down into it, from left to right."""
    reaching: list[tuple[int, GridCell, Traced]] = []
    for row in rows:
        at = row[0][0].row if row else 0
        taken = {column for cell, _ in row for column in range(cell.column, cell.column + cell.n_columns)}
        reaching = [item for item in reaching if item[0] >= at]
        carried = [(cell, body) for _, cell, body in reaching if cell.column not in taken]
        for cell, body in row:
            if cell.n_rows > 1 and body:
                kept = body if len(body) <= CARRIED_CHARS else body[:0]
                reaching.append((cell.row + cell.n_rows - 1, cell, kept))
        yield sorted((*row, *carried), key=lambda item: item[0].column) if carried else row


def find_unit(text: str) -> str:
    """千円 of 「（単位：千円）」, "" if a text tells no unit."""
    found = UNIT.search(text.strip())
    return found[1] if found and len(text) <= 60 else ""


def _own(row: Row) -> list[Traced]:
    """The bodies of a header row; those that reach down from above stand in the first one only."""
    last = max((cell.row for cell, _ in row), default=0)
    return [body for cell, body in row if cell.row == last]


def _columns(rows: Sequence[Row]) -> set[int]:
    return {cell.column for row in rows for cell, body in row if body}


def _on_page(block: Block, page: int | None) -> Block:
    return Block(block.kind, block.body, block.section, page, block.headers, block.cells)


def _amount_columns(rows: Sequence[Row]) -> frozenset[int]:
    """The columns most of whose cells are numbers and none a share of a hundred."""
    numbers: dict[int, list[bool]] = {}
    for row in rows:
        for cell, body in row:
            if body and cell.n_columns == 1:
                is_share = body.text.endswith(("%", "％"))
                found = numbers.setdefault(cell.column, [])
                found.append(not is_share and NUMBER.fullmatch(body.text) is not None)
    return frozenset(column for column, found in numbers.items() if sum(found) * 2 > len(found))


def _tells_unit(label: str) -> bool:
    last = label.rpartition(CHAIN)[2]
    is_year = last.endswith("年度") and any(char.isdecimal() for char in last)  # its amounts stand below
    return bool(HAS_UNIT.search(last) or (NO_AMOUNT.search(last) and not is_year))
