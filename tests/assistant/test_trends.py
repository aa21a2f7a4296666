"""What goes up or down, by how much and to what."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

TWO = "空き家率は前回より1.1ポイント高くなった。別荘を除くと0.4ポイントの低下である。"
ENDS = "届くまでの日数は、20日から14日に短縮された。"
SIDES = "回収量は、資源ごみが増え、可燃ごみが減った。"
BASE = "繰越金は前年度より1億円少ない4億円を見込んだ。"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (TWO, "別荘を除くと、空き家率は1.1ポイント下がりました。", False),
        (ENDS, "届くまでの日数は短縮され、14日になりました。", True),
        (ENDS, "届くまでの日数は短縮され、20日になりました。", False),
        (SIDES, "可燃ごみの回収量は減りました。", True),
        (SIDES, "増えたのは可燃ごみの回収量です。", False),
        (BASE, "繰越金は、前年度より1億円少ないと見込まれています。", True),
        (BASE, "繰越金は、前年度より4億円少ないと見込まれています。", False),
    ],
)
def test_what_rises_or_falls_does_so_in_the_source(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
