"""Tables of office files: which rows are headers, what stands above a cell, what a merged cell means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Block, BlockKind
from ingest.locator import PageKind
from ingest.readers.grid import Shape, find_unit, write_table
from ingest.readers.grid_cell import GridCell
from ingest.readers.office import OfficeWriter
from ingest.readers.sheet import Sheet, write_sheet
from tests.ingest.test_read_invariants import check, check_cells


def cells(n: int, *texts: str | tuple[str, int, int], strong: bool = False) -> list[GridCell]:
    """A row: "" leaves a place free, ("a", 2, 3) is merged over two rows and three columns."""
    row, column = [], 0
    for text in texts:
        lines, n_rows, n_columns = (text, 1, 1) if isinstance(text, str) else text
        if lines:
            row.append(GridCell((lines,), n, column, n_rows, n_columns, is_strong=strong))
        column += n_columns
    return row


def written(*rows: list[GridCell], shape: Shape | None = None) -> list[Block]:
    writer = OfficeWriter()
    write_table(writer, rows, shape or Shape())
    content = writer.content()
    check(content.blocks, content.text)
    check_cells(content.blocks)
    return [block for block in content.blocks if block.kind is not BlockKind.FURNITURE]


def test_two_header_rows_are_chained() -> None:
    rows = written(
        cells(0, ("区分", 2, 1), ("令和4年度", 1, 2), ("令和5年度", 1, 2)),
        cells(1, "", "予算", "決算", "予算", "決算"),
        cells(2, "相談", "1", "2", "3", "4"),
    )
    assert rows[0].headers == (
        "区分",
        "令和4年度 › 予算",
        "令和4年度 › 決算",
        "令和5年度 › 予算",
        "令和5年度 › 決算",
    )


def test_years_as_numbers_may_be_headers() -> None:
    rows = written(cells(0, "事業", "2022", "2023", strong=True), cells(1, "相談", "10", "12"))
    assert rows[0].headers == ("事業", "2022", "2023")


def test_unit_goes_to_the_columns_of_amounts_only() -> None:
    rows = written(
        cells(0, "年度", "事業", "予算額", "人数（人）", "執行率"),
        cells(1, "2023", "相談", "1,200", "30", "98.5%"),
        cells(2, "2024", "交流", "1,300", "31", "97.5%"),
        shape=Shape(unit="千円"),
    )
    assert rows[0].headers == ("年度", "事業", "予算額（千円）", "人数（人）", "執行率")


def test_a_merged_row_label_is_told_and_cited_in_each_row() -> None:
    rows = written(
        cells(0, "分野", "事業", "担当"),
        cells(1, ("相談", 2, 1), "窓口", "一係"),
        cells(2, "", "派遣", "二係"),
    )
    assert [row.text for row in rows] == ["相談\n窓口\n一係", "相談\n派遣\n二係"]
    assert rows[0].spans[0].start == rows[1].spans[0].start


def test_a_wide_cell_heads_the_rows_below_it() -> None:
    first, *rows = written(
        cells(0, "事業", "担当", "備考"), cells(1, ("交流の事業", 1, 3)), cells(2, "まつり", "一係", "毎年"),
        cells(3, "派遣", "二係", "隔年"),
    )  # fmt: skip
    assert first.kind is BlockKind.HEADING
    assert {row.section for row in rows} == {("交流の事業",)}


def test_a_form_of_labels_and_values_has_no_header() -> None:
    rows = written(
        *(
            [GridCell((label,), n, 0, is_strong=True), GridCell((value,), n, 1)]
            for n, (label, value) in enumerate(
                (("名称", "潮見会館"), ("所在地", "浜北一丁目"), ("定員", "60人"))
            )
        )
    )
    assert [row.headers for row in rows] == [()] * 3


def test_a_note_below_is_no_row() -> None:
    rows = written(
        cells(0, "事業", "担当", "備考"), cells(1, "相談", "一係", "毎年"), cells(2, "※見込みを含む。")
    )
    assert rows[-1].kind is BlockKind.PARAGRAPH


def test_hidden_rows_and_columns_are_marked() -> None:
    rows = written(
        cells(0, "事業", "担当", "備考"), cells(1, "相談", "一係", "毎年"), cells(2, "交流", "二係", "隔年"),
        shape=Shape(hidden_rows=frozenset({2}), hidden_columns=frozenset({1})),
    )  # fmt: skip
    assert rows[0].headers[1] == "担当（非表示の列）"
    assert (rows[0].section, rows[1].section) == ((), ("非表示の行",))


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("（単位：千円）", "千円"),
        ("単位 人", "人"),
        ("[単位:％]", "％"),
        ("（単位：千円、％）", "千円、％"),
        ("金額は千円単位", ""),
    ],
)
def test_unit_is_found(text: str, unit: str) -> None:
    assert find_unit(text) == unit


def test_tables_of_one_sheet_have_headers_of_their_own_or_those_above() -> None:
    writer = OfficeWriter()
    rows = [
        cells(0, "事業", "担当", "備考"), cells(1, "相談", "一係", "毎年"),
        cells(3, "交流", "二係", "12"), cells(4, "学習", "三係", "15"),
        cells(6, "施設", "定員", "面積"), cells(7, "和室", "20人", "30㎡"),
    ]  # fmt: skip
    write_sheet(writer, Sheet("一覧", rows=rows))
    content = writer.content()
    found = [block.headers for block in content.blocks if block.kind is BlockKind.TABLE_ROW]
    assert found == [("事業", "担当", "備考")] * 3 + [("施設", "定員", "面積")]
    assert content.pages[0].kind is PageKind.SHEET


texts = st.sampled_from(
    ["", "事業", "令和4年度", "1,200", "98.5%", "相談を受ける。", "（単位：千円）", "※注", "■交流", "2023"]
)
merged = st.tuples(texts, st.integers(1, 4), st.integers(1, 4))


@given(st.lists(st.lists(merged, min_size=1, max_size=5), max_size=7))
def test_blocks_of_any_grid_are_the_characters_of_their_ranges(
    rows: list[list[tuple[str, int, int]]],
) -> None:
    writer = OfficeWriter()
    grid = [row for n, texts in enumerate(rows) if (row := cells(n * (1 + n % 2), *texts))]
    write_sheet(writer, Sheet("任意", rows=sorted(grid, key=lambda row: row[0].row)))
    content = writer.content()
    check(content.blocks, content.text)
    check_cells(content.blocks)
    places = [locator.span for locator in content.locators]
    assert places == sorted(places)
