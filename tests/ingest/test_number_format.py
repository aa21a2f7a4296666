from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.format_code import read_sections
from ingest.readers.number_format import BUILT_IN, show_general, show_number, show_text

ERA = '[$-411]ggge"年"m"月"d"日"'
ACCOUNT = '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ '


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (1234567, "#,##0", "1,234,567"),
        (1234567, "#,##0,", "1,235"),
        (1234567, '#,##0,"千円"', "1,235千円"),
        (-1234.5, '#,##0;"△ "#,##0', "△ 1,235"),
        (-1234, "#,##0;▲#,##0", "▲1,234"),
        (0, '#,##0;-#,##0;"－"', "－"),
        (-5, ACCOUNT, "-5"),
        (0, ACCOUNT, "-"),
        (0.1234, "0.0%", "12.3%"),
        (1.005, "0.00", "1.01"),
        (0, "#,###", ""),
        (5, "00", "05"),
        (12345.678, "#,##0.0#", "12,345.68"),
        (123456, "000-0000", "012-3456"),
        (3, '"第"0"号"', "第3号"),
        (12, '0"人"', "12人"),
        (1234, "[$¥-411]#,##0", "¥1,234"),
        (1500, '[>=1000]#,##0,"千";0', "2千"),
        (0.5, "# ?/?", "1/2"),
        (1.25, "# ??/??", "1 1/4"),
        (0.00001234, "0.00E+00", "1.23E-05"),
        (1234, "[DBNum1]General", "千二百三十四"),
        (1234, "[DBNum3]0", "１２３４"),
        (7, ";;;", ""),
    ],
)
def test_numbers_are_shown_as_in_the_cell(value: float, code: str, shown: str) -> None:
    assert show_number(value, code) == shown


@pytest.mark.parametrize(
    ("serial", "code", "shown"),
    [
        (45383, ERA, "令和6年4月1日"),
        (43585, ERA, "平成31年4月30日"),
        (43586, '[$-ja-JP-x-gannen]ggge"年"m"月"d"日"', "令和元年5月1日"),
        (45383, "[$-411]ge.m.d;@", "R6.4.1"),
        (45383, "yyyy/m/d(aaa)", "2024/4/1(月)"),
        (45383, "aaaa", "月曜日"),
        (45383, "mmm-yy", "Apr-24"),
        (45383.5625, 'yyyy"年"m"月"d"日" h"時"mm"分"', "2024年4月1日 13時30分"),
        (45383.75, "m/d/yy h:mm AM/PM", "4/1/24 6:00 PM"),
        (1.5, "[h]:mm", "36:00"),
        (0.75, "h:mm:ss", "18:00:00"),
        (59, "yyyy/m/d", "1900/2/28"),
        (61, "yyyy/m/d", "1900/3/1"),
        (45383, BUILT_IN[28], "令和6年4月1日"),
        (45383, BUILT_IN[14], "2024/4/1"),
        (45383, '[DBNum1][$-411]ggge"年"m"月"d"日"', "令和六年四月一日"),
        (-1, "yyyy/m/d", "-1"),
        (9e9, "yyyy/m/d", "9000000000"),
    ],
)
def test_dates_are_shown_as_in_the_cell(serial: float, code: str, shown: str) -> None:
    assert show_number(serial, code) == shown


def test_days_may_be_counted_from_1904() -> None:
    assert show_number(0, "yyyy/m/d", from_1904=True) == "1904/1/1"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.1 + 0.2, "0.3"), (12.0, "12"), (1e20, "1E+20"), (-3.5, "-3.5"), (10**10, "10000000000")],
)
def test_a_number_without_a_format_has_ten_digits(value: float, shown: str) -> None:
    assert show_general(value) == shown


def test_formats_may_add_to_a_text_or_hide_it() -> None:
    assert show_text("山田", '@"様"') == "山田様"
    assert show_text("山田", "#,##0") == "山田"
    assert show_text("山田", ";;;") == ""


@given(st.floats(allow_nan=True, allow_infinity=True), st.text(max_size=30))
def test_any_format_of_any_number_gives_text(value: float, code: str) -> None:
    assert isinstance(show_number(value, code), str)
    assert read_sections(code)


@given(st.integers(-(10**12), 10**12))
def test_grouping_changes_nothing_but_commas(value: int) -> None:
    assert show_number(value, "#,##0").replace(",", "") == str(value)
