"""Ruled tables and boxes of a PDF page: the grid that its rules draw, merged cells made whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.pdf_drawing import Rule
from ingest.readers.pdf_lines import Segment

NEAR = 2.5  # points between two rules that touch, or between two borders that are one
SLACK = 3.0  # points that a text may reach over its cell's border
MAX_LINES = 400  # rows or columns; a page with more is a drawing or graph paper
FITTING = 0.9  # share of the texts that must fit into their cells
MIN_FILLED = 3  # cells with text; fewer are boxes side by side


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell: where it is, and which rows and columns it covers (half-open)."""

    rows: tuple[int, int]
    columns: tuple[int, int]
    left: float
    top: float
    right: float
    bottom: float
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one table or box, by row and column; a lone frame has one."""

    left: float
    top: float
    right: float
    bottom: float
    n_rows: int
    n_columns: int
    cells: tuple[GridCell, ...]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


def find_grids(rules: Sequence[Rule]) -> list[Grid]:
    """The grids that rules draw, smallest first; none has text yet."""
    grids = [grid for group in _touching(rules) if (grid := _grid(group)) is not None]
    return sorted(grids, key=lambda g: (g.right - g.left) * (g.bottom - g.top))


def filled(grid: Grid, segments: Sequence[Segment]) -> Grid | None:
    """The grid with the texts in it, `None` if it holds no table."""
    homes: list[list[Segment]] = [[] for _ in grid.cells]
    n_fitting = 0
    for segment in segments:
        x, y = segment.middle
        for home, cell in zip(homes, grid.cells, strict=True):
            if cell.left <= x <= cell.right and cell.top <= y <= cell.bottom:
                home.append(segment)
                n_fitting += cell.left - SLACK <= segment.left and segment.right <= cell.right + SLACK
                break
    cells = tuple(
        GridCell(c.rows, c.columns, c.left, c.top, c.right, c.bottom, tuple(home))
        for c, home in zip(grid.cells, homes, strict=True)
    )
    texts = [cell for cell in cells if cell.segments]
    in_rows, in_columns = {cell.rows[0] for cell in texts}, {cell.columns[0] for cell in texts}
    if len(texts) < MIN_FILLED or len(in_rows) < 2 or len(in_columns) < 2:
        return None
    if n_fitting < FITTING * len(segments):
        return None
    return Grid(grid.left, grid.top, grid.right, grid.bottom, grid.n_rows, grid.n_columns, cells)


def _touching(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules in groups that hang together."""
    leader = list(range(len(rules)))

    def find(n: int) -> int:
        while leader[n] != n:
            leader[n] = leader[leader[n]]
            n = leader[n]
        return n

    across = [n for n, rule in enumerate(rules) if not rule.is_vertical]
    down = [n for n, rule in enumerate(rules) if rule.is_vertical]
    for n in across:
        one = rules[n]
        for m in down:
            other = rules[m]
            if (
                one.start - NEAR <= other.at <= one.end + NEAR
                and other.start - NEAR <= one.at <= other.end + NEAR
            ):
                leader[find(n)] = find(m)
    groups: dict[int, list[Rule]] = {}
    for n, rule in enumerate(rules):
        groups.setdefault(find(n), []).append(rule)
    return [group for group in groups.values() if len(group) > 2]


def _grid(rules: Sequence[Rule]) -> Grid | None:
    across = [rule for rule in rules if not rule.is_vertical]
    down = [rule for rule in rules if rule.is_vertical]
    if not across or not down or len(rules) < 3:  # one side of a box may be open
        return None
    left, right = min(r.start for r in across), max(r.end for r in across)
    top, bottom = min(r.start for r in down), max(r.end for r in down)
    xs = _lines([*(rule.at for rule in down), left, right])
    ys = _lines([*(rule.at for rule in across), top, bottom])
    if not (2 <= len(xs) <= MAX_LINES and 2 <= len(ys) <= MAX_LINES):
        return None
    walls_x = _walls(down, xs, ys)
    walls_y = _walls(across, ys, xs)
    cells = _merged_cells(xs, ys, walls_x, walls_y)
    return Grid(xs[0], ys[0], xs[-1], ys[-1], len(ys) - 1, len(xs) - 1, cells)


def _lines(values: Sequence[float]) -> list[float]:
    """Ascending places, those that are nearly one taken once."""
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > NEAR:
            out.append(value)
    return out


def _walls(rules: Sequence[Rule], places: Sequence[float], others: Sequence[float]) -> set[tuple[int, int]]:
    """(place, interval of the other axis) where a rule stands."""
    out: set[tuple[int, int]] = set()
    middles = [(a + b) / 2 for a, b in pairwise(others)]
    for rule in rules:
        at = min(range(len(places)), key=lambda n: abs(places[n] - rule.at))
        out.update(
            (at, m) for m, middle in enumerate(middles) if rule.start - NEAR <= middle <= rule.end + NEAR
        )
    return out


def _merged_cells(
    xs: Sequence[float], ys: Sequence[float], walls_x: set[tuple[int, int]], walls_y: set[tuple[int, int]]
) -> tuple[GridCell, ...]:
    """Cells of the finest grid joined where no rule divides them, row by row."""
    n_columns, n_rows = len(xs) - 1, len(ys) - 1
    seen: set[tuple[int, int]] = set()
    out: list[GridCell] = []
    for row in range(n_rows):
        for column in range(n_columns):
            if (row, column) in seen:
                continue
            last = column + 1
            while last < n_columns and (last, row) not in walls_x and (row, last) not in seen:
                last += 1
            below = row + 1
            while (
                below < n_rows
                and all((below, c) not in walls_y and (below, c) not in seen for c in range(column, last))
                and all((c, below) not in walls_x for c in range(column + 1, last))
            ):
                below += 1
            seen.update((r, c) for r in range(row, below) for c in range(column, last))
            out.append(GridCell((row, below), (column, last), xs[column], ys[row], xs[last], ys[below]))
    return tuple(out)
