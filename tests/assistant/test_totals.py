"""Cells of total rows and columns."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

TABLE = "会計|歳入|歳出\n一般会計|412億円|398億円\n介護保険|88億円|85億円\n合計|500億円|483億円"
SUMS = "地区|男|女|計\n浜町|312|298|610\n緑台|305|301|606"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (TABLE, "介護保険の歳出は85億円です。", True),
        (TABLE, "介護保険の歳出は483億円です。", False),
        (TABLE, "歳出の合計は483億円です。", True),
        (TABLE, "歳出の合計は398億円です。", False),
        (SUMS, "浜町の女は610人です。", False),
        (SUMS, "浜町には合わせて610人がいます。", True),
        ("浜町 35 17 52", "浜町の合計は35件です。", False),
        (
            "浜町では午前に35件、午後に17件、合わせて52件の相談があった。",
            "浜町の相談の合計は52件です。",
            True,
        ),
    ],
)
def test_total_is_no_value_of_one_item(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
