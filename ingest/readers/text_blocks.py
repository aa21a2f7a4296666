"""The blocks of a plain text's lines: what each line is, and which belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from ingest.articles import find_articles, find_questions
from ingest.clauses import find_places, headings_but
from ingest.document import Block, BlockKind
from ingest.furniture import find_pages
from ingest.headings import Outline, find_contents, find_headings
from ingest.layout import ITEM_START, Line, cells
from ingest.readers.grid import find_unit
from ingest.records import (
    find_column_headers,
    find_later_dated,
    find_record_starts,
    find_row_starts,
    is_legend,
    record_labels,
    shared_labels,
    table_extents,
)
from ingest.stacked import find_stacked, is_row_of_words, name_cells, with_unit
from ingest.traced import Traced
from ingest.year_columns import split_record
from ingest.year_headers import YearColumns

ROW_LABEL_CHARS = 8
LEGEND_REACH = 4  # lines above a table's first record
TITLE_REACH = 5  # lines from a page's top within which its running title stands
MAX_ROW_LINES = 30  # a dated row that goes on for longer has ended without a sign


class TextBlocks:
    """Goes down the lines once; each step makes one block of one line or more."""

    def __init__(self, lines: Sequence[Line], columns: YearColumns | None) -> None:
        self._lines = lines
        self._columns = columns
        self._texts = texts = [line.text for line in lines]
        self._starts = find_record_starts(lines)
        self._shared = shared_labels(lines, self._starts)
        self._tables = table_extents(lines, self._starts)
        self._pages = find_pages(lines)
        tops = {n for page in self._pages for n in range(page, min(len(lines), page + TITLE_REACH))}
        self._headings = find_headings(texts, in_table=self._tables, page_tops=tops)
        self._contents = find_contents(texts)
        self._articles, self._questions = find_articles(texts), find_questions(texts)
        self._places = find_places(texts, self._articles, [style is not None for style in self._headings])
        self._headings = headings_but(self._headings, self._places)
        self._stacked = {row.start: row for row in find_stacked(lines)}
        rows = find_row_starts(lines)
        self._labels = find_column_headers(lines, rows)
        self._rows = rows | find_later_dated(lines, self._labels)
        self._outline = Outline()
        self._headers: tuple[str, ...] = ()
        self._unit = ""

    def blocks(self) -> Iterator[Block]:
        """All blocks, in reading order."""
        n = 0
        while n < len(self._lines):
            style, at = self._headings[n], self._lines[n].body.start
            if n in self._pages:
                self._turn_page(n, at)
            if self._articles[n]:
                self._outline.enter("条", self._articles[n], at)
            for place, title in self._places[n]:
                self._outline.enter(place, title, at)
            if n in self._questions:
                style = "Q"
            section = self._outline.path(at)
            block, n = self._row(n, section, style) or self._line(n, section, style)
            yield block

    def _turn_page(self, n: int, at: int) -> None:
        """A page's running title counts for the few lines that stand above it, too."""
        self._outline.turn_page()
        reach = range(n, min(len(self._lines), n + TITLE_REACH))
        title = next((m for m in reach if self._headings[m] == "page"), None)
        if title is not None:
            self._outline.enter("page", self._texts[title], at)

    def _row(self, n: int, section: tuple[str, ...], style: str | None) -> tuple[Block, int] | None:
        """The table row that begins at a line, and where it ends, if one does."""
        lines, row = self._lines, self._stacked.get(n)
        if row is not None:
            headers = with_unit(self._texts[n : row.stop], row.headers, self._unit)
            return lines_row(lines[n : row.stop], section, headers), row.stop
        if n in self._starts:
            after = range(n + 1, len(lines))
            stop = next((m for m in after if m in self._starts or not self._tables[m]), len(lines))
            labels = record_labels(lines, n, self._shared)
            return _record(lines[n:stop], labels, self._columns), stop
        if style is not None:
            return None
        if n in self._rows:
            last = min(len(lines), n + MAX_ROW_LINES)
            stop = next((m for m in range(n + 1, last) if m in self._rows or self._ends_row(m)), last)
            return lines_row(lines[n:stop], section, self._headers), stop
        if cells(self._texts[n]) or is_row_of_words(self._texts[n], self._headers):
            return _grid_row(lines[n], section, self._headers, self._unit), n + 1
        return None

    def _ends_row(self, n: int) -> bool:
        """Whether a line cannot be part of the dated row above; a short label in brackets can (＜講師＞)."""
        style, text = self._headings[n], self._texts[n]
        is_label = style == "<>" and len(text) <= ROW_LABEL_CHARS
        return (style is not None and not is_label) or text.endswith("。") or n in self._labels

    def _line(self, n: int, section: tuple[str, ...], style: str | None) -> tuple[Block, int]:
        """A line that is no row."""
        line, text = self._lines[n], self._texts[n]
        if style is not None:
            self._outline.enter(style, text, line.body.start)
            self._headers, self._unit = (), ""
            return block_of(BlockKind.HEADING, [line], self._outline.path(line.body.start)), n + 1
        first = min(self._starts, default=0)
        if self._columns and n < first <= n + LEGEND_REACH and is_legend(text):
            legend = block_of(BlockKind.CAPTION, [line], section)
            return replace(legend, headers=self._columns.names), n + 1
        self._headers = self._labels.get(n, self._headers)
        self._unit = find_unit(text) or self._unit
        if n in self._contents:
            return block_of(BlockKind.FURNITURE, [line], section), n + 1
        kind = BlockKind.LIST_ITEM if ITEM_START.match(text) else BlockKind.PARAGRAPH
        return block_of(kind, [line], section), n + 1


def _record(lines: Sequence[Line], section: tuple[str, ...], columns: YearColumns | None) -> Block:
    """A record as a row; where its table has a column for each of some years, each cell has its label."""
    if columns is None:
        return lines_row(lines, section, ())
    parts = split_record(lines, columns)
    ends = tuple(end - 1 for end in accumulate(len(cell.body) + 1 for cell in parts))
    headers = tuple(cell.header for cell in parts)
    body = Traced.joined([cell.body for cell in parts], "\n")
    return Block(BlockKind.TABLE_ROW, body, section, lines[0].page, headers if any(headers) else (), ends)


def lines_row(lines: Sequence[Line], section: tuple[str, ...], headers: tuple[str, ...]) -> Block:
    """A row whose cells stand one under another."""
    body = Traced.joined([line.body for line in lines], "\n")
    ends = tuple(end - 1 for end in accumulate(len(line.text) + 1 for line in lines))
    return Block(BlockKind.TABLE_ROW, body, section, lines[0].page, headers, ends)


def _grid_row(line: Line, section: tuple[str, ...], labels: tuple[str, ...], unit: str) -> Block:
    """A line of cells side by side, with the labels of the columns above them."""
    ends = tuple(found.end() for found in re.finditer(r"\S+", line.text))
    texts = line.text.split()
    headers = with_unit(texts, found, unit) if (found := name_cells(texts, labels)) else ()
    return Block(BlockKind.TABLE_ROW, line.body, section, line.page, headers, ends)


def block_of(kind: BlockKind, lines: Sequence[Line], section: tuple[str, ...]) -> Block:
    """A block of lines, one under another."""
    return Block(kind, Traced.joined([line.body for line in lines], "\n"), section, lines[0].page)
