"""Enough: a true sentence that says less than was asked is confirmed in part only."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check
from assistant.enough import FEWER, LEADS, OF_PAPERS, too_little

VISITS = "総務課は、7月にみなと市と北川市の職員の視察を受け入れた。"


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("視察に来たのは、みなと市です。", FEWER),
        ("視察に来たのは、みなと市と北川市です。", ""),
        ("みなと市、北川市です。", ""),
        ("視察に来たのは7月です。", ""),  # tells when
    ],
)
def test_one_of_several_is_not_enough(sentence: str, reason: str) -> None:
    if "7月" in sentence:
        assert too_little(sentence, [(VISITS, "")], "視察はいつですか。") == reason
    else:
        assert too_little(sentence, [(VISITS, "")], "視察に来たのはどことどこですか。") == reason


def test_what_a_term_stands_for_must_be_told() -> None:
    asked = "「ASTRA」とは何ですか。"
    used = "大学との共同研究が「ASTRA」に採択された。"
    sentence = "「ASTRA」は、大学との共同研究を示しています。"
    assert "ASTRA" in too_little(sentence, [(used, "")], asked)
    assert check(sentence, [Ground(used)], question=asked).verdict is not Verdict.CONFIRMED
    defined = "海外との共同研究（以下「ASTRA」という。）を進める。"
    assert not too_little("「ASTRA」は、海外との共同研究を指します。", [(defined, "")], asked)
    assert not too_little(sentence, [(used, "")], "共同研究の相手はだれですか。")


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
    assert too_little(sentence, [(VISITS, "")], "視察に来た市の名前は何ですか。") == reason


def test_papers_of_which_the_source_speaks_are_a_thing() -> None:
    told = "申込みの方法は、配布資料に記載されている。"
    assert not too_little("申込みの方法は、配布資料に記載されています。", [(told, "")], "申込みの方法は。")


def test_a_label_must_be_told() -> None:
    sentence = "具体的な内容は、職員の視察を受け入れたことです。"
    assert "「内容」" in too_little(sentence, [(VISITS, "")], "7月は何がありましたか。")
    assert not too_little(sentence, [(f"内容：{VISITS}", "")], "7月は何がありましたか。")


def test_a_title_is_not_made_of_the_signs_of_others() -> None:
    seminar = Ground("北事務所主催セミナー\n講師\n有限会社スミレ 代表取締役社長 田中 和弘 氏", "協会")
    asked = "北事務所の所長は誰ですか。"
    for sentence in (
        "北事務所の所長は、有限会社スミレの代表取締役社長田中和弘です。",
        "北事務所の所長は、スミレの社長の田中和弘です。",
    ):
        assert check(sentence, [seminar], question=asked).verdict is not Verdict.CONFIRMED
    office = Ground("北事務所長 田中 和弘 氏", "協会")
    assert check("北事務所長は、田中和弘氏です。", [office], question=asked).verdict is Verdict.CONFIRMED
