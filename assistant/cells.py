"""Cells: what a table says must be said of its row and of its column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.binding import Finding, Material, rival_of
from assistant.direction import CHANGE
from assistant.facts import Fact
from assistant.polarity import directions
from assistant.segments import Segment
from assistant.series import RATES
from assistant.statements import holds
from assistant.trends import way_of
from assistant.values import same

THAN_BEFORE = re.compile(r"[前昨]年|[前昨]期|前の|去年")
OLD, NEW = re.compile(r"前$|現行|^旧|従前"), re.compile(r"後$|^新|改正案|変更案")
WAS = re.compile(r"(?:[るた]|更|定|正|転)前[のはに、]|これまで|従来|かつて|旧|以前[のはに、]")
BECOMES = re.compile(r"(?:[たの]|更|定|正|転)後[のはに、]|これから|今後|新し|にな[るりっ]")
TELLING = frozenset({"amount", "day", "time"})  # kinds of facts of which a row may have several
IN_NUMBER = frozenset("0123456789,.")
LEAST = 10  # smaller amounts stand in any row
OTHER_ROW = "「{}」は、出典の表では別の行のことです。"
NO_COLUMN = "「{}」がどの列の値か、文からは分かりません。"
OTHER_COLUMN = "「{}」は、出典の表では別の列のことです。"


def check_cells(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """What a sentence tells of a table must stand in one row, each value under its own column."""
    cells = [segment for segment in material.segments if segment.column >= 0]
    if not cells:
        return
    yield from _rows(claim, cells)
    for clause in claim:
        yield from _in_other_row(clause, cells)
        if not any("それぞれ" in one.text for one in claim):
            yield from _in_other_column(clause, claim, cells)


def _in_other_row(clause: Segment, cells: Sequence[Segment]) -> Iterator[Finding]:
    for cell in cells:
        if cell.column < 1 or len(cell.text) < 2 or not _stands_in(cell.text, clause.text):
            continue
        holding = [other for other in cells if other.column > 0 and other.text == cell.text]
        like = [one for one in cells if one.column == cell.column and not _stands_in(one.text, clause.text)]
        own = frozenset(word.lemma for word in cell.words)
        if rival_of(clause, holding, like, without=own) is not None:
            yield Finding("contradicted", OTHER_ROW.format(cell.text))


def _rows(claim: Sequence[Segment], cells: Sequence[Segment]) -> Iterator[Finding]:
    """Where no row holds all cells that a sentence tells, it mixes rows, unless it names both."""
    heads = {one.unit_place for one in cells if one.column == 0 and any(_names(c, one) for c in claim)}
    told = {one.text: _rows_of(one, cells) for one in cells if any(_names(c, one) for c in claim)}
    facts = {
        fact.shown: _rows_with(fact, cells) for clause in claim for fact in clause.facts if _weighs(fact)
    }
    told |= {shown: rows for shown, rows in facts.items() if rows}
    if len(heads) > 1 or len(told) < 2:
        return
    common = frozenset.intersection(*told.values())
    if not common and all(told.values()):
        odd = min(told, key=lambda text: (len(told[text] & heads), len(told[text])))
        yield Finding("contradicted", OTHER_ROW.format(odd))


def _rows_of(cell: Segment, cells: Sequence[Segment]) -> frozenset[int]:
    return frozenset(one.unit_place for one in cells if one.text == cell.text)


def _rows_with(fact: Fact, cells: Sequence[Segment]) -> frozenset[int]:
    return frozenset(cell.unit_place for cell in cells if any(same(fact, one) for one in cell.facts))


def _weighs(fact: Fact) -> bool:
    """Whether a fact tells rows apart: an amount of some digits, with a unit."""
    return fact.kind == "amount" and bool(fact.unit) and fact.value >= LEAST


def _names(clause: Segment, cell: Segment) -> bool:
    """Whether a clause has the text of a cell that is no bare number."""
    return len(cell.text) > 1 and not cell.text.isdigit() and _stands_in(cell.text, clause.text)


def _stands_in(cell: str, text: str) -> bool:
    """Whether a text has that of a cell, which as a number is no part of another: 18 in 318人."""
    at = text.find(cell)
    while at >= 0:
        before, after = text[max(0, at - 1) : at], text[at + len(cell) : at + len(cell) + 1]
        goes_on = (cell[0].isdigit() and before in IN_NUMBER) or (cell[-1].isdigit() and after in IN_NUMBER)
        if not goes_on:
            return True
        at = text.find(cell, at + 1)
    return False


def _in_other_column(
    clause: Segment, claim: Sequence[Segment], cells: Sequence[Segment]
) -> Iterator[Finding]:
    """A clause must not name the column of another cell of the row in full, and that of its own cell not."""
    loose = (word.lemma for one in claim if not one.facts for word in one.words)
    said = clause.lemmas.union(loose)
    told = [one for one in cells if one.column > 0 and _tells(clause, one)]
    named = {one.unit_place for one in cells if one.column == 0 and _is_named(one, said)}
    for cell in [one for one in told if one.unit_place in named] or told:
        row = [one for one in cells if one.unit_place == cell.unit_place]
        head = frozenset(word.lemma for one in row if one.column == 0 for word in one.words)
        others = [
            one for one in row
            if one.column > 0 and (one.about - head or one.about_facts)
            and one.text != cell.text and not _tells(clause, one)
        ]  # fmt: skip
        if any(way_of(clause.text, fact) and _is_change(fact, cell) for fact in clause.facts):
            continue  # by how much: which way is checked elsewhere
        alone = not any(one.facts for one in claim if one is not clause)
        if _is_other_side(cell, others, "".join(one.text for one in claim) if alone else clause.text):
            yield Finding("contradicted", OTHER_COLUMN.format(cell.text))
            continue
        under = _years_above(cell)
        if under and not clause.years & under and any(clause.years & _years_above(one) for one in others):
            yield Finding("contradicted", OTHER_COLUMN.format(cell.text))
            continue
        if _is_told(cell.about - head, clause, said) or _is_times(cell, clause):
            continue
        if any(_is_told(one.about - head, clause, _own(clause)) for one in others):
            yield Finding("contradicted", OTHER_COLUMN.format(cell.text))
        elif (
            _are_alike(cell, others)
            and not _hints(cell, _alone(cell, others, head), clause, said)
            and not _leans(cell, others, head, clause)
        ):
            yield Finding("partly", NO_COLUMN.format(cell.text))


def _is_other_side(cell: Segment, others: Sequence[Segment], text: str) -> bool:
    """Whether a text tells of before a change what stands under 改定後, or the other way round."""
    was, becomes = WAS.search(text), BECOMES.search(text)
    if bool(was) == bool(becomes):
        return False
    mine, theirs = (OLD, NEW) if was else (NEW, OLD)
    return (
        not mine.search(cell.label)
        and theirs.search(cell.label) is not None
        and any(mine.search(one.label) for one in others)
    )


def _is_change(fact: Fact, cell: Segment) -> bool:
    """Whether a cell tells by this amount how much more or less something is."""
    return bool(RATES.search(cell.label)) and any(same(fact, one) for one in cell.facts)


def _is_times(cell: Segment, clause: Segment) -> bool:
    """Whether a clause tells a column of changes as a multiple of what was before: 前の年の1.5倍, 150%."""
    times = any(fact.unit == "倍" and any(same(fact, one) for one in cell.facts) for fact in clause.facts)
    return times and bool(RATES.search(cell.label)) and THAN_BEFORE.search(clause.text) is not None


def _is_named(head: Segment, said: frozenset[str]) -> bool:
    """Whether a clause names a row by all words of its head."""
    return bool(head.words) and all(holds(said, word.lemma) for word in head.words)


def _years_above(cell: Segment) -> frozenset[str]:
    """The years that a cell stands under."""
    return frozenset(f"{fact.kind}{fact.value}" for fact in cell.about_facts if fact.kind == "year")


def _own(clause: Segment) -> frozenset[str]:
    return frozenset(word.lemma for word in clause.words)


def _tells(clause: Segment, cell: Segment) -> bool:
    return _names(clause, cell) or any(
        same(fact, one) for fact in clause.facts for one in cell.facts if fact.kind in TELLING
    )


def _is_told(label: frozenset[str], clause: Segment, said: frozenset[str]) -> bool:
    return all(_holds(said, word, clause) for word in label)


def _holds(said: frozenset[str], word: str, clause: Segment) -> bool:
    signs = [sign for sign in word if "一" <= sign <= "龠"]
    return holds(said, word) or (len(signs) == len(word) and all(sign in clause.text for sign in signs))


def _alone(cell: Segment, others: Sequence[Segment], head: frozenset[str]) -> frozenset[str]:
    """What a column's label says and that of no other: 不用 of 不用額."""
    own = cell.about - head
    return own - frozenset().union(*(one.about for one in others if one is not cell)) or own


def _leans(cell: Segment, others: Sequence[Segment], head: frozenset[str], clause: Segment) -> bool:
    """Whether a clause has a sign of a column's label and none of another's: 水 of 断水, nothing of 停電."""
    signs = [set("".join(_alone(one, [cell, *others], head) - {""})) for one in (cell, *others)]
    signs = [{sign for sign in one if "一" <= sign <= "龠" and sign in clause.text} for one in signs]
    return bool(signs[0]) and not any(signs[1:])


def _hints(cell: Segment, label: frozenset[str], clause: Segment, said: frozenset[str]) -> bool:
    """Whether a clause tells by a word, a unit or a direction which column it means."""
    units = {fact.unit for fact in clause.facts if fact.unit and any(same(fact, one) for one in cell.facts)}
    if any(_holds(said, word, clause) or any(unit in word for unit in units) for word in label):
        return True
    if clause.years & _years_above(cell):
        return True
    return bool(label & CHANGE and directions(clause.text).get(0))


def _are_alike(cell: Segment, others: Sequence[Segment]) -> bool:
    """Whether the row has a value of the same kind in another column."""
    units = {(one.kind, one.unit) for other in others for one in other.facts}
    return any((one.kind, one.unit) in units for one in cell.facts if one.kind in TELLING)
