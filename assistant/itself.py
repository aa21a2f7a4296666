"""Itself: small models tell a thing by its own name, or turn a doer and a deed round: none sets itself up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.binding import Finding, Material
from assistant.segments import Segment, words_of
from assistant.statements import GENERAL

TOPIC = re.compile(r"^(?P<name>[^、。はがを()「」]{2,30})(?:[(「][^()「」]*[)」])?は")
OFFICE = re.compile(r"(?P<name>[^、。はがを]{2,30})を務め")
IS = re.compile(
    r"^(?P<topic>[^。は:]{4,60}?)(?:(?<!の)は、?|:)(?P<told>[^。、]{2,60}?)(?:です|である|であります)?$"
)
BODY = re.compile(r"(?:財団|協会|会社|センター|[市区町村都県課部]|大学|法人|組合|機構|連盟|公社)$")


def check_itself(claim: Sequence[Segment], _material: Material) -> list[Finding]:
    """What is itself, does something to what has its name (ＡはＢ(略称:Ａ)を設置した), or acts as a body."""
    told = "".join(clause.text for clause in claim)
    office = OFFICE.search(told)
    if office and BODY.search(office["name"]):
        return [Finding("partly", f"「{office['name']}」を務めるとは、出典にありません。")]
    if same := _same_again(told):
        return [Finding("partly", f"「{same}」を同じ言葉で言い換えただけの文です。")]
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


def _same_again(told: str) -> str:
    """The topic of a sentence that says of it what its name says (展示会は展示の会です); "" of any other."""
    found = IS.match(told)
    if not found or re.search(r"\d", found["told"]):
        return ""
    named, said = ({word.lemma for word in words_of(found[part])} for part in ("topic", "told"))
    return found["topic"] if len(said - GENERAL) > 1 and said <= named | GENERAL else ""
