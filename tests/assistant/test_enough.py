"""Enough: a true sentence that says less than was asked is confirmed in part only."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check
from assistant.enough import ASKED_ONLY, FEWER, UNRANKED, too_little

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
    ("sentence", "question", "reason"),
    [
        ("北川市 143", "視察の多い市の上位3つと人数を教えてください。", UNRANKED),
        ("1位 みなと市 481", "視察の多い市の上位3つと人数を教えてください。", ""),
        ("北川市 143", "北川市からの視察は何人ですか。", ""),
        ("表彰団体【市長賞】 相手方の市(国名)", "市長賞の表彰団体と相手方の市を教えてください。", ASKED_ONLY),
        ("表彰団体【市長賞】 すみれ会", "市長賞の表彰団体と相手方の市を教えてください。", ""),
        ("すみれ会市民交流部", "当番は、すみれ会市民交流部か、つばき会市民交流部か。", ""),
        ("大人用2,170部", "案内の部数を、大人用・子ども用の順に教えてください。", ""),  # others may follow
    ],
)
def test_row_or_value_alone_must_be_what_was_asked_for(sentence: str, question: str, reason: str) -> None:
    assert too_little(sentence, [(sentence, "")], question) == reason


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
