from __future__ import annotations

from array import array

from ingest.locator import WHOLE, Locator, boxes_of, cells_of
from ingest.traced import Span

LINE = Locator(
    Span(10, 14), 2, (0.2, 0.1, 0.6, 0.2), array("H", [round(WHOLE * x / 10) for x in (2, 3, 4, 5, 6)])
)
COLUMN = Locator(
    Span(15, 17),
    2,
    (0.8, 0.1, 0.9, 0.5),
    array("H", [round(WHOLE * x / 10) for x in (1, 3, 5)]),
    is_vertical=True,
)
CELL = Locator(Span(20, 25), 3, (0.0, 0.0, 1.0, 1.0))


def rounded(boxes: dict[int, list[tuple[float, float, float, float]]]) -> dict[int, list[tuple[float, ...]]]:
    return {page: [tuple(round(x, 3) for x in box) for box in found] for page, found in boxes.items()}


def test_part_of_a_line_has_a_box_of_its_own() -> None:
    assert rounded(boxes_of([LINE, COLUMN], [Span(11, 13)])) == {2: [(0.3, 0.1, 0.5, 0.2)]}


def test_a_vertical_line_is_cut_from_top_to_bottom() -> None:
    assert rounded(boxes_of([LINE, COLUMN], [Span(16, 30)])) == {2: [(0.8, 0.3, 0.9, 0.5)]}


def test_a_range_over_several_lines_and_pages_has_a_box_of_each() -> None:
    found = boxes_of([LINE, COLUMN, CELL], [Span(13, 16), Span(20, 21)])
    assert {page: len(boxes) for page, boxes in found.items()} == {2: 2, 3: 1}


def test_ranges_between_the_lines_have_no_box() -> None:
    assert boxes_of([LINE, COLUMN], [Span(0, 10), Span(14, 15), Span(17, 20)]) == {}
    assert boxes_of([], [Span(0, 10)]) == {}


def test_cells_are_named_once_each() -> None:
    cells = [
        Locator(Span(0, 3), 1, cell="A1"),
        Locator(Span(4, 6), 1, cell="B1"),
        Locator(Span(7, 9), 2, cell="A1"),
    ]
    assert cells_of(cells, [Span(1, 2), Span(2, 5), Span(8, 9)]) == [(1, "A1"), (1, "B1"), (2, "A1")]
    assert boxes_of(cells, [Span(0, 9)]) == {}
