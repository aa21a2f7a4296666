"""A sentence that points to the answer, the papers or what was said before is none."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check
from assistant.pointing import LEADS, OF_PAPERS, points_elsewhere

VISITS = "総務課は、7月にみなと市と北川市の職員の視察を受け入れた。"


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("視察に来た市の名前は、以下です：", LEADS),
        ("視察に来た市は、次のとおりです。", LEADS),
        ("7月の視察について、下記に示します。", LEADS),
        ("これらの名前は、資料中の「視察の受け入れ」に含まれています。", OF_PAPERS),
        ("次の視察は8月です。", ""),
        ("視察は8名以下です。", ""),
    ],
)
def test_what_speaks_of_the_answer_is_none(sentence: str, reason: str) -> None:
    assert points_elsewhere(sentence, [(VISITS, "")]) == reason


def test_papers_of_which_the_source_speaks_are_a_thing() -> None:
    told = "申込みの方法は、配布資料に記載されている。"
    assert not points_elsewhere("申込みの方法は、配布資料に記載されています。", [(told, "")])


def test_a_label_must_be_told() -> None:
    sentence = "具体的な内容は、職員の視察を受け入れたことです。"
    assert "「内容」" in points_elsewhere(sentence, [(VISITS, "")])
    assert not points_elsewhere(sentence, [(f"内容：{VISITS}", "")])


@pytest.mark.parametrize(
    ("source", "is_held"),
    [(VISITS, False), (f"{VISITS}これらの市は、7月に視察に来た。", True)],
)
def test_what_was_said_before_is_not_told_by_the_source(source: str, is_held: bool) -> None:
    verdict = check(
        "これらの市は、7月に視察に来た。", [Ground(source)], question="視察に来た市はどこですか。"
    )
    assert (verdict.verdict is Verdict.CONFIRMED) is is_held
