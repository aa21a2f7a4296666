"""Computed: what is more, most or risen, reckoned from the numbers of a source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from assistant.binding import Material
from assistant.facts import Fact, facts_of
from assistant.polarity import compared
from assistant.segments import Segment
from assistant.series import Value, fits, named, series_of, tokens
from assistant.statements import GENERAL, holds
from assistant.values import same

MOST = re.compile(r"最も|もっとも|一番|いちばん|1番|最(?=多|少|大|小|高|低)")
NAMES_AFTER = re.compile(r"[^、]*?(?:のは|[^、がを]{0,12}は)、?(?P<what>[^、]+)")
NAMES_BEFORE = re.compile(r"(?P<what>[^、はがで]+)が[^、が]*$")
AGO = re.compile(r"(?<!午)前|昨|去年|これまで|従来|当初|先月|\d年$")
FROM = re.compile(r"(?:\([^()]*\))?(?:から|に対し)")
OLDER = re.compile(
    r"(?:前年同?[期月]?|前年度|前回|前期|昨年度?|去年|昨年同時期|従来|これまで|当初)の?(?:は|が)?(?:約)?$"
)
TO = re.compile(r"(?:\([^()]*\))?(?:に|へ|と|まで|の|で|、|だ|$)")


def way_by_numbers(claim: Sequence[Segment], clause: Segment, sign: int, material: Material) -> int:
    """1 or -1 if the numbers of the source tell which way a clause that says `sign` goes, else 0."""
    text = "".join(one.text for one in claim)
    if MOST.search(clause.text):
        return _most(text, sign, material)
    sides = compared(clause.text) or compared(text)
    if sides and not AGO.search(sides[1]):
        return _of_two(sides, text, material)
    return _by_ends(claim, material) or _over_time(clause, _changes(text, material))


def _sign(number: Decimal) -> int:
    return (number > 0) - (number < 0)


def _agreed(found: Sequence[tuple[int, int]], *, least: int = 0) -> int:
    """Which way the series go that a text fits best, by so many words at least; 0 if they do not agree."""
    best = max((score for score, _ in found), default=0)
    ways = {way for score, way in found if score == best >= least}
    return ways.pop() if len(ways) == 1 else 0


def _most(text: str, sign: int, material: Material) -> int:
    """The sign if the number meant is ahead of all others of its series that way, else its opposite."""
    mark = MOST.search(text)
    if not mark:
        return 0
    after = NAMES_AFTER.match(text, mark.end())
    before = NAMES_BEFORE.search(text[: mark.start()])
    what = after["what"] if after else before["what"] if before else text[: mark.start()]
    said, meant = tokens(text), tokens(what)
    amounts = [fact for fact in facts_of(text) if fact.kind == "amount"]
    found = []
    for series in series_of(material.segments):
        told = named(meant, series)
        if len(told) != 1:
            continue
        own = told[0]
        held = any(fact.value == own.amount and fact.unit in (own.unit, "") for fact in amounts)
        other = any(fact.value == one.amount and fact.unit == one.unit for fact in amounts for one in series)
        if other and not held:
            continue
        ahead = all(_sign(own.amount - one.amount) == sign for one in series if one is not own)
        found.append((fits(said, series) + 2 * held, sign if ahead else -sign))
    return _agreed(found)


def _of_two(sides: tuple[str, str], text: str, material: Material) -> int:
    said = tokens(text)
    found = []
    for series in series_of(material.segments):
        one, other = (named(tokens(side), series) for side in sides)
        if len(one) == len(other) == 1 and one != other:
            found.append((fits(said, series), _sign(one[0].amount - other[0].amount)))
    return _agreed(found)


def _by_ends(claim: Sequence[Segment], material: Material) -> int:
    """By the two numbers that a sentence gives itself: 92人から125人に."""
    ends = [fact for clause in claim for fact in clause.facts if fact.kind == "amount"]
    starts = {
        id(fact) for clause in claim for fact in clause.facts if clause.text.startswith("から", fact.end)
    }
    for one, other in pairwise(ends):
        if id(one) in starts and one.unit == other.unit and _in_one_place(one, other, material):
            return _sign(other.value - one.value)
    return 0


def _in_one_place(one: Fact, other: Fact, material: Material) -> bool:
    places = [
        {segment.unit_place for segment in material.segments for given in segment.facts if same(fact, given)}
        for fact in (one, other)
    ]
    return bool(places[0] & places[1])


def way_told(clause: Segment, claim: Sequence[Segment], material: Material) -> int:
    """1 or -1 by what prose says something was and is, 0 if it does not: 640件に対し512件."""
    return _over_time(clause, _told_changes("".join(one.text for one in claim), material))


def _over_time(clause: Segment, changes: Iterable[tuple[int, Value, Value]]) -> int:
    found = [
        (score, _sign(later.amount - earlier.amount))
        for score, earlier, later in changes
        if not [fact for fact in clause.facts if fact.kind == "amount" and fact.unit == later.unit]
        or any(fact.value in (later.amount, abs(later.amount - earlier.amount)) for fact in clause.facts)
    ]
    return _agreed(found, least=1)


def _changes(text: str, material: Material) -> Iterator[tuple[int, Value, Value]]:
    """What a number was and became between two years or since the one before, and how well a text fits."""
    said = tokens(text)
    years = sorted(int(fact.value) for fact in facts_of(text) if fact.kind == "year")
    amounts = [fact for fact in facts_of(text) if fact.kind == "amount"]
    for series in series_of(material.segments):
        timed = sorted((one for one in series if one.when >= 0), key=lambda one: one.when)
        if len(timed) < 2 or len({one.when for one in timed}) < len(timed):
            continue
        score = fits(said, series)
        at = [one for one in timed if one.when in years]
        told = [one for one in timed if any(f.value == one.amount and f.unit == one.unit for f in amounts)]
        if len(at) >= 2:
            yield score, at[0], at[-1]
        elif len(at) == 1 or (not years and len(told) == 1):
            later = (at or told)[0]
            before = timed[: timed.index(later)]
            if before:
                yield score + 2 * (later in told), before[-1], later
        elif not years and score and (timed[-1].when == 1 or AGO.search(text)):
            yield score, timed[-2], timed[-1]


def _told_changes(text: str, material: Material) -> Iterator[tuple[int, Value, Value]]:
    """What prose says something was and is: 640件に対し512件, 512グラムで、前年度の524グラムから."""
    said = tokens(text) - GENERAL
    prose: dict[int, str] = {}
    for segment in material.segments:
        if segment.column < 0:
            prose[segment.unit_place] = prose.get(segment.unit_place, "") + segment.text
    for place, given in prose.items():
        amounts = [fact for fact in facts_of(given) if fact.kind == "amount"]
        for unit in {fact.unit for fact in amounts}:
            start = 0
            for one, other in pairwise(fact for fact in amounts if fact.unit == unit):
                words = tokens(given[start : one.start])
                first, second = (Value(fact.value, unit, words, -1, place) for fact in (one, other))
                score = sum(holds(said, word) for word in words - GENERAL)
                if FROM.match(given, one.end) and TO.match(given, other.end):
                    yield score, first, second
                    start = other.end
                elif OLDER.search(given[: other.start]):
                    yield score, second, first
                    start = other.end
