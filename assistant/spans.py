"""Spans: how many years or months lie between two dates of a source, or how many years a table has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.binding import Material
from assistant.facts import Fact
from assistant.segments import Segment, words_of
from assistant.statements import GENERAL, holds

MONTHS = {"年": 12, "か月": 1}  # of the units in which a span is told
LATER = re.compile(r"間?(?:の?(?:後|のち)|[がを]?(?:たっ|経[っち過]))")
EARLIER = re.compile(r"間?の?前")
OVER = re.compile(r"間|で|に(?:わた|及)")
SINCE = re.compile(r"(?:から|以来|の|より)$")
BEFORE = re.compile(r"前年|昨年|対前年")
LEAST_YEARS = 3  # of a table whose years are counted


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in months, what is told with it, and whether its month is told too."""

    months: int
    words: frozenset[str]
    is_exact: bool


def is_span(fact: Fact, clause: Segment, claim: Sequence[Segment], material: Material) -> bool:
    """Whether a number of years or months lies between what a clause names and what its sentence tells."""
    if fact.unit not in MONTHS or fact.value != int(fact.value) or not fact.value:
        return False
    side = 1 if LATER.match(clause.text, fact.end) else -1 if EARLIER.match(clause.text, fact.end) else 0
    if side < 0 and fact.value == 1 and fact.unit == "年" and _has_neighbours(material):
        return True
    if side:
        months = int(fact.value) * MONTHS[fact.unit] * side
        words = _base(fact, clause)
        told = _dates(claim)
        if not words:  # so long before or after the year that is told
            ends = _years(material.segments)
            return any(one.months // 12 + months // 12 in ends for one in told[:1])
        return _lies_between(months, words, told, _dates(material.segments), fact.unit)
    if _is_own_stretch(fact, claim):
        return True
    shown_span = fact.shown.endswith("間") or OVER.match(clause.text, fact.end)
    return bool(shown_span) and fact.unit == "年" and _counts_years(fact, material)


def _is_own_stretch(fact: Fact, claim: Sequence[Segment]) -> bool:
    """Whether a span is that of the stretch of which a sentence tells both ends: 9月から2月までの6か月."""
    dates = [one.months for one in _dates(claim)]
    if len(dates) != 2 or fact.unit != "か月":
        return False
    return dates[1] - dates[0] + 1 == fact.value


def _base(fact: Fact, clause: Segment) -> list[str]:
    """The words of that from which a clause reckons: 設置から25年後."""
    named = words_of(SINCE.sub("", clause.text[: fact.start].rpartition("は")[2]))
    return [word.lemma for word in named if word.lemma not in GENERAL] or [word.lemma for word in named]


def _lies_between(
    months: int, words: Sequence[str], told: Sequence[Dated], given: Sequence[Dated], unit: str
) -> bool:
    """Whether a date that is told lies so long after the one that has most of the words."""
    counts = [sum(holds(one.words, word) for word in words) for one in given]
    most = max(counts, default=0)
    bases = [one for one, n in zip(given, counts, strict=True) if n and n == most]
    said = [one for one in given if any(_is_same(one, own) for own in told)]
    return any(_is_apart(months, base, other, unit) for base in bases for other in said)


def _is_same(given: Dated, told: Dated) -> bool:
    return given.months == told.months or (not told.is_exact and given.months // 12 == told.months // 12)


def _is_apart(months: int, base: Dated, other: Dated, unit: str) -> bool:
    """In years, months that are not told do not count."""
    if unit == "年" and not (base.is_exact and other.is_exact):
        return (other.months // 12 - base.months // 12) * 12 == months
    return other.months - base.months == months


def _dates(segments: Sequence[Segment]) -> list[Dated]:
    """The dates of a text in order, each with the words up to the next one; a year holds for what follows."""
    found: list[Dated] = []
    year = place = 0
    for segment in segments:
        dated = [one for one in segment.facts if one.kind in ("year", "day", "month")]
        anew = place != segment.unit_place
        place = segment.unit_place
        if not dated and found and not anew:
            last = found[-1]
            found[-1] = Dated(last.months, last.words | segment.lemmas, last.is_exact)
        for n, one in enumerate(dated):
            if one.kind == "year":
                year = int(one.value)
                following = dated[n + 1] if n + 1 < len(dated) else None
                if following and following.kind != "year" and following.start == one.end:
                    continue
                found.append(Dated(year * 12, segment.lemmas, is_exact=False))
            elif year:
                month = int(one.value) // (100 if one.kind == "day" else 1)
                found.append(Dated(year * 12 + month - 1, segment.lemmas, is_exact=True))
    return found


def _counts_years(fact: Fact, material: Material) -> bool:
    """Whether a table has as many years, one after another; a span that a source writes is that."""
    facts = [one for segment in material.segments for one in segment.facts]
    if any(one.unit == "年" and one.kind == "amount" for one in facts):
        return False
    if fact.value == 1:
        return _has_neighbours(material)
    years = _years([segment for segment in material.segments if segment.column >= 0])
    return len(years) == fact.value >= LEAST_YEARS and max(years) - min(years) == len(years) - 1


def _has_neighbours(material: Material) -> bool:
    """Whether a source tells of two years, one after the other, or of the year before."""
    years = _years(material.segments)
    return (len(years) == 2 and max(years) - min(years) == 1) or BEFORE.search(material.text) is not None


def _years(segments: Sequence[Segment]) -> set[int]:
    facts = (one for segment in segments for one in (*segment.facts, *segment.about_facts))
    return {int(one.value) for one in facts if one.kind == "year"}
