"""Legend: what a circled number stands for must be what stands behind it in the source: ④ 影響なし."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.facts import unified
from assistant.segments import words_of

SIGNS = "①-⑳❶-❿"
ITEM = re.compile(rf"(?P<sign>[{SIGNS}])(?P<text>[^{SIGNS}\n]*)")


def misnumbered(sentence: str, texts: Sequence[str]) -> str:
    """What a circled number stands for in the sources where a sentence says otherwise; "" if none does.

    A number that the sources do not have, or have with nothing behind it, tells nothing.
    """
    for sign, told in _items(sentence):
        given = [text for source in texts for other, text in _items(source) if other == sign]
        if given and not any(_words(told) & _words(text) for text in given):
            return f"「{sign}」は、出典では「{given[0][:20]}」です。"
    return ""


def _items(text: str) -> Iterator[tuple[str, str]]:
    """Each circled number with what stands behind it, if any word does."""
    for found in ITEM.finditer(text):
        if _words(found["text"]):
            yield found["sign"], found["text"].strip()


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lemma for word in words_of(unified(text)))
