"""Sequence: what comes before what, as the source tells it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.binding import Finding, Material
from assistant.segments import Segment, words_of
from assistant.statements import GENERAL, holds

EARLIER = (
    r"(?:の|する|した|て|た|より|り|く|い|む|ぶ|る|う)?(?:(?<!午)前|まえ|先)(?:に(?!比)|の[日週月年]に?)|"
    r"に先立[ちっ]て?|に先んじて|より(?:も)?(?:前|まえ|先)(?=[のでだ、]|$)"
)
LATER = (
    r"(?:の|た|んだ|て|より)(?:後|のち|あと)(?:に|で|、|は|の)(?!\d)|(?<![午最])後(?:に|、)(?!\d)|(?:て|んで)から(?![\dも])|に続[いけ]て|"
    r"の(?:翌|次の)[日週月年]に?|より(?:も)?(?:後|あと|のち)(?=[のでだ、]|$)"
)
NOT_A_TIME = r"(?<![\d日月年間分度])"  # 10日前 is no order
MARK = re.compile(rf"{NOT_A_TIME}(?:(?P<earlier>{EARLIER})|(?P<later>{LATER}))")
LED_BY = r"の?結果を踏まえ|を踏まえて?|を経[てた]|を(?:通過|完了|終了)した(?:者|もの)"
MARK_GIVEN = re.compile(rf"{NOT_A_TIME}(?:(?P<earlier>{EARLIER})|(?P<later>{LATER}|後の|{LED_BY}))")
STEPS = re.compile(
    r"(?P<one>[^。]*?(?:まず|最初に|はじめに|先に|午前)[^、。]*)、(?P<other>[^。]*?(?:次に|続いて|その後|それから|午後)[^。]*)"
)
THEN = re.compile(
    r"(?P<one>[^。|]*?[しえけせてねべめれっきちにりい])、(?:その)?(?:翌[日週月年]|次の日|続いて|その後|次に|それから)(?P<other>[^。|]*)"
)
STEP = re.compile(
    r"(?:第\d+段階|ステップ\d+|手順\d+|まず|最初に|はじめに|初めに)(?:では|で|は)?|(?P<on>次に|続いて|(?<!そ)その後|それから|最後に|その翌[日週月年])"
)
IN_TURN = re.compile(r"(?P<list>[^。|]*?)の順")
LATER_SAID = re.compile(
    r"(?P<one>[^、。]+?)は、?(?P<other>[^、。]+?)の?(?P<side>後|あと|前|まえ)(?:です|だ|である|になる|となる|$)"
)
Order = tuple[frozenset[str], frozenset[str]]


def check_order(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """What a sentence says to come before or after, the source must say to come so."""
    said = orders_of("".join(clause.text for clause in claim), is_claim=True)
    if not said:
        return
    told = [order for text in material.text.split("。") for order in orders_of(text, is_claim=False)]
    told += _steps(material.text)
    for first, later in said:
        fits = [
            (_common(first, one) * _common(later, other), _common(first, other) * _common(later, one))
            for one, other in told
        ]
        straight = max((fit[0] for fit in fits), default=0)
        turned = max((fit[1] for fit in fits), default=0)
        if turned > straight:
            yield Finding("contradicted", "前後の順が、出典と逆です。")
        elif not straight:
            yield Finding("partly", "前後の順は、出典で確かめられません。")


def orders_of(text: str, *, is_claim: bool) -> list[Order]:
    """Pairs of what comes first and what comes later, by their words; words that both have tell nothing."""
    found: list[Order] = []
    for mark in (MARK if is_claim else MARK_GIVEN).finditer(text):
        start = max(text.rfind(sign, 0, mark.start()) for sign in "、は。") + 1
        topic = text[:start] if re.fullmatch(r"[^、]*は、?", text[:start]) else ""
        one, other = text[start : mark.start()], topic + "、" + text[mark.end() :]
        found.append(_apart(one, other) if mark["later"] else _apart(other, one))
    if is_claim and (turn := LATER_SAID.match(text)):
        one, other = turn["one"], turn["other"]
        found.append(_apart(one, other) if turn["side"] in ("前", "まえ") else _apart(other, one))
    steps = (pattern.search(text) for pattern in (STEPS, *(() if is_claim else (THEN,))))
    found += [_apart(step["one"], step["other"]) for step in steps if step]
    if not is_claim and (turn := IN_TURN.search(text)):
        items = turn["list"].split("、")
        found += [_apart(one, other) for n, one in enumerate(items) for other in items[n + 1 :]]
    return [order for order in found if all(order)]


def _steps(text: str) -> list[Order]:
    """What a text tells step by step, also in several sentences: まず…。その後、…。最後に…."""
    marks = list(STEP.finditer(text))
    parts: list[str] = []
    for n, mark in enumerate(marks):
        end = marks[n + 1].start() if n + 1 < len(marks) else len(text)
        if mark["on"] and not parts:
            before = text[: mark.start()].rstrip("。、").rpartition("。")[2]
            parts.append(before)
        parts.append(text[mark.end() : end].partition("。")[0])
    return [
        order for n, one in enumerate(parts) for other in parts[n + 1 :] if all(order := _apart(one, other))
    ]


def _apart(one: str, other: str) -> Order:
    first, later = (frozenset(word.lemma for word in words_of(text)) - GENERAL for text in (one, other))
    return first - later, later - first


def _common(one: frozenset[str], other: frozenset[str]) -> int:
    return sum(holds(other, word) for word in one)
