"""Amounts: the facts of a sentence must be in the source, with unit and bound, there of the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from assistant.binding import Finding, Material, rival_of, score, tells_more
from assistant.ends import ends_elsewhere, is_other_edge, side_of, starts_alone, stretch_of
from assistant.facts import Bound, Edge, Fact, facts_of
from assistant.listing import counts_list
from assistant.ruled_alike import is_bound_turned_round
from assistant.segments import Segment, words_of
from assistant.statements import holds, tells_rather
from assistant.unwritten import is_told_unwritten, with_operands
from assistant.values import same

OTHER_YEAR = "「{}」は、年と年度の別が出典と違います。"
BASE = re.compile(r"(?:の(?:うち|中から)|中|から)(?!\d*[日月年時])")
OPPOSED = {
    (Bound.AT_LEAST, Bound.AT_MOST), (Bound.AT_LEAST, Bound.BELOW), (Bound.ABOVE, Bound.AT_MOST),
    (Bound.ABOVE, Bound.BELOW),
    (Bound.AT_LEAST, Bound.ABOVE), (Bound.AT_MOST, Bound.BELOW), (Bound.ABOUT, Bound.EXACTLY),
    (Bound.SINCE, Bound.UNTIL),
    (Bound.SINCE, Bound.AT_MOST), (Bound.AT_LEAST, Bound.UNTIL), (Bound.AT_LEAST, Bound.EXACTLY),
    (Bound.AT_MOST, Bound.EXACTLY),
}  # fmt: skip
PERSONS = re.compile(r"[男女者員児人]|出生|死亡|転入|転出|生徒|児童")  # labels of columns that count people
LAW = re.compile(r"[一-龠]{0,4}(?:条例|規則|規程|告示|法律|政令|訓令)第?\d")  # its number is no date


def check_facts(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """Each fact must be there with its unit and bound, and of the same thing."""
    told = with_operands(claim, material)
    for clause, whole in zip(claim, told, strict=True):
        for fact in clause.facts:
            yield from _fact(fact, whole, material, told)


def _fact(fact: Fact, clause: Segment, material: Material, claim: Sequence[Segment]) -> Iterator[Finding]:
    said = "".join(one.text for one in claim)
    places = [
        (segment, one)
        for segment in material.segments
        for one in segment.facts
        if same(fact, one)
        and _tells_unit(fact, said, one, segment)
        and not _counts_other(fact, segment, material)
    ]
    if not places:
        yield from _unplaced(fact, clause, claim, material)
        return
    if is_bound_turned_round(fact, claim, material):
        pass
    elif all(are_opposed(fact.bound, one.bound) for _, one in places):
        yield Finding(
            "contradicted",
            f"「{fact.shown}{fact.bound}」の範囲が、出典（{places[0][1].bound or 'ちょうど'}）と違います。",
        )
    elif fact.kind == "amount" and all(fact.bound != one.bound and _matters(fact, one) for _, one in places):
        yield Finding("partly", f"「{fact.shown}」の「約」「以上」などの有無が、出典と違います。")
    if starts_alone(fact, clause, claim, [one for _, one in places]):
        yield Finding("partly", f"「{fact.shown}から」とは、出典にありません。")
    if all(is_other_edge(clause.text, fact, one) for _, one in places):
        yield Finding("contradicted", f"「{fact.shown}」は、出典では始まりと終わりが逆です。")
    if ends_elsewhere(fact, places, material):
        yield Finding("partly", f"「{fact.shown}」が始まりか終わりかは、出典で確かめられません。")
    if _is_other_year(fact, [one for _, one in places]):
        yield Finding("partly", OTHER_YEAR.format(fact.shown))
    for told_by, wrong in ((side_of, "前か後か"), (stretch_of, "いつ当たりか")):
        own = told_by(clause.text, fact)
        if own and all(told_by(segment.text, one) not in ("", own) for segment, one in places):
            yield Finding("contradicted", f"「{fact.shown}」は、{wrong}が出典と違います。")
    yield from _base(fact, clause, said, places)
    yield from _of_other(fact, clause, material, claim)


def _unplaced(fact: Fact, clause: Segment, claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """A fact that no clause has may be told above: in a header, a topic, a title; or follow from others."""
    above = (one for segment in material.segments for one in segment.about_facts)
    around = (*above, *(facts_of(material.context) if fact.kind in ("year", "month") else ()))
    named = [one for one in around if same(fact, one)]
    said = "".join(one.text for one in claim)
    told = bool(named) or is_told_unwritten(fact, clause, claim, material)
    if not told and not counts_list(fact, said, material.text.split("。")):
        yield _missing(fact, clause, material)
    elif named and _is_other_year(fact, named):
        yield Finding("partly", OTHER_YEAR.format(fact.shown))


def _of_other(fact: Fact, clause: Segment, material: Material, claim: Sequence[Segment]) -> Iterator[Finding]:
    """Where a clause with another fact fits better, this one is told of something else.

    A year says where an amount belongs, and an amount where a year does; neither speaks for itself.
    """
    holding = [s for s in material.segments if any(same(fact, one) for one in s.facts)]
    like = [s for s in material.segments if _like(fact, s) and not _is_told(s, fact, clause)]
    like = [s for s in like if not _has_own_clause(s, fact, clause, claim, holding)]
    others = _without(fact, claim)
    like = [s for s in like if not tells_rather(others, holding, s, material.statements)]
    rival = rival_of(clause, holding, like, dated=fact.kind == "amount")
    if rival is None:
        places = {one.unit_place for one in holding}
        beside = [s for s in like if s not in holding and s.column < 0 and s.unit_place in places]
        beside = [s for s in beside if not _tells_all(claim, fact, s)]
        tellers = [clause] if len(clause.words) > 1 else [clause, max(claim, key=lambda one: len(one.words))]
        dated = fact.kind == "amount"
        if beside and holding and not any(tells_more(one, holding, beside, dated=dated) for one in tellers):
            yield Finding("partly", f"「{fact.shown}」が何の値か、出典の言葉では確かめられません。")
        elif any(_tells_other(claim, fact, one) for one in holding):
            yield Finding("partly", f"「{fact.shown}」は、出典では別の語に付いています。")
        return
    other = next((one.shown for one in rival.facts if one.kind == fact.kind and one.unit == fact.unit), "")
    yield Finding("contradicted", f"「{fact.shown}」は、出典では別のものの値です（ここでは「{other}」）。")


def _has_own_clause(
    rival: Segment, fact: Fact, clause: Segment, claim: Sequence[Segment], holding: Sequence[Segment]
) -> bool:
    """Whether another clause of the sentence tells what a rival has, and fits it rather."""
    for one in claim:
        told = [own for own in one.facts if any(same(own, given) for given in rival.facts)]
        if one is clause or not any(own.kind == fact.kind and own.unit == fact.unit for own in told):
            continue
        shared = one.about - {word.lemma for word in one.words}
        fits = score(one, rival, without=shared)
        if fits > 1 and fits > max((score(one, s, without=shared) for s in holding), default=0.0):
            return True
    return False


def _without(fact: Fact, claim: Sequence[Segment]) -> list[Segment]:
    """A sentence without one of its facts: none speaks for itself, but a year beside another."""
    speaks = fact.kind == "year" and any(one is not fact for clause in claim for one in clause.facts)
    if speaks:
        return list(claim)
    return [replace(one, facts=tuple(own for own in one.facts if own is not fact)) for one in claim]


def check_dates(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """A day must be one of the year that it is told with."""
    given = {pair for segment in material.segments for pair in _dates(segment)}
    days = {day for _, day in given}
    for clause in claim:
        for year, day in _dates(clause):
            if day in days and (year, day) not in given:
                yield Finding("contradicted", f"「{day[1]}」の年が、出典と違います。")


def _dates(segment: Segment) -> Iterator[tuple[Decimal, tuple[Decimal, str]]]:
    """Years with the days that follow them at once."""
    for year, day in pairwise(segment.facts):
        if year.kind == "year" and day.kind == "day" and day.start == year.end:
            yield year.value, (day.value, f"{day.value // 100}月{day.value % 100}日")


def _base(
    fact: Fact, clause: Segment, said: str, places: Sequence[tuple[Segment, Fact]]
) -> Iterator[Finding]:
    """Of how many (26人から8人を採用) is no answer to how many."""
    if fact.kind != "amount" or BASE.search(said):
        return
    parts = [
        other
        for segment, one in places
        for other in segment.facts
        if BASE.match(segment.text, one.end) and other.start > one.end and other.unit == one.unit
    ]
    if (
        parts
        and len({segment.unit_place for segment, _ in places}) == 1
        and not any(same(own, other) for own in clause.facts for other in parts)
    ):
        yield Finding("partly", f"「{fact.shown}」は、出典では全体の数です。")


def _is_other_year(fact: Fact, given: Sequence[Fact]) -> bool:
    """Whether a year of the calendar is told for a fiscal one, or the other way round."""
    return (
        fact.kind == "year" and bool(fact.unit) and all(one.unit and one.unit != fact.unit for one in given)
    )


def _counts_other(fact: Fact, cell: Segment, material: Material) -> bool:
    """Whether a bare number of a table is told in another column's unit, or persons as something else."""
    if cell.column < 1 or not fact.unit or any(one.unit for one in cell.facts):
        return False
    counted = {"人": "人数", "世帯": "世帯数", "件": "件数", "戸": "戸数"}.get(fact.unit, f"{fact.unit}数")
    if counted in cell.label or re.search(r"比|増減|差|伸び", cell.label):
        return False
    elsewhere = any(counted in one.label for one in material.segments if one.column > 0)
    return elsewhere or (
        bool(PERSONS.search(cell.label)) and fact.unit in ("世帯", "件", "戸", "台", "円", "%")
    )


def _tells_unit(fact: Fact, said: str, given: Fact, segment: Segment) -> bool:
    """Whether a bare number in prose stands beside the word that the source counts: ポイントが3,000たまる.

    One that stands alone in the source, such as a page's, counts nothing.
    """
    if fact.kind != "amount" or segment.column >= 0:
        return True
    if fact.unit and not given.unit and not segment.words:
        return False
    return fact.unit != "" or given.unit in ("", "つ") or given.unit in said


def _missing(fact: Fact, clause: Segment, material: Material) -> Finding:
    like = [segment for segment in material.segments if _like(fact, segment)]
    best = max(like, key=lambda segment: score(clause, segment), default=None)
    if best is None or score(clause, best) < 1:
        return Finding("unverified", f"「{fact.shown}」は、出典にありません。", (fact.shown,))
    other = next((one.shown for one in best.facts if one.kind == fact.kind), best.facts[0].shown)
    return Finding("contradicted", f"「{fact.shown}」は、出典にありません（出典は「{other}」）。")


def _like(fact: Fact, segment: Segment) -> bool:
    kinds = {"month", "day"} if fact.kind == "month" else {fact.kind}
    return any(
        one.kind in kinds
        and (one.kind != "amount" or one.unit == fact.unit)
        and not LAW.match(segment.text, one.end)
        for one in segment.facts
    )


def _tells_other(claim: Sequence[Segment], fact: Fact, segment: Segment) -> bool:
    """Whether a sentence tells what stands right after another fact: 27年度を基準に、17年度に減らす."""
    like = [one for one in segment.facts if one.kind == fact.kind and one.unit == fact.unit]
    if (
        segment.column >= 0
        or len(like) < 2
        or any(one.edge is Edge.START for one in like)
        or _tells_all(claim, fact, segment)
    ):
        return False
    ends = [*(one.start for one in like[1:]), len(segment.text)]
    lemmas = frozenset(lemma for clause in claim for lemma in clause.lemmas)
    facts = [own for clause in claim for own in clause.facts if own is not fact]
    told = {True: 0, False: 0}
    for one, end in zip(like, ends, strict=True):
        after = segment.text[one.end : end]
        held = sum(holds(lemmas, word.lemma) for word in words_of(after))
        held += sum(any(same(own, given) for own in facts) for given in facts_of(after))
        told[same(fact, one)] = max(told[same(fact, one)], held)
    return told[False] > told[True]


def _tells_all(claim: Sequence[Segment], fact: Fact, segment: Segment) -> bool:
    """Whether a sentence tells all facts of a kind that a segment has."""
    like = [one for one in segment.facts if one.kind == fact.kind and one.unit == fact.unit]
    return all(any(same(own, one) for clause in claim for own in clause.facts) for one in like)


def _is_told(segment: Segment, fact: Fact, clause: Segment) -> bool:
    """Whether the clause itself tells all that a segment has of this kind: 6館のうち4館."""
    like = [one for one in segment.facts if one.kind == fact.kind and one.unit == fact.unit]
    return fact.kind == "amount" and all(any(same(one, own) for own in clause.facts) for one in like)


def are_opposed(one: Bound, other: Bound) -> bool:
    """Whether two limits exclude each other."""
    return (one, other) in OPPOSED or (other, one) in OPPOSED


def _matters(one: Fact, other: Fact) -> bool:
    """Whether a bound that one side alone writes changes what is said; 「まで」 is often left out."""
    if one.bound is Bound.ABOUT and not other.bound:
        return False  # it is about so much, if it is so much
    if _is_least(one) and _is_least(other):
        return False  # 3人から6人まで is 3人以上6人以内
    return bool(
        {one.bound, other.bound}
        & {Bound.AT_LEAST, Bound.BELOW, Bound.ABOVE, Bound.SINCE, Bound.ABOUT, Bound.EXACTLY}
    )


def _is_least(fact: Fact) -> bool:
    """Whether an amount is the least of a stretch, however that is written."""
    return fact.bound is Bound.AT_LEAST or (fact.bound is Bound.NONE and fact.edge is Edge.START)
