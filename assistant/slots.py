"""Slots: whether a noun that a source lacks has taken the place of one that stands there.

A noun that only frames what is told in other words (書架 as 棚) stands where the source has no other;
one that makes a sentence false has the neighbours of the word that it replaces (水曜日 as 木曜日).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.binding import Material
from assistant.segments import Segment, Word
from assistant.statements import GENERAL, Statement, holds, root

KANJI = r"[一-龠々ァ-ヶー]"
CASE = re.compile(r"の|が|を|に|で|へ|から|まで|と")
ENDS = re.compile(r"(?:です|だ|である|でした|だった|とする|となる|とな)|[。|]?$")
QUANTITY = re.compile(r"^[毎全半]|部分|一部")  # tells how often or how much
PREDICATE = re.compile(r"(?:が|を)?(?:さ|し|す|行|実施|でき|です|だ|である|、|$)")  # it is what is done
LISTING = re.compile(rf"{KANJI}、{KANJI}")
LISTED = re.compile(r"[、・]|及び|並びに|または|又は|や")


def takes_place(
    lacking: Sequence[Word], claim: Sequence[Segment], near: Statement, material: Material
) -> bool:
    """Whether one of the nouns that a source lacks stands where the source has another that is not told."""
    lemmas = frozenset(word.lemma for clause in claim for word in clause.words)
    beside = [one for one in material.segments if one.unit_place == near.place]
    others = [
        slot
        for segment in beside
        for word in segment.words
        if word.is_noun and word.lemma not in GENERAL and not holds(lemmas, word.lemma)
        for slot in _slots(word, segment)
    ]
    for n, clause in enumerate(claim):
        for word in clause.words:
            if word not in lacking:
                continue
            slots = set(_slots(word, clause))
            if n and word is clause.words[0] and LISTING.search(near.text):
                slots.add(("listed", ""))  # 水温、濁り、臭気です
            counts = QUANTITY.search(word.surface) or (
                word.acts and not near.is_row and PREDICATE.match(clause.text, word.start + len(word.surface))
            )
            if counts or ("listed", "") in slots or slots & set(others):
                return True
    return False


def _slots(word: Word, segment: Segment) -> Iterator[tuple[str, str]]:
    """What stands around a noun: the signs that it is written together with, or case and word beside it."""
    text = segment.text
    end = word.start + len(word.surface)
    before, after = text[: word.start], text[end:]
    if re.match(KANJI, after):
        yield "suffix", after[0]
    elif case := CASE.match(after):
        following = [one for one in segment.words if one.start == end + case.end()]
        yield from ((f"after{case[0]}", root(one.lemma) or one.lemma) for one in following)
    if re.search(f"{KANJI}$", before):
        yield "prefix", before[-1]
    elif before.endswith("の"):
        leading = [one for one in segment.words if one.start + len(one.surface) + 1 == word.start]
        yield from (("before", root(one.lemma) or one.lemma) for one in leading)
    if re.match(f"(?:{LISTED.pattern}|と)", after) or re.search(f"(?:{LISTED.pattern}|と)$", before):
        yield "listed", ""
    if ENDS.match(after):
        yield "end", ""
