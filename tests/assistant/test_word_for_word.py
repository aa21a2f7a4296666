"""What stands in the source word for word is not contradicted by it."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, _claim, _material, check
from assistant.word_for_word import stands

SOURCE = (
    "証明書は窓口で発行します。ただし、自動交付機が使えない場合は、支所で発行します。"
    "郵送を希望する場合、現金は受け付けません。減免の申請は受け付けますが、期限後の申請は受け付けません。"
    "窓口は増やすが、時間の延長は検討すると答えた。"
)


@pytest.mark.parametrize(
    ("sentence", "is_so"),
    [
        ("郵送を希望する場合、現金は受け付けない。", True),
        ("証明書は、郵送を希望する場合、現金は受け付けません。", True),
        ("減免の申請は受け付けます。", True),
        ("期限後の申請は受け付けません。", True),
        ("現金は受け付けません。", False),  # without its condition
        ("減免の申請は受け付けません。", False),
        ("旅券は、郵送を希望する場合、現金は受け付けません。", False),  # a topic that the source lacks
        ("窓口は増やす。", False),  # what follows is thought of
    ],
)
def test_whole_clauses_stand_there_with_their_condition(sentence: str, is_so: bool) -> None:
    material = _material((Ground(SOURCE),), "", affirms=False, asks=False)
    assert stands(_claim(sentence), material) is is_so


def test_sentence_that_stands_there_is_never_contradicted() -> None:
    told = "同一世帯の方が届け出る場合、委任状は必要ありません。"
    source = f"委任状があれば、代理人でも提出できます。ただし、{told}電話での届出は受け付けていません。"
    assert check(told, [Ground(source)]).verdict is not Verdict.CONTRADICTED
