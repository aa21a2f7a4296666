"""Roles: who does something in a sentence must not be somebody else in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.apart import closest
from assistant.binding import Finding, Material
from assistant.segments import Segment
from assistant.statements import told_together

WHO = (  # a person, office or body, by the sign that it ends in
    r"(?<![\da-z一-龠々ァ-ヶー])[一-龠々ァ-ヶー]{0,11}"
    r"[者員人長課部局会団社市区町村県国甲乙官師係室署所館校園民族合構府事関織隊班]"
)
DOES = re.compile(rf"(?P<who>{WHO})(?:が|は、?)(?![^、]*(?:れる|れた|れて|れま|もら|受け|いただ))")
IS_WHO = re.compile(rf"のは、?(?P<who>{WHO})(?:です|だ|である|でした|だった)?$")
LOAN = re.compile(r"(?P<who>[ァ-ヶー]{3,})(?:が|は)")

# Of 会 and 室 only those that do something: 審査会, no 説明会
ACTOR = re.compile(
    r"[者員人長課部局団社係署隊班織民甲乙市県区町村]$|(?:議|委員|自治|町内|商工|審査|防災|協)会$"
)
OTHER = "(?:に|を|へ|から|と)"


def check_roles(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """Who does it must do it in the statement that tells the same, if that says who does."""
    if not material.statements:
        return
    for group in told_together(claim):
        told = closest(group, material.statements)
        text = "".join(clause.text for clause in group)
        if told.is_row:
            continue
        doers = {found["who"] for pattern in (DOES, LOAN) for found in pattern.finditer(told.text)}
        for who in {found["who"] for pattern in (DOES, IS_WHO) for found in pattern.finditer(text)}:
            if any(_is_other(doer, text) and _is_other(who, told.text) for doer in doers - {who}):
                yield Finding("contradicted", f"「{who}」は、出典では別の立場です。")
                return
            if not doers or any(who in doer or doer in who or doer in text for doer in doers):
                continue
            if who in told.text and not re.search(rf"{re.escape(who)}{OTHER}", told.text):
                continue
            if re.search(rf"{re.escape(who)}(?:に(?!よ)|へ)", told.text):
                yield Finding("partly", f"「{who}」は、出典では別の立場です。")
                continue
            if any(_is_instead(who, doer, text, material) for doer in doers) and who not in told.text:
                yield Finding("partly", f"「{who}」は、出典では別の立場です。")
                continue
            does = re.compile(rf"{re.escape(who)}(?:が|は)")
            if any(does.search(one.text) for one in material.statements if one is not told):
                yield Finding("partly", f"「{who}」は、出典では別の立場です。")


def _is_instead(who: str, doer: str, text: str, material: Material) -> bool:
    """Whether a sentence has somebody whom the source names elsewhere do what another one does there."""
    return all(ACTOR.search(one) for one in (who, doer)) and who in material.text and doer not in text


def _is_other(who: str, text: str) -> bool:
    """Whether something is done to or for somebody there, and not by them."""
    return re.search(rf"(?<![一-龠]){re.escape(who)}(?:に(?![よなつ])|を(?!もって)|へ)", text) is not None
