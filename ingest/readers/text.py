"""Plain text, clean or as PDF extraction left it: lines in, blocks with section paths out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.document import Block, BlockKind
from ingest.furniture import find_furniture, find_navigation
from ingest.headings import Outline, find_headings
from ingest.layout import ITEM_START, Line, join_vertical, join_wrapped, split_lines
from ingest.records import column_headers, find_record_starts, find_row_starts, record_labels, shared_labels
from ingest.tokenizer import Tokenizer, default_tokenizer
from ingest.traced import Traced

MAX_ROW_LINES = 30  # a dated row that goes on for longer has ended without a sign


def read_text(text: str, *, tokenizer: Tokenizer | None = None) -> list[Block]:
    """Blocks of a text in reading order; empty for a text of white space.

    Records of flattened tables become one table row each, wrapped and vertical lines are joined,
    page furniture is kept as such, and headings give the section path of what stands under them.
    """
    tokenizer = tokenizer or default_tokenizer()
    lines = split_lines(text)
    running = find_furniture(lines)
    kept = [line for n, line in enumerate(lines) if n not in running]
    joined = list(join_wrapped(list(join_vertical(kept)), tokenizer))
    starts = find_record_starts(joined)
    tables = _table_extents(joined, starts)
    tabs = {n for n in find_navigation(joined) if not tables[n]}
    said = [line for n, line in enumerate(joined) if n not in tabs]
    aside = [lines[n] for n in running] + [joined[n] for n in tabs]
    blocks = [*_blocks(said), *(_block(BlockKind.FURNITURE, [line], ()) for line in aside)]
    closed = (_closed(block, text) for block in blocks)
    return sorted(closed, key=lambda block: block.body.start)


def _closed(block: Block, text: str) -> Block:
    return Block(block.kind, block.body.closed(text), block.section, block.page, block.headers, block.cells)


def _blocks(lines: Sequence[Line]) -> Iterator[Block]:
    starts = find_record_starts(lines)
    shared = shared_labels(lines, starts)
    rows = find_row_starts(lines)
    tables = _table_extents(lines, starts)
    headings = find_headings([line.text for line in lines], in_table=tables)
    ends_row = [_ends_row(line, style) for line, style in zip(lines, headings, strict=True)]
    outline = Outline()
    headers: tuple[str, ...] = ()
    n = 0
    while n < len(lines):
        style, at = headings[n], lines[n].body.start
        if n in starts:
            stop = next((m for m in range(n + 1, len(lines)) if m in starts or not tables[m]), len(lines))
            yield _row(lines[n:stop], record_labels(lines, n, shared), ())
            n = stop
        elif n in rows and style is None:
            last = min(len(lines), n + MAX_ROW_LINES)
            stop = next((m for m in range(n + 1, last) if m in rows or ends_row[m]), last)
            yield _row(lines[n:stop], outline.path(at), headers)
            n = stop
        elif style is not None:
            outline.enter(style, lines[n].text, at)
            yield _block(BlockKind.HEADING, [lines[n]], outline.path(at))
            headers = ()
            n += 1
        else:
            headers = column_headers(lines[n].text) or headers
            kind = BlockKind.LIST_ITEM if ITEM_START.match(lines[n].text) else BlockKind.PARAGRAPH
            yield _block(kind, [lines[n]], outline.path(at))
            n += 1


def _ends_row(line: Line, heading: str | None) -> bool:
    """Whether a line cannot be part of the dated row before it."""
    return heading is not None or bool(column_headers(line.text)) or line.text.endswith("。")


def _table_extents(lines: Sequence[Line], starts: set[int]) -> list[bool]:
    """For each line whether it stands within the run of records of a flattened table."""
    if not starts:
        return [False] * len(lines)
    first, last = min(starts), max(starts)
    sizes = sorted(b - a for a, b in zip(sorted(starts), sorted(starts)[1:], strict=False))
    usual = sizes[len(sizes) // 2] if sizes else 1
    return [first <= n <= min(len(lines) - 1, last + 3 * usual) for n in range(len(lines))]


def _row(lines: Sequence[Line], section: tuple[str, ...], headers: tuple[str, ...]) -> Block:
    body = Traced.joined([line.body for line in lines], "\n")
    ends: list[int] = []
    at = 0
    for line in lines:
        at += len(line.text) + (1 if ends else 0)
        ends.append(at)
    return Block(BlockKind.TABLE_ROW, body, section, lines[0].page, headers, tuple(ends))


def _block(kind: BlockKind, lines: Sequence[Line], section: tuple[str, ...]) -> Block:
    return Block(kind, Traced.joined([line.body for line in lines], "\n"), section, lines[0].page)
