"""What passages are made of: blocks, the long ones cut between their lines and sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

from ingest.document import Block
from ingest.headings import SYMBOL, heading_style, marker
from ingest.layout import unspaced_lines, unspaced_title
from ingest.passage import Cell
from ingest.passage_years import year_parts
from ingest.sentences import sentence_bounds
from ingest.traced import Traced

TARGET_CHARS = 180  # small passages retrieve best; see docs/retrieval.md
MAX_CHARS = 280  # a single sentence may exceed it, up to LONGEST
LONGEST = 600  # beyond this even a sentence is cut
MOST_LINES = 20  # each is a range of the original; a citation of more ranges is no place to show
LEAST_CHARS = 60  # before a heading within a cell, from which what it heads is a passage of its own
ROW_HEAD_CHARS = 100  # of a row's cells before those of its years, by which these are found
BULLETS = frozenset("・•※")
ITEM_CHARS = 60  # of a short item of a list
HEAD_CHARS = 60  # of a long row's beginning that its later passages are found by


class Opener(Enum):
    """How a line within a block heads what follows it."""

    NONE = "none"
    NUMBERED = "numbered"  # or an item of a list
    MARKED = "marked"  # ■ or 【】


@dataclass(frozen=True, slots=True)
class Piece:
    """What a passage is made of: a block, or a part of one that is too long for one passage."""

    body: Traced
    block: Block
    head: str = ""  # the beginning of the row that a later part belongs to
    headers: tuple[str, ...] = ()  # of its cells
    has_column: bool = False  # whether they name its fiscal year
    cells: tuple[Cell, ...] = ()  # where each has a column of its own

    @property
    def n_lines(self) -> int:
        """How many lines it has."""
        return self.body.text.count("\n") + 1


def pieces_of(block: Block) -> Iterator[Piece]:
    """The block, cut between the cells of different years, and where it is too long for one passage."""
    parts = list(year_parts(block))
    named = _row_name(parts[0].body.text, block.section) if len(parts) > 1 else ""
    for n, part in enumerate(parts):
        headers = tuple(map(unspaced_title, part.headers))
        has_column = bool(part.year_headers)
        cells = () if has_column else tuple(_cells(block))
        piece = Piece(unspaced_lines(part.body), block, headers=headers, has_column=has_column, cells=cells)
        yield from _cut(piece, first_head=named if n else "")


def _cells(block: Block) -> Iterator[Cell]:
    """The cells of a row as its piece has them, if each has a column."""
    if len(block.cells) != len(block.headers) or not any(block.headers):
        return
    at = 0
    for (before, end), label in zip(pairwise((-1, *block.cells)), block.headers, strict=True):
        text = unspaced_lines(block.body[before + 1 : end])
        yield Cell(at, at + len(text), unspaced_title(label))
        at += len(text) + 1


def _row_name(text: str, section: Sequence[str], most: int = ROW_HEAD_CHARS) -> str:
    """A row's cells before those of its years, but for its number and what the section path says."""
    said = "".join("".join(section).split())
    cells = [cell for cell in text.split("\n") if not cell.isdecimal() and "".join(cell.split()) not in said]
    return " ".join(cells)[:most]


def _cut(piece: Piece, *, first_head: str) -> Iterator[Piece]:
    """A piece, cut between its lines and sentences where it is too long for one passage.

    Later parts are found by the row's beginning and by the heading within it that they stand under.
    """
    text = piece.body.text
    if len(text) <= MAX_CHARS and piece.n_lines <= MOST_LINES:
        yield replace(piece, head=first_head)
        return
    bounds = list(_cuts(text))
    openers = _openers(text, bounds)
    row_head = first_head or _row_name(text, piece.block.section, HEAD_CHARS)
    above = ""
    for first, stop in _ranges(text, bounds, openers):
        start, end = bounds[first][0], bounds[stop - 1][1]
        head = " ".join(part for part in (row_head, above) if part) if first else first_head
        yield replace(piece, body=piece.body[start:end].strip(), head=head, cells=())
        for n in range(first, stop):
            above = text[slice(*bounds[n])] if openers[n] is Opener.MARKED else above


def _ranges(
    text: str, bounds: Sequence[tuple[int, int]], openers: Sequence[Opener]
) -> Iterator[tuple[int, int]]:
    """Half-open ranges of stretches that make one passage each; none ends with what heads the next."""
    first = 0
    for n, (left, right) in enumerate(bounds):
        start = bounds[first][0]
        most = MAX_CHARS if n > first and _is_short_list(text, bounds[n - 1], bounds[n]) else TARGET_CHARS
        is_full = right - start > most or text.count("\n", start, right) >= MOST_LINES
        is_new = openers[n] is Opener.MARKED and left - start >= LEAST_CHARS
        if n == first or not (is_full or is_new):
            continue
        stop = n
        while is_full and stop - 1 > first and openers[stop - 1] is not Opener.NONE:
            stop -= 1
        yield first, stop
        first = stop
    yield first, len(bounds)


def _is_short_list(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two neighbouring stretches are short items of one list, which is not parted as soon."""
    items = [text[start:end] for start, end in (one, other)]
    marks = {item[0] for item in items}
    return len(marks) == 1 and marks <= BULLETS and all(len(item) <= ITEM_CHARS for item in items)


def _openers(text: str, bounds: Sequence[tuple[int, int]]) -> list[Opener]:
    """Of each stretch whether it reads like a heading of what follows it, as within a long cell."""
    lines = [text[start:end] for start, end in bounds]
    out = [Opener.NONE] * len(lines)
    for n, (line, following) in enumerate(pairwise(lines)):
        style = heading_style(line)
        if style == "<>" or (style and SYMBOL.match(line)):
            out[n] = Opener.MARKED
        elif style and marker(following) != marker(line):
            out[n] = Opener.NUMBERED
    return out


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    """Sentences, the overlong ones cut into stretches of `LONGEST` characters at most."""
    for start, end in sentence_bounds(text):
        for left in range(start, end, LONGEST):
            yield left, min(left + LONGEST, end)
