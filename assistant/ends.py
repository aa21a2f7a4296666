"""Ends: where a stretch of time or of numbers begins and ends, and for how long an amount is told."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.binding import Material
from assistant.facts import Bound, Edge, Fact
from assistant.segments import Segment

PER = re.compile(r"(?<![\d同翌毎前])([年月週日])(?:[額間]|に|間に)?(?:約|当たり|およそ)?$")
ENDS = re.compile(r"締め?切|終わ|終了|満了|期限|最終|閉館")
STARTS = re.compile(r"始ま|開始|始め|初日")


def is_other_edge(clause: str, said: Fact, given: Fact) -> bool:
    """Whether a sentence tells as the start of a stretch what the source tells as its end."""
    edge = said.edge
    if edge is Edge.START and given.bound in (Bound.AT_MOST, Bound.BELOW) and given.edge is not Edge.START:
        return True  # 6点から is not 6点まで
    if said.kind in ("amount", "month"):  # of which only what is written counts
        return Edge.NONE not in (edge, given.edge) and edge is not given.edge and said.unit == "日"
    if edge is Edge.NONE:
        ends, starts = ENDS.search(clause), STARTS.search(clause)
        edge = Edge.NONE if bool(ends) == bool(starts) else Edge.END if ends else Edge.START
    return Edge.NONE not in (edge, given.edge) and edge is not given.edge


def ends_elsewhere(fact: Fact, places: Sequence[tuple[Segment, Fact]], material: Material) -> bool:
    """Whether a sentence ends with a day something that the source says to end with another."""
    if fact.kind != "day" or fact.edge is Edge.NONE:
        return False
    if any(
        one.edge is fact.edge
        or fact.edge in segment.text[one.end : one.end + 12]
        or ENDS.search(segment.text)
        or segment.column >= 0
        for segment, one in places
    ):
        return False
    given = [
        one for segment in material.segments for one in segment.facts if one not in (p for _, p in places)
    ]
    return any(one.edge is fact.edge and (one.kind == "day" or one.unit == "日") for one in given)


def starts_alone(fact: Fact, clause: Segment, claim: Sequence[Segment], given: Sequence[Fact]) -> bool:
    """Whether an amount is told as the least of a stretch, and given as no such thing: 24人から."""
    if fact.kind != "amount" or not clause.text.startswith("から", fact.end):
        return False
    goes_on = any(one.start > fact.end for one in clause.facts)
    after = claim[list(claim).index(clause) + 1 :] if clause in claim else ()
    if goes_on or any(one.unit == fact.unit for later in after for one in later.facts):
        return False  # 92人から、10年度には125人まで
    return not any(
        one.edge is Edge.START or one.bound in (Bound.AT_LEAST, Bound.ABOVE, Bound.SINCE) for one in given
    )


def side_of(text: str, fact: Fact) -> str:
    """前 or 後 right after a stretch of time: 10日前."""
    after = text[fact.end : fact.end + 2]
    return after[:1] if after[:1] in ("前", "後") and after != "前後" else ""


def stretch_of(text: str, fact: Fact) -> str:
    """The stretch of time that an amount is for: 年3,000円, 月額500円."""
    found = PER.search(text[: fact.start])
    return found[1] if found and fact.kind == "amount" else ""
