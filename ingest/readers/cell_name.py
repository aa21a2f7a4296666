"""Names of spreadsheet cells and ranges: B12 and A1:D4, as 0-based rows and columns."""

from __future__ import annotations

import re

CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384

Place = tuple[int, int]


def read_cell_name(name: str) -> Place | None:
    """Row and column of B12, `None` if it is no cell of any sheet."""
    found = CELL.fullmatch(name.strip())
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(found[2])
    return (row - 1, column - 1) if 0 < row <= MAX_ROWS and column <= MAX_COLUMNS else None


def read_range(name: str) -> tuple[Place, Place] | None:
    """First and last cell of A1:D4, or of one cell; `None` if it is neither."""
    first, _, last = name.partition(":")
    start, end = read_cell_name(first), read_cell_name(last or first)
    if start is None or end is None or end < start or end[1] < start[1]:
        return None
    return start, end


def cell_name(row: int, column: int) -> str:
    """B12 of row 11 and column 1."""
    return f"{column_name(column)}{row + 1}"


def column_name(column: int) -> str:
    """AB of 27."""
    letters = ""
    column += 1
    while column:
        column, n = divmod(column - 1, 26)
        letters = chr(ord("A") + n) + letters
    return letters
