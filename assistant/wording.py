"""Wording: how many of its words a source holds, and claims of all or only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.binding import Finding, Material
from assistant.listing import items_of
from assistant.names import is_within, names_of
from assistant.polarity import ONLY
from assistant.related import is_kind_told
from assistant.segments import Segment, Word, words_of
from assistant.statements import ALIKE, CONCEPTS, GENERAL, holds, nearest, told_together

FREE = GENERAL | {"禁止", "可能", "一方"}  # whether it is so is checked as denial
ANYHOW = re.compile(
    r"なくても(?![よい良か済す結大問差])|なし[にで]|いつでも|誰でも|だれでも|どこでも|どれでも|にかかわらず|を問わず|無条件|どのような[^、。]*ても|どんな[^、。]*ても|いかなる|であっても|どの[^、。]{1,12}も|何[^、。]{0,3}でも|いく(?:ら|つ)でも"
)
BOTH = re.compile("両方|どちらも(?!な)|いずれも(?!な)|併せて|双方")
EITHER = re.compile("又は|または|若しくは|もしくは|いずれか|どちらか")
ALL = re.compile(r"(?<![安完保万健])全[一-龠]|総[一-龠]")
TURNS = "翌前非未不無副準元"
RUN = re.compile(r"(?!年度)[一-龠]{2,}")
NOUN = re.compile(r"[一-龠ァ-ヶー]{2,}")
EXCLUSIVE = frozenset({"だけ", "のみ", "唯一"})
PART = re.compile(r"一部|部分的|半[分数]|大半|大部分|ほとんど")
IF = re.compile(r"限り|場合|とき|れば|えば|けば|せば|には")
ONLY_IF = re.compile(r"なくても")
WORD_BOUND = re.compile(r"(?<![\d,.一-龠])([一-龠]{2,4})(以上|以下|以外|未満|以降|以前)")
KANA = frozenset(chr(code) for code in range(ord("ぁ"), ord("ゖ") + 1))
KANJI = re.compile(r"[一-鿿]")
TITLE = re.compile(r"[一-龠](?<![延成身全特増助深])長$|知事$|大臣$|代表$|理事$|監事$|顧問$|教授$|議員$")


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
            share = share_of(word, texts, material)
            held += weight * share
            if not share and word.is_noun and word.lemma not in FREE and not is_within(word, names):
                lacking.append(word)
    return (held / total if total else 1.0), lacking


def _is_known(item: str, material: Material) -> bool:
    """Whether the source has a word of an item in any form."""
    lemmas = frozenset().union(material.known, *(segment.lemmas for segment in material.segments))
    return any(holds(lemmas, word.lemma) for word in words_of(item))


def _only_prefixed(run: str, given: str) -> bool:
    """Whether a source has a word only under a sign that turns its meaning: 月分 in 翌月分."""
    at = given.find(run)
    if at < 0:
        return False
    while at >= 0:
        before, sign = given[at - 2 : at - 1], given[at - 1 : at]
        if at == 0 or sign not in TURNS or KANJI.match(before):
            return False
        at = given.find(run, at + 1)
    return True


def share_of(word: Word, texts: frozenset[str], material: Material) -> float:
    """How far a source, whose lemmas are given, has a word: 1 as it is or by another word, 0 in no form."""
    if word.lemma in texts or (len(word.surface) > 1 and word.surface in material.text):
        return 1.0
    if any(not texts.isdisjoint(ALIKE[n]) for n in CONCEPTS.get(word.lemma, ())):
        return 1.0
    if not word.is_name and word.lemma in material.asked:
        return 0.7
    if word.is_noun and is_kind_told(word.lemma, material.text):
        return 0.5
    if TITLE.search(word.surface):  # 所長 stands nowhere in 北事務所 and 社長
        return 0.0
    signs = KANJI.findall(word.lemma)
    shared = [sign for sign in signs if sign in material.text or sign in material.context]
    if (
        signs
        and not word.is_name
        and (
            len(shared) == len(signs) > 1
            or (word.acts and len(shared) * 2 >= len(signs) and _is_akin(word, material))
        )
    ):
        return 0.7
    if len(word.surface) == 1 and word.surface in material.text and not word.is_name:
        return 0.5
    if len(signs) > 2 and len(shared) * 3 >= len(signs) * 2:
        return 0.5
    return 0.0


def _is_akin(word: Word, material: Material) -> bool:
    """Whether it is a verb, begins like a word of the source or is a verb there: 加算 by 加える."""
    if not word.is_noun:
        return True
    acting = (one.lemma for segment in material.segments for one in segment.words if one.acts)
    return any(one[0] == word.lemma[0] or (one[0] in word.lemma and one[-1] in KANA) for one in acting)


def _is_either(text: str) -> bool:
    """Whether one of two things is enough: 検定2級又は実務経験2年."""
    return EITHER.search(text) is not None and BOTH.search(text) is None


def check_extent(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """All, only, always, a part are what the statement says, and no word is turned there by a sign."""
    near = nearest(claim, material.statements)
    text = "".join(clause.text for clause in claim)
    for run in set(RUN.findall(text)):
        if near and run not in material.question and _only_prefixed(run, near.text):
            yield Finding("partly", f"「{run}」は、出典では別の語の一部です。")
    items = items_of(text)
    if len(set(items)) < len(items):
        yield Finding("partly", "同じものが二度挙げられています。")
    if items_of(material.text):
        for item in items:
            if (
                item not in GENERAL
                and NOUN.fullmatch(item)
                and not set(item) & set(material.text)
                and not _is_known(item, material)
            ):
                yield Finding("partly", f"「{item}」は、出典に挙げられていません。")
    if BOTH.search(text) and near and _is_either(near.text):
        yield Finding("partly", "出典は、いずれかとしています。")
    said = set(ONLY.findall(text))
    telling = [group for group in told_together(claim) if any(ONLY.search(one.text) for one in group)]
    near = nearest(telling[0], material.statements) if len(telling) == 1 else near
    given = near and (
        ONLY.search(near.text)
        or (re.search(r"に限|限り(?!な)", near.text) and said <= EXCLUSIVE)
        or (ALL.search(near.text) and not said & EXCLUSIVE)
    )
    if said and near and not given:
        yield Finding("partly", f"「{min(said)}」とは、出典にありません。")
    if near and not said and PART.search(text) and given:
        yield Finding("partly", "出典は、一部とは述べていません。")
    for word, bound in set(WORD_BOUND.findall(text)):
        other = {found[1] for found in WORD_BOUND.findall(material.text) if found[0] == word}
        if other and bound not in other:
            yield Finding("contradicted", f"「{word}{bound}」の範囲が、出典と違います。")
    anyhow = ANYHOW.search(text)
    if anyhow and not ANYHOW.search(material.text) and (IF.search(material.text) or ONLY_IF.match(anyhow[0])):
        yield Finding("partly", f"「{anyhow[0]}」とは、出典にありません。")
