"""Years that a text names by pointing at another: 前年度, 同年, 翌４月, 今年度, ３年度."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from ingest.calendar import ERAS, YearMention, find_years, fiscal_year_of

D = "[0-9０-９]"
POINTING = re.compile(
    rf"(?<![一-龠々])(?:(?P<named>前々?|翌々?|同)(?P<unit>年度|年(?!間|代|次|齢|生|目|比))|翌(?P<month>{D}{{1,2}})月"
    r"|(?P<now>今|本|当|一昨|昨|再来|来)(?P<now_unit>年度|年(?!間|代|次|齢|生|目)))"
    rf"|(?<![0-9０-９一-龠々A-Za-z.,])(?P<bare>{D}{{1,2}})年度(?!間|目|[ぶ分]|以上|以内|連続)"
)
STEP = {"前々": -2, "前": -1, "同": 0, "翌": 1, "翌々": 2} | {
    "今": 0, "本": 0, "当": 0, "一昨": -2, "昨": -1, "来": 1, "再来": 2,
}  # fmt: skip
NEAR = 15  # years between a year without its era and the one that it is told by
UNTIL = re.compile(r"(?:から|より|[～〜~―－-])$")
MONTH = re.compile(rf"年?\s*(?P<month>{D}{{1,2}})\s*(?:月|[./．／]\s*{D})")


def find_all_years(text: str, *, anchor: int | None = None) -> list[YearMention]:
    """Years that a text names, those included that it only points at.

    ３年度 without its era has that of the year named last before it, or of the anchor. 前, 翌 and 同 point
    at the year named last before them, or else at the anchor; 今, 本, 当, 昨 and 来 at the anchor alone. What
    points at nothing known is left out.

    Args:
        text: Any text.
        anchor: The fiscal year that the section or the document is about, if it is one year.
    """
    named = find_years(text)
    return sorted([*named, *_pointed(text, named, anchor)], key=lambda m: (m.start, m.year, m.end))


def fiscal_years_of(text: str, *, anchor: int | None = None) -> tuple[int, ...]:
    """The fiscal years that a text is about, ascending: those it names, and those of its dates.

    A date counts for the fiscal year of its month (令和５年２月 is 2022); a year without month for itself.
    """
    return tuple(sorted({_fiscal(text, mention) for mention in find_all_years(text, anchor=anchor)}))


def possible_fiscal_years(text: str) -> frozenset[int]:
    """The fiscal years that a question may be about: a year without a month lies in two of them."""
    years: set[int] = set()
    for mention in find_all_years(text):
        year = _fiscal(text, mention)
        in_two = not mention.is_fiscal and year == mention.year and not MONTH.match(text, mention.end)
        years.update({year, year - 1} if in_two else {year})
    return frozenset(years)


def _fiscal(text: str, mention: YearMention) -> int:
    month = MONTH.match(text, mention.end) or MONTH.search(text, mention.start, mention.end)
    if mention.is_fiscal or not month or not 1 <= (number := _number(month["month"])) <= 12:
        return mention.year
    return fiscal_year_of(mention.year, number)


def _pointed(text: str, named: Sequence[YearMention], anchor: int | None) -> Iterator[YearMention]:
    known: list[YearMention] = list(named)
    for found in POINTING.finditer(text):
        before = [mention for mention in known if mention.end <= found.start()]
        last = max(before, key=lambda mention: mention.start, default=None)
        if found["bare"]:
            mentions = list(_without_era(text, found, named, last, anchor))
        else:
            resolved = _resolved(text, found, last, anchor)
            mentions = [resolved] if resolved else []
        known.extend(mentions)
        yield from mentions


def _without_era(
    text: str,
    found: re.Match[str],
    named: Sequence[YearMention],
    last: YearMention | None,
    anchor: int | None,
) -> Iterator[YearMention]:
    """３年度, in the era of the year named before or of the anchor; 令和２年度から４年度 names three."""
    base = last.year if last else anchor
    zero = max((zero for zero, _ in ERAS.values() if base and zero < base), default=None)
    if base is None or zero is None or any(m.start < found.end() and found.start() < m.end for m in named):
        return
    year = zero + _number(found["bare"])
    if year == zero or abs(year - base) > NEAR:
        return
    goes_on = last is not None and UNTIL.fullmatch(text, last.end, found.start())
    for between in range(base + 1, year) if goes_on else ():
        yield YearMention(found.start(), found.end(), between, is_fiscal=True)
    yield YearMention(found.start(), found.end(), year, is_fiscal=True)


def _resolved(
    text: str, found: re.Match[str], last: YearMention | None, anchor: int | None
) -> YearMention | None:
    if found["month"]:
        return _next_month(text, found, last, anchor)
    unit = found["unit"] or found["now_unit"]
    base = anchor
    if last and found["named"]:
        base = _fiscal(text, last) if unit == "年度" else last.year
    if base is None:
        return None
    year = base + STEP[found["named"] or found["now"]]
    return YearMention(found.start(), found.end(), year, unit == "年度")


def _next_month(
    text: str, found: re.Match[str], last: YearMention | None, anchor: int | None
) -> YearMention | None:
    """翌４月: the first April after the date named last, or after the fiscal year."""
    month = _number(found["month"])
    if not 1 <= month <= 12 or (last is None and anchor is None):
        return None
    if last is not None and not last.is_fiscal:
        named = MONTH.match(text, last.end)
        year = last.year if named and month > _number(named["month"]) else last.year + 1
    else:  # a fiscal year runs until March
        year = (last.year if last else anchor or 0) + 1
    return YearMention(found.start(), found.end(), year, is_fiscal=False)


def _number(text: str) -> int:
    return int(unicodedata.normalize("NFKC", text))
