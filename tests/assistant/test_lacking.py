"""Nouns that a source lacks and a sentence may have, or not."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

TANK = "補助の対象となるタンクは、容量が200リットル以上のものとし、1世帯につき2基までとする。"
CHAIR = "推進会議の座長は総務部長、副座長は文化課長とする。"
AI = "職員は、許認可の判断に生成AIを用いてはならない。議事録の要約への利用は認める。"
TAX = "軽自動車税の減免の申請は、5月24日までに行ってください。納期限は5月31日です。"
JOBS = "職種 | 予定人数 | 年齢要件\n土木技術 | 3人程度 | 20歳〜35歳\n保健師 | 2人程度 | 22歳〜45歳"
SEATS = "催し | 定員\n茶会 | 40人\n句会 | 25人"
LIST = "持ち物は、通帳、印鑑、免許証である。"
CAUSE = "昨年度の断水は、配水管の破損により起きた。"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (TANK, "補助の対象になるのは、200リットル以上入る製品です。", True),
        (CHAIR, "推進会議では、総務部長が座長の役を担う。", True),
        (CHAIR, "推進会議では、総務部長が副座長の役を担う。", False),
        (AI, "許認可を判断する場面では、生成AIを使うことはできない。", True),
        (AI, "許認可を判断する場面では、生成AIを使うことができる。", False),
        (TAX, "軽自動車税の減免を希望する人は、5月24日までに申請する。", True),
        (TAX, "軽自動車税の減免を希望する人は、5月31日までに申請する。", False),
        (JOBS, "土木技術は3人程度の予定で、年齢は20歳から35歳までが条件です。", True),
        (JOBS, "土木技術は2人程度の予定で、年齢は20歳から35歳までが条件です。", False),
        (SEATS, "茶会の昼食は40人です。", False),  # a noun that says what is counted
        (LIST, "持ち物は、通帳、印鑑、水筒です。", False),  # an item of a list
        (CAUSE, "昨年度の断水は、工事により起きた。", False),  # a cause
        (CAUSE, "昨年度の停電は、配水管の破損により起きた。", False),  # what it is of
        (SEATS, "一覧では、句会の定員は25人です。", True),  # the document itself
        (SEATS, "一覧では、句会の定員は40人です。", False),
    ],
)
def test_noun_that_only_classifies_may_be_missing(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
