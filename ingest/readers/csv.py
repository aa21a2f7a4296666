"""Delimited text (CSV, TSV, semicolons): one table row per record, its cells traced to their characters.

The standard csv module gives fields without their places, so fields are split here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

from ingest.document import Block, BlockKind
from ingest.errors import ReadError
from ingest.markup import lines_of
from ingest.traced import Traced

DELIMITERS = "\t,;"
SAMPLE_CHARS = 100_000
MAX_CELLS = 1_000_000  # each takes some 700 bytes of memory while the table is read
LABEL_CHARS = 40
CATEGORY_CHARS = 40
CATEGORY_COLUMNS = 2
NUMBER = re.compile(
    r"[\d０-９,.:/+\-%％，．／－△▲¥￥\s]*[\d０-９][\d０-９,.:/+\-%％，．／－円人件名校回日\s]*"
)
SENTENCE_END = re.compile(r"[。！？!?]$|(?:です|ます|した|する|ある|いる)$")
GROUP_MARK = re.compile(r"[■□◆◇【]")

Row = list[Traced]


def looks_like_table(text: str) -> bool:
    """Whether a text of unknown format is delimited: steady cells on each line, no prose with commas."""
    head = text[:SAMPLE_CHARS]
    delimiter = find_delimiter(head, steady=0.6)
    if delimiter is None:
        return False
    widths = [len(row) for row in split_rows(head, delimiter) if row]
    if delimiter == "\t":
        return len(widths) >= 2
    common, count = Counter(widths).most_common(1)[0]
    return common >= 3 and len(widths) >= 3 and count * 10 >= len(widths) * 9 and f"{delimiter} " not in head


def read_table_text(text: str) -> list[Block] | None:
    """Blocks of a delimited text in reading order; `None` if no delimiter makes columns of it.

    A title above the table is a heading and the header row furniture, since its labels go with
    every row as `headers`. Empty cells are left out of a row together with their label.
    Leading columns whose values repeat from row to row are also the section path.

    Raises:
        ReadError: If the table has more than `MAX_CELLS` cells.
    """
    delimiter = find_delimiter(text[:SAMPLE_CHARS], steady=0.2)
    if delimiter is None:
        return None
    check_size(text.count(delimiter))
    rows = [row for row in split_rows(text, delimiter) if row and any(lines_of(cell) for cell in row)]
    width = _common_width(rows)
    if delimiter == "\t":
        rows = _mended(rows, width)
    rows = [[Traced.joined(lines_of(cell), "\n") for cell in row] for row in rows]
    first = next((n for n, row in enumerate(rows) if sum(map(bool, row)) > 1), 0)
    titles = [_body(row) for row in rows[:first]]
    path = tuple(title.text.replace("\n", " ") for title in titles)
    blocks = [Block(BlockKind.HEADING, title, path[: n + 1]) for n, title in enumerate(titles)]
    return blocks + list(table_blocks(rows[first:], path))


def check_size(n_cells: int) -> None:
    """Refuse a table that would take more memory than an office PC has to spare.

    Raises:
        ReadError: If there are more than `MAX_CELLS` cells.
    """
    if n_cells > MAX_CELLS:
        raise ReadError(f"表が大きすぎます（約 {n_cells:,} セル、上限 {MAX_CELLS:,} セル）。")


def find_delimiter(text: str, *, steady: float) -> str | None:
    """The delimiter that splits the largest share of the lines alike; `None` if all stay below `steady`.

    A tab always counts, as tabs stand in no prose. Ties go to more cells, then to tab, comma, semicolon.
    """
    best, found = (0.0, 0), None
    for delimiter in DELIMITERS:
        if delimiter not in text:
            continue
        widths = Counter(len(row) for row in split_rows(text, delimiter) if row)
        wide = {width: count for width, count in widths.items() if width > 1}
        if not wide:
            continue
        width = max(wide, key=lambda w: (wide[w], w))
        share = (sum(wide.values()) if delimiter == "\t" else wide[width]) / sum(widths.values())
        if share >= steady and (share, width) > best:
            best, found = (share, width), delimiter
    return found


def split_rows(text: str, delimiter: str) -> list[Row]:
    """Rows of cells as RFC 4180 has them, each cell with its place; a blank line is an empty row.

    A doubled quote is its second character. A quote that no quote before a delimiter closes is a
    character like any other, so one stray quote cannot swallow the rest of a file.
    """
    d = re.escape(delimiter)
    quoted = re.compile(rf'"(?:[^"]++|"")*+"(?={d}|[\r\n]|\Z)')
    plain = re.compile(rf"[^{d}\r\n]*+")
    rows: list[Row] = []
    row: Row = []
    at = 0
    while at < len(text):
        field = quoted.match(text, at)
        if field:
            row.append(_unquoted(text, at + 1, field.end() - 1))
        else:
            field = plain.match(text, at)
            row.append(Traced.from_original(text, at, field.end() if field else at))
        at = field.end() if field else at
        if text.startswith(delimiter, at):
            at += 1
            if at < len(text) and text[at] not in "\r\n":
                continue
            row.append(Traced.from_original(text, at, at))
        at += 2 if text.startswith("\r\n", at) else 1
        rows.append(row if len(row) > 1 or row[0] else [])
        row = []
    return rows


def table_blocks(rows: Sequence[Row], path: tuple[str, ...] = ()) -> Iterator[Block]:
    """Blocks of a table from its header row, if it has one, to the notes below it.

    Args:
        rows: Cells without markup and without white space around them.
        path: Headings that the table stands under.
    """
    labels: list[str] = []
    if len(rows) > 1 and is_header(rows[0], rows[1:]):
        labels = [cell.text.replace("\n", " ") for cell in rows[0]]
        yield Block(BlockKind.FURNITURE, _body(rows[0]), path)
        rows = rows[1:]
    group: tuple[str, ...] = ()
    for row, category in zip(rows, _categories(rows), strict=True):
        if len(row) == 1 and row[0]:
            is_group = GROUP_MARK.match(row[0].text)
            group = (row[0].text,) if is_group else group
            yield Block(BlockKind.HEADING if is_group else BlockKind.PARAGRAPH, row[0], path + group)
        elif any(row):
            yield row_block(row, labels, path + group + category)


def row_block(row: Row, labels: Sequence[str], section: tuple[str, ...]) -> Block:
    """One table row: its cells that are not empty, one below the other, with their labels if any has one."""
    cells = [cell for cell in row if cell]
    headers = tuple(labels[n] if n < len(labels) else "" for n, cell in enumerate(row) if cell)
    ends = tuple(end - 1 for end in accumulate(len(cell) + 1 for cell in cells))
    body = Traced.joined(cells, "\n")
    return Block(BlockKind.TABLE_ROW, body, section, headers=headers if any(headers) else (), cells=ends)


def is_header(row: Row, below: Sequence[Row]) -> bool:
    """Whether the first row names the columns: short distinct labels, none of them found again below."""
    labels = [cell.text.strip() for cell in row]
    named = [label for label in labels if label]
    if len(named) < 2 or len(named) * 2 < len(row) or len(set(named)) < len(named):
        return False
    if any(len(x) > LABEL_CHARS or SENTENCE_END.search(x) or NUMBER.fullmatch(x) for x in named):
        return False
    return not any(
        n < len(other) and label and other[n].text.strip() == label
        for n, label in enumerate(labels)
        for other in below[:100]
    )


def _unquoted(text: str, start: int, end: int) -> Traced:
    """What stands between the quotes; of two quotes the second."""
    if text.find('""', start, end) < 0:
        return Traced.from_original(text, start, end)
    parts: Row = []
    while (double := text.find('""', start, end)) >= 0:
        parts.append(Traced.from_original(text, start, double))
        parts.append(Traced.from_original(text, double + 1, double + 2))
        start = double + 2
    return Traced.joined([*parts, Traced.from_original(text, start, end)])


def _common_width(rows: Sequence[Row]) -> int:
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(widths, key=lambda width: (widths[width], width), default=1)


def _body(row: Row) -> Traced:
    return Traced.joined([cell for cell in row if cell], "\n")


def _mended(rows: Sequence[Row], width: int) -> list[Row]:
    """Records that line breaks inside unquoted cells had torn, whole again.

    Short rows are joined as long as they add up to the width exactly; where short rows are most of
    the file they are taken for rows without their empty last cells. A lone line between two full
    rows goes on with the cell before it.
    """
    short = sum(1 for row in rows if 1 < len(row) < width)
    if short > len(rows) / 2:
        return list(rows)
    last_full = max((n for n, row in enumerate(rows) if len(row) >= width), default=-1)
    out: list[Row] = []
    n = 0
    while n < len(rows):
        row, stop = rows[n], n + 1
        if 1 < len(row) < width:
            while len(row) < width and stop < len(rows) and len(row) + len(rows[stop]) - 1 <= width:
                row, stop = _continued(row, rows[stop]), stop + 1
            if len(row) < width:
                row, stop = rows[n], n + 1
        if (
            len(row) == 1
            and out
            and len(out[-1]) >= width
            and n < last_full
            and not GROUP_MARK.match(row[0].text)
        ):
            out[-1] = _continued(out[-1], row)
        else:
            out.append(row)
        n = stop
    return out


def _continued(row: Row, following: Row) -> Row:
    return [*row[:-1], Traced.joined([row[-1], following[0]], "\n"), *following[1:]]


def _categories(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """For each row its values in the leading columns whose values repeat; an empty one repeats the last.

    Columns of numbers are passed over, as a serial number often stands before the category.
    """
    columns: list[list[str]] = []
    for n in range(max((len(row) for row in rows), default=0) - 1):
        values = [" ".join(row[n].text.split()) if n < len(row) > 1 else "" for row in rows]
        named = [value for value in values if value]
        if named and all(NUMBER.fullmatch(value) for value in named):
            continue
        for at, value in enumerate(values):
            values[at] = value or (values[at - 1] if at else "")
        changes = 1 + sum(1 for one, other in pairwise(values) if one != other)
        too_long = any(len(value) > CATEGORY_CHARS for value in named)
        if len(rows) < 4 or changes * 2 > len(rows) or too_long or not values[0]:
            break
        columns.append(values)
        if len(columns) == CATEGORY_COLUMNS:
            break
    return [tuple(value for column in columns if (value := column[n])) for n in range(len(rows))]
