"""Ruled alike: which ruling of a source is on the same as one of a sentence, and of the same case."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.binding import Material
from assistant.facts import Bound, Fact
from assistant.polarity import NO_DENIAL
from assistant.rulings import Kind, Ruling, rulings_of
from assistant.segments import Segment, words_of
from assistant.statements import GENERAL, holds
from assistant.values import same

NEGATED = re.compile(
    r"(?<!少)(?<!で)な(?:い|かった|く(?!て))|ません|ず[にと、]|未(?![満来])[一-龠]|なし(?:で|の)"
)
WHEN = re.compile(
    r"(?:(?:ただし|なお)、)?(?:[^、。]{1,24}は、)?(?P<when>[^、。]{2,60}?(?:とき|場合|れば|限り))(?:は|に|には|に限り)?、"
)
OBJECT = re.compile(r"[一-龠ァ-ヶー](?:が|を)")
TOPIC = re.compile(r"(?<!場合)(?<!とき)(?<!際)(?<!時)(?<!ついて)(?<!限りで)は(?!な)")
COMPLEMENTS = ({Bound.ABOVE, Bound.AT_MOST}, {Bound.AT_LEAST, Bound.BELOW})
LEAST = 0.6  # words in common
GOES_ON = 0.95  # what a word counts that stands in the ruling before or is its topic
NEW_TOPIC = 0.3  # the same where there is a topic of its own
SHORT = 0.6  # the same where nothing but the topic is: 親族は不要です
EXTRA = 0.02  # what each noun takes away of which a sentence says nothing
CLASH = 3.0  # what another bound of the same amount takes away


def told_of(said: Ruling, material: Material) -> list[Ruling]:
    """The rulings of a source on the same that are most like one of a sentence; none if none is."""
    found = [(_likeness(said, one), one) for one in rulings_of(material.segments) if one.kind is said.kind]
    best = max((score for score, _ in found), default=0.0)
    return [one for score, one in found if score == best] if best >= LEAST else []


def _likeness(said: Ruling, given: Ruling) -> float:
    own = given.words & {word.lemma for one in given.segments for word in one.words}
    around = given.before | given.words
    text = given.segments[-1].text
    share = GOES_ON if not TOPIC.search(text) else NEW_TOPIC if OBJECT.search(text) else SHORT
    score = sum(
        _weight(word, said) * (1.0 if holds(own, word) else share * holds(around, word))
        for word in said.words
    )
    for fact in said.facts:
        alike = [one for one in given.facts if same(fact, one)]
        if alike:
            score += 1 if any(fact.bound == one.bound for one in alike) else -CLASH
    extra = given.segments[-1].words
    more = sum(
        word.is_noun and word.lemma not in GENERAL and not holds(said.words, word.lemma) for word in extra
    )
    return score - EXTRA * min(more, 10)


def _weight(word: str, said: Ruling) -> float:
    """What is said last weighs most, what is only its topic least."""
    if any(word == one.lemma for one in said.segments[-1].words):
        return 1.0
    return 0.7 if any(word == one.lemma for part in said.segments for one in part.words) else 0.2


def is_turned_case(said: Ruling, given: Ruling) -> bool:
    """Whether one of them is ruled of the case that the other denies: 住所のある者, 住所のない者."""
    return is_negated(said.case) != is_negated(given.case)


def condition_unsaid(said: Ruling, given: Ruling) -> str:
    """The condition under which a source allows something, if a sentence allows it and names none of that."""
    found = WHEN.match(given.case)
    if not found or not said.is_so or said.kind is not Kind.MAY:
        return ""
    words = {word.lemma for word in words_of(found["when"])} - GENERAL - given.before
    mine = said.words | {word.lemma for one in said.segments for word in one.words}
    facts = [one for one in given.facts if one.shown in found["when"]]
    named = any(holds(mine, word) for word in words) or any(same(a, b) for a in said.facts for b in facts)
    return "" if named or not words else found["when"]


def is_negated(case: str) -> bool:
    """Whether a case is that something is not so: 住所のない者."""
    return NEGATED.search(NO_DENIAL.sub("", case)) is not None


def is_bound_turned_round(fact: Fact, claim: Sequence[Segment], material: Material) -> bool:
    """Whether a bound is the other side of one that the source rules the other way.

    400万円以下であること is told by 400万円を超える場合は対象としない.
    """
    mine = [one for one in rulings_of(claim) if fact in one.facts]
    return any(
        one.value == fact.value and one.unit == fact.unit and _is_beyond(fact.bound, one.bound)
        for said in mine
        for given in rulings_of(material.segments)
        if _is_let(given) is not None and _is_let(said) is not None and _is_let(given) != _is_let(said)
        if len({word for word in said.words if holds(given.words, word)}) > 0
        for one in given.facts
    )


def _is_beyond(said: Bound, given: Bound) -> bool:
    """Whether a bound excludes just what another includes; 70歳 itself is not 70歳未満."""
    return {said, given} in COMPLEMENTS or (said is Bound.NONE and given in (Bound.BELOW, Bound.ABOVE))


def _is_let(ruling: Ruling) -> bool | None:
    """Whether a ruling lets somebody have or do something; what is due is a condition of that."""
    if ruling.kind is Kind.NEED:
        return True if ruling.is_so else None
    return ruling.is_so
