"""A label keeps the value that the source gives it."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

SURVEY = "調査対象：市民2,400人 有効回答数：912人（回収率38.0％） 満足している人：54.1％"
DATES = "質問の受付期限は5月8日、提案書の提出期限は5月22日とする。結果は6月10日までに知らせる。"
YEARS = "令和4年度の使用料収入は11億2,300万円で、令和5年度は11億4,800万円となった。"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (SURVEY, "有効回答数は2,400人です。", False),
        (SURVEY, "回収率は54.1％でした。", False),
        (DATES, "提案書の提出期限は5月22日です。", True),
        (DATES, "提案書の提出期限は6月10日です。", False),
        (YEARS, "令和5年度の使用料収入は11億4,800万円でした。", True),
    ],
)
def test_label_keeps_its_value(source: str, sentence: str, is_held: bool) -> None:
    assert (check(sentence, [Ground(source)]).verdict is Verdict.CONFIRMED) is is_held
