from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.calendar import YearMention, find_years, fiscal_year_of

F = True
C = False


def found(text: str) -> list[tuple[str, int, bool]]:
    return [(text[m.start : m.end], m.year, m.is_fiscal) for m in find_years(text)]


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("令和3年度", [("令和3年度", 2021, F)]),
        ("令和３年度", [("令和３年度", 2021, F)]),
        ("令和 ３ 年度", [("令和 ３ 年度", 2021, F)]),
        ("令和三年", [("令和三年", 2021, C)]),
        ("令和元年", [("令和元年", 2019, C)]),
        ("実績(R元年度)", [("R元年度", 2019, F)]),
        ("R3年度", [("R3年度", 2021, F)]),
        ("Ｒ３年度", [("Ｒ３年度", 2021, F)]),
        ("令3", [("令3", 2021, C)]),
        ("令3年度", [("令3年度", 2021, F)]),
        ("2021年度", [("2021年度", 2021, F)]),
        ("２０２１年", [("２０２１年", 2021, C)]),
        ("二〇二一年", [("二〇二一年", 2021, C)]),
        ("西暦2021", [("西暦2021", 2021, C)]),
        ("FY2021", [("FY2021", 2021, F)]),
        ("2021.4.1", [("2021", 2021, C)]),
        ("2021/4/1", [("2021", 2021, C)]),
        ("2021-04-01", [("2021", 2021, C)]),
        ("R3.4.1", [("R3", 2021, C)]),
        ("平成31年", [("平成31年", 2019, C)]),
        ("平成二十三年五月", [("平成二十三年", 2011, C)]),
        ("H30", [("H30", 2018, C)]),
        ("S63", [("S63", 1988, C)]),
        ("昭和63年", [("昭和63年", 1988, C)]),
        ("昭和六十三年法律", [("昭和六十三年", 1988, C)]),
        ("大正12年", [("大正12年", 1923, C)]),
        ("明治元年", [("明治元年", 1868, C)]),
        ("令和４年 12 月", [("令和４年", 2022, C)]),
        ("2021（令和3）年度", [("2021", 2021, F), ("令和3", 2021, F)]),
        ("令和3（2021）年度", [("令和3", 2021, F), ("2021", 2021, F)]),
        ("令和2～4年度", [("令和2", 2020, F), ("令和2～4年度", 2021, F), ("4年度", 2022, F)]),
        ("令和3・4年度", [("令和3", 2021, F), ("4年度", 2022, F)]),
        ("令和3、4、5年度", [("令和3", 2021, F), ("4", 2022, F), ("5年度", 2023, F)]),
        ("令和2年度～4年度", [("令和2年度", 2020, F), ("令和2年度～4年度", 2021, F), ("4年度", 2022, F)]),
        ("2019～2021年度", [("2019", 2019, F), ("2019～2021年度", 2020, F), ("2021年度", 2021, F)]),
        ("2021・22年度", [("2021", 2021, F), ("22年度", 2022, F)]),
        (
            "平成30年度から令和2年度まで",
            [("平成30年度", 2018, F), ("平成30年度から令和2年度", 2019, F), ("令和2年度", 2020, F)],
        ),
        ("H28～H30年度", [("H28", 2016, F), ("H28～H30年度", 2017, F), ("H30年度", 2018, F)]),
        ("H28～H30", [("H28", 2016, C), ("H28～H30", 2017, C), ("H30", 2018, C)]),
        ("令和3年度末、翌年度", [("令和3年度", 2021, F)]),
    ],
)
def test_years_are_found(text: str, mentions: list[tuple[str, int, bool]]) -> None:
    assert found(text) == mentions


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "R134",
            "H2O",
            "3年間",
            "第3年次",
            "4年度",
            "2020大会",
            "水平3",
            "昭和2丁目",
            "施行令3条",
            "AR3",
        ),
        *(
            "R2-D2",
            "S3",
            "20210401",
            "2021人",
            "12,021年",
            "平成99年",
            "令和0年",
            "1999-2000",
            "TEL 2021-5555",
        ),
        *("令和の時代", "３年生", "M7", "H", "令和"),
    ],
)
def test_what_is_no_year(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["令和3年から10年で", "令和3年、4年生は"])
def test_durations_and_grades_do_not_go_on_from_a_year(text: str) -> None:
    assert found(text) == [("令和3年", 2021, C)]


@pytest.mark.parametrize(
    ("year", "month", "fiscal"), [(2021, 4, 2021), (2022, 3, 2021), (2022, 1, 2021), (2021, 12, 2021)]
)
def test_fiscal_year_runs_from_april_to_march(year: int, month: int, fiscal: int) -> None:
    assert fiscal_year_of(year, month) == fiscal


def test_fiscal_year_of_no_month_is_an_error() -> None:
    with pytest.raises(ValueError, match="13"):
        fiscal_year_of(2021, 13)


@given(st.text(st.sampled_from("令和平成RHS元0123９年度～・、. 二十〇月FY(（)）"), max_size=30))
def test_mentions_lie_in_the_text_in_order(text: str) -> None:
    mentions = find_years(text)
    assert mentions == sorted(mentions, key=lambda m: (m.start, m.year, m.end))
    assert all(0 <= m.start < m.end <= len(text) and 1868 <= m.year < 2100 for m in mentions)


@given(st.integers(2019, 2050))
def test_western_and_era_years_agree(year: int) -> None:
    era = year - 2018
    for text in (f"令和{era}年度", f"R{era}年度", f"{year}年度"):
        assert [(m.year, m.is_fiscal) for m in find_years(text)] == [(year, True)]


def test_a_mention_is_a_value() -> None:
    assert find_years("x 令和3年度") == [YearMention(2, 7, 2021, True)]
