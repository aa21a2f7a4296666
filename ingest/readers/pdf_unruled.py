"""Tables without rules: lines one under another whose parts stand in the same columns."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.readers.pdf_text import PlacedCell, PlacedLine, PlacedTable
from ingest.traced import Span

MIN_ROWS = 3
ASIDE = 1.5  # em that the parts of one column may begin, or end, apart
ROW_GAP = 2.5  # em between two rows


def find_unruled(
    elements: Sequence[PlacedLine | PlacedTable], aside: set[int]
) -> dict[int, tuple[int, PlacedTable]]:
    """Index of a table's first line to the index after its last one, and the table.

    Args:
        elements: Lines and ruled tables in reading order.
        aside: Indices of those that are in no table, such as page furniture.
    """
    out: dict[int, tuple[int, PlacedTable]] = {}
    n = 0
    while n < len(elements):
        run: list[PlacedLine] = []
        stop = n
        while stop < len(elements) and stop not in aside:
            element = elements[stop]
            if not isinstance(element, PlacedLine) or not _belongs(run, element):
                break
            run.append(element)
            stop += 1
        if len(run) >= MIN_ROWS:
            out[n] = (stop, _table(run))
        n = max(stop, n + 1)
    return out


def _belongs(run: Sequence[PlacedLine], line: PlacedLine) -> bool:
    """Whether a line is one more row: as many parts, each below the parts of one column."""
    if len(line.parts) < 2 or line.is_vertical:
        return False
    if not run:
        return True
    last = run[-1]
    if (line.region, line.page, len(line.parts)) != (last.region, last.page, len(last.parts)):
        return False
    if line.before - last.after > ROW_GAP * line.size:
        return False
    reach = ASIDE * line.size
    return all(
        any(abs(one[edge] - other[edge]) <= reach for edge in (0, 1))
        for one, other in zip(line.extents, last.extents, strict=True)
    )


def _table(lines: Sequence[PlacedLine]) -> PlacedTable:
    cells = tuple(
        PlacedCell((row, row + 1), (column, column + 1), (part,))
        for row, line in enumerate(lines)
        for column, part in enumerate(line.parts)
    )
    return PlacedTable(
        Span(lines[0].span.start, lines[-1].span.end), lines[0].page, len(lines), len(lines[0].parts),
        min(line.first for line in lines), max(line.last for line in lines), cells,
    )  # fmt: skip
