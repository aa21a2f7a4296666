"""From the glyphs of a page to its segments: unbroken stretches of a line, horizontal or vertical."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.readers.pdf_drawing import Rule
from ingest.readers.pdf_glyphs import Glyph

ASIDE = 0.4  # em that two characters of one line may stand apart across it
OVERLAP = -0.4  # em that one character may reach into the next
GAP_IN_RUN = 1.5  # em between two characters that the file draws one after another
GAP_BETWEEN_RUNS = 1.1  # em between runs of one line; more is a gutter, or another cell
GAP_DOWN = 0.8  # em between two characters of a vertical line
RULED_GAP = 0.1  # em below which no rule fits between two characters
WORD_GAP = 0.22  # em between two Latin words of which the space was not drawn
WIDE_GAP = 0.7
RUBY = 0.65  # of the size of the text that it stands beside
KANA = re.compile(r"[ぁ-ゖァ-ヺー・\s]+")
UPRIGHT_ONLY = re.compile(r"[\x00-\x7f０-９．，△▲－―–‐]+")  # a column of numbers is no vertical line
LATIN = re.compile(r"[0-9A-Za-z]")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one line, without white space at its ends.

    Attributes:
        cuts: Where each character begins along the line, and where the last one ends; in points.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    is_vertical: bool
    cuts: tuple[float, ...]

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(slots=True)
class _Run:
    glyphs: list[Glyph]
    is_vertical: bool
    left: float
    top: float
    right: float
    bottom: float
    size: float

    @classmethod
    def of(cls, glyphs: list[Glyph], *, is_vertical: bool) -> _Run:
        solid = [g for g in glyphs if not g.char.isspace()] or glyphs
        sizes = sorted([g.size for g in solid])
        return cls(
            glyphs, is_vertical,
            min([g.left for g in solid]), min([g.top for g in solid]),
            max([g.right for g in solid]), max([g.bottom for g in solid]), sizes[len(sizes) // 2],
        )  # fmt: skip


class Rules:
    """The rules of a page, asked whether one stands between two places."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_axis = {
            axis: sorted((r for r in rules if r.is_vertical is axis), key=lambda r: r.at)
            for axis in (False, True)
        }
        self._at = {axis: [r.at for r in found] for axis, found in self._by_axis.items()}

    def between(self, low: float, high: float, across: float, *, is_vertical: bool) -> bool:
        """Whether a rule of the axis lies at `low` to `high` where it passes `across`."""
        found, at = self._by_axis[is_vertical], self._at[is_vertical]
        n = bisect_left(at, low)
        while n < len(found) and at[n] <= high:
            if found[n].start <= across <= found[n].end:
                return True
            n += 1
        return False


def find_segments(glyphs: Sequence[Glyph], rules: Rules) -> list[Segment]:
    """The segments of a page in no particular order; readings beside the text (ruby) are left out."""
    runs = [run for found in _runs(glyphs, rules) for run in _settled(found)]
    vertical = _merged([run for run in runs if run.is_vertical], rules)
    level = [run for run in runs if not run.is_vertical]
    vertical, level = _absorbed(vertical, level, rules)
    merged = [*_merged(vertical, rules), *_merged(level, rules)]
    segments = [segment for run in merged if (segment := _segment(run)) is not None]
    return [segment for segment in segments if not _is_ruby(segment, segments)]


def _runs(glyphs: Sequence[Glyph], rules: Rules) -> Iterable[_Run]:
    """Characters that the file draws one after another along one line."""
    run: list[Glyph] = []
    axis: bool | None = None
    for glyph in glyphs:
        step = _step(run[-1], glyph, rules) if run else None
        if run and (step is None or (axis is not None and step is not axis)):
            yield _Run.of(run, is_vertical=bool(axis))
            run, axis = [], None
        elif run:
            axis = step
        run.append(glyph)
    if run:
        yield _Run.of(run, is_vertical=bool(axis))


def _step(one: Glyph, other: Glyph, rules: Rules) -> bool | None:
    """Whether the line goes on downwards (`True`), to the right (`False`), or not at all."""
    em = one.size if one.size > other.size else other.size
    x, y = (one.left + one.right) / 2, (one.top + one.bottom) / 2
    dx, dy = (other.left + other.right) / 2 - x, (other.top + other.bottom) / 2 - y
    if dx > abs(dy) and abs(dy) < ASIDE * em:
        gap = other.left - one.right
        if OVERLAP * em <= gap <= GAP_IN_RUN * em:
            ruled = gap > RULED_GAP * em and rules.between(one.right, other.left, y, is_vertical=True)
            return None if ruled else False
    if dy > abs(dx) and abs(dx) < ASIDE * em:
        gap = other.top - one.bottom
        if -em <= gap <= GAP_DOWN * em and dy > 0.25 * em:
            ruled = gap > RULED_GAP * em and rules.between(one.bottom, other.top, x, is_vertical=False)
            return None if ruled else True
    return None


def _settled(run: _Run) -> Iterable[_Run]:
    """The run; or its characters one by one, if they only happen to stand one under another."""
    if not run.is_vertical:
        yield run
        return
    text = "".join(g.char for g in run.glyphs)
    solid = "".join(text.split())
    is_tight = run.bottom - run.top < 1.3 * len(text) * run.size
    if len(solid) < 2 or UPRIGHT_ONLY.fullmatch(solid) or (len(solid) == 2 and not is_tight):
        for glyph in run.glyphs:
            yield _Run.of([glyph], is_vertical=False)
    else:
        yield run


def _merged(runs: Sequence[_Run], rules: Rules) -> list[_Run]:
    """Runs that stand on one line right after one another made one."""
    out: list[_Run] = []
    for run in sorted(runs, key=lambda r: r.top if r.is_vertical else r.left):
        for held in reversed(out):
            if _touches(held, run, rules):
                held.glyphs.extend(run.glyphs)
                held.left, held.top = min(held.left, run.left), min(held.top, run.top)
                held.right, held.bottom = max(held.right, run.right), max(held.bottom, run.bottom)
                held.size = max(held.size, run.size)
                break
        else:
            out.append(run)
    return out


def _touches(held: _Run, run: _Run, rules: Rules) -> bool:
    em = max(held.size, run.size)
    small = min(held.size, run.size)
    if run.is_vertical:
        aside = abs((held.left + held.right) / 2 - (run.left + run.right) / 2)
        gap, low, high, across = run.top - held.bottom, held.bottom, run.top, (run.left + run.right) / 2
    else:
        aside = abs((held.top + held.bottom) / 2 - (run.top + run.bottom) / 2)
        gap, low, high, across = run.left - held.right, held.right, run.left, (run.top + run.bottom) / 2
    if aside > ASIDE * em or (aside > ASIDE * small and small < RUBY * em):
        return False
    if not -2 * em <= gap <= GAP_BETWEEN_RUNS * em:
        return False
    return not (gap > 0 and rules.between(low, high, across, is_vertical=not run.is_vertical))


def _stacked(one: _Run, other: _Run, rules: Rules) -> bool:
    return _touches(one, other, rules) if one.top <= other.top else _touches(other, one, rules)


def _absorbed(vertical: list[_Run], level: list[_Run], rules: Rules) -> tuple[list[_Run], list[_Run]]:
    """Short runs that stand within a vertical line (縦中横, lone characters) made part of it."""
    rest: list[_Run] = []
    taken: list[_Run] = []
    for run in level:
        is_short = len(run.glyphs) <= 3 and run.right - run.left <= 1.3 * run.size
        small = _Run.of(run.glyphs, is_vertical=True)
        host = is_short and any(_stacked(held, small, rules) for held in vertical)
        (taken if host else rest).append(small if host else run)
    return vertical + taken, rest


def _segment(run: _Run) -> Segment | None:
    """The run in reading order, spaces put in where words stand apart."""
    if run.is_vertical:
        half = run.size / 2
        glyphs = sorted(run.glyphs, key=lambda g: (g.top + g.bottom) / 2)
        glyphs = _level_pairs(glyphs, half)
    else:
        glyphs = sorted(run.glyphs, key=lambda g: (g.left + g.right) / 2)
    chars: list[str] = []
    starts: list[float] = []
    end = 0.0
    for n, glyph in enumerate(glyphs):
        start, stop = (glyph.top, glyph.bottom) if run.is_vertical else (glyph.left, glyph.right)
        if n and start > end and _is_apart(chars[-1], glyph.char, (start - end) / run.size):
            chars.append(" ")
            starts.append(end)
        chars.append(glyph.char)
        starts.append(start if not n or start > starts[-1] else starts[-1])
        end = stop if not n or stop > end else end
    text = "".join(chars)
    left = len(text) - len(text.lstrip())
    stop_at = len(text.rstrip())
    if left >= stop_at:
        return None
    cuts = (*starts, max(end, starts[-1]))[left : stop_at + 1]
    box = (run.left, run.top, run.right, run.bottom)
    return Segment(text[left:stop_at], *box, run.size, run.is_vertical, cuts)


def _level_pairs(glyphs: list[Glyph], half: float) -> list[Glyph]:
    """Characters side by side within a vertical line, from left to right."""
    out: list[Glyph] = []
    for glyph in glyphs:
        at = len(out)
        while at and out[at - 1].top > glyph.top - half / 2 and out[at - 1].left > glyph.right - half / 2:
            at -= 1
        out.insert(at, glyph)
    return out


def _is_apart(last: str, char: str, gap: float) -> bool:
    if gap <= WORD_GAP or last.isspace() or char.isspace():
        return False
    words = LATIN.match(last) is not None and LATIN.match(char) is not None
    return words or gap > WIDE_GAP


def _is_ruby(segment: Segment, segments: Sequence[Segment]) -> bool:
    """Whether a segment is the reading of characters beside it."""
    if not KANA.fullmatch(segment.text):
        return False
    x, y = segment.middle
    for other in segments:
        if other is segment or segment.size > RUBY * other.size or other.is_vertical != segment.is_vertical:
            continue
        if other.is_vertical:
            gap, within = (
                segment.left - other.right,
                other.top - other.size / 2 < y < other.bottom + other.size / 2,
            )
        else:
            gap, within = (
                other.top - segment.bottom,
                other.left - other.size / 2 < x < other.right + other.size / 2,
            )
        if within and abs(gap) < 0.5 * other.size:
            return True
    return False
