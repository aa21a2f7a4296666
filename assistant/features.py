"""What speaks for a stretch as an answer: one row of numbers for each, weighed by `assistant/scorer.py`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.asked import QuestionForm
from assistant.definition import defines
from assistant.match import MatchedHit, WordWeights
from assistant.question import Question, find_answers
from assistant.stretch import Quote, Unit, flat, runs, units_of
from ingest.calendar import find_years
from ingest.tokenizer import Tokenizer

Matrix = NDArray[np.float64]

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
        fixed: Features by stretch, those that depend on what is said being 0.
        holds: Which of the question's words each holds: 0 or 1.
        passages: Which its passage or headings hold.
        kinds: Which of the wanted kinds each holds: 0 or 1.
        word_weights: Of the columns of `holds`, summing to 1.
    """

    quotes: tuple[Quote, ...]
    fixed: Matrix
    holds: Matrix
    passages: Matrix
    kinds: Matrix
    word_weights: Matrix

    @classmethod
    def of(
        cls, question: Question, words: WordWeights, matched: Sequence[MatchedHit], tokenizer: Tokenizer,
        *, longest: int,
    ) -> Candidates:  # fmt: skip
        """The stretches of the hits of at most `longest` characters, and single units of any length."""
        both = words.both()
        weights = np.array(list(both.values()), dtype=np.float64)
        best = max((match.hit.score for match in matched), default=0.0) or 1.0
        reader = _Reader(question, {word: n for n, word in enumerate(both)})
        parts = []
        for rank, match in enumerate(matched):
            units = units_of(match.hit.passage, question, tokenizer)
            part = reader.read(match, units, longest=longest)
            part.fixed[:, _AT["hit"]] = match.hit.score / best
            part.fixed[:, _AT["first_hit"]] = rank == 0
            parts.append(part)
        return cls(
            tuple(quote for part in parts for quote in part.quotes),
            _stacked([part.fixed for part in parts], len(FEATURES)),
            _stacked([part.holds for part in parts], len(both)),
            _stacked([part.passages for part in parts], len(both)),
            _stacked([part.kinds for part in parts], reader.n_kinds),
            weights / (weights.sum() or 1.0),
        )

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
        near = {passage for n in (*said, 0) for passage in self._beside(n)} if len(self.quotes) else set()
        out[:, _AT["beside"]] = [
            (q.hit.passage.document_id, q.hit.passage.order) in near for q in self.quotes
        ]
        for one in (self.quotes[n] for n in said):
            for n, quote in enumerate(self.quotes):
                if quote.hit.passage.id == one.hit.passage.id:
                    out[n, _AT["same_passage"]] = 1.0
                    if -1 <= quote.start - one.end <= 2 or -1 <= one.start - quote.end <= 2:
                        out[n, _AT["next_to"]] = 1.0
        return out

    def _beside(self, n: int) -> tuple[tuple[str, int], ...]:
        passage = self.quotes[n].hit.passage
        return (passage.document_id, passage.order - 1), (passage.document_id, passage.order + 1)


@dataclass(frozen=True, slots=True)
class _Part:
    """The candidates of one hit."""

    quotes: tuple[Quote, ...]
    fixed: Matrix
    holds: Matrix
    passages: Matrix
    kinds: Matrix


# Of a unit: those of a run are their largest, or their sum.
_LARGEST = ("defines", "reason", "named", "right_year", "other_year")
_SUMMED = ("fresh", "items", "heading")


class _Reader:
    """Reads the units of each hit once and joins what they hold for every run of them."""

    def __init__(self, question: Question, column: Mapping[str, int]) -> None:
        self._question = question
        self._column = column
        self._asked = flat(question.text).lower()
        self._pairs = {self._asked[i : i + 2] for i in range(len(self._asked) - 1)}
        self._asks_name = ASKS_NAME.search(question.text) is not None
        self.n_kinds = len(question.kinds) + len(question.counters)

    def read(self, match: MatchedHit, units: Sequence[Unit], *, longest: int) -> _Part:
        """The candidates of a hit; runs of nothing but headings answer nothing and are left out."""
        passage = match.hit.passage
        texts = [passage.text[unit.start : unit.end] for unit in units]
        largest = np.array([self._signs(t, match) for t in texts]).reshape(len(units), len(_LARGEST))
        kinds = np.array([self._kinds_in(t) for t in texts]).reshape(len(units), self.n_kinds)
        holds = self._marked(unit.words for unit in units)
        counts = [[*self._counts(t), unit.is_heading] for t, unit in zip(texts, units, strict=True)]
        summed = np.cumsum([[0.0] * len(_SUMMED), *counts], axis=0)
        spans = [
            (first, stop)
            for first, stop in runs(units, longest=longest)
            if not all(unit.is_heading for unit in units[first:stop])
        ]
        fixed = np.zeros((len(spans), len(FEATURES)))
        around = self._year(passage.search_text) / 2
        for n, (first, stop) in enumerate(spans):
            total = summed[stop] - summed[first]
            self._describe(fixed[n], units[first:stop], largest[first:stop].max(axis=0), total, around)
            fixed[n, _AT["whole_start"]] = first == 0 or units[first - 1].sentence != units[first].sentence
            fixed[n, _AT["whole_end"]] = (
                stop == len(units) or units[stop].sentence != units[stop - 1].sentence
            )
        everything = self._marked([match.everything.union(*(unit.words for unit in units))])
        return _Part(
            tuple(Quote(match.hit, units[first].start, units[stop - 1].end) for first, stop in spans),
            fixed,
            _stacked([holds[a:b].max(axis=0, keepdims=True) for a, b in spans], len(self._column)),
            np.repeat(everything, len(spans), axis=0),
            _stacked([kinds[a:b].max(axis=0, keepdims=True) for a, b in spans], self.n_kinds),
        )

    def _describe(
        self, row: Matrix, units: Sequence[Unit], largest: Matrix, total: Matrix, around: float
    ) -> None:
        chars = units[-1].end - units[0].start
        row[_AT["length"]] = chars / 100
        row[_AT["long"]] = max(0, chars - LONG_CHARS) / 100
        row[_AT["defines"]], row[_AT["reason"]], row[_AT["named"]] = largest[:3]
        row[_AT["year"]] = largest[3] or -largest[4] or around
        row[_AT["fresh"]] = min(1.0, total[0] / FRESH_CHARS)
        row[_AT["heading"]] = total[2] / len(units)
        if self._question.form is QuestionForm.LIST:
            row[_AT["listed"]] = min(1.0, total[1] / LIST_ITEMS)

    def _signs(self, text: str, match: MatchedHit) -> tuple[float, ...]:
        question, year = self._question, self._year(text)
        named = self._asks_name and any(
            flat(found[0]).lower()[1:-1] not in self._asked for found in NAMED.finditer(text)
        )
        return (
            float(defines(text, match.hit.passage.section, question.term)),
            float(question.form is QuestionForm.WHY and REASON.search(text) is not None),
            float(named),
            float(year > 0),
            float(year < 0),
        )

    def _counts(self, text: str) -> tuple[float, float]:
        plain = flat(text).lower()
        fresh = sum(plain[i : i + 2] not in self._pairs for i in range(len(plain) - 1))
        return float(fresh), float(len(ITEM.findall(text)))

    def _kinds_in(self, text: str) -> list[float]:
        """Which of the wanted kinds a text holds in other words than the question's."""
        plain = flat(text)
        found = [
            float(any(flat(text[a:b]).lower() not in self._asked for a, b in find_answers(text, kind)))
            for kind in self._question.kinds
        ]
        return found + [float(counter.search(plain) is not None) for counter in self._question.counters]

    def _marked(self, held: Iterable[frozenset[str]]) -> Matrix:
        rows = [[self._column[word] for word in words] for words in held]
        out = np.zeros((len(rows), len(self._column)))
        for n, columns in enumerate(rows):
            out[n, columns] = 1.0
        return out

    def _year(self, text: str) -> float:
        """1 if the text names a year that was asked for, -1 if only others, 0 if none."""
        if not self._question.years:
            return 0.0
        named = {mention.year for mention in find_years(text)}
        return 0.0 if not named else (1.0 if named & self._question.years else -1.0)


def _stacked(parts: Sequence[Matrix], width: int) -> Matrix:
    return np.concatenate(parts) if parts else np.zeros((0, width))
