"""What speaks for a stretch as an answer: one row of numbers for each, weighed by `assistant/scorer.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.announced import announces
from assistant.asked import QuestionForm
from assistant.definition import defines
from assistant.match import MatchedHit, WordWeights
from assistant.ordinal import fits_ordinals
from assistant.question import Question, find_answers
from assistant.reading import MOST_UNITS, ReadCell, Stretch, Unit
from assistant.stretch import Quote, flat
from ingest.calendar import years_in

Matrix = NDArray[np.float64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

FEATURES = (
    "own",  # question words that tell something, by rarity, that it holds
    "around",  # that only its passage or its headings hold
    "hit",  # the hit's score, the best hit's being 1
    "first_hit",
    "hit_own",  # the hit's score times the question words
    "kind",  # share of the wanted kinds of words that it holds, apart from the question's own
    "kind_near",  # the same, times its question words
    "defines",
    "year",  # 1 if it names the year that was asked for, a half if its passage does, -1 if only another
    "ordinal",  # the same of what is numbered: 第3回
    "length",  # hundreds of characters
    "long",  # the same above sixty
    "fresh",  # characters that are not the question's, in thirties, at most 1
    "whole_start",
    "whole_end",
    "heading",  # share of its units that are headings
    "listed",  # things side by side, where a list is asked for
    "list",  # a whole list, where one is asked for
    "reason",  # words of cause, where a reason is asked for
    "named",  # a name in brackets, where one is asked for
    "beside",  # its passage is next to that of the first hit
    "open",  # it ends before what its last clause says of its object or place (…会議に、)
    "label",  # it ends with a label of what follows
)
OPEN = re.compile(r"(?:[にをはがへで]|から|まで|より|として)[、，,]$")
HANGING = re.compile(  # what only tells when, why or on what terms something is so
    r"(?:場合|とき|時|際|ため|よう|ところ|結果|以上|限り|うえ|除き|ついて|関し|対し|よって|伴い|応じ|基づき|とおり|あらかじめ"
    r"|ただし|また|なお|[もばら]|ので|のに|けれど|ながら|つつ)[、，,]$"
)
ASKS = ("？", "?", "ですか。", "ますか。", "でしょうか。")
LETTER = re.compile(r"[^\W\d_]")
LABEL = re.compile(r"(?:[＞>】〉》］\]:：]|数|内訳|一覧|名)$")
REASON = re.compile(r"ため|から|により|よって|ので|理由|目的|背景|ことで")
NAMED = re.compile(r"「[^」]{2,}」|『[^』]{2,}』|[\"“][^\"”]{2,}[\"”]")
ASKS_NAME = re.compile(r"何という|なんという|名称|名前|テーマ|題名|タイトル|呼ば|愛称|何と(?:言|い)")
ITEM = re.compile(r"[、，,・／/\n]|及び|並びに|または|と(?=[一-龠ァ-ヶ])")
FRESH_CHARS, LIST_ITEMS, LONG_CHARS = 30, 5, 60

_AT = {name: n for n, name in enumerate(FEATURES)}


@dataclass(frozen=True, slots=True)
class Candidates:
    """Every stretch that may be said, and what speaks for it.

    Attributes:
        matched: The hits whose passages they are of.
        stretches: What may be said.
        hits: Of each the place of its hit among those matched.
        chars: How long each is.
        is_whole: Whether each is exactly one sentence, or a whole list: said however long it is.
        is_wanted: Whether it can answer by itself; a list only where one is asked for.
        features: A row for each, `(n, len(FEATURES))`.
    """

    matched: Sequence[MatchedHit]
    stretches: Sequence[Stretch]
    hits: NDArray[np.int64]
    chars: NDArray[np.int64]
    is_whole: Flags
    is_wanted: Flags
    features: Matrix

    @classmethod
    def of(cls, question: Question, words: WordWeights, matched: Sequence[MatchedHit]) -> Candidates:
        """The stretches of the hits."""
        both = words.telling().both()
        weights = np.array(list(both.values()), dtype=np.float64)
        weights /= weights.sum() or 1.0
        stretches = [stretch for match in matched for stretch in match.reading.stretches]
        sizes = [len(match.reading.stretches) for match in matched]
        reader = _Reader(question, {word: n for n, word in enumerate(both)})
        features, holds = reader.read(matched)
        own = holds @ weights
        passages = reader.marked([match.everything for match in matched]) @ weights
        best = max((match.hit.score for match in matched), default=0.0) or 1.0
        hit = np.repeat([match.hit.score / best for match in matched], sizes)
        features[:, _AT["own"]], features[:, _AT["around"]] = own, np.repeat(passages, sizes) - own
        features[:, _AT["hit"]], features[:, _AT["hit_own"]] = hit, hit * own
        features[:, _AT["kind_near"]] = features[:, _AT["kind"]] * own
        features[: sizes[0] if sizes else 0, _AT["first_hit"]] = 1.0
        features[:, _AT["beside"]] = np.repeat([_is_beside(match, matched[0]) for match in matched], sizes)
        wants_list = question.form is QuestionForm.LIST or question.asks_several
        return cls(
            matched,
            stretches,
            np.repeat(np.arange(len(matched)), sizes),
            np.array([s.end - s.start for s in stretches], dtype=np.int64),
            np.array([s.is_sentence or s.is_list for s in stretches], dtype=bool),
            np.array([wants_list or not s.is_list for s in stretches], dtype=bool)
            & ~_says_nothing(question, matched, features[:, _AT["kind"]]),
            features,
        )

    def quote(self, n: int) -> Quote:
        """The n-th stretch as it is said, with what is cited for it, if anything can be."""
        match, stretch = self.matched[self.hits[n]], self.stretches[n]
        return Quote(match.hit, stretch.start, stretch.end, match.reading.around(stretch))


def _says_nothing(question: Question, matched: Sequence[MatchedHit], kinds: Matrix) -> Flags:
    """Which stretches answer nothing by themselves.

    They ask, or are figures or neighbouring cells out of a row without its label. If none of their words is
    of a wanted kind: they break off with words that only lead to what is said next or, where one thing is
    asked for, only announce what stands below.
    """
    out = []
    is_one = question.form in (QuestionForm.FACT, QuestionForm.YES_NO) and not question.asks_several
    for match in matched:
        text, units = match.hit.passage.text, match.reading.units
        for s in match.reading.stretches:
            last = units[s.stop - 1].text.rstrip()
            is_bare = not s.is_sentence and LETTER.search(text, s.start, s.end) is None
            is_bare |= not s.is_list and _is_middle_of_row(s, match.reading.rows)
            leads = HANGING.search(last) is not None or (is_one and announces(text[s.start : s.end]))
            out.append((is_bare or last.endswith(ASKS), leads))
    flags = np.array(out, dtype=bool).reshape(-1, 2)
    none: Flags = flags[:, 0] | (flags[:, 1] & (kinds == 0.0))
    return none


def _is_middle_of_row(stretch: Stretch, rows: Sequence[Sequence[ReadCell]]) -> bool:
    """Whether it is several cells of a row without its first: of what they are is not told."""
    for row in rows:
        if row[0].start < stretch.start < row[-1].end:
            own = next(cell for cell in row if stretch.start < cell.end)
            return stretch.end > own.end
    return False


def _is_beside(match: MatchedHit, other: MatchedHit) -> bool:
    one, two = match.hit.passage, other.hit.passage
    return one.document_id == two.document_id and abs(one.order - two.order) == 1


# Of a unit: those of a stretch are their largest, or their sum.
_LARGEST = ("defines", "reason", "named", "right_year", "other_year", "right_ordinal", "other_ordinal")
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

    def read(self, matched: Sequence[MatchedHit]) -> tuple[Matrix, Matrix]:
        """Of every stretch its features and the question's words in it, 0 or 1."""
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
        out = self._described(matched, signs, total)
        out[:, _AT["kind"]] = kinds.mean(axis=1) if self.n_kinds else 0.0
        return out, holds

    def _described(self, matched: Sequence[MatchedHit], signs: Matrix, total: Matrix) -> Matrix:
        stretches = [stretch for match in matched for stretch in match.reading.stretches]
        sizes = [len(match.reading.stretches) for match in matched]
        chars = np.array([s.end - s.start for s in stretches], dtype=np.float64)
        out = np.zeros((len(stretches), len(FEATURES)))
        out[:, [_AT["defines"], _AT["reason"], _AT["named"]]] = signs[:, :3]
        for name, at, fits in (("year", 3, self._year), ("ordinal", 5, self._ordinal)):
            own = np.where(signs[:, at] != 0.0, signs[:, at], -signs[:, at + 1])
            around = [fits(match.hit.passage.search_text) / 2 for match in matched]
            out[:, _AT[name]] = np.where(own != 0.0, own, np.repeat(around, sizes))
        out[:, _AT["length"]] = chars / 100
        out[:, _AT["long"]] = np.maximum(0.0, chars - LONG_CHARS) / 100
        out[:, _AT["fresh"]] = np.minimum(1.0, total[:, 0] / FRESH_CHARS)
        out[:, _AT["whole_start"]] = [s.begins for s in stretches]
        out[:, _AT["whole_end"]] = [s.ends for s in stretches]
        last = [m.reading.units[s.stop - 1].text.rstrip() for m in matched for s in m.reading.stretches]
        out[:, _AT["open"]] = [OPEN.search(text) is not None for text in last]
        out[:, _AT["label"]] = [LABEL.search(text) is not None for text in last]
        out[:, _AT["heading"]] = total[:, 2] / [s.stop - s.first for s in stretches]
        if self._is_list:
            out[:, _AT["listed"]] = np.minimum(1.0, total[:, 1] / LIST_ITEMS)
            out[:, _AT["list"]] = [s.is_list for s in stretches]
        return out

    def _signs(self, unit: Unit, match: MatchedHit) -> tuple[float, ...]:
        question, year, ordinal = self._question, self._year(unit.text), self._ordinal(unit.text)
        named = self._asks_name and any(
            flat(found[0]).lower()[1:-1] not in self._asked for found in NAMED.finditer(unit.text)
        )
        return (
            float(defines(unit.text, match.hit.passage.section, question.term)),
            float(question.form is QuestionForm.WHY and REASON.search(unit.text) is not None),
            float(named),
            float(year > 0),
            float(year < 0),
            float(ordinal > 0),
            float(ordinal < 0),
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
            out[n, [self._column[word] for word in words if word in self._column]] = 1.0
        return out

    def _year(self, text: str) -> float:
        """1 if the text names a year that was asked for, -1 if only others, 0 if none."""
        if not self._question.years:
            return 0.0
        named = years_in(text)
        return 0.0 if not named else (1.0 if named & self._question.years else -1.0)

    def _ordinal(self, text: str) -> float:
        return fits_ordinals(text, self._question.ordinals)


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
