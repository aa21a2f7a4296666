"""Nouns that a source lacks: a thing of that kind, or nothing."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check
from assistant.related import is_kind_told


def test_kind_is_told_by_a_sign() -> None:
    assert is_kind_told("船", "410隻が入港した")
    assert not is_kind_told("船", "410台が通った")


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        ("書架の長さは940メートルである。", "棚は長さが940メートルです。", True),
        ("相談は水曜日に行う。", "相談は木曜日に行います。", False),
        ("対象は高校生である。", "対象は大学生です。", False),
        ("持ち物は、通帳、印鑑、免許証である。", "持ち物は、通帳、印鑑、旅券です。", False),
        ("窓口は毎月第2土曜日に限り開く。", "窓口は毎週土曜日に開きます。", False),
        (
            "人口は、令和2年の調査では8万1,903人であった。",
            "令和2年の調査では、救急は8万1,903人でした。",
            False,
        ),
        ("委員の任期は2年とする。", "罰則の任期は2年です。", False),
    ],
)
def test_noun_of_which_the_source_knows_nothing_is_not_confirmed(
    source: str, sentence: str, is_held: bool
) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
