"""The repaired text of a cited place: paragraphs and tables as layout repair understood them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from assistant.visible import marked, visible_line
from ingest.document import Block, BlockKind
from ingest.traced import Span
from ui.page.element import element
from ui.page.marking import marks_of

BLOCKS_AROUND = 3  # before and after the cited ones
CUT = '<p class="cut">…</p>'


def render_repaired(blocks: Sequence[Block], spans: Sequence[Span], around: int = BLOCKS_AROUND) -> str:
    """The repaired text of the blocks that the ranges touch and of their neighbours, ranges in `<mark>`.

    Page furniture is left out. Neighbouring rows that share their headers make one table. Without a block
    that is touched, the first ones.
    """
    shown = [block for block in blocks if block.kind is not BlockKind.FURNITURE]
    touched = [n for n, block in enumerate(shown) if marks_of(block.body, spans)] or [0]
    near = {n + step for n in touched for step in range(-around, around + 1)}
    return element("div", *_stretches(shown, near, spans), class_="repaired")


def _stretches(blocks: Sequence[Block], near: set[int], spans: Sequence[Span]) -> Iterator[str]:
    for is_near, stretch in groupby(enumerate(blocks), key=lambda item: item[0] in near):
        if not is_near:
            yield CUT
            continue
        for headers, group in groupby((block for _, block in stretch), key=_headers):
            same = list(group)
            yield _texts(same, spans) if headers is None else _table(same, spans)


def _headers(block: Block) -> tuple[str, ...] | None:
    return block.headers if block.kind is BlockKind.TABLE_ROW else None


def _texts(blocks: Sequence[Block], spans: Sequence[Span]) -> str:
    def one(block: Block) -> str:
        kind = block.kind.value.replace("_", "-")
        return element("p", marked(block.text, marks_of(block.body, spans)), class_=kind)

    return "".join(map(one, blocks))


def _table(rows: Sequence[Block], spans: Sequence[Span]) -> str:
    titles = "".join(element("th", visible_line(name), scope="col") for name in rows[0].headers)
    head = element("thead", element("tr", titles)) if any(rows[0].headers) else ""
    body = element("tbody", *(element("tr", _cells(row, spans)) for row in rows))
    return element("table", head, body)


def _cells(row: Block, spans: Sequence[Span]) -> str:
    ends = row.cells or (len(row.text),)
    cells = [row.body[start:end].strip() for start, end in zip((0, *ends), ends, strict=False)]
    return "".join(element("td", marked(cell.text, marks_of(cell, spans))) for cell in cells)
