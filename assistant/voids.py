"""Voids: what did not take place, told without a verb that denies it: 中止, 実績なし, 該当なし, －."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.binding import Finding, Material
from assistant.facts import Fact
from assistant.polarity import denies
from assistant.segments import Segment, words_of
from assistant.statements import GENERAL, Statement, holds, nearest, tell_alike
from assistant.values import same

OFF = r"中止|見合わせ|見送り|延期|取りやめ|取り止め|休止|未実施|未開催|不開催|実施せず|開催せず"
EMPTY_CELL = re.compile(
    rf"^(?:[-－―—–‐ー一]|(?:該当|実績|申請|応募|開催|実施|派遣|受入れ?)?(?:なし|無し|せず)|{OFF})(?:\(.*\))?$"
)
TELLS_OFF = re.compile(
    rf"{OFF}|取りや|取り止|見合わせ|見送|延期|やめ[たるまて]|延ば|先送り|な(?:い|し|かった|く)|無[いくし]|ません|ず(?:に|、|$)|休み|流れ[たま]"
)
NOTHING = re.compile(
    r"(?P<what>[一-龠ァ-ヶー]{2,})[:：はが]?(?:(?:該当|実績)(?:なし|無し)|なし(?=[)。\s]|$))"
)
PUT_OFF = re.compile(rf"(?:{OFF})(?:[とにを]?(?:し|す|な|さ|た)|。|$|\()")
AFFIRMS = re.compile(r"(?:ました|た|です|ます|れた|だ|いる|ある)$")
REASON = "出典では、行われていないか、該当がありません。"


def check_voids(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """What a source lists as not done or not there must not be told as done."""
    text = "".join(clause.text for clause in claim)
    if tells_off(text) or not AFFIRMS.search(text):
        return
    if void_cell(claim, material) is not None or _is_listed_empty(text, material):
        yield Finding("contradicted", REASON)
        return
    near = nearest(claim, material.statements)
    if near and text.startswith("はい") and tells_off(near.text):
        yield Finding("contradicted", REASON)
        return
    if near and not near.is_row and PUT_OFF.search(near.text) and not _is_told(claim[-1], near):
        yield Finding("contradicted", REASON)


def tells_off(text: str) -> bool:
    """Whether a text tells that something is not there or did not take place."""
    return TELLS_OFF.search(text) is not None or denies(text)


def void_cell(claim: Sequence[Segment], material: Material) -> Segment | None:
    """The cell without a value that a sentence tells of, by its row and column, or `None`."""
    lemmas = frozenset(lemma for clause in claim for lemma in clause.lemmas)
    text = "".join(clause.text for clause in claim)
    years = frozenset(year for clause in claim for year in clause.years)
    facts = [fact for clause in claim for fact in clause.facts]
    rows: dict[int, list[Segment]] = {}
    for cell in material.segments:
        if cell.column >= 0:
            rows.setdefault(cell.unit_place, []).append(cell)
    meant = {place: _fits(row[0], lemmas) for place, row in rows.items()}
    best = max(meant.values(), default=0)
    for row in (row for place, row in rows.items() if best and meant[place] == best):
        head = frozenset(word.lemma for word in row[0].words) - GENERAL
        cells = [cell for cell in row[1:] if cell.text]
        named = [cell for cell in cells if years & cell.years or _names_column(cell, head, lemmas, facts)]
        told = [cell for cell in cells if cell.text in text]
        if row[0].years and not years & row[0].years:
            continue
        for cell in named or cells:
            if EMPTY_CELL.match(cell.text) and (named or not told):
                return cell
    return None


def _fits(head: Segment, lemmas: frozenset[str]) -> int:
    """How many words of a row's head a sentence has; 0 if one that tells something is missing."""
    words = {word.lemma for word in head.words}
    telling = words - GENERAL
    if head.column or not telling or not all(holds(lemmas, word) for word in telling):
        return 0
    return sum(holds(lemmas, word) for word in words)


def _names_column(cell: Segment, head: frozenset[str], lemmas: frozenset[str], facts: Sequence[Fact]) -> bool:
    label = cell.about - head - GENERAL
    if not label:  # 5年度
        return any(same(fact, one) for fact in facts for one in cell.about_facts)
    return all(holds(lemmas, word) for word in label)


def _is_listed_empty(text: str, material: Material) -> bool:
    """Whether a text affirms what a line lists as none: 善行 該当なし."""
    lemmas = frozenset(word.lemma for word in words_of(text))
    for found in NOTHING.finditer(material.text):
        words = {word.lemma for word in words_of(found["what"])} - GENERAL
        if words and all(holds(lemmas, word) for word in words) and not re.search(r"\d", text):
            return True
    return False


def _is_told(clause: Segment, near: Statement) -> bool:
    """Whether the last deed of a sentence is told there as it is, beside what was put off."""
    deeds = [word.lemma for word in clause.words if word.acts]
    return bool(deeds) and any(tell_alike(deeds[-1], word.lemma) for word in near.words)
