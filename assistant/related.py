"""Related: whether a source has another word for a noun that it lacks: a synonym, or a thing of that kind.

Only as "some form of the word stands there": names and columns are never equal by it.
"""

from __future__ import annotations

from functools import lru_cache

from assistant.segments import LEXICON
from index.synonyms import groups_of_term

KINDS: dict[str, str] = dict(line.split(" ") for line in LEXICON["kinds"])


def is_kind_told(lemma: str, text: str) -> bool:
    """Whether a text has a sign of things of a kind: 建物 where it has 局舎, 船 where it has 410隻."""
    return any(sign in text for sign in KINDS.get(lemma, ""))


def has_synonym(lemma: str, lemmas: frozenset[str]) -> bool:
    """Whether one of some words may stand for a word by the dictionary of synonyms."""
    groups = _groups(lemma)
    return bool(groups) and any(groups & _groups(one) for one in lemmas)


@lru_cache(maxsize=4096)
def _groups(lemma: str) -> frozenset[int]:
    return frozenset(groups_of_term().get(lemma, ())) if len(lemma) > 1 else frozenset()
