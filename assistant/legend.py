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
    for sign, _, words in _items(sentence):
        given = [one for source in texts for one in _items(source) if one[0] == sign]
        if given and not any(words & told for _, _, told in given):
            return f"「{sign}」は、出典では「{given[0][1][:20]}」です。"
    return ""


def _items(text: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Each circled number with what stands behind it and its words, if there are any."""
    for found in ITEM.finditer(text):
        if words := frozenset(word.lemma for word in words_of(unified(found["text"]))):
            yield found["sign"], found["text"].strip(), words
