"""Unwritten: amounts that follow from the numbers of a source: a difference, a multiple, a count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from itertools import combinations

from assistant.binding import Material
from assistant.facts import Bound, Fact
from assistant.listing import JOINT
from assistant.polarity import FALL, RISE
from assistant.segments import Segment, words_of
from assistant.spans import is_span
from assistant.statements import fit, holds
from assistant.totals import TOTAL
from assistant.values import same

EACH = "年月週日"
BY = r"(?:ほど|ぶん|分|も|を|の|ずつ|だけ|近く|以上|余り)?"
WAY = re.compile(rf"{BY}(?:(?P<up>{RISE})|(?P<down>{FALL})|(?P<apart>差|開き|違[いうっ]|足り|不足|届[いか]))")
THEN = re.compile(r"(?:前|昨|去年|当初|従来|これまで|現行)[^、。\d]{0,8}$")
INTO = re.compile(r"(?:から|を|に対し|であった|だった|でした|→|が)")
BASE = re.compile(r"(?P<base>[^、は]{1,20}?)(?:の|より(?:も)?|と比べて?|に比べて?|を)(?:約|およそ|ほぼ)?$")
BEFORE, AFTER = re.compile(r"前|現行|基準|当初|旧"), re.compile(r"後|改定|目標|補正|新|変更")
NEARLY = re.compile(r"近[くい]|弱|足らず|に迫")
REACH = Decimal("0.85"), Decimal("1.5")  # how far 3倍近く and 2倍を超える reach
POINTS = {"ポイント": "%"}  # in which a change of shares is told
OF_ROWS = re.compile(r"[^、。]{0,6}(?:の中で|のうち|中で|とも|すべて|全て)")
PERSONS = frozenset({"人", "社", "者", "団体", "校", "館", "課", "市", "町", "施設", "か所", "か国", "路線"})
NAMED = re.compile(r"(?P<items>[^、。はがをにで]{2,20}(?:(?:、|及び|と)[^、。はがをにで]{2,20}){1,6})の$")


@dataclass(frozen=True, slots=True)
class Change:
    """Two amounts of one thing, the earlier first or the one that the other is measured by."""

    base: Fact
    other: Fact


def is_told_unwritten(fact: Fact, clause: Segment, claim: Sequence[Segment], material: Material) -> bool:
    """Whether a number that the source does not write follows from what it writes."""
    if fact.kind == "day":
        return _follows(fact, material)
    return fact.kind == "amount" and (
        _each(fact, clause.text, material.text)
        or _counts_named(fact, clause, material)
        or is_span(fact, clause, claim, material)
        or _counts_rows(fact, clause, material)
        or _is_part(fact, claim, material)
        or change_of(fact, clause, claim, material) is not None
    )


def with_operands(claim: Sequence[Segment], material: Material) -> list[Segment]:
    """The clauses with the numbers that they tell by a difference or a multiple: 512 gとなり12 g減った."""
    given = [one for segment in material.segments for one in (*segment.facts, *segment.about_facts)]
    found = []
    for clause in claim:
        missing = [fact for fact in clause.facts if not any(same(fact, one) for one in given)]
        changes = [change_of(fact, clause, claim, material) for fact in missing]
        more = tuple(one for change in changes if change for one in (change.base, change.other))
        found.append(replace(clause, facts=(*clause.facts, *more)) if more else clause)
    return found


def change_of(fact: Fact, clause: Segment, claim: Sequence[Segment], material: Material) -> Change | None:
    """The two numbers of the source of which an amount is the difference or the multiple, or `None`."""
    if fact.kind != "amount" or not fact.unit or not fact.value:
        return None
    way = WAY.match(clause.text, fact.end)
    if not way and fact.unit != "倍":
        return None
    rest = [replace(one, facts=tuple(own for own in one.facts if own is not fact)) for one in claim]
    told = [own for one in rest for own in one.facts]
    best = max((fit(rest, one) for one in material.statements), default=0.0)
    by = way.lastgroup if way else ""
    for statement in material.statements:
        is_meant = fit(rest, statement) >= best
        beside = [one for one in material.segments if one.unit_place == statement.place]
        for segments in (statement.segments, beside):
            for change in _changes(segments, fact, clause, is_ordered=by != "apart"):
                if _amounts_to(fact, clause.text, change, by) and (
                    (is_meant and segments is statement.segments)
                    or any(same(own, one) for own in told for one in (change.base, change.other))
                ):
                    return change
    return None


def _amounts_to(fact: Fact, text: str, change: Change, way: str | None) -> bool:
    base, other = change.base.value, change.other.value
    if fact.unit == "倍":
        return _is_multiple(fact, text, base, other)
    return (
        POINTS.get(fact.unit, fact.unit) == change.base.unit
        and abs(other - base) == fact.value
        and (way == "apart" or (way == "up") == (other > base))
    )


def _is_multiple(fact: Fact, text: str, base: Decimal, other: Decimal) -> bool:
    if not base:
        return False
    ratio = other / base
    if fact.bound in (Bound.ABOVE, Bound.AT_LEAST):
        return fact.value <= ratio < fact.value * REACH[1]
    if NEARLY.match(text, fact.end):
        return fact.value * REACH[0] <= ratio < fact.value
    digits = Decimal(1).scaleb(min(int(fact.value.as_tuple().exponent), 0))
    if fact.bound is Bound.ABOUT:
        return any(ratio.quantize(digits, way) == fact.value for way in (ROUND_HALF_UP, ROUND_DOWN))
    return ratio == fact.value


def _changes(
    segments: Sequence[Segment], fact: Fact, clause: Segment, *, is_ordered: bool
) -> Iterator[Change]:
    """Pairs of amounts in one unit that are told together, in the order of their times."""
    placed = [
        (segment, one)
        for segment in segments
        for one in segment.facts
        if one.kind == "amount" and (fact.unit == "倍" or POINTS.get(fact.unit, fact.unit) == one.unit)
    ]
    for first, second in combinations(placed, 2):
        if first[1].unit != second[1].unit or first[1].value == second[1].value:
            continue
        order = 0 if is_ordered else 1
        order = order or _order(first, second) or _by_base(first, second, fact, clause)
        if order:
            one, other = (first, second) if order > 0 else (second, first)
            yield Change(one[1], other[1])


def _order(first: tuple[Segment, Fact], second: tuple[Segment, Fact]) -> int:
    """1 if the first of two amounts is the earlier, -1 if the second is, 0 if nothing tells."""
    (one, amount), (other, later) = first, second
    years = [_year_of(*first), _year_of(*second)]
    if None not in years and years[0] != years[1]:
        return 1 if (years[0] or 0) < (years[1] or 0) else -1
    if one.column >= 0:
        labels = (one.label, other.label)
        for mine, theirs, sign in ((0, 1, 1), (1, 0, -1)):
            if BEFORE.search(labels[mine]) and AFTER.search(labels[theirs]):
                return sign
        return 0
    before = other.text[max(0, (amount.end if one is other else 0)) : later.start]
    if THEN.search(before):
        return -1
    if THEN.search(one.text[: amount.start]) or INTO.match(one.text, amount.end):
        return 1
    return 0


def _year_of(segment: Segment, amount: Fact) -> int | None:
    """The year that an amount is told of: the last before it in its clause, or the one above its cell."""
    own = [one for one in segment.facts if one.kind == "year" and one.start < amount.start]
    dated = own[-1:] or [one for one in segment.about_facts if one.kind == "year"]
    return int(dated[-1].value) if dated else None


def _by_base(first: tuple[Segment, Fact], second: tuple[Segment, Fact], fact: Fact, clause: Segment) -> int:
    """Which amount is that of what a clause measures by: 男性の2倍 where 男 is a column."""
    found = BASE.search(clause.text[: fact.start])
    if not found:
        return 0
    meant = frozenset(word.lemma for word in words_of(re.split(r"[がと]", found["base"])[-1]))
    named = [_is_of(meant, segment) for segment, _ in (first, second)]
    return 0 if named[0] == named[1] else 1 if named[0] > named[1] else -1


def _is_of(meant: frozenset[str], segment: Segment) -> int:
    """How many of the words of what is meant a clause or the label of a cell has."""
    own = frozenset(word.lemma for word in words_of(segment.label or segment.text))
    signs = {sign for lemma in meant for sign in lemma}
    return sum(holds(own, lemma) for lemma in meant) or int(bool(segment.label) and segment.label in signs)


def _counts_named(fact: Fact, clause: Segment, material: Material) -> bool:
    """Whether a number counts the names that stand right before it: 鳥海委員と久世委員の2名."""
    found = NAMED.search(clause.text[: fact.start])
    if fact.unit not in PERSONS or not found:
        return False
    items = JOINT.split(found["items"])
    words = [words_of(item) for item in items]
    return len(items) == fact.value and all(
        one and all(word.surface in material.text for word in one) for one in words
    )


def _counts_rows(fact: Fact, clause: Segment, material: Material) -> bool:
    """Whether a number is that of the rows of the one table that a source has: 三つの地域の中で."""
    heads = [one.text for one in material.segments if one.column == 0 and not TOTAL.match(one.text)]
    return len(heads) == fact.value > 1 and OF_ROWS.match(clause.text, fact.end) is not None


def _is_part(fact: Fact, claim: Sequence[Segment], material: Material) -> bool:
    """Whether a share is that of two amounts which a sentence tells with it: 48億円のうち3分の1の16億円."""
    told = [
        one
        for clause in claim
        for one in clause.facts
        if one.kind == "amount" and any(same(one, o) for s in material.segments for o in s.facts)
    ]
    return fact.unit == "分の" and any(
        one.unit == other.unit and other.value and one.value / other.value == fact.value
        for one in told
        for other in told
    )


def _each(fact: Fact, said: str, given: str) -> bool:
    """Whether one year, month or day is what the source tells by 年間 or 毎年."""
    unit = fact.unit[-1:]
    return (
        fact.value == 1
        and unit in tuple(EACH)
        and said[fact.end : fact.end + 1] not in ("前", "後")
        and re.search(rf"{unit}[間額中]|[毎前]{unit}|(?<!\d){unit}(?=\d)", given) is not None
    )


def _follows(fact: Fact, material: Material) -> bool:
    """Whether a date is told in parts: a day of the month named before."""
    given = [one for segment in material.segments for one in segment.facts]
    months = [one.value // (100 if one.kind == "day" else 1) for one in given if one.kind in ("day", "month")]
    days = [one.value for one in given if one.kind == "amount" and one.unit == "日"]
    return fact.kind == "day" and set(months) == {fact.value // 100} and fact.value % 100 in days
