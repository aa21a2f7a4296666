"""What speaks for a stretch as an answer: one row of numbers for each, weighed by `assistant/scorer.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.asked import QuestionForm
from assistant.definition import defines
from assistant.match import MatchedHit, WordWeights
from assistant.question import Question, find_answers
from assistant.reading import MOST_UNITS, Unit
from assistant.stretch import Quote, flat
from ingest.calendar import years_in

Matrix = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

FEATURES = (
    "own",  # question words, by rarity, that it holds and that are not said yet
    "again",  # and that are said already
    "around",  # that only its passage or its headings hold, and that are not said yet
    "hit",  # the hit's score, the best hit's being 1
    "first_hit",
    "hit_own",  # the hit's score times the question words
    "kind",  # share of the wanted kinds of words that it holds, apart from the question's own
    "kind_near",  # the same, times its question words
    "kind_new",  # share of the wanted kinds that it holds and what is said lacks
    "defines",
    "year",  # 1 if it names the year that was asked for, a half if its passage does, -1 if only another
    "length",  # hundreds of characters
    "long",  # the same above sixty
    "fresh",  # characters that are not the question's, in thirties, at most 1
    "whole_start",
    "whole_end",
    "heading",  # share of its units that are headings
    "listed",  # things side by side, where a list is asked for
    "reason",  # words of cause, where a reason is asked for
    "named",  # a name in brackets, where one is asked for
    "same_passage",  # as something said before
    "next_to",  # what was said before, without a gap
    "beside",  # its passage is next to that of the first hit or of something said
)
REASON = re.compile(r"ため|から|により|よって|ので|理由|目的|背景|ことで")
NAMED = re.compile(r"「[^」]{2,}」|『[^』]{2,}』|[\"“][^\"”]{2,}[\"”]")
ASKS_NAME = re.compile(r"何という|なんという|名称|名前|テーマ|題名|タイトル|呼ば|愛称|何と(?:言|い)")
ITEM = re.compile(r"[、，,・／/\n]|及び|並びに|または|と(?=[一-龠ァ-ヶ])")
FRESH_CHARS, LIST_ITEMS, LONG_CHARS = 30, 5, 60

_AT = {name: n for n, name in enumerate(FEATURES)}


@dataclass(frozen=True, slots=True)
class Candidates:
    """Every stretch that may be said, with what does not depend on what is said before.

    Attributes:
        quotes: The stretches.
        plain: What each says in lower-case compatibility forms without white space.
        bounds: Its half-open offsets into its passage's text, `(n, 2)`.
        is_sentence: Whether each is exactly one sentence.
        is_citable: Whether there is something that can be cited for it.
        places: Of each the place of its hit, its document among those of the hits, and its passage's order
            in that, `(n, 3)`.
        fixed: Features by stretch, those that depend on what is said being 0.
        holds: Which of the question's words each holds: 0 or 1.
        passages: Which its passage or headings hold.
        kinds: Which of the wanted kinds each holds: 0 or 1.
        word_weights: Of the columns of `holds`, summing to 1.
    """

    quotes: tuple[Quote, ...]
    plain: tuple[str, ...]
    bounds: Places
    is_sentence: Flags
    is_citable: Flags
    places: Places
    fixed: Matrix
    holds: Matrix
    passages: Matrix
    kinds: Matrix
    word_weights: Matrix

    @classmethod
    def of(cls, question: Question, words: WordWeights, matched: Sequence[MatchedHit]) -> Candidates:
        """The stretches of the hits."""
        both = words.both()
        weights = np.array(list(both.values()), dtype=np.float64)
        found = [(match.hit, stretch) for match in matched for stretch in match.reading.stretches]
        sizes = [len(match.reading.stretches) for match in matched]
        best = max((match.hit.score for match in matched), default=0.0) or 1.0
        reader = _Reader(question, {word: n for n, word in enumerate(both)})
        fixed, holds, kinds = reader.read(matched)
        fixed[:, _AT["hit"]] = np.repeat([match.hit.score / best for match in matched], sizes)
        fixed[: sizes[0] if sizes else 0, _AT["first_hit"]] = 1.0
        return cls(
            tuple(Quote(hit, s.start, s.end, s.around) for hit, s in found),
            tuple(text for match in matched for text in match.reading.plain),
            np.array([(s.start, s.end) for _, s in found], dtype=np.int64).reshape(-1, 2),
            np.array([s.is_sentence for _, s in found], dtype=bool),
            np.array([s.around is not None for _, s in found], dtype=bool),
            np.repeat(_places(matched), sizes, axis=0),
            fixed,
            holds,
            np.repeat(reader.marked([match.everything for match in matched]), sizes, axis=0),
            kinds,
            weights / (weights.sum() or 1.0),
        )

    @property
    def chars(self) -> Places:
        """How long each is."""
        return self.bounds[:, 1] - self.bounds[:, 0]

    def overlapping(self, one: int) -> Flags:
        """Which of them share a character with this one, itself among them."""
        same = self.places[:, 0] == self.places[one, 0]
        (start, end), (starts, ends) = self.bounds[one], self.bounds.T
        found: Flags = same & (starts < end) & (start < ends)
        return found

    def features(self, said: Sequence[int]) -> Matrix:
        """Features of every stretch after those said, which are given by their places."""
        out = self.fixed.copy()
        chosen = list(said)
        spoken = self.holds[chosen].max(axis=0, initial=0.0)
        left = self.word_weights * (1 - spoken)
        out[:, _AT["own"]] = self.holds @ left
        out[:, _AT["again"]] = self.holds @ (self.word_weights * spoken)
        out[:, _AT["around"]] = self.passages @ left - out[:, _AT["own"]]
        if self.kinds.shape[1]:
            met = self.kinds[chosen].max(axis=0, initial=0.0)
            out[:, _AT["kind"]] = self.kinds.mean(axis=1)
            out[:, _AT["kind_new"]] = self.kinds @ (1 - met) / self.kinds.shape[1]
            out[:, _AT["kind_near"]] = out[:, _AT["kind"]] * (self.holds @ self.word_weights)
        out[:, _AT["hit_own"]] = out[:, _AT["hit"]] * (self.holds @ self.word_weights)
        hits, documents, orders = self.places.T
        for one in {0, *chosen} if len(self.quotes) else ():
            near = (documents == documents[one]) & (np.abs(orders - orders[one]) == 1)
            out[near, _AT["beside"]] = 1.0
        for one in chosen:
            same = hits == hits[one]
            out[same, _AT["same_passage"]] = 1.0
            (start, end), (starts, ends) = self.bounds[one], self.bounds.T
            out[same & (_is_gap(starts - end) | _is_gap(start - ends)), _AT["next_to"]] = 1.0
        return out


def _is_gap(between: Places) -> Flags:
    return (between >= -1) & (between <= 2)


def _places(matched: Sequence[MatchedHit]) -> Places:
    """Of each hit its place, its document among those of the hits, and its passage's order in that."""
    documents: dict[str, int] = {}
    rows = [
        (n, documents.setdefault(passage.document_id, len(documents)), passage.order)
        for n, passage in enumerate(match.hit.passage for match in matched)
    ]
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


# Of a unit: those of a stretch are their largest, or their sum.
_LARGEST = ("defines", "reason", "named", "right_year", "other_year")
_SUMMED = ("fresh", "items", "heading")


class _Reader:
    """Marks the units of each hit once and joins what they hold for every stretch of them."""

    def __init__(self, question: Question, column: Mapping[str, int]) -> None:
        self._question = question
        self._column = column
        self._asked = flat(question.text).lower()
        self._pairs = {self._asked[i : i + 2] for i in range(len(self._asked) - 1)}
        self._asks_name = ASKS_NAME.search(question.text) is not None
        self._is_list = question.form is QuestionForm.LIST
        self.n_kinds = len(question.kinds) + len(question.counters)

    def read(self, matched: Sequence[MatchedHit]) -> tuple[Matrix, Matrix, Matrix]:
        """Of every stretch the features, the question's words and the wanted kinds in it."""
        units = [(unit, match) for match in matched for unit in match.reading.units[:MOST_UNITS]]
        marked = (
            self.marked([words for match in matched for words in match.units[:MOST_UNITS]]),
            np.array([self._kinds_in(unit) for unit, _ in units]).reshape(len(units), self.n_kinds),
            np.array([self._signs(*pair) for pair in units]).reshape(len(units), len(_LARGEST)),
        )
        edges = np.cumsum([part.shape[1] for part in marked])[:-1]
        ranges = _ranges(matched)
        holds, kinds, signs = np.split(_largest(np.hstack(marked), ranges), edges, axis=1)
        sums = np.cumsum([[0.0] * len(_SUMMED), *(self._counts(unit) for unit, _ in units)], axis=0)
        total = sums[ranges[:, 1]] - sums[ranges[:, 0]]
        return self._described(matched, signs, total), holds, kinds

    def _described(self, matched: Sequence[MatchedHit], signs: Matrix, total: Matrix) -> Matrix:
        stretches = [stretch for match in matched for stretch in match.reading.stretches]
        around = [self._year(match.hit.passage.search_text) / 2 for match in matched]
        chars = np.array([s.end - s.start for s in stretches], dtype=np.float64)
        year = np.where(signs[:, 3] != 0.0, signs[:, 3], -signs[:, 4])
        out = np.zeros((len(stretches), len(FEATURES)))
        out[:, [_AT["defines"], _AT["reason"], _AT["named"]]] = signs[:, :3]
        out[:, _AT["year"]] = np.where(
            year != 0.0, year, np.repeat(around, [len(match.reading.stretches) for match in matched])
        )
        out[:, _AT["length"]] = chars / 100
        out[:, _AT["long"]] = np.maximum(0.0, chars - LONG_CHARS) / 100
        out[:, _AT["fresh"]] = np.minimum(1.0, total[:, 0] / FRESH_CHARS)
        out[:, _AT["whole_start"]] = [s.begins for s in stretches]
        out[:, _AT["whole_end"]] = [s.ends for s in stretches]
        out[:, _AT["heading"]] = total[:, 2] / [s.stop - s.first for s in stretches]
        if self._is_list:
            out[:, _AT["listed"]] = np.minimum(1.0, total[:, 1] / LIST_ITEMS)
        return out

    def _signs(self, unit: Unit, match: MatchedHit) -> tuple[float, ...]:
        question, year = self._question, self._year(unit.text)
        named = self._asks_name and any(
            flat(found[0]).lower()[1:-1] not in self._asked for found in NAMED.finditer(unit.text)
        )
        return (
            float(defines(unit.text, match.hit.passage.section, question.term)),
            float(question.form is QuestionForm.WHY and REASON.search(unit.text) is not None),
            float(named),
            float(year > 0),
            float(year < 0),
        )

    def _counts(self, unit: Unit) -> list[float]:
        plain = unit.plain
        known = sum(plain[i : i + 2] in self._pairs for i in range(len(plain) - 1))
        items = len(ITEM.findall(unit.text)) if self._is_list else 0
        return [float(max(0, len(plain) - 1) - known), float(items), float(unit.is_heading)]

    def _kinds_in(self, unit: Unit) -> list[float]:
        """Which of the wanted kinds a unit holds in other words than the question's."""
        text = unit.text
        found = [
            float(any(flat(text[a:b]).lower() not in self._asked for a, b in find_answers(text, kind)))
            for kind in self._question.kinds
        ]
        return found + [float(counter.search(unit.plain) is not None) for counter in self._question.counters]

    def marked(self, held: Sequence[frozenset[str]]) -> Matrix:
        out = np.zeros((len(held), len(self._column)))
        for n, words in enumerate(held):
            out[n, [self._column[word] for word in words]] = 1.0
        return out

    def _year(self, text: str) -> float:
        """1 if the text names a year that was asked for, -1 if only others, 0 if none."""
        if not self._question.years:
            return 0.0
        named = years_in(text)
        return 0.0 if not named else (1.0 if named & self._question.years else -1.0)


def _ranges(matched: Sequence[MatchedHit]) -> Places:
    """The half-open range of each stretch among the units of all hits, `(n, 2)`."""
    rows, before = [], 0
    for reading in (match.reading for match in matched):
        rows += [(before + s.first, before + s.stop) for s in reading.stretches]
        before += min(len(reading.units), MOST_UNITS)
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


def _largest(rows: Matrix, ranges: Places) -> Matrix:
    """The largest value of each column in each half-open range of rows, none empty."""
    if not len(ranges):
        return np.zeros((0, rows.shape[1]))
    padded = np.vstack([rows, np.zeros((1, rows.shape[1]))])  # a range may end where the rows do
    return np.maximum.reduceat(padded, ranges.ravel(), axis=0)[::2]
