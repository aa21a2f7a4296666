"""Amounts that a source does not write, but that follow from what it writes."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

PATIENTS = "外来患者数は、令和4年度が8万4,200人、令和5年度が7万9,100人であった。"
HALL = "使用料（1時間当たり）\n室 | 一般 | 学生\n広間 | 1,200円 | 600円\n茶室 | 400円 | 300円"
FEE = "ごみ袋は10枚当たり250円から300円に、粗大ごみの券は1枚当たり500円から400円に変わります。"
STOCK = "品目 | 目標数 | 現在数\n毛布 | 6,000枚 | 5,200枚\n水 | 9,000本 | 9,400本"
RATE = "所得割の税率は7.2％から7.6％に、均等割の額は2万8,000円から3万円に改められる。"
COST = "駅ビルの総事業費は48億円で、このうち国の補助金が16億円である。"
STAFF = "署名委員には、会長の指名により鳥海委員と久世委員が選任された。委員は全部で4名である。"
ROWS = "地域 | 人口\n東浜 | 4,980人\n西浜 | 4,410人\n山手 | 7,660人"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (PATIENTS, "外来の患者は、令和5年度に7万9,100人で、前の年度より5,100人少なくなった。", True),
        (PATIENTS, "外来の患者は、令和5年度に7万9,100人で、前の年度より5,100人多くなった。", False),
        (PATIENTS, "外来の患者は、令和5年度に7万9,100人で、前の年度より5,200人少なくなった。", False),
        (HALL, "広間は一般が1時間1,200円で、学生の2倍の額です。", True),
        (HALL, "広間は一般が1時間1,200円で、学生の3倍の額です。", False),
        (HALL, "茶室は一般が1時間400円で、学生の2倍の額です。", False),  # of the other row
        (FEE, "粗大ごみの券は、1枚当たり100円安くなります。", True),
        (FEE, "粗大ごみの券は、1枚当たり100円高くなります。", False),
        (FEE, "ごみ袋は、10枚当たり100円安くなります。", False),  # of the other thing
        (STOCK, "毛布は5,200枚で、目標まで900枚足りない。", False),
        (RATE, "所得割の税率は0.4ポイント上がって7.6％になる。", True),
        (RATE, "所得割の税率は0.6ポイント上がって7.6％になる。", False),
        (COST, "駅ビルの総事業費48億円のうち、3分の1の16億円が国の補助金です。", True),
        (COST, "駅ビルの総事業費48億円のうち、4分の1の16億円が国の補助金です。", False),
        (STAFF, "会長が署名委員に選んだのは、鳥海委員と久世委員の2名です。", True),
        (STAFF, "会長が署名委員に選んだのは、鳥海委員と久世委員の3名です。", False),
        (ROWS, "西浜の人口は4,410人で、三つの地域の中で最も少ない。", True),
        (ROWS, "西浜の人口は4,410人で、四つの地域の中で最も少ない。", False),
    ],
)
def test_number_follows_from_two_others(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
