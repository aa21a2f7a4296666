"""Word for word: what stands in one sentence of a source, conditions included, is not contradicted by it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.binding import Material
from assistant.manner import OPEN
from assistant.segments import Segment
from ingest.tokenizer import default_tokenizer

POLITE = frozenset({"ます", "です", "だ", "た", "て", "御座る"})  # of which it makes no difference
DENIALS = frozenset({"ず", "ぬ", "ない", "無い"})
TOPIC = re.compile(r"^[^、。]{1,24}?は、?")
CONDITION = re.compile(r"場合|とき|ければ|れば|たら|限[りっ]|のみ|だけ|者は|際")
GOES_ON = re.compile(r"(?:が|し|り|で|ず|き|い|ち|に|め|け|せ|え)、$")


def stands(claim: Sequence[Segment], material: Material) -> bool:
    """Whether a sentence is a run of whole clauses of one sentence of the source, but for polite forms.

    A topic that the source names elsewhere may stand before it. What is left out before it must be no
    condition, and what follows must not turn it into a thought.
    """
    text = "".join(one.text for one in claim)
    wanted = [shape(text)]
    topic = TOPIC.match(text)
    if topic and topic[0].rstrip("は、") in material.text:
        wanted.append(shape(text[topic.end() :]))
    sentences: dict[int, list[str]] = {}
    for one in material.segments:
        if one.column < 0:
            sentences.setdefault(one.unit_place, []).append(one.text)
    return any(_stands_in(one, parts) for one in wanted for parts in sentences.values() if len(one) > 2)


def _stands_in(wanted: tuple[str, ...], parts: Sequence[str]) -> bool:
    for first in range(len(parts)):
        if CONDITION.search("".join(parts[:first])):
            return False
        for last in range(first, len(parts)):
            after = "".join(parts[last + 1 :])
            ends = not after or (GOES_ON.search(parts[last]) and not OPEN.search(after))
            if ends and shape("".join(parts[first : last + 1])) == wanted:
                return True
    return False


@lru_cache(maxsize=1024)
def shape(text: str) -> tuple[str, ...]:
    """The words of a text in order, without signs and polite forms, and with one word for not."""
    found = []
    for morpheme in default_tokenizer().morphemes(re.sub(r"[、。]", "", re.sub(r"が、$", "", text))):
        if morpheme.lemma in DENIALS:
            found.append("not")
        elif morpheme.lemma not in POLITE:
            found.append(morpheme.lemma)
    return tuple(found)
