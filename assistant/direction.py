"""Direction: which way a sentence says that something goes, and the two sides of a comparison."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.apart import closest
from assistant.binding import Finding, Material
from assistant.computed import SAME, is_unchanged, way_by_numbers, way_told
from assistant.facts import facts_of
from assistant.polarity import BETTER, compared, directions
from assistant.predicates import align
from assistant.segments import Segment, words_of
from assistant.statements import Statement
from assistant.trends import way_of
from assistant.values import same

CHANGE = frozenset({"増減", "比較", "差", "差引", "差額", "伸び率", "前年", "前期"})  # headers of columns
MINUS = re.compile(r"[△▲−–-]")
FROM_TO = re.compile(r"(?P<one>[^。]{2,40}?)から、?(?P<other>[^。]{2,40}?)[にへ]")
BY_NUMBERS = "出典の数からすると、増減や大小の向きが逆です。"
INTO = re.compile(r"(?P<one>\d[\d,.]*[^\d、。]{1,4})を(?P<other>\d[\d,.]*[^\d、。]{1,4})[にへ]")


def check_direction(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """The direction and the sides of a comparison must be those of the clause that tells the same."""
    if not material.segments:
        return
    near = closest(claim, material.statements)
    for clause in claim:
        aligned = align(clause, near.segments) or align(clause, material.segments)
        if aligned is None:
            continue
        if SAME.search(clause.text) and "同じ" not in material.text and not SAME.search(material.text):
            yield from _unchanged(claim, material)
        yield from _direction(clause, claim, aligned, material, near)
    yield from _sides(claim, material)


def _unchanged(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    known = is_unchanged(claim, material)
    if known is None:
        yield Finding("partly", "変わっていないかどうかは、出典にありません。")
    elif not known:
        yield Finding("contradicted", BY_NUMBERS)


def _direction(
    clause: Segment, claim: Sequence[Segment], aligned: Segment, material: Material, near: Statement
) -> Iterator[Finding]:
    said = dict(directions(clause.text))
    reckoned = way_by_numbers(claim, clause, said[0], material) if said.get(0) else 0
    if said.get(0) and (reckoned == said[0] or _by_as_much(clause, said[0], material)):
        del said[0]
    sentence = "".join(s.text for s in material.segments if s.unit_place == aligned.unit_place)
    given = {**directions(sentence), **directions(aligned.text)}
    if near.place != aligned.unit_place:  # the sentence as a whole tells of another
        given = {axis: sign for axis, sign in given.items() if directions(near.text).get(axis) == sign}
    trend = _trend(aligned, sentence, material)
    if trend and not given.get(0):
        given[0] = trend
    turned = any(_is_turned(clause.text, text) for text in (near.text, *(s.text for s in near.segments)))
    for axis, sign in said.items():
        other = given.get(axis)
        if axis == 0 and reckoned == -sign and other != sign:
            yield Finding("contradicted", BY_NUMBERS)
        elif sign and other and (sign == -other) != turned:
            yield Finding("contradicted", "出典とは、向き（増減、大小、前後など）が逆です。")
        elif (
            sign
            and other is None
            and axis == 0
            and axis not in directions(_told(near, clause, material))
            and way_told(clause, claim, material) != sign
        ):
            yield Finding("partly", "増減や大小は、出典にありません。")


def _by_as_much(clause: Segment, sign: int, material: Material) -> bool:
    """Whether the source has an amount of the clause go that way, wherever: 寄附額で3,800万円の増."""
    return any(
        same(fact, one) and way_of(clause.text, fact) == sign == way_of(segment.text, one)
        for fact in clause.facts
        for segment in material.segments
        for one in segment.facts
    )


def _told(near: Statement, clause: Segment, material: Material) -> str:
    """Where a direction may stand: in the sentence retold; what a reason is given for may stand anywhere."""
    if "のは、" in clause.text:
        return material.text
    return "".join(segment.text for segment in material.segments if segment.unit_place == near.place)


def _sides(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    said = "".join(clause.text for clause in claim)
    for place in {segment.unit_place for segment in material.segments}:
        sentence = "".join(s.text for s in material.segments if s.unit_place == place)
        mine, theirs = directions(said).get(0), directions(sentence).get(0)
        if mine and theirs and mine == theirs and _is_turned(said, sentence):
            yield Finding("contradicted", "比べているものの順が、出典と逆です。")


def _is_turned(said: str, given: str) -> bool:
    """Whether the two sides of a comparison have changed places."""
    mine, theirs = compared(said), compared(given)
    better = BETTER.search(given)
    if mine and not theirs and better:
        one, other = (_tells(side) for side in mine)
        return bool(_tells(better[1]) & (other - one)) and not _tells(better[1]) & (one - other)
    if not mine or not theirs:
        return False
    one, other = (_tells(side) for side in mine)
    first, second = (_tells(side) for side in theirs)
    one, other = one - other, other - one
    first, second = first - second, second - first
    straight = len(one & first) + len(other & second)
    return bool(one & second) and bool(other & first) and len(one & second) + len(other & first) > straight


def _tells(text: str) -> frozenset[str]:
    words = {word.lemma for word in words_of(text)}
    return frozenset(words | {f"{fact.kind}{fact.value}" for fact in facts_of(text)})


def _trend(aligned: Segment, sentence: str, material: Material) -> int:
    """1 or -1 by what the source tells in numbers alone: the sign of a change, 912gから748gに; else 0."""
    if aligned.column >= 0:
        row = (one for one in material.segments if one.unit_place == aligned.unit_place and one.facts)
        changes = [one.text for one in row if one.about & CHANGE]
        return (-1 if MINUS.match(changes[0]) or changes[0].endswith("減") else 1) if changes else 0
    texts = (aligned.text, sentence)  # the clause itself before what stands beside it
    for found in (one for text in texts for way in (FROM_TO, INTO) for one in way.finditer(text)):
        one, other = (
            [fact for fact in facts_of(found[side]) if fact.kind == "amount"] for side in ("one", "other")
        )
        if one and other and one[-1].unit == other[0].unit and one[-1].value != other[0].value:
            return 1 if other[0].value > one[-1].value else -1
    return 0
