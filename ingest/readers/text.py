"""Plain text, clean or as PDF extraction left it: lines in, blocks with section paths out."""

from __future__ import annotations

from dataclasses import replace

from ingest.articles import join_titles
from ingest.document import Block, BlockKind
from ingest.furniture import find_furniture, find_navigation
from ingest.headings import heading_style
from ingest.layout import Line, join_vertical, split_lines
from ingest.readers.text_blocks import TextBlocks, block_of
from ingest.records import find_record_starts, table_extents
from ingest.tokenizer import Tokenizer, default_tokenizer
from ingest.wrapped import join_wrapped
from ingest.year_headers import find_year_columns


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
    joined = list(join_titles(list(join_wrapped(list(join_vertical(cells)), tokenizer))))
    tables = table_extents(joined, find_record_starts(joined))
    tabs = {n for n in find_navigation(joined) if not tables[n]}
    said = [line for n, line in enumerate(joined) if n not in tabs]
    aside = [lines[n] for n in running] + [kept[n] for n in labels[1:]] + [joined[n] for n in tabs]
    blocks = list(TextBlocks(said, columns).blocks())
    blocks += [block_of(BlockKind.FURNITURE, [line], ()) for line in aside]
    blocks += [block_of(BlockKind.CAPTION, [kept[n]], ()) for n in labels[:1]]
    closed = (_closed(block, text) for block in blocks)
    return sorted(closed, key=lambda block: block.body.start)


def _after(line: Line, *, turned: bool) -> Line:
    """A line; the page having turned before it, a heading goes on with nothing."""
    return replace(line, gap=max(2, line.gap)) if turned and heading_style(line.text) else line


def _closed(block: Block, text: str) -> Block:
    return Block(block.kind, block.body.closed(text), block.section, block.page, block.headers, block.cells)
