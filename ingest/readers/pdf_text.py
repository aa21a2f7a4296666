"""The linear text of a PDF, written page by page, and where each piece of it stands."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.locator import WHOLE, Locator, Page
from ingest.readers.pdf_lines import Segment
from ingest.readers.pdf_page import PageLayout, TextLine, lines_of_cell
from ingest.readers.pdf_table import Grid
from ingest.traced import Span


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line in the text, with what tells whether the next one goes on with it.

    Attributes:
        region: Counted over the whole document.
        first: Where it begins along its direction, in points; `last` where it ends.
        before: Where it begins across its direction, counted in the order of the lines; `after` its end.
        share: Its middle from the top of the page, 0 to 1.
        parts: The ranges of its segments.
        extents: Where each of them begins and ends along the line, in points.
    """

    span: Span
    text: str
    page: int
    region: int
    first: float
    last: float
    before: float
    after: float
    size: float
    share: float
    is_vertical: bool
    parts: tuple[Span, ...]
    extents: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell of a table: the ranges of its lines, and the rows and columns that it covers."""

    rows: tuple[int, int]
    columns: tuple[int, int]
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table in the text; `edges` are the left and right ends of its columns' first row."""

    span: Span
    page: int
    n_rows: int
    n_columns: int
    left: float
    right: float
    cells: tuple[PlacedCell, ...]


@dataclass(slots=True)
class TextWriter:
    """Grows the text of a PDF and its locators together."""

    pieces: list[str] = field(default_factory=list)
    locators: list[Locator] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    at: int = 0
    _region: int = 0

    def add_page(self, number: int, layout: PageLayout) -> list[PlacedLine | PlacedTable]:
        """Write one page; an empty line stands between two pages."""
        start = self.at
        size = (layout.drawn.width, layout.drawn.height)
        out: list[PlacedLine | PlacedTable] = []
        for element in layout.elements:
            if isinstance(element, Grid):
                out.append(self._table(element, number, size))
            else:
                out.append(self._line(element, number, size))
        self._region += 1 + max((e.region for e in layout.elements if isinstance(e, TextLine)), default=0)
        self.pages.append(Page(number, Span(start, self.at), width=size[0], height=size[1]))
        if self.at > start:
            self._write("\n")
        return out

    def _line(self, line: TextLine, page: int, size: tuple[float, float]) -> PlacedLine:
        start = self.at
        parts = tuple(self._separated(line.segments, "\t", page, size))
        span = Span(start, self.at)
        self._write("\n")
        ends = line.segments
        down = ends[0].is_vertical
        before = size[0] - max(s.right for s in ends) if down else min(s.top for s in ends)
        after = size[0] - min(s.left for s in ends) if down else max(s.bottom for s in ends)
        extents = tuple((s.top, s.bottom) if down else (s.left, s.right) for s in ends)
        return PlacedLine(
            span, "\t".join(segment.text for segment in ends), page, self._region + line.region,
            min(first for first, _ in extents), max(last for _, last in extents),
            before, after, max(s.size for s in ends), ends[0].middle[1] / size[1], down, parts, extents,
        )  # fmt: skip

    def _separated(
        self, segments: Sequence[Segment], separator: str, page: int, size: tuple[float, float]
    ) -> Iterator[Span]:
        for n, segment in enumerate(segments):
            if n:
                self._write(separator)
            yield self._segment(segment, page, size)

    def _segment(self, segment: Segment, page: int, size: tuple[float, float]) -> Span:
        width, height = size
        span = Span(self.at, self.at + len(segment.text))
        box = (segment.left / width, segment.top / height, segment.right / width, segment.bottom / height)
        whole = height if segment.is_vertical else width
        edges = array("H", (min(WHOLE, max(0, round(cut / whole * WHOLE))) for cut in segment.cuts))
        self.locators.append(
            Locator(
                span,
                page,
                (_share(box[0]), _share(box[1]), _share(box[2]), _share(box[3])),
                edges,
                segment.is_vertical,
            )
        )
        self._write(segment.text)
        return span

    def _table(self, grid: Grid, page: int, size: tuple[float, float]) -> PlacedTable:
        """Rows on lines of their own, cells divided by tabs; a merged cell stands in its first row."""
        start = self.at
        cells: list[PlacedCell] = []
        row = 0
        for cell in grid.cells:
            if not cell.segments:
                cells.append(PlacedCell(cell.rows, cell.columns, ()))
                continue
            if self.at > start:
                self._write("\n" if cell.rows[0] > row else "\t")
            row = cell.rows[0]
            ordered = lines_of_cell(cell.segments, size[0])
            spans = tuple(self._separated(ordered, " ", page, size))
            cells.append(PlacedCell(cell.rows, cell.columns, spans))
        span = Span(start, self.at)
        self._write("\n")
        return PlacedTable(span, page, grid.n_rows, grid.n_columns, grid.left, grid.right, tuple(cells))

    def _write(self, text: str) -> None:
        self.pieces.append(text)
        self.at += len(text)


def _share(value: float) -> float:
    return min(WHOLE, max(0, round(value * WHOLE))) / WHOLE
