"""Enough: a true sentence that says less than was asked is confirmed in part only."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check
from assistant.enough import FEWER, too_little

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
