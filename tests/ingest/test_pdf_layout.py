"""Lines from glyphs, order from boxes, grids from rules: the logic by itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.pdf_drawing import Rule
from ingest.readers.pdf_furniture import find_furniture
from ingest.readers.pdf_glyphs import Glyph
from ingest.readers.pdf_lines import Rules, find_segments
from ingest.readers.pdf_order import Divider, Item, arrange
from ingest.readers.pdf_table import filled, find_grids
from ingest.readers.pdf_text import PlacedLine
from ingest.readers.pdf_unruled import find_unruled
from ingest.traced import Span


def across(text: str, left: float, top: float, size: float = 10) -> list[Glyph]:
    out = []
    for char in text:
        width = size / 2 if char.isascii() else size
        out.append(Glyph(char, left, top, left + width, top + size, size))
        left += width
    return out


def down(text: str, left: float, top: float, size: float = 10) -> list[Glyph]:
    return [
        Glyph(c, left, top + size * n, left + size, top + size * (n + 1), size) for n, c in enumerate(text)
    ]


def texts(glyphs: Sequence[Glyph], rules: Sequence[Rule] = ()) -> set[str]:
    return {segment.text for segment in find_segments(glyphs, Rules(rules))}


def test_characters_in_any_order_of_the_file_make_their_line() -> None:
    glyphs = across("会議室の予約は七日前まで", 10, 10)
    assert texts(glyphs[6:] + glyphs[:6]) == {"会議室の予約は七日前まで"}


def test_a_wide_gap_divides_a_line_and_a_narrow_one_is_a_space() -> None:
    assert texts(across("左の段", 10, 10) + across("右の段", 70, 10)) == {"左の段", "右の段"}
    assert texts(across("News", 10, 10) + across("letter", 33, 10)) == {"News letter"}


def test_vertical_lines_are_read_downwards() -> None:
    (segment,) = find_segments(down("縦に書いた行", 100, 10), Rules(()))
    assert (segment.text, segment.is_vertical) == ("縦に書いた行", True)


def test_figures_side_by_side_within_a_vertical_line_stay_in_it() -> None:
    glyphs = down("令和", 100, 10) + across("12", 100, 30) + down("年度の計画", 100, 40)
    assert texts(glyphs) == {"令和12年度の計画"}


def test_a_column_of_figures_is_no_vertical_line() -> None:
    assert texts(across("3", 10, 10) + across("4", 10, 20) + across("5", 10, 30)) == {"3", "4", "5"}


def test_a_rule_divides_cells_that_stand_close() -> None:
    glyphs = across("受講者", 10, 10) + across("四十人", 44, 10)
    assert texts(glyphs) == {"受講者四十人"}
    assert texts(glyphs, [Rule(42, 0, 30, is_vertical=True)]) == {"受講者", "四十人"}


def test_a_reading_beside_the_text_is_left_out() -> None:
    assert texts(across("汐見橋を渡る", 10, 20) + across("しおみばし", 10, 14, size=5)) == {"汐見橋を渡る"}
    assert texts(down("汐見橋を渡る", 100, 20) + down("しおみばし", 111, 20, size=5)) == {"汐見橋を渡る"}


def item(name: str, left: float, top: float, width: float, *, height: float = 10) -> Item[str]:
    return Item(left, top, left + width, top + height, 10, int(width / 10), name)


def ordered(items: Sequence[Item[str]], dividers: Sequence[Divider] = ()) -> list[str]:
    return [part.content for region in arrange(items, dividers) for row in region for part in row]


def test_columns_are_read_one_after_another_below_a_headline() -> None:
    items = [item("見出し", 10, 0, 300)]
    items += [item(f"左{n}", 10, 30 + 15 * n, 140) for n in range(6)]
    items += [item(f"右{n}", 170, 30 + 15 * n, 140) for n in range(6)]
    expected = ["見出し", *(f"左{n}" for n in range(6)), *(f"右{n}" for n in range(6))]
    assert ordered(items) == expected
    assert ordered(items[::-1]) == expected


def test_rows_of_short_cells_are_read_across() -> None:
    items = [
        item(f"{n}{name}", left, 15 * n, 40) for n in range(5) for name, left in (("年", 10), ("人", 120))
    ]
    assert ordered(items) == [f"{n}{name}" for n in range(5) for name in ("年", "人")]


def test_a_rule_over_both_columns_ends_them() -> None:
    items = [item("題", 10, 0, 110), item("日付", 200, 0, 110)]
    items += [item(f"左{n}", 10, 20 + 15 * n, 140) for n in range(4)]
    items += [item(f"右{n}", 170, 20 + 15 * n, 140) for n in range(4)]
    rule = Divider(15, 0, 320, is_across=False)
    assert ordered(items, [rule])[:2] == ["題", "日付"]
    assert ordered(items, [rule])[2:] == [f"{side}{n}" for side in "左右" for n in range(4)]


def test_a_narrow_gutter_counts_where_a_rule_stands_in_it() -> None:
    items = [item(f"左{n}", 10, 15 * n, 140) for n in range(4)] + [
        item(f"右{n}", 156, 15 * n, 140) for n in range(4)
    ]
    expected = [f"{side}{n}" for side in "左右" for n in range(4)]
    assert ordered(items, [Divider(153, 0, 60, is_across=True)]) == expected
    assert ordered(items) != expected


@given(
    st.lists(
        st.builds(
            item,
            st.just("x"),
            st.floats(0, 500),
            st.floats(0, 700),
            st.floats(1, 300),
            height=st.floats(1, 60),
        ),
        max_size=25,
    )
)
def test_every_item_is_read_once_wherever_it_stands(items: list[Item[str]]) -> None:
    found = [id(part) for region in arrange(items, []) for row in region for part in row]
    assert sorted(found) == sorted(map(id, items))


def grid_rules(xs: Sequence[float], ys: Sequence[float]) -> list[Rule]:
    return [Rule(x, ys[0], ys[-1], is_vertical=True) for x in xs] + [
        Rule(y, xs[0], xs[-1], is_vertical=False) for y in ys
    ]


def test_cells_that_no_rule_divides_are_one() -> None:
    rules = grid_rules([0, 100, 200], [0, 20, 40])
    rules[1] = Rule(100, 20, 40, is_vertical=True)
    (grid,) = find_grids(rules)
    assert [(cell.rows, cell.columns) for cell in grid.cells] == [
        ((0, 1), (0, 2)), ((1, 2), (0, 1)), ((1, 2), (1, 2)),
    ]  # fmt: skip


@pytest.mark.parametrize(("n_filled", "is_table"), [(4, True), (2, False)])
def test_a_grid_with_few_texts_is_a_box(n_filled: int, *, is_table: bool) -> None:
    (grid,) = find_grids(grid_rules([0, 100, 200], [0, 20, 40]))
    places = [(5, 5), (105, 5), (5, 25), (105, 25)][:n_filled]
    segments = find_segments(
        [g for x, y in places for g in across("受講者", x, y)], Rules(grid_rules([100], [0, 40]))
    )
    assert (filled(grid, segments) is not None) is is_table


def line(text: str, page: int, share: float, size: float = 10) -> PlacedLine:
    span = Span(0, len(text))
    return PlacedLine(span, text, page, page, 0, 100, 0, 10, size, share, False, (span,), ((0, 100),))


def test_printed_numbers_are_those_that_keep_step_with_the_pages() -> None:
    lines = [line(f"- {page + 12} -", page, 0.97) for page in range(1, 5)] + [line("40", 3, 0.93)]
    found, labels = find_furniture(lines, 4)
    assert found == {0, 1, 2, 3}
    assert labels == {1: "13", 2: "14", 3: "15", 4: "16"}


def test_a_running_header_is_furniture_but_the_larger_title_is_kept() -> None:
    lines = [line("推進計画", 1, 0.05, size=20), *(line("推進計画", page, 0.05) for page in (2, 3, 4))]
    assert find_furniture(lines, 4)[0] == {1, 2, 3}


def test_what_comes_back_in_the_middle_of_pages_is_text() -> None:
    assert find_furniture([line("対象", page, 0.5) for page in range(1, 6)], 5)[0] == set()


def row(n: int, *places: tuple[float, float]) -> PlacedLine:
    parts = tuple(Span(100 * n + 10 * i, 100 * n + 10 * i + 5) for i in range(len(places)))
    span = Span(parts[0].start, parts[-1].end)
    return PlacedLine(
        span, "x", 1, 1, places[0][0], places[-1][1], 20 * n, 20 * n + 10, 10, 0.5, False, parts, places
    )


def test_lines_whose_parts_stand_in_columns_are_a_table_without_rules() -> None:
    rows = [row(n, (10, 60 + 7 * n), (120 - 8 * n, 150)) for n in range(3)]
    ((stop, table),) = find_unruled(rows, set()).values()
    assert (stop, table.n_rows, table.n_columns) == (3, 3, 2)
    assert [cell.spans[0].start for cell in table.cells] == [0, 10, 100, 110, 200, 210]


def test_two_rows_or_parts_that_stand_anywhere_are_no_table() -> None:
    assert find_unruled([row(n, (10, 60), (120, 150)) for n in range(2)], set()) == {}
    assert find_unruled([row(n, (10 + 30 * n, 60 + 40 * n), (150, 190)) for n in range(4)], set()) == {}
