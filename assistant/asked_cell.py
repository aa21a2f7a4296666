"""The cell of a table row that answers: the row is told by the question's words, the column by the others.

「大会議室の夜間の使用料」 names a row (大会議室) and a column (夜間); what stands where they meet answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.asked import QuestionForm
from assistant.match import MatchedHit, WordWeights
from assistant.quantities import ungrounded
from assistant.question import AnswerType, Question, find_answers
from assistant.reading import ReadCell
from assistant.stretch import Quote, flat
from ingest.calendar import years_in

FORMS = frozenset({QuestionForm.FACT, QuestionForm.YES_NO})
LONGEST = 60  # characters of a cell that is said alone
LONGEST_NAME = 40  # of the cell that names its row
YEAR, KIND, CALLED = 1.0, 0.25, 0.35  # what speaks for a column beside the question's words in its label
LEAST, AHEAD = 0.1, 0.03  # of the best column's score, and before the next one's
KNOWN = 0.1  # share of the question in a cell from which it tells what the question does
FIGURES = frozenset({AnswerType.NUMBER, AnswerType.DATE, AnswerType.TIME})
UNIT = re.compile(r"[（(](?:[^（()）]*[・、,])?([^（()）・、,]{1,4})[)）]$")
COUNTED = re.compile(r"(?=([^\d\s]{1,2}?)(?:数|（|$))")  # 件 in 融資実行件数
WHICH = re.compile("(?:どの|何の)([部課局係市区町村国県校館社])")
NOTHING = re.compile("(?!)")
BRACKETS = re.compile(r"[（(][^（()）]*[）)]")
LETTER = re.compile(r"[^\W\d_]")
CALLS = (  # how a question asks, and what the column of it is called; the first that fits counts
    (re.compile("電話|内線|連絡先"), re.compile("電話|内線|連絡|問い?合")),
    (re.compile("誰|だれ|どなた|氏名"), re.compile("講師|氏名|担当者|代表|名前|責任者|職$|者$")),
    (re.compile("いくら|何円|値段|代金|費用"), re.compile("円|額|料|費|価格|代金|単価")),
    (re.compile("何人|何名"), re.compile("人|者数|員")),
    (
        re.compile("いつ|何[年月日曜]|何時(?!間)|期[日限]"),
        re.compile("[日年月]$|日時|[期時]間|時期|期限|納期"),
    ),
    (re.compile("会社|業者|委託|請け負"), re.compile("先$|相手方|業者|会社")),
    (
        re.compile("[部課局署]|担当|主催|どこが|問い?合わせ"),
        re.compile("所管|担当|[部課局]$|部署|主催|窓口|問い?合"),
    ),
    (re.compile("どこ[でにの]|どちらで|場所|会場"), re.compile("会場|場所|所在|開催地|住所|設置|配布|地$")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked for: the question, and how much each of its words tells of all that they tell."""

    question: Question
    words: WordWeights
    shares: Mapping[str, float]

    @classmethod
    def of(cls, question: Question, words: WordWeights) -> _Asked:
        words = words.telling()
        both = words.both()
        total = sum(both.values()) or 1.0
        return cls(question, words, {word: weight / total for word, weight in both.items()})

    def told(self, held: frozenset[str]) -> float:
        """Share of what the question's words tell, 0 … 1."""
        return sum(self.shares.get(word, 0.0) for word in held)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row, the question's words in it, and how clearly it is meant.

    Attributes:
        year: 1 if its first cell names a year that is asked for, -1 if only others, 0 without any.
    """

    cells: Sequence[ReadCell]
    held: frozenset[str]
    year: float
    fit: float

    @classmethod
    def of(cls, asked: _Asked, cells: Sequence[ReadCell]) -> _Row:
        held = frozenset().union(*(cell.words.held(asked.question) for cell in cells))
        year = _fits(years_in(cells[0].text), asked.question.years)
        return cls(cells, held, year, asked.told(held) + YEAR * year)


def asked_cell(question: Question, words: WordWeights, match: MatchedHit) -> Quote | None:
    """The cell of a hit's row that answers, with the names of its row and column as its label.

    `None` if the question asks for more than one thing, if the passage has no row of known columns, or if
    no column is what is asked for more clearly than every other.
    """
    rows = match.reading.rows
    if not rows or question.form not in FORMS or question.asks_several:
        return None
    asked = _Asked.of(question, words)
    row = max((_Row.of(asked, cells) for cells in rows), key=lambda row: row.fit)
    cell = _column(asked, row) if _is_meant(asked, row) else None
    return _quote(asked, match, row.cells, cell) if cell else None


def _is_meant(asked: _Asked, row: _Row) -> bool:
    """Whether the question names a row by a word or a year; pairs of characters alone name nothing."""
    is_named = any(not cell.words.terms.isdisjoint(asked.question.terms) for cell in row.cells)
    return row.fit > 0 and (is_named or row.year > 0)


def _column(asked: _Asked, row: _Row) -> ReadCell | None:
    """The cell whose column is asked for, if it is clear which one."""
    able = (cell for cell in row.cells if _can_answer(asked, cell))
    scored = [(_score(asked, cell, row.held, _unit(row.cells[0].text)), cell) for cell in able]
    scored.sort(key=lambda one: -one[0])
    is_clear = len(scored) < 2 or scored[0][0] - scored[1][0] >= AHEAD
    return scored[0][1] if scored and is_clear and scored[0][0] >= LEAST else None


def _can_answer(asked: _Asked, cell: ReadCell) -> bool:
    """Whether a cell has a column, is short and says what the question does not."""
    if not cell.label or not any(map(str.isalnum, cell.text)) or len(cell.text) > LONGEST:
        return False
    is_said = flat(cell.text).lower() in flat(asked.question.text).lower()
    known = [word for word in cell.words.terms.intersection(asked.question.terms) if len(word) > 1]
    return not is_said and sum(asked.words.terms.get(word, 0.0) for word in known) < KNOWN


def _score(asked: _Asked, cell: ReadCell, known: frozenset[str], unit: str) -> float:
    """What speaks for a cell's column; nothing does without its name, or its year and the kind of words."""
    question = asked.question
    named = asked.told(cell.label_words.held(question) - known) + CALLED * _is_called(question, cell)
    kind, year = _kind(question, cell, unit), _fits(years_in(cell.label), question.years)
    if not named and (year <= 0 or kind <= 0):
        return 0.0
    return named + YEAR * year + KIND * kind


def _is_called(question: Question, cell: ReadCell) -> bool:
    """Whether a column is called as its kind of things is asked for, or its cell ends so (どの課, 施設課)."""
    which = WHICH.search(question.text)
    if which and cell.text.endswith(which[1]):
        return True
    name = next((name for asks, name in CALLS if asks.search(question.text)), NOTHING)
    return name.search(BRACKETS.sub("", cell.label)) is not None


def _fits(named: set[int] | frozenset[int], asked: frozenset[int]) -> float:
    """1 if one of the years named is asked for, -1 if others are, 0 without any."""
    if not named or not asked:
        return 0.0
    return 1.0 if named & asked else -1.0


def _kind(question: Question, cell: ReadCell, unit: str) -> float:
    """Whether a cell holds the kind of words that is asked for, with the unit of its column or row."""
    text = cell.text + (_unit(cell.label) or unit)
    fits = [bool(find_answers(text, kind)) for kind in question.kinds]
    counted = [f"0{found[1]}" for found in COUNTED.finditer(cell.label)]
    fits += [any(map(counter.search, (flat(text), *counted))) for counter in question.counters]
    if not all(fits) and FIGURES & set(question.kinds):
        return -1.0
    return sum(fits) / len(fits) if fits else 0.0


def _unit(name: str) -> str:
    """What a row's or column's name counts in: 千円 of 予算額（千円）."""
    found = UNIT.search(name)
    return found[1] if found else ""


def _quote(asked: _Asked, match: MatchedHit, row: Sequence[ReadCell], cell: ReadCell) -> Quote | None:
    """The cell, cited with the one that names its row; with all between them if the two are too short."""
    name, citable = _name(asked, row, cell), match.reading.citable
    said = (cell.start, cell.end)
    quote = Quote(match.hit, *said, said, label=_label(asked.question, name, cell))
    if name is None:
        return quote if citable.allow(*said) else None
    apart = replace(quote, beside=(name.start, name.end))
    if citable.allow_all(apart.pieces):
        return apart
    whole = (min(name.start, cell.start), max(name.end, cell.end))
    is_fit = citable.allow(*whole) and citable.keep_numbers(said, whole)
    return replace(quote, around=whole) if is_fit else None


def _name(asked: _Asked, row: Sequence[ReadCell], cell: ReadCell) -> ReadCell | None:
    """The cell that names the row: the first that holds most of what the question says of it."""
    able = [
        one for one in row if one is not cell and LETTER.search(one.text) and len(one.text) <= LONGEST_NAME
    ]
    told = [asked.told(one.words.held(asked.question)) for one in able]
    return next((one for one, share in zip(able, told, strict=True) if share >= max(told) / 2), None)


def _label(question: Question, name: ReadCell | None, cell: ReadCell) -> str:
    """What the cell is of; of a column's name no number that neither what is cited nor the question tells."""
    parts = [name.text.replace("\n", "")] if name else []
    told = (question.text, cell.text, *parts)
    column = next(
        (one for one in (cell.label, BRACKETS.sub("", cell.label)) if not ungrounded(one, told)), ""
    )
    return " › ".join(filter(None, (*parts, column)))
