"""Binding: what a sentence is held against, and which part of it speaks of the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.segments import Segment
from assistant.statements import Statement, holds, root

PLANS = frozenset({"予定", "計画"})  # of which clause they are tells little


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that keeps a sentence from being confirmed.

    Attributes:
        lacks: Words that the source lacks, none if it is something else.
    """

    verdict: str
    reason: str
    lacks: tuple[str, ...] = ()


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
    statements: tuple[Statement, ...]
    text: str
    context: str
    known: frozenset[str]
    asked: frozenset[str]
    question: str


def score(
    clause: Segment, segment: Segment, *, without: frozenset[str] = frozenset(), dated: bool = True
) -> float:
    """How much of what a clause is about a segment is about: words, and years twice."""
    lemmas = segment.lemmas - without
    words = {word for word in clause.lemmas - without if holds(lemmas, word)}
    own = {word.lemma for word in segment.words} & words
    years = clause.years | {f"{one.kind}{one.value}" for one in clause.about_facts if one.kind != "amount"}
    amounts = {one.value for one in clause.facts if one.kind == "amount" and one.unit} & {
        one.value for one in segment.about_facts
    }
    telling = [word for word in clause.words if word.lemma not in without]
    stems = {root(word.lemma) for word in telling if word.acts or root(word.lemma) != word.lemma} & {
        root(word.lemma) for word in segment.words if word.acts and word.lemma not in words
    }
    held = len(words) - 0.6 * len(words & PLANS)
    shared = held + len(stems - {""}) + 0.1 * len(own)
    if dated:
        return shared + 2 * len(years & segment.years) + len(amounts)
    return shared + len(_amounts(clause) & _amounts(segment))


def _amounts(segment: Segment) -> set[tuple[str, str]]:
    return {(str(one.value), one.unit) for one in segment.facts if one.kind == "amount" and one.unit}


def tells_more(
    clause: Segment, holding: Sequence[Segment], others: Sequence[Segment], *, dated: bool
) -> bool:
    """Whether a clause has more in common with where its fact stands than with all clauses beside it."""
    best = max(score(clause, segment, dated=dated) for segment in holding)
    return best > max(score(clause, segment, dated=dated) for segment in others)


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
