"""Wording: words that the source lacks, denial, direction, and claims of all or only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.binding import Finding, Material, is_within, names_of, score
from assistant.facts import facts_of
from assistant.manner import tells_exception
from assistant.polarity import ONLY, compared, denies, directions
from assistant.segments import LEXICON, Segment, Word, words_of

CONDITION_WORD = re.compile(r"場合|とき|限り|ただし|なら")
CONDITION = re.compile(r"^(?:ただし、?)([^、]{2,30}?)(?:の場合|とき|に限)")
ROLE = re.compile(r"([一-鿿々ァ-ヴー]{2,})([がを])(?![一-鿿]{0,2}(?:ある|ない|い[るた]))")
PASSIVE = re.compile(r"[かがさたなまらわ]れ[るたてまな]|られ")
KANJI = re.compile(r"[一-鿿]")
# Words by which any office text can be told in other words; none says what happened to what.
GENERAL = frozenset(LEXICON["general"])
ALIKE = tuple(frozenset(group.split()) for group in LEXICON["alike"])


def support(claim: Sequence[Segment], material: Material) -> tuple[float, list[Word]]:
    """The share of the words that the source holds, and those nouns that it lacks in any form."""
    total, held = 0.0, 0.0
    lacking: list[Word] = []
    texts = frozenset().union(*(segment.lemmas for segment in material.segments), material.known)
    for clause in claim:
        names = names_of(clause)
        for word in clause.words:
            weight = 0.5 if word.lemma in GENERAL else 1.0
            total += weight
            share = _share(word, texts, material)
            held += weight * share
            if not share and word.is_noun and word.lemma not in GENERAL and not is_within(word, names):
                lacking.append(word)
    return (held / total if total else 1.0), lacking


def _share(word: Word, texts: frozenset[str], material: Material) -> float:
    if word.lemma in texts or (len(word.surface) > 1 and word.surface in material.text):
        return 1.0
    if any(word.lemma in group and group & texts for group in ALIKE):
        return 1.0
    if not word.is_name and word.lemma in material.asked:
        return 0.7
    signs = KANJI.findall(word.lemma)
    shared = [sign for sign in signs if sign in material.text or sign in material.context]
    if (
        signs
        and not word.is_name
        and (len(shared) == len(signs) > 1 or (word.acts and len(shared) * 2 >= len(signs)))
    ):
        return 0.7
    if len(word.surface) == 1 and word.surface in material.text and not word.is_name:
        return 0.5
    if len(signs) > 2 and len(shared) * 3 >= len(signs) * 2:
        return 0.5
    return 0.0


def check_words(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """A noun that the source lacks in any form is not confirmed by it."""
    _, lacking = support(claim, material)
    if lacking:
        told = "」「".join(dict.fromkeys(word.surface for word in lacking))
        yield Finding("unverified" if len(lacking) > 1 else "partly", f"「{told}」は、出典にありません。")
    said, given = set(ONLY.findall(claim[0].text)), set(ONLY.findall(material.text))
    if said and not given:
        yield Finding("partly", f"「{min(said)}」とは、出典にありません。")


def check_whole(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """What one clause tells must stand in one sentence of the source, with the condition set there."""
    places = sorted({segment.unit_place for segment in material.segments})
    topics = frozenset().union(*(segment.about for segment in material.segments), material.known)
    held = {
        place: frozenset().union(*(s.lemmas for s in material.segments if s.unit_place == place))
        for place in places
    }
    for clause in claim:
        words = {word.lemma for word in clause.words if word.lemma not in GENERAL} - topics
        words &= frozenset().union(*held.values()) if held else frozenset()
        values = {fact.value for fact in clause.facts}
        if not words and not values:
            continue
        stated = {
            place: {f.value for s in material.segments if s.unit_place == place for f in s.facts}
            for place in places
        }
        best = max(places, key=lambda place: len(words & held[place]) + len(values & stated[place]))
        if words - held[best]:
            yield Finding("partly", f"「{min(words - held[best])}」は、出典では別の文のことです。")
        sentence = "".join(s.text for s in material.segments if s.unit_place == best)
        condition = CONDITION.search(sentence)
        if condition and len(places) > 1 and not CONDITION_WORD.search("".join(one.text for one in claim)):
            wanted = {word.lemma for word in words_of(condition[1])}
            if wanted and not wanted & {word.lemma for one in claim for word in one.words}:
                yield Finding("partly", f"「{condition[1]}」という条件が抜けています。")


def check_claims(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """Denial, direction and the sides of a comparison must be those of the clause that tells the same."""
    if not material.segments:
        return
    for clause in claim:
        aligned = _aligned(clause, material.segments)
        if aligned is None:
            continue
        yield from _denial(clause, aligned, material)
        yield from _direction(clause, aligned, material)
        yield from _role(clause, aligned, material)
    yield from _sides(claim, material)


def _aligned(clause: Segment, segments: Sequence[Segment]) -> Segment | None:
    """The segment that a clause retells; of several alike, one that denies as it does."""
    values = {fact.value for fact in clause.facts}

    def fit(segment: Segment) -> tuple[float, bool]:
        facts = len(values & {fact.value for fact in segment.facts})
        return score(clause, segment) + facts, denies(segment.text) == denies(clause.text)

    best = max(segments, key=fit)
    return best if fit(best)[0] >= 1 else None


def _denial(clause: Segment, aligned: Segment, material: Material) -> Iterator[Finding]:
    if tells_exception(clause.text, material.text):
        return
    if denies(clause.text) != denies(aligned.text):
        if not any(word.acts for word in clause.words) and not denies(clause.text) and aligned.column >= 0:
            return
        yield Finding("contradicted", "出典とは、肯定と否定が逆です。")
    elif denies(clause.text):
        denying = {segment.unit_place for segment in material.segments if denies(segment.text)}
        nouns = {word.lemma for word in clause.words if word.is_noun}
        places = {s.unit_place for s in material.segments if nouns & s.lemmas}
        if places and not denying & places:
            yield Finding("partly", "出典は、これを否定していません。")
    else:
        for word in clause.words:
            where = [segment for segment in material.segments if word.lemma in segment.lemmas]
            if where and all(denies(segment.text) for segment in where):
                yield Finding("partly", f"「{word.surface}」を、出典は否定しています。")
                return


def _role(clause: Segment, aligned: Segment, material: Material) -> Iterator[Finding]:
    """Who does and what is done must not change places, unless one of the two is in the passive."""
    sentence = "".join(one.text for one in material.segments if one.unit_place == aligned.unit_place)
    verbs = {word.lemma for word in clause.words if word.acts and not word.is_noun}
    same = verbs & {word.lemma for word in words_of(sentence) if word.acts and not word.is_noun}
    if not same or PASSIVE.search(clause.text) or PASSIVE.search(sentence):
        return
    given = ROLE.findall(sentence)
    for noun, particle in ROLE.findall(clause.text):
        held = {other for own, other in given if own.endswith(noun) or noun.endswith(own)}
        if held and particle not in held:
            yield Finding("partly", f"「{noun}」が、する側かされる側かが、出典と違います。")


def _direction(clause: Segment, aligned: Segment, material: Material) -> Iterator[Finding]:
    said = directions(clause.text)
    sentence = "".join(s.text for s in material.segments if s.unit_place == aligned.unit_place)
    given = directions(aligned.text) | {
        k: v for k, v in directions(sentence).items() if k not in directions(aligned.text)
    }
    turned = _is_turned(clause.text, sentence)
    for axis, sign in said.items():
        other = given.get(axis)
        if sign and other and (sign == -other) != turned:
            yield Finding("contradicted", "出典とは、向き（増減、大小、前後など）が逆です。")
        elif sign and other is None and axis < 2 and axis not in directions(material.text):
            yield Finding("partly", "増減や大小は、出典にありません。")


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
