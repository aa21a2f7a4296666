from __future__ import annotations

import pytest

from assistant.extract import ExtractLimits
from assistant.ordinal import fits_ordinals, ordinals
from tests.assistant.test_extract import hits_of, texts


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("第3回と第４回の講座", {"回": {3, 4}}),
        ("第二十一期　第 2 部", {"期": {21}, "部": {2}}),
        ("次第に第三者へ", {}),
        ("3回開いた", {}),
    ],
)
def test_numbered_things_are_found_in_any_notation(text: str, named: dict[str, set[int]]) -> None:
    assert ordinals(text) == named


@pytest.mark.parametrize(
    ("text", "fit"), [("第三回", 1.0), ("第１回", -1.0), ("第1回と第3回", 1.0), ("第1部", 0.0), ("講座", 0.0)]
)
def test_other_of_the_same_kind_does_not_fit(text: str, fit: float) -> None:
    assert fits_ordinals(text, ordinals("第3回のテーマは何ですか。")) == fit
    assert fits_ordinals(text, {}) == 0.0


def test_answer_is_of_the_numbered_thing_that_was_asked_for() -> None:
    rows = [
        f"第{n}回講座　テーマ　{name}　参加者　{n}0名" for n, name in ((1, "防災"), (2, "福祉"), (3, "緑化"))
    ]
    [first, *_] = texts("第2回講座のテーマは何ですか。", hits_of(*rows), ExtractLimits())
    assert "福祉" in first
