"""One PDF page as lines and tables in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium

from ingest.readers.pdf_drawing import Rule, read_rules
from ingest.readers.pdf_glyphs import PageGlyphs, read_glyphs
from ingest.readers.pdf_lines import Rules, Segment, find_segments
from ingest.readers.pdf_order import Divider, Item, arrange
from ingest.readers.pdf_table import Grid, filled, find_grids

FRAME_SHARE = 0.8  # of the page; a larger frame is its border
UNLIKE = 1.6  # times the smallest size on a line, beyond which its parts are lines of their own
EDGE = 0.6  # em that text of the other direction may reach over the edge of the rest


@dataclass(frozen=True, slots=True)
class Group:
    """What a frame holds."""

    units: tuple[Segment | Grid | Group, ...]
    left: float
    top: float
    right: float
    bottom: float


Unit = Segment | Grid | Group


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a region: its segments from first to last; regions count up over the page."""

    segments: tuple[Segment, ...]
    region: int


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page's lines and tables in reading order, and what it draws besides."""

    drawn: PageGlyphs
    elements: tuple[TextLine | Grid, ...]

    @classmethod
    def empty(cls) -> PageLayout:
        """A page of which nothing could be read."""
        return cls(PageGlyphs(1.0, 1.0, (), "", 0, 0, 0.0), ())


def read_layout(page: pdfium.PdfPage, *, with_tables: bool = True) -> PageLayout:
    """The lines and tables of a page; without tables, their texts are lines like others."""
    drawn = read_glyphs(page)
    rules = read_rules(page) if drawn.glyphs else []
    segments = find_segments(drawn.glyphs, Rules(rules))
    units: list[Unit] = list(segments)
    if with_tables:
        for grid in find_grids(rules):
            units = _framed(units, grid, drawn.width * drawn.height)
    flow = _Flow(drawn.width, rules)
    return PageLayout(drawn, tuple(flow.elements(units)))


def lines_of_cell(segments: Sequence[Segment], width: float) -> list[Segment]:
    """The segments of one cell in reading order."""
    found = _Flow(width, ()).elements(list(segments))
    return [segment for line in found if isinstance(line, TextLine) for segment in line.segments]


def _framed(units: list[Unit], grid: Grid, page_area: float) -> list[Unit]:
    """The units, those inside the grid made one: its table, or what the frame holds."""
    inside = [unit for unit in units if grid.holds(*_middle(unit))]
    if len(inside) < 2:
        return units
    segments = [segment for unit in inside for segment in _segments(unit)]
    nested = any(isinstance(part, Grid) for unit in inside for part in _parts(unit))
    table = None if nested else filled(grid, segments)
    if table is None and (grid.right - grid.left) * (grid.bottom - grid.top) > FRAME_SHARE * page_area:
        return units
    made: Unit = table or Group(tuple(inside), grid.left, grid.top, grid.right, grid.bottom)
    kept = {id(unit) for unit in inside}
    return [*(unit for unit in units if id(unit) not in kept), made]


def _parts(unit: Unit) -> Iterator[Segment | Grid]:
    if isinstance(unit, Group):
        for part in unit.units:
            yield from _parts(part)
    else:
        yield unit


def _segments(unit: Unit) -> Iterator[Segment]:
    for part in _parts(unit):
        if isinstance(part, Grid):
            yield from (segment for cell in part.cells for segment in cell.segments)
        else:
            yield part


def _middle(unit: Unit) -> tuple[float, float]:
    return (unit.left + unit.right) / 2, (unit.top + unit.bottom) / 2


class _Flow:
    """Puts units into reading order, numbering the regions as they come."""

    def __init__(self, width: float, rules: Sequence[Rule]) -> None:
        self._width = width
        self._rules = rules
        self._region = 0

    def elements(self, units: Sequence[Unit]) -> Iterator[TextLine | Grid]:
        """Lines and tables in reading order."""
        down = [unit for unit in units if _is_vertical(unit)]
        level = [unit for unit in units if not _is_vertical(unit)]
        is_vertical = _weight(down) > _weight(level)
        main, other = (down, level) if is_vertical else (level, down)
        before, beside, after = _around(main, other) if main else ([], other, [])
        if before:
            yield from self.elements(before)
        if main or beside:
            yield from self._flowing([*main, *beside], is_vertical=is_vertical)
        if after:
            yield from self.elements(after)

    def _flowing(self, units: Sequence[Unit], *, is_vertical: bool) -> Iterator[TextLine | Grid]:
        items = [_item(unit, self._width, is_vertical=is_vertical) for unit in units]
        for region in arrange(items, self._dividers(is_vertical=is_vertical)):
            self._region += 1
            for row in region:
                line: list[Segment] = []
                for item in row:
                    if isinstance(item.content, Segment):
                        line.append(item.content)
                        continue
                    yield from self._lined(line)
                    line = []
                    if isinstance(item.content, Grid):
                        yield item.content
                    else:
                        yield from self.elements(item.content.units)
                    self._region += 1
                yield from self._lined(line)

    def _lined(self, segments: Sequence[Segment]) -> Iterator[TextLine]:
        sizes = [segment.size for segment in segments]
        if segments and max(sizes) > UNLIKE * min(sizes):  # a masthead and its date
            yield from (TextLine((segment,), self._region) for segment in segments)
        elif segments:
            yield TextLine(tuple(segments), self._region)

    def _dividers(self, *, is_vertical: bool) -> list[Divider]:
        """The rules, turned with the lines."""
        out: list[Divider] = []
        for rule in self._rules:
            if not is_vertical:
                out.append(Divider(rule.at, rule.start, rule.end, is_across=rule.is_vertical))
            elif rule.is_vertical:
                out.append(Divider(self._width - rule.at, rule.start, rule.end, is_across=False))
            else:
                out.append(Divider(rule.at, self._width - rule.end, self._width - rule.start, is_across=True))
        return out


def _is_vertical(unit: Unit) -> bool:
    segments = list(_segments(unit))
    down = sum(len(segment.text) for segment in segments if segment.is_vertical)
    return 2 * down > sum(len(segment.text) for segment in segments)


def _weight(units: Sequence[Unit]) -> int:
    return sum(len(segment.text) for unit in units for segment in _segments(unit))


def _around(main: Sequence[Unit], other: Sequence[Unit]) -> tuple[list[Unit], list[Unit], list[Unit]]:
    """Text of the other direction above, within and below the rest."""
    top, bottom = min(unit.top for unit in main), max(unit.bottom for unit in main)
    before, beside, after = [], [], []
    for unit in other:
        slack = EDGE * max((segment.size for segment in _segments(unit)), default=0.0)
        if unit.bottom <= top + slack:
            before.append(unit)
        elif unit.top >= bottom - slack:
            after.append(unit)
        else:
            beside.append(unit)
    return before, beside, after


def _item(unit: Unit, width: float, *, is_vertical: bool) -> Item[Unit]:
    segments = list(_segments(unit))
    sizes = sorted(segment.size for segment in segments)
    em = sizes[len(sizes) // 2] if sizes else 10.0
    n_chars = sum(len(segment.text) for segment in segments)
    is_whole = not isinstance(unit, Segment) or (unit.is_vertical is not is_vertical and len(unit.text) > 1)
    if is_vertical:
        place = (unit.top, width - unit.right, unit.bottom, width - unit.left)
    else:
        place = (unit.left, unit.top, unit.right, unit.bottom)
    return Item(*place, em, n_chars, unit, is_whole)


def squeezed(text: str) -> str:
    """Without white space."""
    return re.sub(r"\s+", "", text)
