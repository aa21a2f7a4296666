"""Turned: a sentence must not give as the beginning of a change what the source gives as its end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from assistant.binding import Finding, Material
from assistant.facts import facts_of
from assistant.segments import Segment
from assistant.series import series_of

OUT = re.compile(r"(?:\([^()]*\))?(?:から|を|に対し)")
INTO = re.compile(r"(?:\([^()]*\))?(?:に|へ|と|まで|となる)")
RUN = r"(?<![一-龠々ァ-ヶー])[一-龠々ァ-ヶー]{2,}"
FROM_TO = re.compile(rf"(?P<one>{RUN})(?:から|より)、?(?P<other>{RUN})(?:に(?!よ)|へ)")
TURNED = "「{}」から「{}」への向きが、出典と逆です。"
Change = tuple[str, Decimal, Decimal]


def check_turned(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """180円から150円に is not told by 150円から180円に, nor A課からB課へ by B課からA課へ."""
    text = "".join(clause.text for clause in claim)
    for found in FROM_TO.finditer(text):
        one, other = re.escape(found["one"]), re.escape(found["other"])
        if _moves(other, one, material.text) and not _moves(one, other, material.text):
            yield Finding("contradicted", TURNED.format(found["one"], found["other"]))
    said = list(changes_in(text))
    if not said:
        return
    told = {change for given in _sentences(material) for change in changes_in(given)}
    told |= _in_tables(material)
    for unit, start, end in said:
        if (unit, end, start) in told and (unit, start, end) not in told:
            yield Finding("contradicted", TURNED.format(f"{start}{unit}", f"{end}{unit}"))


def changes_in(text: str) -> Iterator[Change]:
    """What a text says went from one amount to another, with the unit."""
    for one, other in pairwise(fact for fact in facts_of(text) if fact.kind == "amount"):
        if one.unit == other.unit and OUT.match(text, one.end) and INTO.match(text, other.end):
            yield one.unit, one.value, other.value


def _moves(one: str, other: str, text: str) -> bool:
    return re.search(rf"{one}(?:から|より)、?[^。、]{{0,6}}{other}(?:に|へ|が)", text) is not None


def _sentences(material: Material) -> Iterator[str]:
    for place in {one.unit_place for one in material.segments if one.column < 0}:
        yield "".join(one.text for one in material.segments if one.unit_place == place)


def _in_tables(material: Material) -> set[Change]:
    """From every number of a row or column to each later one."""
    found = set()
    for series in series_of(material.segments):
        timed = [one for one in series if one.when >= 0]
        for one in timed:
            found |= {(one.unit, one.amount, later.amount) for later in timed if later.when > one.when}
    return found
