"""Labelled: where the source gives a label's value, a sentence gives the same label no other one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.binding import Finding, Material
from assistant.facts import Fact
from assistant.segments import Segment
from assistant.values import same

LABEL = re.compile(r"(?P<label>[^、。()「」:|\s\d第はがをにで]{3,24})(?:は|が|:)?、?$")  # before a value
GIVES = re.compile(r"(?:は|が|:|、|\s|\|)*(?:約|おおむね|延べ)?")  # between a label and its value
IS_TOLD = re.compile(r"(?:です|でした|である|であった|だ|だった|で、|とな|$|。|、)")  # behind what is stated


def check_labelled(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """Each value, years aside, that is stated of a label for which the source has one of that sort, too."""
    for clause in claim:
        for fact in clause.facts:
            named = LABEL.search(clause.text[: fact.start])
            if fact.kind == "year" or not named or not IS_TOLD.match(clause.text, fact.end):
                continue
            label = re.sub("^年?度?の?", "", named["label"])
            given = _given(label, fact, clause, material) if len(label) > 2 else []
            if given and not any(same(fact, one) for one in given):
                yield Finding("contradicted", f"「{label}」は、出典では{given[0].shown}です。")


def _given(label: str, fact: Fact, clause: Segment, material: Material) -> list[Fact]:
    """The values of the same sort that stand right behind a label in a clause of no other year."""
    found = []
    for part in material.segments:
        if label not in part.text or (clause.years and part.years and not clause.years & part.years):
            continue
        ends = {one.end() for one in re.finditer(f"{re.escape(label)}{GIVES.pattern}", part.text)}
        sort = (fact.kind, fact.unit)
        found += [one for one in part.facts if one.start in ends and (one.kind, one.unit) == sort]
    return found
