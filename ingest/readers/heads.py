"""Which rows at the top of a table are its header, and which rows inside it head those below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.readers.csv import GROUP_MARK, LABEL_CHARS, NUMBER, SENTENCE_END, is_header
from ingest.readers.grid_cell import Row

MAX_HEADS = 6
SEEN_ROWS = 50
MIN_STACKED = 4  # columns
YEAR = re.compile(r"(?:19|20)[0-9]{2}(?:年度?)?|[HRＨＲ][0-9０-９]{1,2}")
NAMES_COLUMNS = re.compile(
    r"項目|区分|名称|種別|番号|内容|No\.?|分類|年度|用語|日付|日時|要件|科目|款|課名|コード|担当|対象|施設|事業",
    re.IGNORECASE,
)


def count_heads(rows: Sequence[Row]) -> int:
    """How many rows at the top are headers, 0 if none is.

    Shading and bold tell it where only some rows have it; else labels do. A header goes on as far down as
    its merged cells reach, and below a cell that is merged across columns stand the labels of these.
    """
    if len(rows) < 2:
        return 0
    n_stacked = _count_stacked(rows)
    if n_stacked:
        return n_stacked
    strong = [_is_strong(row) for row in rows]
    if strong[0] and not all(strong):
        n_heads = next(n for n, is_strong in enumerate(strong) if not is_strong)
        if n_heads <= MAX_HEADS and n_heads < len(rows):
            return _as_far_as_merged(rows, n_heads)
    if _has_row_heads(rows) or not _names_columns(rows):
        return 0
    return _as_far_as_merged(rows, 1)


def is_group(row: Row, rows: Sequence[Row], n: int) -> bool:
    """Whether the only filled cell of a row heads the rows below: marked as such, or merged across."""
    cell, body = next(item for item in row if item[1])
    below = rows[n + 1] if n + 1 < len(rows) else []
    if sum(bool(other) for _, other in below) < 2 or len(body) > LABEL_CHARS:
        return False
    if SENTENCE_END.search(body.text) or NUMBER.fullmatch(body.text):
        return False
    width = max(other.column + other.n_columns for other, _ in below) - below[0][0].column
    return GROUP_MARK.match(body.text) is not None or (cell.n_columns * 3 >= width * 2 > 2)


def is_label(text: str) -> bool:
    """Whether a text may name a column: short, no sentence, no number but a year."""
    if len(text) > LABEL_CHARS or SENTENCE_END.search(text):
        return False
    return YEAR.fullmatch(text) is not None or NUMBER.fullmatch(text) is None


def _count_stacked(rows: Sequence[Row]) -> int:
    """The depth of a header whose upper rows name groups of columns without being merged, else 0.

    Its last row is the first one that names nearly all columns.
    """
    sizes = [sum(bool(body) for _, body in row) for row in rows[:SEEN_ROWS]]
    width = max(sizes)
    if width < MIN_STACKED or sizes[0] * 3 > width * 2:
        return 0
    for n, row in enumerate(rows[: min(MAX_HEADS, len(rows) - 1)]):
        if not all(is_label(body.text) and cell.n_columns * 2 <= width for cell, body in row if body):
            return 0
        if sizes[n] * 5 >= width * 4:
            marked = [_is_strong(row) for row in rows[n + 1 : n + 3]]
            goes_on = marked == [True, False] or _repeats_one_label(rows[n + 1])
            return n + 2 if goes_on and n + 2 < len(rows) else n + 1
    return 0


def _repeats_one_label(row: Row) -> bool:
    """Whether most cells of a row say the same, as 「実績」 below each year."""
    texts = Counter(body.text for _, body in row if body)
    text, times = texts.most_common(1)[0]
    return times > 2 and times * 2 > texts.total() and is_label(text)


def _is_strong(row: Row) -> bool:
    filled = [cell for cell, body in row if body]
    return len(filled) > 1 and all(cell.is_strong for cell in filled)


def _has_row_heads(rows: Sequence[Row]) -> bool:
    """Whether the first column is marked as the header of the rows, and the first row is not one."""
    first = [next((cell for cell, body in row if body), None) for row in rows]
    return all(cell is not None and cell.is_strong for cell in first)


def _names_columns(rows: Sequence[Row]) -> bool:
    """Whether the first row reads like labels of what stands below it."""
    own = [(cell, body) for cell, body in rows[0] if body]
    if len(own) < 2 or not all(is_label(body.text) for _, body in own):
        return False
    spread = any(cell.n_columns > 1 or cell.n_rows > 1 for cell, _ in own)
    if spread and len(own) > 2:
        return True
    width = max(len(row) for row in rows)
    named = sum(NAMES_COLUMNS.search(body.text) is not None for _, body in own)
    below = [[body for _, body in row] for row in rows[1:]]
    if not is_header([body for _, body in rows[0]], below):
        texts = [body.text for _, body in own]
        half = len(texts) // 2
        is_twice = len(texts) % 2 == 0 and texts[:half] == texts[half:]  # two halves side by side
        return named > 0 and (is_twice or len(texts) == len(set(texts)) > 2)
    if width > 2 or named:
        return True
    values = [row[-1].text for row in below if row]
    return sum(NUMBER.fullmatch(value) is not None for value in values) * 2 > len(values)


def _as_far_as_merged(rows: Sequence[Row], n_heads: int) -> int:
    """The header's depth, once its merged cells are followed down."""
    while n_heads < min(len(rows) - 1, MAX_HEADS):
        next_row = rows[n_heads]
        at = max(cell.row for cell, _ in next_row)
        reaches = any(
            cell.row < at < cell.row + cell.n_rows for row in rows[:n_heads] for cell, body in row if body
        )
        width = max(cell.column + cell.n_columns for cell, _ in rows[0]) - rows[0][0][0].column
        spreads = any(1 < cell.n_columns < width for cell, body in rows[n_heads - 1] if body)
        own = [body.text for cell, body in next_row if body and cell.row == at]
        if not ((reaches or spreads) and own and all(map(is_label, own))):
            break
        n_heads += 1
    return n_heads
