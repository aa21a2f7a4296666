"""Opposed: words of which a source has one side and a sentence the other, such as 市内 and 市外."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from assistant.binding import Finding, Material
from assistant.segments import LEXICON, Segment

SIDES = tuple(tuple(side.split() for side in group.split("|")) for group in LEXICON["opposed"])
EVERY = frozenset({"すべて", "全て", "全部", "全員"})
ALL = re.compile(r"(?<![安完保万健])全[一-龠]")


def check_opposed(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """A word that the source lacks must not stand where the source has only what excludes it.

    Where a sentence has both, or the source has it too, which is told of what is for other rules to say.
    """
    said = "".join(clause.text for clause in claim)
    told = material.text
    for sides in SIDES:
        for mine, others in (
            (side, [word for one in sides if one is not side for word in one]) for side in sides
        ):
            words = _standing(mine, said, others)
            if not words or _standing(mine, told + material.context, others) or _standing(others, said, mine):
                continue
            if words[0] in EVERY and ALL.search(told):
                continue  # 全世帯 is all of them
            if given := _standing(others, told, mine):
                yield Finding("partly", f"「{words[0]}」は、出典では「{given[0]}」です。")


def _standing(words: Sequence[str], text: str, others: Sequence[str]) -> list[str]:
    """Those words that a text has, and not only as a part of one that excludes it: 公開 in 非公開."""
    if not any(word in text for word in words):  # nearly always
        return []
    longer = [other for other in others if any(word in other for word in words)]
    rest = re.sub("|".join(map(re.escape, longer)), "", text) if longer else text
    return [word for word in words if word in rest and (len(word) > 1 or _by_itself(word).search(rest))]


@cache
def _by_itself(sign: str) -> re.Pattern[str]:
    """One sign is a word only by itself: 春 in 春の, not in 春日."""
    return re.compile(rf"(?<![一-龠々]){sign}(?![一-龠々])")
