"""Reasons that a sentence gives and its source does not, or the other way round."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

BESIDE = "図書館の貸出冊数は前年度より4%減った。図書館では10月に改修工事を行った。"
TOLD = "潮の害により松林の2割が枯れた。"
AFTER = "受付の人数を2人増やした。待ち時間が長くなったためである。"
OTHER = "使用料を改定するのは、設備の更新費用が増えたためである。利用者の数も減っている。"
AIM = "ごみを減らすため、生ごみの処理機を買う人に購入費の半額を補助する。"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (BESIDE, "図書館の貸出冊数は前年度より4%減りました。", True),
        (BESIDE, "図書館では改修工事を行ったため、貸出冊数が前年度より4%減りました。", False),
        (BESIDE, "改修工事を行ったことから、図書館の貸出冊数は4%減りました。", False),
        (TOLD, "潮の害のため、松林の2割が枯れました。", True),
        (AFTER, "待ち時間が長くなったため、受付の人数を2人増やしました。", True),
        (AFTER, "受付の人数を2人増やしたため、待ち時間が長くなりました。", False),
        (OTHER, "使用料の改定は、設備の更新費用が増えたためです。", True),
        (OTHER, "使用料の改定は、利用者の数が減っているためです。", False),
        (AIM, "ごみを減らす目的で、生ごみの処理機の購入費の半額を補助します。", True),
        (BESIDE, "図書館では貸出冊数を増やす目的で、10月に改修工事を行いました。", False),
    ],
)
def test_reason_is_held_only_where_the_source_gives_it(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
