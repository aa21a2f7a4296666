"""Years as Japanese offices write them: 令和3年度 = 令和３年度 = R3年度 = 2021年度."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

ERAS = {  # its year 0 and how many years it had; the last one is open
    "明治": (1867, 45),
    "大正": (1911, 15),
    "昭和": (1925, 64),
    "平成": (1988, 31),
    "令和": (2018, 50),
}
SHORT = {"明": "明治", "大": "大正", "昭": "昭和", "平": "平成", "令": "令和"}
LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
KANJI_DIGITS = {kanji: n for n, kanji in enumerate("〇一二三四五六七八九")}
MARKS = ("era", "short", "bare_short", "letter", "bare_letter")  # groups of ATOM that name the era
TEXTS_KEPT = 4096  # whose years are known
MOST_YEARS = 40  # a wider range is no list of years

D = "[0-9０-９]"
GAP = r"[ \u3000]?"
TWO = rf"(?:元|{D}{{1,2}}(?!{D})|[一二三四五六七八九十]{{1,4}})"
FOUR = rf"(?<![0-9０-９A-Za-z.,])(?:[12１２][09０９]{D}{{2}}(?!{D})|[一二][〇九][〇一二三四五六七八九]{{2}})"
NO_DURATION = r"(?!間|生|次|目|前|後|未満|以上|以下|以内|程度|ごと|ぶり)"
ASIDE = rf"(?:[（(][^（()）\n]{{1,8}}[)）]{GAP})?"  # 2021（令和3）年度
UNIT = rf"{GAP}{ASIDE}[)）]?年(?:{GAP}度|{NO_DURATION})"
DATE = rf"[./．／]{GAP}{D}{{1,2}}(?!{D})"
RANGE = rf"{GAP}(?:[～〜~‐-―−－ー-])(?:{GAP})"
LIST = rf"{GAP}[・、,，/／]{GAP}"
BARE_END = r"(?![0-9０-９A-Za-zＡ-Ｚａ-ｚ一-鿿ァ-ヶ_%％-])"
ATOM = re.compile(
    rf"(?P<era>明治|大正|昭和|平成|令和){GAP}(?:(?P<n1>{TWO})(?={UNIT})|(?P<n2>元|{D}{{1,2}})(?!{D}|丁目|番|号))"
    rf"|(?<![一-鿿ぁ-んァ-ヶ々])(?:(?P<short>[明大昭平令])(?P<n3>{TWO})(?={UNIT}|{DATE})"
    rf"|(?P<bare_short>[昭平令])(?P<n4>元|{D}{{1,2}}){BARE_END})"
    rf"|(?<![A-Za-z0-9Ａ-Ｚａ-ｚ０-９_./-])(?:(?P<letter>[RHSTMＲＨＳＴＭ])\.?(?P<n5>元|{D}{{1,2}}(?!{D}))(?={UNIT}|{DATE})"
    rf"|(?P<bare_letter>[RHＲＨ]|[SＳ](?=[2-6２-６]{D}))(?P<n6>元|{D}{{1,2}}){BARE_END})"
    rf"|(?P<fy>FY{GAP})(?P<w1>20{D}{{2}})(?!{D})"
    rf"|(?:西暦{GAP}(?P<w2>{FOUR})|(?P<w3>{FOUR})(?={UNIT}|(?:[./．／-]{D}{{1,2}}){{2}}(?!{D})|[/／]{D}{{1,2}}(?!{D})))"
    rf"|(?P<w4>{FOUR})(?=(?:{RANGE}|{LIST})(?:{D}{{2}}|{D}{{4}}){UNIT})"
)
MORE = re.compile(
    rf"(?P<unit>(?:{UNIT})?)(?P<sep>{RANGE}|{LIST})(?P<n>{TWO})(?=(?:(?:{RANGE}|{LIST}){TWO})*+{UNIT})"
)
FULL_UNIT = re.compile(rf"{GAP}年{GAP}度|{GAP}年{NO_DURATION}")
IS_FISCAL = re.compile(rf"{GAP}{ASIDE}[)）]?{GAP}年{GAP}度")
IS_JOINED = re.compile(rf"{RANGE}|{LIST}")
IS_RANGE = re.compile(rf"{RANGE}|{GAP}から{GAP}")


@dataclass(frozen=True, slots=True)
class YearMention:
    """A year that a text names.

    Attributes:
        start: Half-open offsets into the text as given; a year that a range only implies has the range's.
        year: Western year.
        is_fiscal: Whether it is said to be a fiscal year (年度), April to March.
    """

    start: int
    end: int
    year: int
    is_fiscal: bool


def find_years(text: str) -> list[YearMention]:
    """All years that a text names, in order of their start, then of the year.

    Full-width and kanji numerals, era names, their short forms (R3, 令3), Western years and ranges
    (令和2～4年度 gives three years) are read. A bare number is none, nor is a duration (3年間).
    """
    mentions: list[YearMention] = []
    at = 0
    while found := ATOM.search(text, at):
        at = found.end()
        chain = list(_chain(text, found))
        mentions.extend(chain)
        at = max(at, *(mention.end for mention in chain)) if chain else at
    mentions = _inherited(text, mentions)
    mentions.extend(_between(text, mentions))
    return sorted(set(mentions), key=lambda m: (m.start, m.year, m.end))


@lru_cache(maxsize=TEXTS_KEPT)
def years_in(text: str) -> frozenset[int]:
    """The years that a text names."""
    return frozenset(mention.year for mention in find_years(text))


def era_label(year: int) -> str:
    """A year in the era that it ends in: 2021 is 令和3, 2019 令和元; years before 1868 stay Western."""
    for era, (zero, _) in reversed(ERAS.items()):
        if year > zero:
            return f"{era}{year - zero if year - zero > 1 else '元'}"
    return str(year)


def fiscal_year_of(year: int, month: int) -> int:
    """The fiscal year, April to March, that a month belongs to.

    Raises:
        ValueError: If `month` is not 1 to 12.
    """
    if not 1 <= month <= 12:
        raise ValueError(f"month must be 1 to 12, not {month}")
    return year if month >= 4 else year - 1


def _chain(text: str, found: re.Match[str]) -> Iterator[YearMention]:
    """The year found and those that go on from it without naming the era again (令和2～4年度)."""
    groups = {name: value for name, value in found.groupdict().items() if value}
    number = next((value for name, value in groups.items() if name[0] in "nw" and name[1:].isdigit()), "")
    mark = next((value for name, value in groups.items() if name in MARKS), "")
    era = _era(mark)
    year = _western(era, number)
    if year is None:
        return
    numbers = [(found.start(), found.end(), year)]
    at = found.end()
    while more := MORE.match(text, at):
        following = _western(era, more["n"])
        if era is None:
            following = year // 100 * 100 + number_of(more["n"]) if len(more["n"]) == 2 else None
        if following is None or following <= numbers[-1][2]:
            break
        numbers.append((more.start("n"), more.end(), following))
        at = more.end()
    fiscal = "fy" in groups or IS_FISCAL.match(text, numbers[-1][1]) is not None
    for start, end, number_year in numbers:
        unit = FULL_UNIT.match(text, end)
        yield YearMention(
            start, unit.end() if unit else end, number_year, _is_fiscal(text, end, unit, fiscal)
        )


def _is_fiscal(text: str, end: int, unit: re.Match[str] | None, inherited: bool) -> bool:
    """A number with a unit says it itself; one without has that of the end of its chain."""
    if unit:
        return unit[0].endswith("度")
    return IS_FISCAL.match(text, end) is not None or inherited


def _inherited(text: str, mentions: Sequence[YearMention]) -> list[YearMention]:
    """A year without a unit is fiscal if the one that it is joined to is (H28～H30年度)."""
    out = list(mentions)
    for n in range(len(out) - 2, -1, -1):
        one, following = out[n], out[n + 1]
        joined = IS_JOINED.fullmatch(text, one.end, following.start)
        if joined and following.is_fiscal and text[one.end - 1] not in "年度":
            out[n] = replace(one, is_fiscal=True)
    return out


def _between(text: str, mentions: Sequence[YearMention]) -> Iterator[YearMention]:
    """Years inside ranges."""
    for first, last in pairwise(mentions):
        if not IS_RANGE.fullmatch(text, first.end, last.start) or last.year - first.year > MOST_YEARS:
            continue
        for year in range(first.year + 1, last.year):
            yield YearMention(first.start, last.end, year, last.is_fiscal)


def _era(mark: str) -> str | None:
    key = unicodedata.normalize("NFKC", mark)
    return key if key in ERAS else SHORT.get(key) or LETTERS.get(key)


def _western(era: str | None, number: str) -> int | None:
    n = number_of(number)
    if era is None:
        return n if 1900 <= n < 2100 else None
    zero, length = ERAS[era]
    return zero + n if 1 <= n <= length else None


def number_of(text: str) -> int:
    """元 and numerals of all kinds, by place (二〇二一) or with 十 (二十三)."""
    text = unicodedata.normalize("NFKC", text)
    if text == "元":
        return 1
    if text.isdecimal():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (KANJI_DIGITS.get(tens, 1) * 10) + KANJI_DIGITS.get(ones, 0)
    return int("".join(str(KANJI_DIGITS[digit]) for digit in text))
