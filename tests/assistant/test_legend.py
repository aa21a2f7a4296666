"""What a circled number stands for is held to what stands behind it."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check
from assistant.legend import misnumbered

LEGEND = "会場の欄の番号\n①本館 ②別館 ③屋外の広場"


@pytest.mark.parametrize(
    ("sentence", "is_wrong"),
    [
        ("③は屋外の広場です。", False),
        ("① 本館、② 別館", False),
        ("③ 会場の欄の一覧", True),
        ("①は別館です。", True),
        ("④は駐車場です。", False),  # of which the source says nothing: other rules see to it
        ("本館は①です。", False),
    ],
)
def test_number_stands_for_what_the_source_puts_behind_it(sentence: str, is_wrong: bool) -> None:
    assert bool(misnumbered(sentence, [LEGEND])) is is_wrong


def test_wrong_number_is_not_confirmed() -> None:
    told = check("③は別館です。", [Ground(LEGEND)], question="番号は何を意味しますか。")
    assert told.verdict is not Verdict.CONFIRMED
