"""前年度, 同年, 翌４月 and their kin, resolved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.relative_years import find_all_years, fiscal_years_of


@pytest.mark.parametrize(
    ("text", "anchor", "years"),
    [
        ("令和３年度は12件、前年度は９件", None, (2020, 2021)),
        ("令和3年度に始め、翌年度に終えた。", None, (2021, 2022)),
        ("平成30年に開設し、同年に改称した。", None, (2018,)),
        ("前年度より増えた。", 2022, (2021,)),
        ("前年度より増えた。", None, ()),
        ("今年度は10回開いた。昨年度は４回であった。", 2023, (2022, 2023)),
        ("本年度の計画と来年度の予定", 2023, (2023, 2024)),
        ("今年度は10回開いた。", None, ()),
        ("令和２年度の実績に対し、今年度は", 2023, (2020, 2023)),
        ("令和４年12月に公表し、翌４月に施行した。", None, (2022, 2023)),
        ("令和４年２月に公表し、翌３月に施行した。", None, (2021,)),
        ("令和４年度に公表し、翌４月に施行した。", None, (2022, 2023)),
        ("翌13月", 2022, ()),
        ("令和５年２月17日", None, (2022,)),
        ("R3.4.1", None, (2021,)),
        ("３年度の実績", 2021, (2021,)),
        ("３年度の実績", None, ()),
        ("令和２年度は80件、３年度は95件", None, (2020, 2021)),
        ("令和2年度から4年度まで", None, (2020, 2021, 2022)),
        ("平成30年度は12件、29年度は９件", None, (2017, 2018)),
        ("令和４年度から３年度間、２年度目、第３年度", None, (2022,)),
        ("前々年度", 2022, (2020,)),
        ("令和４年度の翌々年度", None, (2022, 2024)),
        ("一昨年度と再来年度", 2022, (2020, 2024)),
        ("令和６年２月に始め、同年度末に終えた。", None, (2023,)),
        ("令和６年２月に始め、翌年度に終えた。", None, (2023, 2024)),
        ("令和４年12月に始め、翌年１月に終えた。", None, (2022,)),
        ("令和３年４月～令和４年３月", None, (2021,)),
        ("明治三十二年、昭和二十年八月、昭和64年１月", None, (1899, 1945, 1988)),
        ("２０２１年度、2021（令和3）年度、Ｒ３年度、令3.4.1、令和三年度", None, (2021,)),
        ("明治45年、大正元年、昭和元年", None, (1912, 1926)),
        ("令和元年度", None, (2019,)),
        ("前年比で３年間、本年齢、同年代", 2022, ()),
        ("", 2022, ()),
    ],
)
def test_fiscal_years_of_a_text(text, anchor, years):
    assert fiscal_years_of(text, anchor=anchor) == years


def test_a_pointer_may_point_at_a_pointer():
    mentions = find_all_years("平成30年度に始め、翌年度に広げ、翌年度に終えた。")
    assert [mention.year for mention in mentions] == [2018, 2019, 2020]
    assert all(mention.is_fiscal for mention in mentions)


@given(st.text("令和３4年度前翌同今本昨来月、。", max_size=30), st.none() | st.integers(1990, 2050))
def test_mentions_stand_where_they_say(text, anchor):
    for mention in find_all_years(text, anchor=anchor):
        assert 0 <= mention.start < mention.end <= len(text)
