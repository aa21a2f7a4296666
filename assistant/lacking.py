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
CAUSE = re.compile(r"に(?:より|よる|よって|伴)|のため|ため|を理由|が原因|から(?!の)|で、")
DOER = re.compile(r"[がは]|も(?![の])")
DOCUMENTS = frozenset({"表", "一覧", "図", "グラフ", "資料", "本文", "記事", "文中", "出典"})
OF_DOCUMENT = re.compile(r"(?:では|で|によ[るれ]|から|の(?=\d)|の(?:中で|うち))")
MOST_MISSING = 2
MIN_HELD = 2  # words and facts of what is told together, so that they tell what is meant


def may_be_missing(word: Word, lacking: Sequence[Word], claim: Sequence[Segment], material: Material) -> bool:
    """Whether a sentence may have a noun of which its source knows nothing; of several, only light ones."""
    if len(lacking) > 1 and not _is_light(word):
        return False
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
    return _only_classifies(word, text, end) and _rest_is_told(lacking, group, material)


def _is_light(word: Word) -> bool:
    return word.lemma in LIGHT or word.surface in LIGHT


def _is_of_document(word: Word, claim: Sequence[Segment]) -> bool:
    """Whether a word is of what is cited itself: 表の5年間で, この一覧では."""
    return word.surface in DOCUMENTS and any(
        word in clause.words and OF_DOCUMENT.match(clause.text, word.start + len(word.surface))
        for clause in claim
    )


def _excludes(word: Word) -> bool:
    """Whether a word may be what tells one thing from another."""
    return EXTENT.search(word.surface) is not None or any(
        word.surface in other or other in word.surface for sides in SIDES for side in sides for other in side
    )


def _only_classifies(word: Word, text: str, end: int) -> bool:
    """Whether a word is light and opens no clause as its topic, or is what a clause before it tells of."""
    before = text[: word.start]
    if _is_light(word):
        return not DOER.match(text, end) or MODIFIED.search(before) is not None
    return RELATIVE.search(before) is not None and not DOER.match(text, end)


def _rest_is_told(lacking: Sequence[Word], group: Sequence[Segment], material: Material) -> bool:
    """Whether one statement tells all else that is told with a noun."""
    if not material.statements:
        return False
    rest, facts = 0, 0
    lemmas = frozenset().union(*(one.lemmas for one in material.segments), material.known)
    for clause in group:
        facts += len(clause.facts)
        for other in clause.words:
            if other in lacking or other.lemma in GENERAL:
                continue
            if not share_of(other, lemmas, material):
                return False
            rest += 1
    best = closest(group, material.statements)
    return rest > 0 and not stray_of(group, best, material.statements) and rest + facts >= MIN_HELD


def check_words(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """A noun that the source lacks in any form is not confirmed by it, even if whoever asked has used it."""
    lacking = _missing(claim, material)
    if lacking:
        yield _lack("unverified" if len(lacking) > 1 else "partly", lacking)
    elif asked_only := _missing(claim, replace(material, asked=frozenset())):
        yield _lack("partly", asked_only)


def _missing(claim: Sequence[Segment], material: Material) -> list[Word]:
    """The nouns that a source lacks in any form, but for those that may be missing."""
    lacking = [word for word in support(claim, material)[1] if not _is_of_document(word, claim)]
    is_free = len(lacking) <= MOST_MISSING and all(
        may_be_missing(word, lacking, claim, material) for word in lacking
    )
    return [] if is_free else lacking


def _lack(verdict: str, words: Sequence[Word]) -> Finding:
    lacks = tuple(dict.fromkeys(word.surface for word in words))
    return Finding(verdict, f"「{'」「'.join(lacks)}」は、出典にありません。", lacks)
