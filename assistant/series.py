"""Series: the numbers of a source that may be weighed against each other, each with what names it.

A column or row of a table, the numbers of one sentence (A課3件、B課5件), the same label in several lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from assistant.facts import Fact, facts_of
from assistant.segments import Segment, words_of
from assistant.statements import GENERAL, holds

SUMS = re.compile(r"^(?:合計|総計|小計|計|総数|全体|平均|総額)$|(?:合計|総計|の計)$")
RATES = re.compile(
    r"比$|比\(|率|増減|差|単価|伸び"
)  # columns of which no cell is weighed against its neighbour
LABEL = re.compile(r"(?P<label>[一-龠々ァ-ヶー]+)(?:は|が|も|:|、|を)?(?:延べ|約|計)?$")
BEFORE = re.compile(r"(?:改定|改正|変更|見直し|実施|移転|増築)前$|^現行|^旧|基準|当初|現状")
AFTER = re.compile(r"(?:改定|改正|変更|見直し|実施|移転|増築)後$|^新|目標|最終")
MOST_VALUES = 60


@dataclass(frozen=True, slots=True)
class Value:
    """One of several comparable numbers.

    Attributes:
        names: Words and facts by which a text may mean it.
        when: Its year, or 0 and 1 for before and after a change; -1 if nothing says so.
    """

    amount: Decimal
    unit: str
    names: frozenset[str]
    when: int
    place: int


Series = tuple[Value, ...]


@lru_cache(maxsize=4096)
def tokens(text: str) -> frozenset[str]:
    """The words of a text, and its facts as words: 令和5年 is one."""
    return frozenset(word.lemma for word in words_of(text)) | {token(fact) for fact in facts_of(text)}


def token(fact: Fact) -> str:
    """A fact as a word."""
    return f"{fact.kind}{fact.unit if fact.kind == 'amount' else ''}{fact.value}"


def own_names(value: Value, series: Series) -> frozenset[str]:
    """What names one number and no other of its series."""
    others = frozenset().union(*(one.names for one in series if one is not value))
    return value.names - others


def shared_names(series: Series) -> frozenset[str]:
    """What names all numbers of a series."""
    return frozenset.intersection(*(one.names for one in series))


def named(said: frozenset[str], series: Series) -> list[Value]:
    """The numbers of a series that most words mean, one if these words mean one."""
    scored = [(sum(_means(said, name) for name in own_names(one, series)), one) for one in series]
    best = max((score for score, _ in scored), default=0)
    return [one for score, one in scored if best and score == best]


def _means(said: frozenset[str], name: str) -> bool:
    """Whether words tell a name; of one sign, one that has it: 女性 for 女."""
    return holds(said, name) or (len(name) == 1 and any(name in word for word in said))


@lru_cache(maxsize=32)
def series_of(segments: tuple[Segment, ...]) -> tuple[Series, ...]:
    """All series of a source."""
    found = [*_of_tables(segments), *_of_sentences(segments), *_of_lines(segments)]
    return tuple(tuple(one) for one in found if 2 <= len(one) <= MOST_VALUES)


def _of_tables(segments: Sequence[Segment]) -> Iterator[list[Value]]:
    rows = [list(row) for _, row in groupby(segments, key=lambda one: one.unit_place)]
    for is_table, group in groupby(rows, key=lambda row: len(row) if row[0].column >= 0 else 0):
        table = [row for row in group if is_table and not SUMS.search(row[0].text)]
        for column in range(1, is_table):
            yield from _by_unit(row[column] for row in table)
        for row in table:
            yield from _by_unit(
                one for one in row[1:] if not SUMS.search(one.label) and not RATES.search(one.label)
            )


def _by_unit(cells: Iterable[Segment]) -> Iterator[list[Value]]:
    found: dict[str, list[Value]] = {}
    for cell in cells:
        amounts = [fact for fact in cell.facts if fact.kind == "amount"]
        if len(amounts) != 1 or amounts[0].start > 1:
            continue
        years = [int(fact.value) for fact in cell.about_facts if fact.kind == "year"]
        names = cell.about | {token(fact) for fact in cell.about_facts}
        when = (
            years[-1] if years else 0 if BEFORE.search(cell.label) else 1 if AFTER.search(cell.label) else -1
        )
        found.setdefault(amounts[0].unit, []).append(
            Value(amounts[0].value, amounts[0].unit, names, when, cell.unit_place)
        )
    yield from found.values()


def _of_sentences(segments: Sequence[Segment]) -> Iterator[list[Value]]:
    """The numbers of one sentence with the same unit; each is named by what stands since the one before."""
    for place, parts in groupby((one for one in segments if one.column < 0), key=lambda one: one.unit_place):
        text = "".join(one.text for one in parts)
        facts = [fact for fact in facts_of(text) if fact.kind == "amount"]
        for unit in {fact.unit for fact in facts}:
            start, values = 0, []
            for fact in (one for one in facts if one.unit == unit):
                before = text[start : fact.start]
                years = [int(one.value) for one in facts_of(before) if one.kind == "year"]
                values.append(Value(fact.value, unit, tokens(before), years[-1] if years else -1, place))
                start = fact.end
            yield values


def _of_lines(segments: Sequence[Segment]) -> Iterator[list[Value]]:
    """The numbers that several sentences give beside the same label: 所員3名 … 所員5名."""
    found: dict[tuple[str, str], dict[int, Value]] = {}
    for place, parts in groupby((one for one in segments if one.column < 0), key=lambda one: one.unit_place):
        text = "".join(one.text for one in parts)
        for fact in facts_of(text):
            label = LABEL.search(text[: fact.start])
            if fact.kind != "amount" or not label:
                continue
            value = Value(fact.value, fact.unit, tokens(text[: fact.start]), -1, place)
            found.setdefault((label["label"], fact.unit), {}).setdefault(place, value)
    yield from (list(one.values()) for one in found.values())


def fits(said: frozenset[str], series: Series) -> int:
    """How many of the words that name a whole series a text has."""
    return sum(holds(said, name) for name in shared_names(series) - GENERAL)
