"""Spelling: one form for what texts write in several: 前の年 as 前年, 二番目の便 as 第2便."""

from __future__ import annotations

import re

COUNTED = "期便室号級位区回部節弾班組隊"
ORDINAL = re.compile(
    rf"(?<![\d.])(?P<n>\d{{1,2}}|[一二三四五六七八九十])(?:(?P<of>[{COUNTED}])目(?!立)|番目の(?P<other>[{COUNTED}]))"
)
YEAR_OF = re.compile(r"(?<![一-龠\d])(?P<n>[一二三四五六七八九])(?=年生)")
DIGITS = {sign: n for n, sign in enumerate("一二三四五六七八九十", start=1)}
NEXT = re.compile(r"(?<![一-龠])(?P<side>前|次)の(?P<unit>年度|年|月|週|日)(?![一-龠間])")
# An amount with a sign before it is a change: ▲9人, 前年比+27人.
SIGNED = re.compile(
    r"(?:(?P<less>[△▲])|(?<![\da-z+])\+)(?P<amount>\d[\d,.]*[千百万億]*(?:パーセント|ポイント|世帯|%|[人件円台戸校店冊点頭日回件倍枚本個社]|トン)?)"
)
SIDES = {"前": "前", "次": "翌"}


def spelt_alike(text: str) -> str:
    """A unified text with ordinals and neighbouring years in one form; numbers of things are left."""
    text = ORDINAL.sub(lambda found: f"第{_digits(found['n'])}{found['of'] or found['other']}", text)
    text = YEAR_OF.sub(lambda found: _digits(found["n"]), text)
    text = SIGNED.sub(lambda found: found["amount"] + ("減" if found["less"] else "増"), text)
    return NEXT.sub(lambda found: SIDES[found["side"]] + found["unit"], text)


def _digits(text: str) -> str:
    return str(DIGITS.get(text, text))
