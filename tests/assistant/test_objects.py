"""What something is done to, and to whom."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

RAIN = "雨天の場合は、会場を体育館に変更します。"
PARTIES = "甲は乙に対し資料を貸与し、乙は業務の完了後、資料を甲に返還する。"
CHIEFS = "所属長は、7日以内に承認の可否を決定し、人事課長に報告する。"
OFFICES = "児童手当はこども支援課、就学援助は学校教育課が担当します。"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (RAIN, "雨天の場合、会場は体育館に変更されます。", True),
        (RAIN, "雨天の場合、開催日が変更されます。", False),
        (PARTIES, "乙は業務の完了後、資料を甲に返還します。", True),
        (PARTIES, "甲は業務の完了後、資料を乙に返還します。", False),
        (CHIEFS, "承認の可否を決定するのは所属長です。", True),
        (CHIEFS, "承認の可否を決定するのは人事課長です。", False),
        (OFFICES, "就学援助は学校教育課が担当します。", True),
        (OFFICES, "就学援助はこども支援課が担当します。", False),
    ],
)
def test_who_and_what_keep_their_places(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
