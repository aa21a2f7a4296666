"""Roles: who does something in a sentence must not be somebody else in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.apart import closest
from assistant.binding import Finding, Material
from assistant.segments import Segment
from assistant.statements import GENERAL, Statement, told_together

WHO = (  # a person, office or body, by the sign that it ends in
    r"(?<![\da-z一-龠々ァ-ヶー])[一-龠々ァ-ヶー]{0,11}"
    r"[者員人長課部局会団社市区町村県国甲乙官師係室署所館校園民族合構府事関織隊班]"
)
DOES = re.compile(rf"(?P<who>{WHO})(?:が|は、?)(?![^、]*(?:れる|れた|れて|れま|もら|受け|いただ))")
DOES_IT = re.compile(rf"(?P<who>{WHO})が")
IS_WHO = re.compile(rf"のは、?(?P<who>{WHO})(?:です|だ|である|でした|だった)?$")
GIVES = re.compile(rf"(?P<who>{WHO})から(?={WHO}(?:に|へ))")  # 区長から市長に要請する
IS_DONE_BY = re.compile(rf"(?P<what>{WHO})は、?{WHO}が[^、をが]*(?:、|。|$)")  # 副会長は会長が指名する
LOAN = re.compile(r"(?P<who>[ァ-ヶー]{3,})(?:が|は)")

NOBODY = frozenset({"人", "者", "場合", "本人", "時間", "期間", "期限"})
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
        doers = {found["who"] for pattern in (DOES, LOAN, GIVES) for found in pattern.finditer(told.text)}
        doers -= {found["what"] for found in IS_DONE_BY.finditer(told.text)}
        for who in {found["who"] for pattern in (DOES, IS_WHO) for found in pattern.finditer(text)} - NOBODY:
            if any(_is_other(doer, text) and _is_other(who, told.text) for doer in doers - {who}):
                yield Finding("contradicted", f"「{who}」は、出典では別の立場です。")
                return
            if _does_another(who, group, text, material) or _is_misplaced(who, doers, told, text, material):
                yield Finding("partly", f"「{who}」は、出典では別の立場です。")


def _is_misplaced(who: str, doers: set[str], told: Statement, text: str, material: Material) -> bool:
    """Whether the statement that tells the same has somebody else do it."""
    if _is_done_to(who, doers, told.text, text):
        return True
    if not doers or any(who in doer or doer in who or doer in text for doer in doers):
        return False
    if who in told.text and not re.search(rf"{re.escape(who)}{OTHER}", told.text):
        return False
    if re.search(rf"{re.escape(who)}(?:に(?!よ)|へ)", told.text):
        return True
    if who not in told.text and any(_is_instead(who, doer, text, material) for doer in doers):
        return True
    does = re.compile(rf"{re.escape(who)}(?:が|は)")
    return any(does.search(one.text) for one in material.statements if one is not told)


def _is_done_to(who: str, doers: set[str], given: str, text: str) -> bool:
    """Whether a sentence has do it whom the source tells to be done something to: 副会長は会長が指名する."""
    if who not in {found["what"] for found in IS_DONE_BY.finditer(given)}:
        return False
    acts = re.search(rf"{re.escape(who)}(?:が|は[^が]*$)|のは、?{re.escape(who)}", text)
    return acts is not None and not any(f"{doer}が" in text for doer in doers)


def _does_another(who: str, group: Sequence[Segment], text: str, material: Material) -> bool:
    """Whether all clauses with the deed of a sentence name somebody else who does it: 費用は甲が負担する."""
    deeds = [word.lemma for word in group[-1].words if word.acts and word.lemma not in GENERAL]
    if not deeds or not ACTOR.search(who) or f"{who}が" in material.text or who not in material.text:
        return False
    if not re.search(rf"{re.escape(who)}が[^、]*$|のは、?{re.escape(who)}", text):
        return False
    prose = (one for one in material.segments if one.column < 0)
    where = [one.text for one in prose if any(word.lemma == deeds[-1] for word in one.words)]
    doers = [{found["who"] for found in DOES_IT.finditer(one) if ACTOR.search(found["who"])} for one in where]
    others = {doer for one in doers for doer in one}
    return bool(others) and all(doers) and not any(doer in who or doer in text for doer in others)


def _is_instead(who: str, doer: str, text: str, material: Material) -> bool:
    """Whether a sentence has somebody whom the source names elsewhere do what another one does there."""
    return all(ACTOR.search(one) for one in (who, doer)) and who in material.text and doer not in text


def _is_other(who: str, text: str) -> bool:
    """Whether something is done to or for somebody there, and not by them."""
    return re.search(rf"(?<![一-龠]){re.escape(who)}(?:に(?![よなつ])|を(?!もって)|へ)", text) is not None
