"""Years that a text names by pointing at another: 前年度, 同年, 翌４月, 今年度."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from ingest.calendar import YearMention, find_years, fiscal_year_of

D = "[0-9０-９]"
POINTING = re.compile(
    rf"(?<![一-龠])(?:(?P<named>前|翌|同)(?P<unit>年度|年(?!間|代|次|齢|生|目|比))|翌(?P<month>{D}{{1,2}})月"
    r"|(?P<now>今|本|当|昨|来)(?P<now_unit>年度|年(?!間|代|次|齢|生|目)))"
)
STEP = {"前": -1, "同": 0, "翌": 1, "今": 0, "本": 0, "当": 0, "昨": -1, "来": 1}
MONTH = re.compile(rf"年?\s*(?P<month>{D}{{1,2}})\s*(?:月|[./．／]\s*{D})")


def find_all_years(text: str, *, anchor: int | None = None) -> list[YearMention]:
    """Years that a text names, those included that it only points at.

    前, 翌 and 同 point at the year named last before them, or else at the anchor; 今, 本, 当, 昨 and 来 at
    the anchor alone. What points at nothing known is left out.

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
        mention = _resolved(text, found, last, anchor)
        if mention is not None:
            known.append(mention)
            yield mention


def _resolved(
    text: str, found: re.Match[str], last: YearMention | None, anchor: int | None
) -> YearMention | None:
    if found["month"]:
        return _next_month(text, found, last, anchor)
    base = last.year if last and found["named"] else anchor
    if base is None:
        return None
    unit = found["unit"] or found["now_unit"]
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
