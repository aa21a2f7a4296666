"""Trends: what a sentence says to rise or fall, by how much and to what, must do so in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.binding import Finding, Material
from assistant.computed import MOST, way_by_numbers
from assistant.facts import Fact
from assistant.polarity import FALL, RISE, compared
from assistant.segments import Segment
from assistant.statements import holds
from assistant.values import same

WAY = re.compile(rf"(?P<up>{RISE})|(?P<down>{FALL})")
WITH_PULL = re.compile(rf"(?:引き?)?(?:{WAY.pattern})")  # 50円引き下げる
BY = re.compile(r"(?:ほど|ぶん|分|も|を|の|ずつ|だけ)?")  # 34件も減った, 2割の増
INTO = re.compile(r"(?:\([^()]*\))?(?:に(?:まで)?|へと?|と)(?=[なり減増下上短延伸引改変達落低拡縮])")
OUT_OF = re.compile(r"(?:\([^()]*\))?(?:から|を)")
CLEFT = re.compile(r"^(?P<what>.+?)のは、?(?P<who>[^、]+?)(?:です|だ|である|でした|だった)?$")
THEN = re.compile(r"前|昨|去年|当初|予定|計画|目標|\d年|当時|これまで|従来")
OTHER_WAY = "出典とは、増減や大小の向きが逆です。"
OTHER_END = "「{}」は、出典では変わる前と後が逆です。"


@dataclass(frozen=True, slots=True)
class Trend:
    """What goes which way: words that stand before it, 1 or -1."""

    words: frozenset[str]
    sign: int


def check_trends(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """By how much and to what something goes, and which of two things goes up."""
    prose = [segment for segment in material.segments if segment.column < 0]
    for clause in claim:
        for fact in clause.facts:
            if fact.kind == "amount":
                yield from _by(fact, clause, prose)
                yield from _ends(fact, clause, prose)
    if not _weighs_two("".join(clause.text for clause in claim)):
        yield from _subjects(claim, material)


def _weighs_two(text: str) -> bool:
    """Whether a text compares two things, and not one with itself at another time."""
    sides = compared(text)
    return sides is not None and not THEN.search(sides[1])


def way_of(text: str, fact: Fact) -> int:
    """1 or -1 if right after an amount stands by which way it goes, else 0."""
    by = BY.match(text, fact.end)
    found = WITH_PULL.match(text, by.end() if by else fact.end)
    return 0 if found is None else 1 if found["up"] else -1


def _by(fact: Fact, clause: Segment, prose: Sequence[Segment]) -> Iterator[Finding]:
    said = way_of(clause.text, fact)
    if not said:
        return
    told = [(segment, one) for segment in prose for one in segment.facts if same(fact, one)]
    ways = [way_of(segment.text, one) for segment, one in told]
    if said in ways or not ways:
        return
    if -said in ways:
        if not compared(clause.text):
            yield Finding("contradicted", OTHER_WAY)
    elif any(
        way_of(segment.text, one) for segment, _ in told for one in segment.facts if one.unit == fact.unit
    ):
        yield Finding("contradicted", f"「{fact.shown}」は、出典では増減の大きさではありません。")


def _ends(fact: Fact, clause: Segment, prose: Sequence[Segment]) -> Iterator[Finding]:
    """What something became is not what it was: 20日から14日に短縮."""
    if not INTO.match(clause.text, fact.end):
        return
    places = [(segment, one) for segment in prose for one in segment.facts if same(fact, one)]
    if places and all(_is_start(one, segment) for segment, one in places):
        yield Finding("contradicted", OTHER_END.format(fact.shown))


def _is_start(fact: Fact, segment: Segment) -> bool:
    following = [one for one in segment.facts if one.start > fact.end and one.unit == fact.unit]
    return bool(OUT_OF.match(segment.text, fact.end)) and any(
        INTO.match(segment.text, one.end) for one in following
    )


def _subjects(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    given = [
        Trend(trend.words | one.before, trend.sign)
        for one in material.statements
        for segment in one.segments
        if segment.column < 0 and not _weighs_two(segment.text)
        for trend in (*_trends(segment), *_by_numbers(segment))
    ]
    for clause in claim:
        if any(way_of(clause.text, fact) for fact in clause.facts if fact.kind == "amount"):
            continue  # by how much tells which one is meant
        for said in _trends(clause):
            telling = [
                word
                for word in said.words
                if len(given) == 1 or not all(holds(one.words, word) for one in given)
            ]
            scored = [(sum(holds(one.words, word) for word in telling), one.sign) for one in given]
            best = max(scored, default=(0, 0))[0]
            signs = {sign for score, sign in scored if score == best}
            is_most = (
                MOST.search(clause.text) and way_by_numbers(claim, clause, said.sign, material) == said.sign
            )
            if signs == {-said.sign} and not is_most:
                yield Finding("contradicted" if best else "partly", OTHER_WAY)


def _trends(segment: Segment) -> Iterator[Trend]:
    cleft = CLEFT.match(segment.text)
    start = 0
    for found in WAY.finditer(segment.text):
        words = {word.lemma for word in segment.words if start <= word.start < found.start()}
        if cleft and found.end() <= cleft.end("what"):
            words |= {word.lemma for word in segment.words if word.start >= cleft.start("who")}
        yield Trend(frozenset(words) | segment.about, 1 if found["up"] else -1)
        start = found.end()


def _by_numbers(segment: Segment) -> Iterator[Trend]:
    """What goes from one number to another without a word for it: 月2回から月1回になります."""
    for one, other in pairwise(fact for fact in segment.facts if fact.kind == "amount"):
        changes = one.unit == other.unit and one.value != other.value and not WAY.search(segment.text)
        if changes and OUT_OF.match(segment.text, one.end) and INTO.match(segment.text, other.end):
            yield Trend(segment.lemmas, 1 if other.value > one.value else -1)
