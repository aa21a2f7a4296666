"""The header of a flattened table that names fiscal years side by side, on each of its pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.calendar import era_label, find_years
from ingest.layout import Line

UNTOLD = "（どの年度の欄か、原文の並びからは区別できない）"
HEADER_CHARS = 24
HEADER_REACH = 12  # lines above the first record in which its header may stand
MOST_COLUMNS = 5  # years; a table of more has its rows side by side, or is none
D = "[0-9０-９]"
YEAR_LABEL = re.compile(
    rf"[①-⑳]?[^\W\d]{{0,8}}[（(]?(?:(?:令和|平成|[RHＲＨ])(?:{D}{{1,2}}|元)|20{D}{{2}})年度[）)]?[^\W\d、。]{{0,8}}$"
)


@dataclass(frozen=True, slots=True)
class YearColumns:
    """Neighbouring columns, one for each fiscal year.

    Attributes:
        labels: As the header writes them, without white space, in its order.
        years: Western fiscal years, in the same order.
        names: All labels of the header's fullest line, those of other columns too.
    """

    labels: tuple[str, ...]
    years: tuple[int, ...]
    names: tuple[str, ...] = ()

    def header(self, column: int) -> str:
        """What a cell of the column is labelled with: its label, and its year in both reckonings."""
        year = self.years[column]
        return f"{self.labels[column]} {era_label(year)}年度 {year}年度"

    @property
    def untold(self) -> str:
        """The label of a cell of which only the columns together are known."""
        return "・".join(self.labels) + UNTOLD


def find_year_columns(lines: Sequence[Line], starts: set[int]) -> tuple[YearColumns | None, list[int]]:
    """The year columns of the table whose records begin at `starts`, and its header lines on all pages.

    The fullest header line comes first. `None` if there is no such table, if no header names two years or
    more, or if the headers of different pages name them in different order.
    """
    if not starts:
        return None, []
    first, last = min(starts), max(starts)
    found: list[tuple[str, ...]] = []
    at: set[int] = set()
    n = max(0, first - HEADER_REACH)
    while n < min(last, len(lines)):
        labels, taken = _labels_from(lines, n)
        if 2 <= len(labels) <= MOST_COLUMNS:
            found.append(tuple(labels))
            at.update(range(n, n + taken))
        n += max(1, taken if len(labels) > 1 else 1)
    at |= _labels_above(lines, at)
    orders = {tuple(map(_year, labels)) for labels in found}
    if len(orders) != 1:
        return None, []
    years = orders.pop()
    if len(set(years)) != len(years):
        return None, []
    ordered = sorted(at, key=lambda n: (-len(lines[n].text.split()), n))
    return YearColumns(found[0], years, tuple(lines[ordered[0]].text.split())), ordered


def _labels_from(lines: Sequence[Line], n: int) -> tuple[list[str], int]:
    """The year labels of a line; if it is one by itself, those of the lines below it that are so, too."""
    labels = _year_labels(lines[n].text)
    if labels != [lines[n].text]:
        return labels, 1
    m = n + 1
    while m < len(lines) and _year_labels(lines[m].text) == [lines[m].text]:
        labels.append(lines[m].text)
        m += 1
    below = _year_labels(lines[m].text) if m < len(lines) else []
    if len(labels) == 1 and len(below) == 1:  # with other labels beside it
        return [*labels, *below], 2
    return labels, m - n


def _labels_above(lines: Sequence[Line], at: set[int]) -> set[int]:
    """Lines right above a header's year labels that stand above several: the other columns' labels."""
    above: dict[int, set[str]] = {}
    for n in at:
        m = n - 1
        while (
            m >= 0 and n - m <= HEADER_REACH and lines[m + 1].gap == 0 and len(lines[m].text) <= HEADER_CHARS
        ):
            above[m] = set(lines[m].text.split())
            m -= 1
    times = Counter(label for labels in above.values() for label in labels)
    return {m for m, labels in above.items() if all(times[label] >= 2 for label in labels)}


def _year_labels(text: str) -> list[str]:
    """The column labels of a line that name a fiscal year, if all of the line is labels."""
    parts = re.split(r"[ 　]+|(?<=[）)])(?=[^\W\d])", text)
    if any(len(part) > HEADER_CHARS or part.endswith("。") for part in parts):
        return []
    return [part for part in parts if YEAR_LABEL.match(part)]


def _year(label: str) -> int:
    return next((mention.year for mention in find_years(label)), 0)
