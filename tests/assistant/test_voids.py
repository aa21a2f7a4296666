"""What a source lists as not done, told as done or as not done."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

TABLE = "事業名|4年度|5年度\n職員の派遣|実施|中止\n市民の派遣|実績なし|－\n講演会|実施|実施"
LINE = "貸館の状況　会議室　40件　展示室　該当なし"
PROSE = "吊り橋の塗替工事は、入札が不調となったため来年度に延期した。"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (TABLE, "職員の派遣は、5年度に行われました。", False),
        (TABLE, "職員の派遣は、4年度に実施されました。", True),
        (TABLE, "市民の派遣は、実績がありませんでした。", True),
        (TABLE, "はい、市民の派遣がありました。", False),
        (TABLE, "講演会は、5年度に実施されました。", True),
        (LINE, "展示室も使われました。", False),
        (PROSE, "吊り橋の塗替工事は終わりました。", False),
        (PROSE, "吊り橋の塗替工事は、来年度に延期されました。", True),
    ],
)
def test_what_did_not_take_place_is_not_told_as_done(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
