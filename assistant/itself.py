"""Itself: nothing sets itself up. A source that gives a thing a second name is easily retold so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.binding import Finding, Material
from assistant.segments import Segment

TOPIC = re.compile(r"^(?P<name>[^、。はがを()「」]{2,30})(?:[(「][^()「」]*[)」])?は")


def check_itself(claim: Sequence[Segment], _material: Material) -> list[Finding]:
    """A thing that is said to do something to what has its own name: ＡはＢ(略称:Ａ)を設置した."""
    told = "".join(clause.text for clause in claim)
    topic = TOPIC.match(told)
    if not topic:
        return []
    name = re.escape(topic["name"])
    itself = rf"(?:[(「][^()「」]*{name}[^()「」]*[)」]|(?<![一-龠ァ-ヶ]){name})を"
    if not re.search(itself, told[topic.end() :]):
        return []
    return [Finding("partly", f"「{topic['name']}」が自分自身のこととして書かれています。")]
