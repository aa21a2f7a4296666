"""Sheets of a spreadsheet of any format: their tables found, and written with headers and cell names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.document import Block, BlockKind
from ingest.errors import TooLargeError
from ingest.locator import PageKind
from ingest.readers.cell_name import Place, column_name
from ingest.readers.grid import NOTE, Labels, Shape, find_unit, write_table
from ingest.readers.grid_cell import GridCell
from ingest.readers.heads import MAX_HEADS, is_label
from ingest.readers.office import COMMENT, OfficeWriter

PLAIN_NAME = re.compile(r"(?:Sheet|シート|Feuil|表)\s*[0-9０-９]*", re.IGNORECASE)
DATED = re.compile(r"[0-9０-９元]年.{1,8}日(?:現在|作成|更新|時点)?[）)]?$")
HIDDEN_SHEET = "非表示のシート"
TITLE_LEVEL = 2  # below the name of the sheet
FORM_CHARS = 48  # a longer text above a table is no title
SHOWN_RANGES = 5  # of hidden rows or columns in one warning

MAX_CELLS = 600_000  # of a workbook; each takes some 1,200 bytes of memory while it is read

Rows = Sequence[Sequence[GridCell]]


@dataclass(slots=True)
class Sheet:
    """One sheet as read.

    Attributes:
        rows: Those that hold anything, ascending, each with its filled cells from left to right; a merged
            range is one cell.
        n_frozen: Rows that stay in sight when one scrolls, or come back on each printed page: up to there
            the header reaches. 0 if unknown.
        filtered: Rows with the buttons of a filter or a formatted table: the last header row.
        comments: (cell, text) of each comment, and text boxes on the sheet without a cell.
        captions: Titles of charts.
    """

    name: str
    rows: list[list[GridCell]] = field(default_factory=list)
    is_hidden: bool = False
    n_frozen: int = 0
    filtered: frozenset[int] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    comments: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)


def count_cell(n: int) -> None:
    """Refuse a workbook with more cells than memory is meant for.

    Raises:
        ReadError: If `n` is beyond the limit.
    """
    if n > MAX_CELLS:
        raise TooLargeError(f"表が大きすぎます（上限 {MAX_CELLS:,} セル）。")


def with_merged(rows: Rows, ranges: Sequence[tuple[Place, Place]]) -> list[list[GridCell]]:
    """The rows with each merged range as one cell; what else lies in the range is not seen and left out."""
    first = dict(ranges)
    covers: dict[int, list[tuple[int, int, Place]]] = {}
    n_covered = 0
    for start, end in ranges:
        n_covered += end[0] - start[0] + 1
        count_cell(n_covered)
        for row in range(start[0], end[0] + 1):
            covers.setdefault(row, []).append((start[1], end[1], start))
    merged: list[list[GridCell]] = []
    for cells in rows:
        around = covers.get(cells[0].row, ()) if cells else ()
        kept: list[GridCell] = []
        for cell in cells:
            last = first.get((cell.row, cell.column))
            if last is not None:
                kept.append(replace(cell, n_rows=last[0] - cell.row + 1, n_columns=last[1] - cell.column + 1))
            elif not any(left <= cell.column <= right for left, right, _ in around):
                kept.append(cell)
        if kept:
            merged.append(kept)
    return merged


def workbook_title(blocks: Sequence[Block]) -> str:
    """What stands as a title at the top of the first sheet, "" if nothing does: its name alone is none."""
    for block in blocks:
        if block.page != 1 or block.kind is BlockKind.TABLE_ROW:
            break
        if block.kind is BlockKind.HEADING and len(block.section) == TITLE_LEVEL:
            return " ".join(block.text.split())
    return ""


def write_sheet(writer: OfficeWriter, sheet: Sheet) -> None:
    """Write one sheet as a page of its own."""
    writer.turn_page(PageKind.SHEET, sheet.name)
    if sheet.is_hidden and (sheet.rows or sheet.boxes):
        writer.warn(f"非表示のシート「{sheet.name}」の内容も読んでいます。")
        with writer.marked(HIDDEN_SHEET):
            _write_content(writer, sheet)
    else:
        _write_content(writer, sheet)


def _write_content(writer: OfficeWriter, sheet: Sheet) -> None:
    if not PLAIN_NAME.fullmatch(sheet.name) and (sheet.rows or sheet.boxes or sheet.captions):
        writer.write(BlockKind.HEADING, [sheet.name], level=1)
    labels: Labels | None = None
    for region in _regions(sheet.rows):
        labels = _write_region(writer, sheet, region, labels)
    for caption in sheet.captions:
        writer.write(BlockKind.CAPTION, [caption])
    for text in sheet.boxes:
        writer.write(BlockKind.PARAGRAPH, text.split("\n"))
    with writer.marked(COMMENT):
        for name, text in sheet.comments:
            writer.write(BlockKind.PARAGRAPH, [f"［{COMMENT} {name}］", *text.split("\n")], cell=name)
    _warn_of_hidden(writer, sheet)


def _regions(rows: Rows) -> Iterator[list[Sequence[GridCell]]]:
    """Rows that follow one another without an empty one between; a merged range bridges the gap."""
    region: list[Sequence[GridCell]] = []
    last = -1
    for row in rows:
        at = row[0].row
        if region and at > last + 1:
            yield region
            region = []
        region.append(row)
        last = max(last, at, *(cell.row + cell.n_rows - 1 for cell in row))
    if region:
        yield region


def _write_region(writer: OfficeWriter, sheet: Sheet, region: Rows, before: Labels | None) -> Labels | None:
    """Write titles, the table, and the notes below it; its labels hold for a part below without a header."""
    n_titles = _count_titles(region)
    end = len(region)
    while end > n_titles and len(region[end - 1]) == 1 and NOTE.match(_text(region[end - 1][0])):
        end -= 1
    is_table = end - n_titles > 1 or any(len(row) > 1 for row in region[n_titles:end])
    unit = ""
    for row in region[:n_titles]:
        for n, cell in enumerate(row):
            unit = find_unit(_text(cell)) or unit
            _write_text(writer, cell, is_title=is_table and n == 0 and not find_unit(_text(cell)))
    if is_table:
        rows = region[n_titles:end]
        shape = Shape(_n_heads(sheet, rows), unit, "", sheet.hidden_rows, sheet.hidden_columns)
        before = write_table(writer, rows, shape, before=before)
    else:
        end = n_titles
    for row in region[end:]:
        for cell in row:
            _write_text(writer, cell, is_title=False)
    return before


def _count_titles(region: Rows) -> int:
    """How many rows at the top stand above the table: one text, or texts with the unit of what follows."""
    width = max(len(row) for row in region)
    for n, row in enumerate(region):
        has_unit = any(find_unit(_text(cell)) for cell in row) and len(row) <= 3
        is_wide = len(row) * 2 >= width or any(cell.is_strong or cell.n_columns > 1 for cell in row)
        if len(row) > 1 and not has_unit and (is_wide or len(row) > 2):
            return n
    return 0 if all(len(row) == 1 for row in region) and _is_list(region) else len(region)


def _is_list(region: Rows) -> bool:
    """Whether rows of one cell each are a table of one column: all in one column, short, under a label."""
    return len(region) > 2 and len({row[0].column for row in region}) == 1 and region[0][0].is_strong


def _write_text(writer: OfficeWriter, cell: GridCell, *, is_title: bool) -> None:
    text = _text(cell)
    is_heading = is_title and len(text) <= FORM_CHARS and is_label(text) and not DATED.search(text)
    kind = BlockKind.HEADING if is_heading else BlockKind.PARAGRAPH
    writer.write(kind, cell.lines, level=TITLE_LEVEL, cell=cell.name)


def _n_heads(sheet: Sheet, rows: Rows) -> int | None:
    """How many rows are headers by what the sheet says besides its cells, `None` if it says nothing."""
    for n, row in enumerate(rows[:MAX_HEADS]):
        if row[0].row in sheet.filtered:
            return n + 1
    n_frozen = sum(row[0].row < sheet.n_frozen for row in rows)
    return n_frozen if 0 < n_frozen < min(len(rows), MAX_HEADS + 1) else None


def _warn_of_hidden(writer: OfficeWriter, sheet: Sheet) -> None:
    used = [cell for row in sheet.rows for cell in row]
    rows = sorted({cell.row for cell in used} & sheet.hidden_rows)
    columns = sorted({cell.column for cell in used} & sheet.hidden_columns)
    parts = []
    if rows:
        parts.append("行 " + _ranges(rows, lambda n: str(n + 1)))
    if columns:
        parts.append("列 " + _ranges(columns, column_name))
    if parts:
        writer.warn(f"シート「{sheet.name}」の非表示の部分（{'、'.join(parts)}）も読んでいます。")


def _ranges(numbers: Sequence[int], name: Callable[[int], str]) -> str:
    ranges: list[list[int]] = []
    for n in numbers:
        if ranges and n == ranges[-1][1] + 1:
            ranges[-1][1] = n
        else:
            ranges.append([n, n])
    shown = [name(a) if a == b else f"{name(a)}〜{name(b)}" for a, b in ranges[:SHOWN_RANGES]]
    return "・".join(shown) + ("ほか" if len(ranges) > SHOWN_RANGES else "")


def _text(cell: GridCell) -> str:
    return " ".join(cell.lines)
