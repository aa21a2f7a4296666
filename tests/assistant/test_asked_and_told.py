"""Questions and their answers, lists and what leads them in."""

from __future__ import annotations

import pytest

from assistant.asked_and_told import affirmed, topic_asked
from assistant.check import Ground, Verdict, check


@pytest.mark.parametrize(
    ("question", "answer", "told"),
    [
        ("電話でも申し込めますか。", "はい、平日に受け付けます。", "電話でも申し込めます"),
        ("代理人でもできますか。", "できます。委任状が要ります。", "代理人でもできます"),
        ("代理人でもできますか。", "できません。", "代理人でもできません"),
        ("何人まで入れますか。", "入れます。", ""),
        ("代理人でもできますか。", "窓口は1階です。", ""),
    ],
)
def test_yes_tells_what_was_asked(question: str, answer: str, told: str) -> None:
    assert affirmed(question, answer) == told


def test_what_is_left_open_is_not_what_a_question_is_about() -> None:
    assert topic_asked("粗大ごみは一度に何点まで出せますか。") == "粗大ごみは一度に"
    assert topic_asked("窓口は税務課と市民課のどちらですか。") == "窓口"
    assert topic_asked("窓口は税務課です。") == ""


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        ("Q 粗大ごみは何点まで出せますか。\nA 6点までです。", "粗大ごみは6点まで出せます。", True),
        ("Q 窓口は税務課と市民課のどちらですか。\nA 市民課です。", "窓口は税務課です。", False),
        ("次に掲げる者は、対象としない。(1)学生 (2)会社役員", "会社役員は対象となります。", False),
        ("次に掲げる者は、対象としない。(1)学生 (2)会社役員", "会社役員は対象としません。", True),
    ],
)
def test_answers_and_items_are_held_with_what_stands_before_them(
    source: str, sentence: str, is_held: bool
) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
