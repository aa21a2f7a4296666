"""Which of several like things a text names: 第3回, 第二部, 第１１期."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping

from ingest.calendar import number_of

ORDINAL = re.compile(
    r"第\s*(\d{1,4}|[一二三四五六七八九十]{1,3})\s*(回|期|部|次|号|章|節|条|項|弾|版|編|位|類|種|学年|年度|四半期)"
)


def ordinals(text: str) -> Mapping[str, frozenset[int]]:
    """The numbers named, by what they count."""
    found: dict[str, set[int]] = defaultdict(set)
    for number, thing in ORDINAL.findall(unicodedata.normalize("NFKC", text)):
        found[thing].add(number_of(number))
    return {thing: frozenset(numbers) for thing, numbers in found.items()}


def fits_ordinals(text: str, asked: Mapping[str, frozenset[int]]) -> float:
    """1 if a text names what was asked for, -1 if only others of its kind, 0 if none."""
    if not asked:
        return 0.0
    named = ordinals(text)
    known = [bool(named[thing] & numbers) for thing, numbers in asked.items() if thing in named]
    return 0.0 if not known else (1.0 if all(known) else -1.0)
