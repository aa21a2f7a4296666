"""Itself: nothing sets itself up, and nobody acts as a body: small models turn a doer and a deed round."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.binding import Finding, Material
from assistant.segments import Segment

TOPIC = re.compile(r"^(?P<name>[^、。はがを()「」]{2,30})(?:[(「][^()「」]*[)」])?は")


OFFICE = re.compile(r"(?P<name>[^、。はがを]{2,30})を務め")
BODY = re.compile(r"(?:財団|協会|会社|センター|[市区町村都県課部]|大学|法人|組合|機構|連盟|公社)$")


def check_itself(claim: Sequence[Segment], _material: Material) -> list[Finding]:
    """A thing that does something to what has its own name (ＡはＢ(略称:Ａ)を設置した), or acts as a body."""
    told = "".join(clause.text for clause in claim)
    office = OFFICE.search(told)
    if office and BODY.search(office["name"]):
        return [Finding("partly", f"「{office['name']}」を務めるとは、出典にありません。")]
    topic = TOPIC.match(told)
    if not topic:
        return []
    if topic["name"] not in told[topic.end() :]:
        return []
    name = re.escape(topic["name"])
    itself = rf"(?:[(「][^()「」]*{name}[^()「」]*[)」]|(?<![一-龠ァ-ヶ]){name})を"
    if not re.search(itself, told[topic.end() :]):
        return []
    return [Finding("partly", f"「{topic['name']}」が自分自身のこととして書かれています。")]
