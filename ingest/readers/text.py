"""Plain text, clean or as PDF extraction left it: lines in, blocks with section paths out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from ingest.articles import find_articles, find_questions
from ingest.document import Block, BlockKind
from ingest.furniture import find_furniture, find_navigation
from ingest.headings import Outline, find_headings, heading_style
from ingest.layout import ITEM_START, Line, cells, find_pages, join_vertical, join_wrapped, split_lines
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
from ingest.tokenizer import Tokenizer, default_tokenizer
from ingest.traced import Traced
from ingest.year_columns import split_record
from ingest.year_headers import YearColumns, find_year_columns

ROW_LABEL_CHARS = 8
LEGEND_REACH = 4  # lines above a table's first record
TITLE_REACH = 5  # lines from a page's top within which its running title stands
MAX_ROW_LINES = 30  # a dated row that goes on for longer has ended without a sign


def read_text(text: str, *, tokenizer: Tokenizer | None = None) -> list[Block]:
    """Blocks of a text in reading order; empty for a text of white space.

    Records of flattened tables become one table row each, wrapped and vertical lines are joined,
    page furniture is kept as such, and headings give the section path of what stands under them.
    """
    tokenizer = tokenizer or default_tokenizer()
    lines = split_lines(text)
    running = find_furniture(lines)
    kept = [_after(line, turned=n - 1 in running) for n, line in enumerate(lines) if n not in running]
    columns, labels = find_year_columns(kept, find_record_starts(kept))
    hidden = set(labels)
    cells = [line for n, line in enumerate(kept) if n not in hidden]
    joined = list(join_wrapped(list(join_vertical(cells)), tokenizer))
    tables = table_extents(joined, find_record_starts(joined))
    tabs = {n for n in find_navigation(joined) if not tables[n]}
    said = [line for n, line in enumerate(joined) if n not in tabs]
    aside = [lines[n] for n in running] + [kept[n] for n in labels[1:]] + [joined[n] for n in tabs]
    blocks = [*_blocks(said, columns), *(_block(BlockKind.FURNITURE, [line], ()) for line in aside)]
    blocks += [_block(BlockKind.CAPTION, [kept[n]], ()) for n in labels[:1]]
    closed = (_closed(block, text) for block in blocks)
    return sorted(closed, key=lambda block: block.body.start)


def _after(line: Line, *, turned: bool) -> Line:
    """A line; the page having turned before it, a heading goes on with nothing."""
    return replace(line, gap=max(2, line.gap)) if turned and heading_style(line.text) else line


def _closed(block: Block, text: str) -> Block:
    return Block(block.kind, block.body.closed(text), block.section, block.page, block.headers, block.cells)


def _blocks(lines: Sequence[Line], columns: YearColumns | None) -> Iterator[Block]:
    starts = find_record_starts(lines)
    shared = shared_labels(lines, starts)
    rows = find_row_starts(lines)
    tables = table_extents(lines, starts)
    texts = [line.text for line in lines]
    headings = find_headings(texts, in_table=tables)
    articles, questions = find_articles(texts), find_questions(texts)
    labels = find_column_headers(lines, rows)
    rows |= find_later_dated(lines, labels)
    pages = find_pages(lines)
    ends_row = [
        _ends_row(line, style) or n in labels
        for n, (line, style) in enumerate(zip(lines, headings, strict=True))
    ]
    outline = Outline()
    headers: tuple[str, ...] = ()
    n = 0
    while n < len(lines):
        style, at = headings[n], lines[n].body.start
        if n in pages:
            _enter_page(outline, headings, texts, n, at)
        if articles[n]:
            outline.enter("条", articles[n], at)
        if n in questions:
            style = "Q"
        if n in starts:
            stop = next((m for m in range(n + 1, len(lines)) if m in starts or not tables[m]), len(lines))
            yield _record(lines[n:stop], record_labels(lines, n, shared), columns)
            n = stop
        elif n in rows and style is None:
            last = min(len(lines), n + MAX_ROW_LINES)
            stop = next((m for m in range(n + 1, last) if m in rows or ends_row[m]), last)
            yield _row(lines[n:stop], outline.path(at), headers)
            n = stop
        elif style is None and cells(lines[n].text):
            yield _grid_row(lines[n], outline.path(at), headers)
            n += 1
        elif style is not None:
            outline.enter(style, lines[n].text, at)
            yield _block(BlockKind.HEADING, [lines[n]], outline.path(at))
            headers = ()
            n += 1
        elif columns and starts and n < min(starts) <= n + LEGEND_REACH and is_legend(lines[n].text):
            legend = _block(BlockKind.CAPTION, [lines[n]], outline.path(at))
            yield replace(legend, headers=columns.names)
            n += 1
        else:
            headers = labels.get(n, headers)
            kind = BlockKind.LIST_ITEM if ITEM_START.match(lines[n].text) else BlockKind.PARAGRAPH
            yield _block(kind, [lines[n]], outline.path(at))
            n += 1


def _enter_page(
    outline: Outline, headings: Sequence[str | None], texts: Sequence[str], n: int, at: int
) -> None:
    """Turn to a new page; its running title counts for the few lines that stand above it, too."""
    outline.turn_page()
    title = next((m for m in range(n, min(len(texts), n + TITLE_REACH)) if headings[m] == "page"), None)
    if title is not None:
        outline.enter("page", texts[title], at)


def _ends_row(line: Line, heading: str | None) -> bool:
    """Whether a line cannot be part of the dated row before it; a short label in brackets can (＜講師＞)."""
    is_label = heading == "<>" and len(line.text) <= ROW_LABEL_CHARS
    return (heading is not None and not is_label) or line.text.endswith("。")


def _record(lines: Sequence[Line], section: tuple[str, ...], columns: YearColumns | None) -> Block:
    """A record as a row; where its table has a column for each of two years, each cell has its label."""
    if columns is None:
        return _row(lines, section, ())
    cells = split_record(lines, columns)
    ends = tuple(end - 1 for end in accumulate(len(cell.body) + 1 for cell in cells))
    headers = tuple(cell.header for cell in cells)
    body = Traced.joined([cell.body for cell in cells], "\n")
    return Block(BlockKind.TABLE_ROW, body, section, lines[0].page, headers if any(headers) else (), ends)


def _row(lines: Sequence[Line], section: tuple[str, ...], headers: tuple[str, ...]) -> Block:
    body = Traced.joined([line.body for line in lines], "\n")
    ends: list[int] = []
    at = 0
    for line in lines:
        at += len(line.text) + (1 if ends else 0)
        ends.append(at)
    return Block(BlockKind.TABLE_ROW, body, section, lines[0].page, headers, tuple(ends))


def _grid_row(line: Line, section: tuple[str, ...], labels: tuple[str, ...]) -> Block:
    """A line of cells side by side, with the labels above them where there are as many, or one less."""
    ends = tuple(found.end() for found in re.finditer(r"\S+", line.text))
    missing = len(ends) - len(labels)
    headers = ("",) * missing + labels if labels and missing in (0, 1) else ()
    return Block(BlockKind.TABLE_ROW, line.body, section, line.page, headers, ends)


def _block(kind: BlockKind, lines: Sequence[Line], section: tuple[str, ...]) -> Block:
    return Block(kind, Traced.joined([line.body for line in lines], "\n"), section, lines[0].page)
