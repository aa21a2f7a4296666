"""Binding: the facts and names of a sentence must be in the source, and said there of the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.facts import Bound, Edge, Fact, facts_of
from assistant.listing import counts_list
from assistant.segments import Segment, Word

ORG = (
    r"(?:課|部|局|係|館|校|園|市|町|村|区|県|府|国|会|党|社|法人|センター|研|所|駅|港|橋|川|大学|"
    r"病院|公園|団|院|線|庁|署|ホール|プラザ|条例)"
)
COMPOUND = re.compile(rf"[一-鿿々ァ-ヴーa-z0-9・]{{2,}}?{ORG}長?(?![一-鿿々ァ-ヴー])")
GENERAL = re.compile(
    r"^(?:当|本|各|全|同|他|市|区|町|村|国)?(?:市役所|区役所|役所|市町村|市区町村|都道府県|市内|施設|"
    r"会場|場所|事業所|住所|箇所|か所|カ所|機会|社会|機関|部|"
    r"会|開催国|出席会|以外の会)$"
)
OPPOSED = {
    (Bound.AT_LEAST, Bound.AT_MOST), (Bound.AT_LEAST, Bound.BELOW), (Bound.ABOVE, Bound.AT_MOST),
    (Bound.ABOVE, Bound.BELOW),
    (Bound.AT_LEAST, Bound.ABOVE), (Bound.AT_MOST, Bound.BELOW), (Bound.ABOUT, Bound.EXACTLY),
    (Bound.SINCE, Bound.UNTIL),
    (Bound.SINCE, Bound.AT_MOST), (Bound.AT_LEAST, Bound.UNTIL), (Bound.AT_LEAST, Bound.EXACTLY),
    (Bound.AT_MOST, Bound.EXACTLY),
}  # fmt: skip
PER = re.compile(r"(?<!\d)([年月週日])[額間]?(?:約|当たり)?$")
ENDS = re.compile(r"締め?切|終わ|終了|満了|期限|最終|閉館")
STARTS = re.compile(r"始ま|開始|始め|初日")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that keeps a sentence from being confirmed."""

    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class Material:
    """All that a sentence is held against.

    Attributes:
        text: Unified text of the grounds.
        context: Unified text of titles and sections.
        question: Unified text of the question.
        known: Lemmas of the context.
        asked: Lemmas of the question.
    """

    segments: tuple[Segment, ...]
    text: str
    context: str
    known: frozenset[str]
    asked: frozenset[str]
    question: str


def check_facts(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """Each fact must be there with its unit and bound, and of the same thing."""
    for clause in claim:
        for fact in clause.facts:
            yield from _fact(fact, clause, material, "".join(one.text for one in claim))


def _fact(fact: Fact, clause: Segment, material: Material, said: str) -> Iterator[Finding]:
    places = [(segment, one) for segment in material.segments for one in segment.facts if same(fact, one)]
    if not places:
        above = (one for segment in material.segments for one in segment.about_facts)
        around = (*above, *(facts_of(material.context) if fact.kind in ("year", "month") else ()))
        if not any(same(fact, one) for one in around) and not counts_list(
            fact, said, material.text.split("。")
        ):
            yield _missing(fact, clause, material)
        return
    if fact.kind == "amount" and all(_opposed(fact.bound, one.bound) for _, one in places):
        yield Finding(
            "contradicted",
            f"「{fact.shown}{fact.bound}」の範囲が、出典（{places[0][1].bound or 'ちょうど'}）と違います。",
        )
    elif fact.kind == "amount" and all(fact.bound != one.bound and _matters(fact, one) for _, one in places):
        yield Finding("partly", f"「{fact.shown}」の「約」「以上」などの有無が、出典と違います。")
    if all(_other_edge(clause.text, fact, one) for _, one in places):
        yield Finding("contradicted", f"「{fact.shown}」は、出典では始まりと終わりが逆です。")
    if fact.kind == "year" and fact.unit and all(one.unit and one.unit != fact.unit for _, one in places):
        yield Finding("partly", f"「{fact.shown}」は、年と年度の別が出典と違います。")
    for told_by, wrong in ((_side, "前か後か"), (_per, "いつ当たりか")):
        own = told_by(clause.text, fact)
        if own and all(told_by(segment.text, one) not in ("", own) for segment, one in places):
            yield Finding("contradicted", f"「{fact.shown}」は、{wrong}が出典と違います。")
    # A year says where an amount belongs, and an amount where a year does; neither speaks for itself.
    dated = fact.kind == "amount"
    rival = rival_of(
        clause, [segment for segment, _ in places],
        [s for s in material.segments if _like(fact, s) and not _is_told(s, fact, clause)],
        dated=dated,
    )  # fmt: skip
    if rival is not None:
        other = next(
            (one.shown for one in rival.facts if one.kind == fact.kind and one.unit == fact.unit), ""
        )
        yield Finding(
            "contradicted", f"「{fact.shown}」は、出典では別のものの値です（ここでは「{other}」）。"
        )


def _side(text: str, fact: Fact) -> str:
    """前 or 後 right after a stretch of time: 10日前."""
    after = text[fact.end : fact.end + 2]
    return after[:1] if after[:1] in ("前", "後") and after != "前後" else ""


def _per(text: str, fact: Fact) -> str:
    """The stretch of time that an amount is for: 年3,000円, 月額500円."""
    found = PER.search(text[: fact.start])
    return found[1] if found and fact.kind == "amount" else ""


def same(one: Fact, other: Fact) -> bool:
    """Whether two facts state the same value in the same unit; a bare number in a table fits any unit."""
    if one.kind != other.kind or one.value != other.value:
        return False
    return one.kind != "amount" or one.unit == other.unit or bool({one.unit, other.unit} & {"", "つ"})


def _missing(fact: Fact, clause: Segment, material: Material) -> Finding:
    like = [segment for segment in material.segments if _like(fact, segment)]
    best = max(like, key=lambda segment: score(clause, segment), default=None)
    if best is None or score(clause, best) < 1:
        return Finding("unverified", f"「{fact.shown}」は、出典にありません。")
    other = next(one.shown for one in best.facts if one.kind == fact.kind)
    return Finding("contradicted", f"「{fact.shown}」は、出典にありません（出典は「{other}」）。")


def _like(fact: Fact, segment: Segment) -> bool:
    return any(
        one.kind == fact.kind and (one.kind != "amount" or one.unit == fact.unit) for one in segment.facts
    )


def _is_told(segment: Segment, fact: Fact, clause: Segment) -> bool:
    """Whether the clause itself tells all that a segment has of this kind: 6館のうち4館."""
    like = [one for one in segment.facts if one.kind == fact.kind and one.unit == fact.unit]
    return fact.kind == "amount" and all(any(same(one, own) for own in clause.facts) for one in like)


def _opposed(one: Bound, other: Bound) -> bool:
    return (one, other) in OPPOSED or (other, one) in OPPOSED


def _matters(one: Fact, other: Fact) -> bool:
    """Whether a bound that one side alone writes changes what is said; 「まで」 is often left out."""
    return bool(
        {one.bound, other.bound}
        & {Bound.AT_LEAST, Bound.BELOW, Bound.ABOVE, Bound.SINCE, Bound.ABOUT, Bound.EXACTLY}
    )


def _other_edge(clause: str, said: Fact, given: Fact) -> bool:
    edge = said.edge
    if said.kind in ("amount", "month"):  # of which only what is written counts
        return Edge.NONE not in (edge, given.edge) and edge is not given.edge and said.unit == "日"
    if edge is Edge.NONE:
        ends, starts = ENDS.search(clause), STARTS.search(clause)
        edge = Edge.NONE if bool(ends) == bool(starts) else Edge.END if ends else Edge.START
    return Edge.NONE not in (edge, given.edge) and edge is not given.edge


def score(
    clause: Segment, segment: Segment, *, without: frozenset[str] = frozenset(), dated: bool = True
) -> float:
    """How much of what a clause is about a segment is about: words, and years twice."""
    words = (clause.lemmas & segment.lemmas) - without
    own = {word.lemma for word in segment.words} & words
    years = clause.years | {f"{one.kind}{one.value}" for one in clause.about_facts if one.kind != "amount"}
    amounts = {one.value for one in clause.facts if one.kind == "amount" and one.unit} & {
        one.value for one in segment.about_facts
    }
    stems = {stem(word.lemma) for word in clause.words if word.acts or stem(word.lemma) != word.lemma} & {
        stem(word.lemma) for word in segment.words if word.acts and word.lemma not in words
    }
    shared = len(words) + len(stems - {""}) + 0.1 * len(own)
    if dated:
        return shared + 2 * len(years & segment.years) + len(amounts)
    return shared + len(_amounts(clause) & _amounts(segment))


def _amounts(segment: Segment) -> set[tuple[str, str]]:
    return {(str(one.value), one.unit) for one in segment.facts if one.kind == "amount" and one.unit}


def stem(lemma: str) -> str:
    """The kanji of a verb before its ending: 移る and 移す are one deed."""
    return re.sub(r"[ぁ-ゖ]+$", "", lemma)


def rival_of(
    clause: Segment,
    holding: Sequence[Segment],
    like: Sequence[Segment],
    *,
    without: frozenset[str] = frozenset(),
    dated: bool = True,
) -> Segment | None:
    """A segment that the clause fits clearly better than any that holds its fact, or `None`."""
    best = max((score(clause, segment, without=without, dated=dated) for segment in holding), default=0.0)
    others = [segment for segment in like if segment not in holding]
    rival = max(
        others, key=lambda segment: score(clause, segment, without=without, dated=dated), default=None
    )
    if rival is None or score(clause, rival, without=without, dated=dated) < best + 0.9:
        return None
    return rival


def check_names(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """Each name must be there, and of the same thing."""
    for clause in claim:
        names = names_of(clause)
        for name in names:
            if name not in material.text:
                if re.sub(r"(?:地区|地域|国籍)$", "", name) not in material.text + material.context:
                    yield Finding("unverified", f"「{name}」は、出典にありません。")
                continue
            holding = [segment for segment in material.segments if name in segment.text]
            own = frozenset(word.lemma for word in _of_name(name, clause, names))
            columns = {(segment.column) for segment in holding}
            like = [
                s for s in material.segments
                if name not in s.text
                and (s.column in columns if s.column >= 0 else _has_other(s, name, clause, names))
            ]  # fmt: skip
            rival = rival_of(clause, holding, like, without=own) if holding else None
            if rival is not None:
                kind = (
                    "contradicted"
                    if rival.column >= 0 or rival.unit_place == holding[0].unit_place
                    else "partly"
                )
                yield Finding(kind, f"「{name}」は、出典では別のもののことです。")


def _of_name(name: str, clause: Segment, names: Sequence[str]) -> Iterator[Word]:
    """The words of a name and of the names beside it: a first name is no reason for a family name."""
    run = next(
        (found[0] for found in re.finditer("(?:" + "|".join(map(re.escape, names)) + ")+", clause.text)
         if name in found[0]), name,
    )  # fmt: skip
    return (word for word in clause.words if word.surface in run)


def _has_other(segment: Segment, name: str, clause: Segment, names: Sequence[str]) -> bool:
    """Whether a clause names something else, or tells what somebody else does where this one does it."""
    if set(names_of(segment)) - set(names):
        return True
    return f"{name}が" in clause.text and re.search(r"[一-鿿]が", segment.text) is not None


def check_cells(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """What a table's cell says must be said of its row and its column."""
    for clause in claim:
        for cell in material.segments:
            if cell.column < 1 or len(cell.text) < 2 or cell.text not in clause.text:
                continue
            holding = [other for other in material.segments if other.column > 0 and other.text == cell.text]
            like = [
                other
                for other in material.segments
                if other.column == cell.column and other.text not in clause.text
            ]
            own = frozenset(word.lemma for word in cell.words)
            if rival_of(clause, holding, like, without=own) is not None:
                yield Finding("contradicted", f"「{cell.text}」は、出典の表では別の行のことです。")


def names_of(segment: Segment) -> list[str]:
    """The names that a segment holds: proper nouns, katakana words, what ends like an office or place."""
    compounds = [
        found[0]
        for found in COMPOUND.finditer(segment.text)
        if not GENERAL.match(found[0]) and len(found[0]) > 2
    ]
    alone = [
        word.surface
        for word in segment.words
        if word.is_name and not any(word.surface in name for name in compounds)
    ]
    return [*compounds, *alone]


def is_within(word: Word, names: Sequence[str]) -> bool:
    """Whether a word is part of one of these names."""
    return any(word.surface in name for name in names)
