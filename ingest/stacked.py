"""Rows of numbers that extraction left in a flattened table, under the labels of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.layout import NUMBER_CELL, Line
from ingest.records import REMARKS, YEAR_CELL
from ingest.year_headers import UNTOLD

MIN_ROWS = 2
MAX_LABEL = 30  # characters of a row's label


@dataclass(frozen=True, slots=True)
class StackedRow:
    """Lines `start` to `stop` (exclusive) are one row; `headers` has the label of each."""

    start: int
    stop: int
    headers: tuple[str, ...]


def find_stacked(lines: Sequence[Line]) -> list[StackedRow]:
    """The rows of tables whose columns are years, each cell on a line of its own.

    Below two or more years one under another stand a row's label, its numbers, the next label and so on.
    A row with fewer numbers than years lacks a cell, and nothing tells which one: its headers say so.
    """
    out: list[StackedRow] = []
    n = 0
    while n < len(lines):
        end = n
        while end < len(lines) and YEAR_CELL.match(lines[end].text):
            end += 1
        if end - n >= 2:
            rows = list(_rows(lines, end, tuple(line.text for line in lines[n:end])))
            if len(rows) >= MIN_ROWS and any(not row.headers[-1].endswith(UNTOLD) for row in rows):
                out.extend(rows)
                end = rows[-1].stop
        n = max(end, n + 1)
    return out


def _rows(lines: Sequence[Line], n: int, years: tuple[str, ...]) -> list[StackedRow]:
    rows: list[StackedRow] = []
    while n < len(lines) and len(lines[n].text) <= MAX_LABEL and not NUMBER_CELL.match(lines[n].text):
        stop = n + 1
        while stop < len(lines) and NUMBER_CELL.match(lines[stop].text):
            stop += 1
        n_cells = stop - n - 1
        if not 0 < n_cells <= len(years):
            break
        labels = years if n_cells == len(years) else ("・".join(years) + UNTOLD,) * n_cells
        rows.append(StackedRow(n, stop, ("", *labels)))
        n = stop
    return rows


def name_cells(texts: Sequence[str], labels: tuple[str, ...]) -> tuple[str, ...]:
    """The label of each cell of a row that stands on one line, below a line of labels.

    A row's own label needs none, and a column of remarks may be empty. Where the numbers differ otherwise,
    years are not told apart, and other labels are not given.
    """
    if len(texts) == len(labels):
        return labels
    if len(texts) == len(labels) + 1:
        return ("", *labels)
    if len(texts) == len(labels) - 1 and REMARKS.match(labels[-1]):
        return labels[:-1]
    years = [label for label in labels if YEAR_CELL.match(label)]
    if len(years) < 2 or len(texts) > len(labels):
        return ()
    untold = "・".join(years) + UNTOLD
    return tuple(untold if n and NUMBER_CELL.match(text) else "" for n, text in enumerate(texts))


def is_row_of_words(text: str, labels: tuple[str, ...]) -> bool:
    """Whether a line has a short cell for each label of a table whose columns are three or more."""
    parts = text.split()
    is_row = len(parts) == len(labels) >= 3 and not any(part.endswith(("。", "、")) for part in parts)
    return is_row and all(len(part) <= MAX_LABEL for part in parts)


def with_unit(texts: Sequence[str], headers: tuple[str, ...], unit: str) -> tuple[str, ...]:
    """The labels of cells that are amounts with the unit that stands above the table."""
    return tuple(
        f"{header}（{unit}）" if header and _is_amount(text) and _lacks(header, unit) else header
        for text, header in zip(texts, headers, strict=True)
    )


def _lacks(header: str, unit: str) -> bool:
    return unit != "" and unit not in header and not header.endswith(UNTOLD)


def _is_amount(text: str) -> bool:
    return NUMBER_CELL.match(text) is not None and not text.endswith(("%", "％"))
