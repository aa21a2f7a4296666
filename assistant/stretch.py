"""Stretches: what of a hit may be said as an answer, from a clause to a few sentences."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from index.hit import Hit
from ingest.headings import BRACKETED, heading_style
from ingest.passage import Passage
from ingest.records import column_headers
from ingest.sentences import CLOSING, OPENING

CLAUSE_CHARS = 24  # of a sentence from which its clauses may be said alone
MIN_CLAUSE = 5
COMMAS = frozenset("、，,")
OPENER = re.compile("[■□◆◇]")
NEXT_COMMA = re.compile("[、，,]")
ENDS_AS_NAME = re.compile(r"(?:[^ぁ-ん\s。：:；;]|など|ほか)$")
ENDS_AS_DATE = re.compile(r"(?:[年月日時]|年度)$")
WIDE = "\u3000"
PAUSE = frozenset(f"、，,：:；;{WIDE}\n")


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a hit's passage that is said, in half-open offsets into its text.

    Attributes:
        around: The stretch that is cited for it and holds it; the sentences that it is a part of.
        label: What it is of, where only its row, column or heading tells: a year, or the names of both.
        beside: What is cited with it: the cell that names its row.
    """

    hit: Hit
    start: int
    end: int
    around: tuple[int, int] | None = None
    label: str = ""
    beside: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        return self.hit.passage.text[self.start : self.end]

    @property
    def cited(self) -> tuple[int, int]:
        """Half-open offsets of what is cited for it."""
        return self.around or (self.start, self.end)

    @property
    def pieces(self) -> tuple[tuple[int, int], ...]:
        """Half-open offsets of all that is cited for it, in order."""
        return tuple(sorted(one for one in (self.cited, self.beside) if one))

    def overlaps(self, other: Quote) -> bool:
        """Whether what is cited for both has some character in common, so that one sentence tells both."""
        is_same = self.hit.passage.id == other.hit.passage.id
        (start, end), (low, high) = self.cited, other.cited
        return is_same and start < high and low < end

    def __len__(self) -> int:
        return self.end - self.start


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
            if text[at + 1].isdigit() and (text[at - 1].isdigit() or char == WIDE):  # 1,200; 利用　20回
                continue
            if text[at + 1] == "/" or (char in COMMAS and _lists_on(text, left, at, end)):  # https://…
                continue
            yield left, at + (char != "\n")
            left = at + 1
    yield left, end


def _lists_on(text: str, left: int, at: int, end: int) -> bool:
    """Whether a comma stands between two things listed: both end in a noun, and neither is a date."""
    following = NEXT_COMMA.search(text, at + 1, end)
    after = text[at + 1 : following.start() if following else end].rstrip("。 　")
    before = text[left:at]
    return all(ENDS_AS_NAME.search(part) and not ENDS_AS_DATE.search(part) for part in (before, after))


def is_heading(sentence: str, passage: Passage) -> bool:
    """Whether a sentence of a passage is a heading that it stands under, or holds nothing but labels."""
    return sentence in passage.section or bool(BRACKETED.match(sentence) or column_headers(sentence))


def opens(line: str, following: str) -> bool:
    """Whether a line is marked as the heading of the next (■ 申し込み), not as an item of a list."""
    return (
        bool(following)
        and OPENER.match(line) is not None
        and following[0] != line[0]
        and heading_style(line) is not None
    )


def flat(text: str) -> str:
    """A text in compatibility forms without white space, to compare what two say."""
    return "".join(unicodedata.normalize("NFKC", text).split())
