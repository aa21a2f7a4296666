"""Totals: a cell of a total row or column is no value of one item, and one item's cell is no total."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.binding import Finding, Material
from assistant.facts import Fact
from assistant.segments import Segment
from assistant.statements import GENERAL, holds
from assistant.values import same

TOTAL = re.compile(r"^(?:合計|計|小計|総計|総数|総額|全体|累計|総合計|延べ計)(?:\(.*\))?$")
SUMS = re.compile(
    r"合計|総計|小計|累計|合わせ|あわせ|全部|全体|総[数額量]|すべて|全て|両方|トータル|通算|[^一-龠]計|全[一-龠]"
)
AS_TOTAL = re.compile(r"(?:合計|総計|総数)(?:は|が|で、|して)")


def check_totals(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """A value of a total is told as one, and only a value of a total is."""
    cells = [segment for segment in material.segments if segment.column >= 0]
    heads = {cell.unit_place: cell for cell in cells if cell.column == 0}
    totals = {place for place, cell in heads.items() if TOTAL.match(cell.text)}
    text = "".join(clause.text for clause in claim)
    lemmas = frozenset(lemma for clause in claim for lemma in clause.lemmas)
    sums = SUMS.search(text) is not None
    items = {place for place, head in heads.items() if place not in totals and _is_named(head, lemmas)}
    if AS_TOTAL.search(text):
        yield from _unsummed(claim, material)
    for clause in claim:
        for fact in clause.facts:
            holding = [
                cell for cell in cells if cell.column > 0 and any(same(fact, one) for one in cell.facts)
            ]
            if not holding:
                continue
            in_total = [cell for cell in holding if cell.unit_place in totals]
            if len(in_total) == len(holding) and items and not sums:
                yield Finding("contradicted", f"「{fact.shown}」は、出典では合計です。")
            elif totals and sums and not in_total and not items and not any(map(_in_sum, holding)):
                yield Finding("contradicted", f"「{fact.shown}」は、出典では合計ではありません。")
            elif not sums and all(map(_in_sum, holding)) and _names_part(holding[0], cells, lemmas):
                yield Finding("contradicted", f"「{fact.shown}」は、出典では計の値です。")


def _unsummed(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """What is told as a total (合計は35件), but is called none there and is no sum of what is beside."""
    units: dict[int, list[Segment]] = {}
    for one in material.segments:
        units.setdefault(one.unit_place, []).append(one)
    for fact in (fact for clause in claim for fact in clause.facts if fact.kind == "amount"):
        holding = [unit for unit in units.values() if any(same(fact, one) for one in _amounts(unit))]
        if holding and not any(_tells_sum(unit, fact) for unit in holding):
            yield Finding("partly", f"「{fact.shown}」が合計かどうかは、出典で確かめられません。")


def _amounts(unit: Sequence[Segment]) -> list[Fact]:
    return [one for part in unit for one in part.facts if one.kind == "amount"]


def _tells_sum(unit: Sequence[Segment], fact: Fact) -> bool:
    if any(SUMS.search(f"{part.label} {part.text}") for part in unit):
        return True
    others = [one.value for one in _amounts(unit) if not same(fact, one)]
    return len(others) > 1 and sum(others) == fact.value


def _is_named(head: Segment, lemmas: frozenset[str]) -> bool:
    words = {word.lemma for word in head.words} - GENERAL
    return bool(words) and all(holds(lemmas, word) for word in words)


def _in_sum(cell: Segment) -> bool:
    """Whether a cell stands in a column of totals."""
    return TOTAL.match(cell.label) is not None


def _names_part(cell: Segment, cells: Sequence[Segment], lemmas: frozenset[str]) -> bool:
    """Whether a sentence names another column of the row."""
    row = [one for one in cells if one.unit_place == cell.unit_place]
    head = frozenset(word.lemma for one in row if one.column == 0 for word in one.words)
    labels = (one.about - head for one in row if one.column > 0 and one is not cell)
    return any(label and all(holds(lemmas, word) for word in label) for label in labels)
