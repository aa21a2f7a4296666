"""Whether two facts state the same."""

from __future__ import annotations

import pytest

from assistant.facts import facts_of
from assistant.values import same


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("1週間", "7日", True),
        ("2年間", "24か月", True),
        ("90分", "1時間", False),
        ("1.5キロメートル", "1500メートル", True),
        ("5割", "50%", True),
        ("3人", "3件", False),
        ("10キロ", "10キログラム", True),
        ("13ミリ", "13mm", True),
        ("10キロ", "10センチメートル", False),
        ("1.5倍", "150%", True),
        ("1.5倍", "50%", False),
        ("4年度", "令和4年度", True),
        ("4年度", "平成4年度", False),
    ],
)
def test_same_amount_may_be_told_in_another_unit(one: str, other: str, is_same: bool) -> None:
    (first,), (second,) = facts_of(one), facts_of(other)
    assert same(first, second) is is_same
