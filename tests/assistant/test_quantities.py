from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.quantities import held, masked, stated, ungrounded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和3年度", {2018 + 3}),
        ("Ｒ３年度", {2018 + 3}),
        ("令和 ３ 年", {2018 + 3}),
        ("平成31年4月1日", {1988 + 31, 4, 1}),
        ("昭和六十年", set()),
        ("令和元年", {2018 + 1}),
        ("大正12年", {1911 + 12}),
        ("元年と元気", {1}),
        ("500㎡", {500, 2}),
        ("3万7,000人", {3 * 10**4 + 7000}),
        ("1億2000万円", {10**8 + 2000 * 10**4}),
        ("5千万円", {5 * 1000 * 10**4}),
        ("1.1万人", {11000}),
        ("1,234,567円", {1234567}),
        ("1,23", {1, 23}),
        ("2.50倍", {Decimal("2.5")}),
        ("15 3人", {15, 3}),
        ("15人\n万博", {15}),
        ("15\n万博", {15}),
        ("①22名 ②12名", {22, 12}),
        ("(1) 目的\n２．背景\n3、4月", {3, 4}),
        ("12.5％増", {Decimal("12.5")}),
        ("数はない", set()),
        ("", set()),
    ],
)
def test_stated_reads_each_number_once_and_whole(text, expected):
    assert stated(text) == expected


@pytest.mark.parametrize(
    ("text", "ground", "missing"),
    [
        ("2021年", "令和3年", set()),
        ("令和3年", "2021年", set()),
        ("3年", "令和3年", set()),
        ("令和4年", "令和3年", {2022}),
        ("3万7千人", "37,000人", set()),
        ("37,000人", "3万7千人", set()),
        ("3人", "3万人", {3}),
        ("5人と15人", "15人", {5}),
        ("2021", "20\n21", set()),
        ("9,876千円", "1,234千円", {9876000}),
    ],
)
def test_ungrounded_compares_values_not_digits(text, ground, missing):
    assert ungrounded(text, [ground]) == missing


def test_ungrounded_takes_all_grounds_together():
    assert ungrounded("5月1日", ["5月", "1日"]) == set()
    assert ungrounded("5月1日", []) == {5, 1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和３年度の利用者は 3万7,000 人", "0年度の利用者は0人"),
        ("2021年度の利用者は37,000人", "0年度の利用者は0人"),
        ("ＦＡＱ　１２\n件", "faq0件"),
        ("元年と元気", "0年と元気"),
        ("", ""),
    ],
)
def test_masked_leaves_the_wording(text, expected):
    assert masked(text) == expected


TEXTS = st.text(alphabet="0123456789０９,. \n①⑫年元令和平成rhs千万億(（)）、．人", max_size=40)


@given(TEXTS)
def test_held_is_never_less_than_stated(text):
    assert stated(text) <= held(text)


@given(st.integers(0, 10**12))
def test_stated_reads_commas_as_nothing(number):
    assert stated(f"約{number:,}円") == stated(f"約{number}円") == {number}


@given(st.integers(1, 64))
def test_stated_reads_an_era_as_its_western_year(year):
    assert stated(f"昭和{year}年") == {1925 + year}
