"""Apart: a sentence may not put together what its source tells of different things."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from assistant.amounts import are_opposed
from assistant.binding import Finding, Material
from assistant.facts import Fact
from assistant.polarity import compared, directions
from assistant.ruled_alike import COMPLEMENTS
from assistant.segments import LEXICON, Segment, Word, words_of
from assistant.statements import GENERAL, Statement, fit, holds, told_together
from assistant.values import same

# Clauses that are no statement of their own: 止められるのは、… 届け出れば、…
BESIDE = re.compile(r"(?:^|は、)[^、がはを]{1,20}が[^、]+[、。]?$")
ATTRIBUTES = GENERAL | frozenset(LEXICON["attributes"])  # 定員は is still of the course told before
GENITIVE = re.compile(r"^(?P<of>[^、は]{1,20})の(?P<topic>[^、はの]{1,10})は")
KANJI_PAIR = re.compile(r"[一-龠々]{2}")
THIS = re.compile(r"(?:この|本|当)$")  # what a document is of: この補助は
HANGS = re.compile(r"(?:のは|ため|ので|から|と|ば|ら|とき|場合|際|時)(?:は|も|に|には)?、$")


def check_apart(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """All that is told of one thing must be told in one statement, or be a topic that it goes on about."""
    statements = material.statements
    if len(statements) < 2:
        return
    for group in told_together(claim):
        words, facts = _specific(group, statements), _given(group, statements)
        if compared("".join(clause.text for clause in group)):
            continue  # the two sides of a comparison may stand in two statements
        if len(words) + len(facts) < 2:
            continue
        best = closest(group, statements)
        stray = stray_of(group, best, statements)
        if (
            stray
            and not (
                _tells_all(group, best)
                and (_adds(stray, group, best, statements) or _tells_both(group, best, statements))
            )
            and not _in_parts(group, statements)
            and not _qualifies(group, statements)
        ):
            yield Finding("partly", f"「{stray[0]}」は、出典では別のもののことです。")


def closest(group: Sequence[Segment], statements: Sequence[Statement]) -> Statement:
    """The statement that lacks least of what is told together, of those the one that holds most of it."""
    return max(statements, key=lambda one: (-len(stray_of(group, one, statements)), fit(group, one)))


@lru_cache(maxsize=256)
def _told(
    group: tuple[Segment, ...], statements: tuple[Statement, ...]
) -> tuple[tuple[Word, ...], tuple[Fact, ...]]:
    """The specific words and the facts of what is told together, which every statement is held against."""
    return tuple(_specific(group, statements)), tuple(_given(group, statements))


def _given(group: Sequence[Segment], statements: Sequence[Statement]) -> list[Fact]:
    """The facts that the source has somewhere."""
    return [
        fact for clause in group for fact in clause.facts
        if any(same(fact, one) for statement in statements for one in statement.facts)
    ]  # fmt: skip


def _specific(group: Sequence[Segment], statements: Sequence[Statement]) -> list[Word]:
    """The words that tell something of their own and that the source has somewhere; not which way it goes."""
    words = {
        word.lemma: word
        for clause in group
        for word in clause.words
        if word.lemma not in GENERAL
        and not directions(word.surface).get(0)
        and not THIS.search(clause.text[: word.start])
    }
    return [
        word
        for lemma, word in words.items()
        if any(holds(one.lemmas, lemma) or holds(one.before, lemma) for one in statements)
    ]


def _is_told(word: Word, statement: Statement, *, goes_on: bool) -> bool:
    return holds(statement.lemmas, word.lemma) or (goes_on and holds(statement.before, word.lemma))


def _ends_run(word: Word, group: Sequence[Segment], statement: Statement) -> bool:
    """Whether a word of one sign stands in a statement with the sign before it: 長 of 課長."""
    if len(word.surface) != 1:
        return False
    runs = [clause.text[word.start - 1 : word.start + 1] for clause in group if word in clause.words]
    return any(len(run) == 2 and KANJI_PAIR.match(run) and run in statement.text for run in runs)


def stray_of(group: Sequence[Segment], statement: Statement, statements: Sequence[Statement]) -> list[str]:
    """What a statement does not tell, as written."""
    words, facts = _told(tuple(group), tuple(statements))
    said = frozenset(word.lemma for clause in group for word in clause.words)
    has_year = any(fact.kind == "year" for fact in statement.facts)
    told = (*statement.facts, *(fact for fact in statement.dated if fact.kind != "year" or not has_year))
    own = statement.topic - statement.before  # who leaves it out does not speak of this statement
    goes_on = not own - ATTRIBUTES or any(holds(own, lemma) for lemma in said)
    return [
        *(
            word.surface
            for word in words
            if not _is_told(word, statement, goes_on=goes_on) and not _ends_run(word, group, statement)
        ),
        *(
            fact.shown
            for fact in facts
            if not any(_is_same(fact, one) for one in told) and not _is_turned(fact, told, statements)
        ),
    ]


def _is_same(fact: Fact, given: Fact) -> bool:
    return same(fact, given) and not are_opposed(fact.bound, given.bound)


def _is_turned(fact: Fact, told: Sequence[Fact], statements: Sequence[Statement]) -> bool:
    """Whether a bound is told only from its other side: 24時間以内 where it is 24時間を超える場合に限る."""
    given = [one for statement in statements for one in statement.facts if same(fact, one)]
    if any(one.bound is fact.bound for one in given):
        return False
    return any(same(fact, one) and {fact.bound, one.bound} in COMPLEMENTS for one in told)


def _adds(
    stray: Sequence[str], group: Sequence[Segment], best: Statement, statements: Sequence[Statement]
) -> bool:
    """Whether what a statement lacks is neither a deed nor what another one is about, but goes with it."""
    lacking = [word for clause in group for word in clause.words if word.surface in stray]
    topics = frozenset().union(*(one.topic for one in statements if one is not best)) - best.topic
    return not any(word.acts or word.lemma in topics for word in lacking)


def _in_parts(group: Sequence[Segment], statements: Sequence[Statement]) -> bool:
    """Whether each clause, with its topic, is told in a statement, all in one or two sentences."""
    if len(group) < 2:
        return False
    hangs = any(HANGS.search(clause.text) for clause in group[:-1])
    places = []
    for clause in group:
        lemmas = {
            lemma
            for lemma in clause.about - GENERAL
            if any(
                holds(one.lemmas | one.before, lemma) or (len(lemma) > 1 and lemma in one.text)
                for one in statements
            )
        }
        told = {
            one.place
            for before, one in zip((statements[0], *statements), statements, strict=False)
            if not stray_of([clause], one, statements)
            and all(holds(one.lemmas | one.before | before.lemmas, lemma) for lemma in lemmas)
            and all(
                any(same(fact, given) for given in (*one.facts, *one.dated, *_theme(before, one)))
                for fact in clause.about_facts
            )
        }
        places.append(told)
    if hangs:  # one statement in two clauses: 夜間に急なことがあれば、… of one thing only
        return any(not _is_parallel(place, statements) for place in set.intersection(*places))
    return any(all(told & {place, place + 1} for told in places) for place in set().union(*places))


def _qualifies(group: Sequence[Segment], statements: Sequence[Statement]) -> bool:
    """Whether what is lacking only tells of what the topic is, told just before: 輸送の費用は."""
    found = GENITIVE.match("".join(clause.text for clause in group))
    if not found:
        return False
    topic = {word.lemma for word in words_of(found["topic"])}
    for previous, one in pairwise(statements):
        if previous.place != one.place or not topic & one.topic:
            continue
        stray = set(stray_of(group, one, statements))
        words = [word for word in words_of(found["of"]) if word.surface in stray]
        rest = {word.lemma for clause in group for word in clause.words} - {word.lemma for word in words}
        if not all(holds(one.lemmas, lemma) for lemma in rest):
            continue
        if len(words) == len(stray) and all(holds(previous.lemmas, word.lemma) for word in words):
            return True
    return False


def _is_parallel(place: int, statements: Sequence[Statement]) -> bool:
    """Whether a sentence tells of several things side by side (日中がA係、夜間がB係)."""
    return sum(bool(BESIDE.search(one.text)) for one in statements if one.place == place) > 1


def _theme(before: Statement, statement: Statement) -> tuple[Fact, ...]:
    """The facts of the sentence before, which may name what the next one goes on about."""
    return before.facts if before.place != statement.place else ()


def _tells_both(group: Sequence[Segment], best: Statement, statements: Sequence[Statement]) -> bool:
    """Whether a sentence tells all of two parts of one sentence, so that it joins and does not mix them."""
    beside = [
        one for one in statements if one.place == best.place and one is not best and _tells_all(group, one)
    ]
    lacking = set(stray_of(group, best, statements))
    return any(not lacking & set(stray_of(group, one, statements)) for one in beside)


def _tells_all(group: Sequence[Segment], statement: Statement) -> bool:
    """Whether a sentence tells all of a statement, so that what it adds takes nothing's place there."""
    lemmas = frozenset(word.lemma for clause in group for word in clause.words)
    facts = [fact for clause in group for fact in clause.facts]
    told = (word for word in statement.words if (word.is_noun or not word.acts) and word.lemma not in GENERAL)
    return (
        not statement.is_row
        and all(holds(lemmas, word.lemma) for word in told)
        and all(any(same(fact, one) for fact in facts) for one in statement.facts)
    )
