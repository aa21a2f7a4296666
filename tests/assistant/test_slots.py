"""Nouns that a source lacks: in its place, or beside what it tells."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        ("書架の長さは940メートルである。", "棚は長さが940メートルです。", True),
        ("相談は水曜日に行う。", "相談は木曜日に行います。", False),
        ("対象は高校生である。", "対象は大学生です。", False),
        ("持ち物は、通帳、印鑑、免許証である。", "持ち物は、通帳、印鑑、旅券です。", False),
        ("窓口は毎月第2土曜日に限り開く。", "窓口は毎週土曜日に開きます。", False),
    ],
)
def test_noun_that_takes_the_place_of_another_is_not_confirmed(
    source: str, sentence: str, is_held: bool
) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
