"""Table rows however a text sets them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.rows import barred, is_header, is_rule
from assistant.segments import units_of


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("館\t定員\n東館\t40人", "館|定員\n東館|40人"),
        ("館 定員 休み\n東館 40人 月曜", "館|定員|休み\n東館|40人|月曜"),
        ("館 定員 休み 東館 40人 月曜 西館 60人 火曜", "館|定員|休み\n東館|40人|月曜\n西館|60人|火曜"),
        ("A券 月500円 高齢課／B券 年900円 障害課", "A券|月500円|高齢課\nB券|年900円|障害課"),
        ("民生費 18,240 教育費 6,915 土木費 5,104", "民生費|18,240\n教育費|6,915\n土木費|5,104"),
        ("会議は、市民会館で開く。", "会議は、市民会館で開く。"),
    ],
)
def test_rows_are_told_by_bars(text: str, rows: str) -> None:
    assert barred(text) == rows


@given(st.text(alphabet="あ本館4０0,円 　\t|／/\n-。", max_size=60))
def test_no_place_of_the_text_moves(text: str) -> None:
    assert len(barred(text)) == len(text)


def test_outer_bars_and_the_rule_below_a_header_are_no_cells() -> None:
    units = units_of("| 館 | 定員 |\n|---|---|\n| 東館 | 40人 |")
    assert [[cell.text for cell in unit.segments] for unit in units] == [[], ["東館", "40人"]]
    assert is_rule("|---|:--|")


def test_first_row_of_numbers_of_the_same_kind_is_no_header() -> None:
    assert is_header(["館", "1年生"], ["東館", "40人"])
    assert not is_header(["清掃", "2,310万円"], ["警備", "860万円"])


def test_unit_of_the_line_above_holds_for_bare_numbers() -> None:
    (_, row) = units_of("歳出（単位：千円）\n民生費 18,240、教育費 6,915、土木費 5,104")
    assert [str(fact.value) for cell in row.segments for fact in cell.facts] == [
        "18240000",
        "6915000",
        "5104000",
    ]
