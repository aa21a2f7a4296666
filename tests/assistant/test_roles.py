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


FAIR = (
    "会場の設営は、商店会が行う。参加者の受付は、学生の協力を得て、観光係が担当する。警備は消防団に依頼する。"
)


@pytest.mark.parametrize(
    ("sentence", "is_held"),
    [
        ("会場の設営は、商店会が担います。", True),
        ("会場の設営は、観光係が行います。", False),
        ("参加者の受付は、観光係が担当します。", True),
        ("参加者の受付を担当するのは、商店会です。", False),
        ("参加者の受付は、消防団が担当します。", False),
    ],
)
def test_somebody_named_elsewhere_does_not_do_it_instead(sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(FAIR)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
