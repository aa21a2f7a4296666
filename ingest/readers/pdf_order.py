"""Reading order of a page: regions of lines, from the boxes of what stands on it.

A vertical page is turned so that its lines run from left to right and follow one another downwards; the
rest is the same for both. Bands of what stands side by side are found first. Where several bands leave one
gutter free and what stands beside it reads like columns of text, the columns are read one after another;
otherwise the bands are, as rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

GUTTER = 1.0  # em of free space between two columns
RULED_GUTTER = 0.25  # em, where a rule stands in it
ALONG = 0.4  # share of a gutter that its rule must run along
COLUMN_CHARS = 10  # characters a line, on average, that make a column of text rather than cells
ALIGNED = 0.25  # em between the lines of two cells of one row
GOES_ON = 1.2  # em down to a line that still belongs to the longer of two columns
EM_SHARE = 0.3  # of a line's height that two lines of one column may share
MAX_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Item(Generic[T]):
    """A thing with its place: along the line from `start` to `end`, across it from `top` to `bottom`.

    Attributes:
        n_chars: What it holds.
        is_whole: Whether it is a table or a box, or text of the other direction: never a cell of a row.
    """

    start: float
    top: float
    end: float
    bottom: float
    em: float
    n_chars: int
    content: T
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Divider:
    """A rule: one that runs across the lines stands at `at` along them, one beside them at `at` across.

    Attributes:
        start: Where it begins in its own direction.
        end: Where it ends.
    """

    at: float
    start: float
    end: float
    is_across: bool


Row = list[Item[T]]
Region = list[list[Item[T]]]


def arrange(items: Sequence[Item[T]], dividers: Sequence[Divider], depth: int = 0) -> Iterator[Region[T]]:
    """Regions in reading order, each its rows from first to last, each row its items along the line."""
    if not items:
        return
    bands = _bands(items)
    if depth > MAX_DEPTH:
        yield bands
        return
    plain: Region[T] = []
    n = 0
    while n < len(bands):
        stop, cut = _columns(bands, n, dividers)
        if cut is None:
            if _is_row(bands[n]):
                plain.append(sorted(bands[n], key=lambda item: item.start))
            else:
                if plain:
                    yield plain
                    plain = []
                yield from _forced(bands[n], dividers, depth)
            n += 1
            continue
        if plain:
            yield plain
            plain = []
        inside = [item for band in bands[n:stop] for item in band]
        yield from arrange([item for item in inside if _middle(item) < cut], dividers, depth + 1)
        yield from arrange([item for item in inside if _middle(item) >= cut], dividers, depth + 1)
        n = stop
    if plain:
        yield plain


def _middle(item: Item[T]) -> float:
    return (item.start + item.end) / 2


def _bands(items: Sequence[Item[T]]) -> list[Row[T]]:
    """Groups of items that stand beside one another, from first to last."""
    out: list[Row[T]] = []
    low = 0.0
    for item in sorted(items, key=lambda i: i.top):
        shared = EM_SHARE * min(item.em, item.bottom - item.top)
        if out and item.top < low - shared:
            out[-1].append(item)
            low = max(low, item.bottom)
        else:
            out.append([item])
            low = item.bottom
    return out


def _is_row(band: Row[T]) -> bool:
    """Whether the items of a band stand on one line."""
    return len(band) == 1 or (
        max(item.top for item in band) < min(item.bottom for item in band)
        and max(item.bottom - item.top for item in band) < 2.5 * min(item.bottom - item.top for item in band)
    )


def _forced(band: Row[T], dividers: Sequence[Divider], depth: int) -> Iterator[Region[T]]:
    """A band that is no row: cut at its widest gap along the line, else row by row as it begins."""
    gaps = _gaps(band)
    if gaps:
        low, high = max(gaps, key=lambda gap: gap[1] - gap[0])
        cut = (low + high) / 2
        yield from arrange([item for item in band if _middle(item) < cut], dividers, depth + 1)
        yield from arrange([item for item in band if _middle(item) >= cut], dividers, depth + 1)
    else:
        yield [[item] for item in sorted(band, key=lambda i: (i.top, i.start))]


def _gaps(items: Sequence[Item[T]]) -> list[tuple[float, float]]:
    """Free stretches along the line between the first and the last item."""
    out: list[tuple[float, float]] = []
    reach: float | None = None
    for item in sorted(items, key=lambda i: i.start):
        if reach is not None and item.start > reach:
            out.append((reach, item.start))
        reach = item.end if reach is None else max(reach, item.end)
    return out


def _columns(bands: Sequence[Row[T]], first: int, dividers: Sequence[Divider]) -> tuple[int, float | None]:
    """How many bands from `first` on are columns around one gutter, and where to cut; `None` if none are."""
    gaps = _gaps(bands[first])
    if not gaps:
        return first + 1, None
    em = sorted(item.em for item in bands[first])[len(bands[first]) // 2]
    best: tuple[int, float | None] = (first + 1, None)
    for low, high in sorted(gaps, key=lambda gap: gap[0] - gap[1]):
        found = _extent(bands, first, (low, high), em, dividers)
        if found is not None and (best[1] is None or found[0] > best[0]):
            best = found
    return best


def _extent(
    bands: Sequence[Row[T]], first: int, gap: tuple[float, float], em: float, dividers: Sequence[Divider]
) -> tuple[int, float] | None:
    """How far one gutter of the first band goes on, if columns of text stand beside it."""
    low, high = gap
    both: list[int] = []
    ends: list[tuple[int, float, float]] = []
    stop = first
    for n in range(first, len(bands)):
        if n > first and _is_ruled_off(bands[n - 1], bands[n], (low, high), dividers):
            break
        left = [item for item in bands[n] if _middle(item) < (low + high) / 2]
        right = [item for item in bands[n] if _middle(item) >= (low + high) / 2]
        new_low = max([low, *(item.end for item in left)])
        new_high = min([high, *(item.start for item in right)])
        top = bands[first][0].top
        bottom = max(item.bottom for item in bands[n])
        if not _is_gutter(new_low, new_high, em, (top, bottom), dividers):
            break
        low, high = new_low, new_high
        if left and right:
            both.append(n)
            ends.append((n + 1, low, high))
            stop = n + 1
        elif min(i.top for i in bands[n]) - max(i.bottom for i in bands[n - 1]) > GOES_ON * em:
            break
        else:
            ends.append((n + 1, low, high))
            stop = n + 1
    while stop > first:
        chosen = [end for end in ends if end[0] <= stop]
        if not chosen:
            return None
        stop, low, high = chosen[-1]
        if _are_columns(bands[first:stop], (low + high) / 2, em):
            return stop, (low + high) / 2
        earlier = [n for n in both if n + 1 < stop]
        if not earlier or len(earlier) < 2:
            return None
        stop = earlier[-1] + 1
    return None


def _is_ruled_off(
    one: Row[T], other: Row[T], gutter: tuple[float, float], dividers: Sequence[Divider]
) -> bool:
    """Whether a rule between two bands crosses the gutter, or closes a box that has nothing beside it."""
    above, below = max(item.bottom for item in one), min(item.top for item in other)
    slack = RULED_GUTTER * other[0].em
    low, high = gutter
    start, end = min(item.start for item in one), max(item.end for item in one)
    if end <= high or start >= low:
        low, high = start + slack, end - slack
    return any(
        not d.is_across and above - slack <= d.at <= below + slack and d.start < low and high < d.end
        for d in dividers
    )


def _is_gutter(
    low: float, high: float, em: float, extent: tuple[float, float], dividers: Sequence[Divider]
) -> bool:
    if high - low >= GUTTER * em:
        return True
    if high - low < RULED_GUTTER * em:
        return False
    covered = sum(
        max(0.0, min(extent[1], d.end) - max(extent[0], d.start))
        for d in dividers
        if d.is_across and low <= d.at <= high
    )
    return covered >= ALONG * (extent[1] - extent[0])


def _are_columns(bands: Sequence[Row[T]], cut: float, em: float) -> bool:
    """Whether what stands on both sides reads downwards rather than across."""
    sides = (
        [item for band in bands for item in band if _middle(item) < cut],
        [item for band in bands for item in band if _middle(item) >= cut],
    )
    both = [
        band for band in bands if any(_middle(i) < cut for i in band) and any(_middle(i) >= cut for i in band)
    ]
    n_lines = min(len(_bands(side)) for side in sides)
    if any(len(side) == 1 and side[0].is_whole for side in sides):
        return True
    if n_lines < 2 and len(both) < 2:
        return any(len(_bands(side)) > 2 for side in sides) and not all(_is_row(band) for band in bands)
    if len(both) == 1 and not _is_row(both[0]):
        return True
    if all(sum(i.n_chars for i in side) / len(side) >= COLUMN_CHARS for side in sides):
        return True
    aligned = sum(_is_aligned(band, cut, em) for band in both)
    return aligned < 0.5 * len(both)


def _is_aligned(band: Row[T], cut: float, em: float) -> bool:
    """Whether the first lines of both sides of a band stand on one line."""
    left = min(i.top + i.bottom for i in band if _middle(i) < cut) / 2
    right = min(i.top + i.bottom for i in band if _middle(i) >= cut) / 2
    return abs(left - right) < 2 * ALIGNED * em
