"""The state and the date that a paper bears."""

from __future__ import annotations

import pytest

from ingest.edition import find_edition, find_issued


@pytest.mark.parametrize(
    ("first", "edition"),
    [
        ("潮見市みどりの計画（素案）", "素案"),
        ("潮見市みどりの計画（案）", "案"),
        ("潮見市みどりの計画【概要版】", "概要版"),
        ("潮見市みどりの計画　改訂版", "改訂版"),
        ("潮見市みどりの計画 第２版", "第２版"),
        ("潮見市みどりの計画（令和５年３月改定）", "改定"),
        ("潮見市みどりの計画（第1稿）", "第1稿"),
        ("潮見市みどりの計画", ""),
        ("潮見市は計画（素案）を公表した。", ""),
        ("令和５年度の改定", ""),
        ("", ""),
    ],
)
def test_edition_of_the_first_lines(first, edition):
    assert find_edition(f"{first}\n\n本文である。\n", "") == edition


def test_title_comes_first():
    assert find_edition("みどりの計画（概要版）\n", "みどりの計画（素案）") == "素案"


@pytest.mark.parametrize(
    ("text", "issued"),
    [
        ("みどりの計画\n令和５年８月\n潮見市\n", "2023-08"),
        ("みどりの計画\n（令和５年８月15日現在）\n", "2023-08-15"),
        ("みどりの計画\n平成31年４月１日 施行\n", "2019-04-01"),
        ("みどりの計画\n2023.8.15\n", "2023-08-15"),
        ("みどりの計画\n令和５年度\n", ""),
        ("市は令和５年８月に計画を定めた。\n", ""),
        ("会議は令和５年８月15日に開く\n", ""),
        ("本文\n" * 40 + "発行 令和６年３月\n", "2024-03"),
        ("本文\n" * 40 + "令和６年３月\n", ""),
        ("令和５年13月\n", ""),
        ("", ""),
    ],
)
def test_date_that_stands_by_itself(text, issued):
    assert find_issued(text) == issued
