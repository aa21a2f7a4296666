"""Stretches: what of a hit may be said as an answer, from a clause to a few sentences."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.question import Question
from index.hit import Hit
from ingest.headings import BRACKETED
from ingest.passage import Passage
from ingest.records import column_headers
from ingest.sentences import CLOSING, OPENING
from ingest.tokenizer import Tokenizer

CLAUSE_CHARS = 24  # of a sentence from which its clauses may be said alone
MIN_CLAUSE = 5
PAUSE = frozenset("、，,：:；;　")
MOST_UNITS = 40  # of a passage; what stands further down is said with what stands before it


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a hit's passage that is said, in half-open offsets into its text.

    Attributes:
        around: The stretch that is cited for it and holds it; the sentences that it is a part of.
    """

    hit: Hit
    start: int
    end: int
    around: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        return self.hit.passage.text[self.start : self.end]

    @property
    def cited(self) -> tuple[int, int]:
        """Half-open offsets of what is cited for it."""
        return self.around or (self.start, self.end)

    def overlaps(self, other: Quote) -> bool:
        """Whether both quote some character."""
        is_same = self.hit.passage.id == other.hit.passage.id
        return is_same and self.start < other.end and other.start < self.end

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest stretch: a clause, a short sentence or a table cell.

    Attributes:
        sentence: 0-based place of its sentence in the passage.
        words: The question's terms and grams in it.
    """

    start: int
    end: int
    sentence: int
    words: frozenset[str]
    is_heading: bool


def units_of(passage: Passage, question: Question, tokenizer: Tokenizer) -> list[Unit]:
    """The units of a passage, in order; headings among them are marked."""
    wanted = {*question.terms, *question.grams}
    units = []
    for n, (start, end) in enumerate(passage.sentences):
        heading = is_heading(passage.text[start:end], passage)
        for left, right in clauses(passage.text, start, end):
            text = passage.text[left:right]
            words = frozenset({*tokenizer.terms(text), *tokenizer.bigrams(text)} & wanted)
            units.append(Unit(left, right, n, words, heading))
    return units[:MOST_UNITS]


def clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Half-open offsets of the clauses of a sentence; a short sentence is one clause.

    A clause ends with a comma, a colon or a wide blank outside brackets, but not inside a number.
    """
    if end - start < CLAUSE_CHARS:
        yield start, end
        return
    depth, left = 0, start
    for at in range(start, end):
        char = text[at]
        if char in OPENING:
            depth += 1
        elif char in CLOSING:
            depth = max(0, depth - 1)
        elif char in PAUSE and depth == 0 and at + 1 < end and at + 1 - left >= MIN_CLAUSE:
            if text[at - 1].isdigit() and text[at + 1].isdigit():
                continue
            yield left, at + 1
            left = at + 1
    yield left, end


def runs(units: Sequence[Unit], *, longest: int) -> Iterator[tuple[int, int]]:
    """Half-open ranges of neighbouring units that may be said as one.

    Clauses of one sentence, or whole sentences: at most `longest` characters, or one sentence. None begins
    in the middle of one sentence and ends in another.
    """
    for first, unit in enumerate(units):
        begins = first == 0 or units[first - 1].sentence != unit.sentence
        for stop in range(first + 1, len(units) + 1):
            last = units[stop - 1]
            same = last.sentence == unit.sentence
            if last.end - unit.start > longest and not same:
                break
            ends = stop == len(units) or units[stop].sentence != last.sentence
            if (begins and ends) or (same and last.end - unit.start <= longest):
                yield first, stop


def is_heading(sentence: str, passage: Passage) -> bool:
    """Whether a sentence of a passage is a heading that it stands under, or holds nothing but labels."""
    return sentence in passage.section or bool(BRACKETED.match(sentence) or column_headers(sentence))


def flat(text: str) -> str:
    """A text in compatibility forms without white space, to compare what two say."""
    return "".join(unicodedata.normalize("NFKC", text).split())
