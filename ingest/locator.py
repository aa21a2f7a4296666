"""Page and Locator: where on the original's pages, sheets or slides a range of `Document.text` stands."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ingest.traced import Span

WHOLE = 65535  # the page's width or height in the unit of `Locator.edges`

Box = tuple[float, float, float, float]


class PageKind(StrEnum):
    """What a format divides itself into."""

    PAGE = "page"
    SHEET = "sheet"
    SLIDE = "slide"


@dataclass(frozen=True, slots=True)
class Page:
    """One page, sheet or slide.

    Attributes:
        number: 1-based place in the file, which a viewer of the format counts too.
        span: Its range of `Document.text`, empty if nothing was read from it.
        label: Number printed on it, or that the format gives it, "" if there is none.
        name: Name of a sheet or title of a slide, "" if it has none.
        width: In points, 0 where there is no picture of it.
        height: In points, 0 where there is no picture of it.
    """

    number: int
    span: Span
    kind: PageKind = PageKind.PAGE
    label: str = ""
    name: str = ""
    width: float = 0.0
    height: float = 0.0


def _no_edges() -> array[int]:
    return array("H")


@dataclass(frozen=True, slots=True)
class Locator:
    """The place of one range: a line with its box, or a cell with its name.

    Attributes:
        page: `Page.number`.
        box: Left, top, right and bottom as shares of the page from its top left corner, kept to
            1 / `WHOLE`; `None` where the format has no geometry.
        edges: One more than the range has characters: where each begins, and where the last one ends,
            in the direction of the line, in units of page width (of height where vertical) / `WHOLE`;
            empty where only the whole box is known. Type code "H".
        is_vertical: Whether the line runs from top to bottom.
        cell: As a spreadsheet names it ("B12"), "" where there is none.
    """

    span: Span
    page: int
    box: Box | None = None
    edges: array[int] = field(default_factory=_no_edges)
    is_vertical: bool = False
    cell: str = ""

    def part(self, span: Span) -> Box | None:
        """The box of the characters that the range shares with this place, `None` if there is none."""
        first, last = max(span.start, self.span.start), min(span.end, self.span.end)
        if self.box is None or first >= last:
            return None
        if len(self.edges) != self.span.end - self.span.start + 1:
            return self.box
        near = self.edges[first - self.span.start] / WHOLE
        far = self.edges[last - self.span.start] / WHOLE
        left, top, right, bottom = self.box
        return (left, near, right, far) if self.is_vertical else (near, top, far, bottom)


def boxes_of(locators: Sequence[Locator], spans: Iterable[Span]) -> dict[int, list[Box]]:
    """The boxes that ranges of the text cover, by page number, in the order of the ranges.

    Args:
        locators: Ascending by the start of their ranges, none overlapping.
        spans: Ranges of the same text.
    """
    starts = [locator.span.start for locator in locators]
    out: dict[int, list[Box]] = {}
    for span in spans:
        at = max(0, bisect_right(starts, span.start) - 1)
        while at < len(locators) and starts[at] < span.end:
            box = locators[at].part(span)
            if box is not None:
                out.setdefault(locators[at].page, []).append(box)
            at += 1
    return out


def cells_of(locators: Sequence[Locator], spans: Iterable[Span]) -> list[tuple[int, str]]:
    """The cells that ranges of the text touch, as (page number, name), each once, in order."""
    starts = [locator.span.start for locator in locators]
    out: dict[tuple[int, str], None] = {}
    for span in spans:
        at = max(0, bisect_right(starts, span.start) - 1)
        while at < len(locators) and starts[at] < span.end:
            if locators[at].cell and locators[at].span.end > span.start:
                out[locators[at].page, locators[at].cell] = None
            at += 1
    return list(out)
