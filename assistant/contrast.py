"""Contrast: a value that stands beside one label is not told under another of the same table or list.

What two labels differ in decides: of 家屋の全壊 and 家屋の半壊 a sentence on 半壊 has what only it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.binding import Finding, Material
from assistant.facts import Fact
from assistant.names import names_of
from assistant.segments import Segment

LABEL = re.compile(r"^[・○●■◆\-\s]*(?:\(?\d{1,2}[.)]\s*)?(?P<label>[^:、。|]{2,24}):")
COMPARES = re.compile("より|比べ")
CHANGE = re.compile("[増減差比率]")  # such a column is told of by what it is measured from, too


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands under some labels, each of a place that its neighbours have too: column, row or item.

    Attributes:
        labels: By the place's kind.
    """

    text: str
    facts: tuple[Fact, ...]
    labels: dict[str, str]


def check_contrast(claim: Sequence[Segment], material: Material) -> list[Finding]:
    """Values and names that the source has under other labels than those that the sentence names."""
    told = "".join(clause.text for clause in claim)
    facts = [fact for clause in claim for fact in clause.facts]
    cells = list(_cells(material))
    findings = []
    for fact in facts:
        holding = [cell for cell in cells if _holds(cell, fact)]
        if holding and all(_is_told_of_another(cell, cells, told, facts) for cell in holding):
            findings.append(Finding("partly", f"「{fact.shown}」は、出典では別の行や列のことです。"))
    for name in (name for clause in claim for name in names_of(clause)):
        own = [replace(cell, labels=_down(cell)) for cell in cells if name in cell.text]
        elsewhere = material.text.count(name) > sum(cell.text.count(name) for cell in own)
        if own and not elsewhere and all(_is_told_of_another(cell, cells, told, facts) for cell in own):
            findings.append(Finding("partly", f"「{name}」は、出典では別の行や列のことです。"))
    return findings


def _is_told_of_another(cell: Cell, cells: Sequence[Cell], told: str, facts: Sequence[Fact]) -> bool:
    """Whether a neighbour's label is named in the place of the cell's.

    Two columns of a row may be told by the name of one (予算900円のうち支出は800円), rows not.
    """
    for other in cells:
        kinds = [kind for kind in cell.labels if cell.labels[kind] != other.labels.get(kind)]
        if len(kinds) != 1 or kinds[0] not in other.labels:
            continue
        own, rival = cell.labels[kinds[0]], other.labels[kinds[0]]
        is_beside = CHANGE.search(own) or COMPARES.search(told) or any(_holds(other, fact) for fact in facts)
        if kinds[0] == "column" and is_beside:
            continue
        if _names_instead(told, rival, own):
            return True
    return False


def _down(cell: Cell) -> dict[str, str]:
    """A cell's labels but for its column's: names of two columns may be told by one of them."""
    return {kind: label for kind, label in cell.labels.items() if kind != "column"}


def _names_instead(told: str, other: str, own: str) -> bool:
    """Whether a text has all that only the other of two labels has, and nothing that only its own has."""
    only_other, only_own = set(other) - set(own), set(own) - set(other)
    return (
        bool(only_other and only_own)
        and all(sign in told for sign in only_other)
        and not any(sign in told for sign in only_own)
    )


def _cells(material: Material) -> Iterator[Cell]:
    heads: dict[int, str] = {one.unit_place: one.text for one in material.segments if one.column == 0}
    units: dict[int, list[Segment]] = {}
    for one in material.segments:
        if one.column > 0:
            labels = {"row": heads.get(one.unit_place, ""), "column": one.label}
            yield Cell(one.text, one.facts, labels)
        elif one.column < 0:
            units.setdefault(one.unit_place, []).append(one)
    for segments in units.values():
        text = "".join(one.text for one in segments)
        if found := LABEL.match(text):
            facts = tuple(fact for one in segments for fact in one.facts)
            yield Cell(text[found.end() :], facts, {"item": found["label"]})


def _holds(cell: Cell, fact: Fact) -> bool:
    """Whether a cell has a value; its unit may stand in a label."""
    return any(one.value == fact.value and one.unit in (fact.unit, "") for one in cell.facts)
