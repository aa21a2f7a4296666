"""A word that excludes what the source says is not confirmed, however much of the rest is the source's."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check


@pytest.mark.parametrize(
    ("source", "true", "false"),
    [
        ("市外に住む人は、この割引を受けられない。", "市外の人はこの割引の対象になりません。", "市内の人はこの割引の対象になりません。"),
        ("がん検診の予約の電話を受け付けていません。", "がん検診の予約を電話ですることはできません。", "がん検診の予約を窓口ですることはできません。"),
        ("保育所の待機児童は7人となった。", "保育所の待機児童は7人です。", "保育所の待機保護者は7人です。"),
        ("職員が毎月点検を行う。", "毎月の点検をするのは職員です。", "毎年の点検をするのは職員です。"),
        ("貸出冊数は前年度より4.1%減った。", "貸出冊数は前年度より4.1%減りました。", "貸出冊数は翌年度より4.1%減りました。"),
        ("副会長は消防長である。", "副会長は消防長です。", "会長は消防長です。"),
    ],
)  # fmt: skip
def test_word_of_the_other_side_is_held_back(source: str, true: str, false: str) -> None:
    assert check(true, [Ground(source)]).verdict is Verdict.CONFIRMED
    found = check(false, [Ground(source)])
    assert found.verdict is not Verdict.CONFIRMED
    assert found.reason


def test_sentence_that_tells_both_sides_is_left_to_the_other_rules() -> None:
    source = Ground("市外に住む人は、この割引を受けられない。")
    assert "出典では「" not in check("市内の人は対象ですが、市外の人は対象になりません。", [source]).reason


def test_sign_inside_another_word_is_none_of_the_pair() -> None:
    source = Ground("大陸との交流を左京区で始めた。春日通りの工事は秋に行う。")
    assert "出典では「" not in check("春日通りの工事は秋に行います。", [source]).reason
    assert "出典では「秋」" in check("春日通りの工事は春に行います。", [source]).reason
