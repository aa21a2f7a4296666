"""Spelling: one form for what texts write in several: 前の年 as 前年, 夜9時 as 午後9時."""

from __future__ import annotations

import re

COUNTED = "期便室号級位区回部節弾班組隊"
ORDINAL = re.compile(
    rf"(?<![\d.])(?P<n>\d{{1,2}}|[一二三四五六七八九十])(?:(?P<of>[{COUNTED}])目(?!立)|番目の(?P<other>[{COUNTED}]))"
)
YEAR_OF = re.compile(r"(?<![一-龠\d])(?P<n>[一二三四五六七八九])(?=年生)")
DIGITS = {sign: n for n, sign in enumerate("一二三四五六七八九十", start=1)}
NEXT = re.compile(r"(?<![一-龠])(?P<side>前|次)の(?P<unit>年度|年|月|週|日)(?![一-龠間])")
HALF_YEAR = re.compile(r"(?<![一-龠])半年(?=間|後|前|以|ごと|に|で|を|ほど|の|、)")
NOON = re.compile(r"(?:(?:お?昼|正午)の)?(?:正午|(?<!\d)12時(?=から|より|まで|[、。にをだで]|$))")
PART_OF_DAY = re.compile(
    r"(?P<half>夜|夕方|夕刻|晩|お?昼|朝|早朝|未明|深夜)の?(?P<hour>\d{1,2})(?=時(?!間)|:\d\d)"
)
AFTER_NOON = {"夜": range(5, 12), "晩": range(5, 12), "夕": range(3, 8), "昼": range(1, 5), "お": range(1, 5)}
SAME_YEAR = re.compile(
    r"(?P<year>(?:(?:令和|平成|昭和|大正|明治)(?:元|\d{1,2})|(?<!\d)(?:1[89]|20)\d\d)年)(?P<between>(?:(?!\d年|元年)[^|\n。])*?)同年"
)
SAME_MONTH = re.compile(r"(?P<month>(?<!\d)\d{1,2}月)(?P<between>(?:(?!\d月)[^|\n。])*?)同月")
HEAD_OF = re.compile(
    r"(?P<office>[一-龠々ァ-ヴー]+?)(?P<rank>[課部局係室所])長の(?P<name>[一-龠々]{1,4}?|[ァ-ヴー]{2,8})"
    r"(?:氏|さん|様)?(?=[、。がはをにともへ]|です|だ|で|$)"
)  # 都市計画課長の有馬氏 is 都市計画課の有馬課長
# An amount with a sign before it is a change: ▲9人, 前年比+27人.
SIGNED = re.compile(
    r"(?:(?P<less>[△▲])|(?<![\da-z+])\+)(?P<amount>\d[\d,.]*[千百万億]*(?:パーセント|ポイント|世帯|%|[人件円台戸校店冊点頭日回件倍枚本個社]|トン)?)"
)
SIDES = {"前": "前", "次": "翌"}


def spelt_alike(text: str) -> str:
    """A unified text with ordinals and neighbouring years in one form; numbers of things are left."""
    text = ORDINAL.sub(lambda found: f"第{_digits(found['n'])}{found['of'] or found['other']}", text)
    text = YEAR_OF.sub(lambda found: _digits(found["n"]), text)
    text = NOON.sub("12時", HALF_YEAR.sub("6か月", text))
    text = PART_OF_DAY.sub(_of_day, text)
    while "同年" in text and (dated := SAME_YEAR.sub(r"\g<year>\g<between>\g<year>", text)) != text:
        text = dated
    while "同月" in text and (dated := SAME_MONTH.sub(r"\g<month>\g<between>\g<month>", text)) != text:
        text = dated
    text = HEAD_OF.sub(r"\g<office>\g<rank>の\g<name>\g<rank>長", text)
    text = SIGNED.sub(lambda found: found["amount"] + ("減" if found["less"] else "増"), text)
    return NEXT.sub(lambda found: SIDES[found["side"]] + found["unit"], text)


def _of_day(found: re.Match[str]) -> str:
    """夜9時 is 午後9時, 朝9時 午前9時; an hour that no such word fits stays as it is."""
    hour = int(found["hour"])
    later = AFTER_NOON.get(found["half"][0])
    if later is None:
        return f"午前{hour}" if hour < 12 else found[0]
    return f"午後{hour}" if hour in later else found[0]


def _digits(text: str) -> str:
    return str(DIGITS.get(text, text))
