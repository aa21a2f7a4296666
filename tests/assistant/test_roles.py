"""Who does it."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

SOURCE = "点検は業者が年に2回行う。清掃は職員が毎日行う。受注者は、変更を発注者に申し出る。発注者は、これを検査する。"


@pytest.mark.parametrize(
    ("sentence", "is_held"),
    [
        ("清掃を毎日行うのは職員です。", True),
        ("清掃を毎日行うのは業者です。", False),
        ("変更は受注者が申し出ます。", True),
        ("変更は発注者が申し出ます。", False),
    ],
)
def test_who_does_it_is_the_one_that_the_source_names(sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(SOURCE)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
