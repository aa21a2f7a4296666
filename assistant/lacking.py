"""Lacking: a noun that a source lacks may be missing if it only classifies what is told there anyway.

製品 in 200リットル以上入る製品, 役 in 座長の役を担う: a common noun that stands by itself, is no name,
opens no clause as its topic or doer, is no item of a list and no cause, while all the rest is told together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.apart import closest, stray_of
from assistant.binding import Finding, Material
from assistant.listing import items_of
from assistant.opposed import SIDES
from assistant.segments import LEXICON, Segment, Word
from assistant.statements import GENERAL, told_together
from assistant.wording import share_of, support

LIGHT = frozenset(LEXICON["light"])
KANJI = re.compile(r"[一-龠々ァ-ヶー0-9a-z]")
MODIFIED = re.compile(r"(?:[るたいうくぐすつぬぶむ]|な|の|する|した)$")
RELATIVE = re.compile(r"(?:[るたうくぐすつぬぶむ]|した)$")
EXTENT = re.compile(
    r"[毎曜半全各週朝夕晩昼夜春夏秋冬東西南北左右上下前後内外男女父母親子新旧初再第]|部分|割$"
)
CAUSE = re.compile(r"に(?:より|よる|よって|伴)|のため|ため|を理由|が原因|から(?!の)|で(?:、|は)")
DOER = re.compile(r"[がは]|も(?![の])")
MIN_HELD = 3  # words and facts of what is told together, so that they tell what is meant


def may_be_missing(word: Word, claim: Sequence[Segment], material: Material) -> bool:
    """Whether a sentence may have a noun of which its source knows nothing."""
    group = next((one for one in told_together(claim) if any(word in clause.words for clause in one)), None)
    if group is None or _excludes(word):
        return False
    clause = next(one for one in group if word in one.words)
    text, end = clause.text, word.start + len(word.surface)
    if KANJI.match(text[word.start - 1 : word.start]) or KANJI.match(text, end):
        return False
    said = "".join(one.text for one in claim)
    if any(word.surface in item for item in items_of(said)) or CAUSE.match(text, end):
        return False
    return _only_classifies(word, text, end) and _rest_is_told(word, group, material)


def _excludes(word: Word) -> bool:
    """Whether a word may be what tells one thing from another."""
    return EXTENT.search(word.surface) is not None or any(
        word.surface in other or other in word.surface for sides in SIDES for side in sides for other in side
    )


def _only_classifies(word: Word, text: str, end: int) -> bool:
    """Whether a word is light and opens no clause as its topic, or is what a clause before it tells of."""
    before = text[: word.start]
    if word.lemma in LIGHT or word.surface in LIGHT:
        return not DOER.match(text, end) or MODIFIED.search(before) is not None
    return RELATIVE.search(before) is not None and not DOER.match(text, end)


def _rest_is_told(word: Word, group: Sequence[Segment], material: Material) -> bool:
    """Whether one statement tells all else that is told with a noun."""
    if not material.statements:
        return False
    rest, facts = 0, 0
    lemmas = frozenset().union(*(one.lemmas for one in material.segments), material.known)
    for clause in group:
        facts += len(clause.facts)
        for other in clause.words:
            if other is word or other.lemma in GENERAL:
                continue
            if not share_of(other, lemmas, material):
                return False
            rest += 1
    best = closest(group, material.statements)
    return not stray_of(group, best, material.statements) and rest + facts >= MIN_HELD


def check_words(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """A noun that the source lacks in any form is not confirmed by it, even if whoever asked has used it."""
    _, lacking = support(claim, material)
    if len(lacking) == 1 and may_be_missing(lacking[0], claim, material):
        return
    if lacking:
        yield _lack("unverified" if len(lacking) > 1 else "partly", lacking)
        return
    _, asked_only = support(claim, replace(material, asked=frozenset()))
    if asked_only:
        yield _lack("partly", asked_only)


def _lack(verdict: str, words: Sequence[Word]) -> Finding:
    lacks = tuple(dict.fromkeys(word.surface for word in words))
    return Finding(verdict, f"「{'」「'.join(lacks)}」は、出典にありません。", lacks)
