"""Lists: how many items a text names, and whether a number that it does not write is theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.facts import Fact

JOINT = re.compile(r"[、・]|及び|並びに|および|と(?!して|する|なる|き|も|の)")
ITEM = r"[^\s、。・はがをにでへ]{1,20}?"
LISTED = re.compile(
    rf"(?:{ITEM}(?:、|・|及び|並びに|および|と)){{1,20}}{ITEM}(?=[のはがをにで。]|である|です|だ|$)"
)
COUNTERS = frozenset({"つ", "点", "種", "項", "個", "件", ""})


def counts_list(fact: Fact, said: str, sentences: Iterable[str]) -> bool:
    """Whether a number that the source does not write is that of the items which it lists.

    A sentence that names items itself has to name as many.
    """
    if fact.kind != "amount" or fact.unit not in COUNTERS:
        return False
    named = [n for n in lengths_of(said) if n > 1]
    lists = {n for text in sentences for n in lengths_of(text)}
    return int(fact.value) in lists and all(n == int(fact.value) for n in named)


def items_of(text: str) -> list[str]:
    """The items of all lists in a text."""
    return [item for found in LISTED.finditer(text) for item in JOINT.split(found[0]) if item]


def lengths_of(text: str) -> list[int]:
    """How many items each list in a text has."""
    return [len(JOINT.split(found[0])) for found in LISTED.finditer(text)]
