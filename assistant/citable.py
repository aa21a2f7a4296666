"""Whether a stretch of a passage can be cited: its ranges are few, and long enough to be looked up."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from ingest.passage import Passage

MIN_LETTERS = 4  # letters and digits of a citation, and on average of each of its ranges
MOST_SPANS = 24
NUMERIC = re.compile(r"[\d.,，．千万億兆]")


class CitableStretches:
    """Tells quickly of any stretch of one passage whether it can be cited."""

    def __init__(self, passage: Passage) -> None:
        self._text = passage.text
        self._letters = [0, *accumulate(char.isalnum() for char in passage.text)]
        self._runs = passage.body.runs()
        self._starts = [run[0] for run in self._runs]

    def n_letters(self, start: int, end: int) -> int:
        """Letters and digits of a stretch."""
        return self._letters[end] - self._letters[start]

    def allow(self, start: int, end: int) -> bool:
        """Whether a stretch, in half-open offsets into the text, can be cited."""
        return self.n_letters(start, end) >= MIN_LETTERS and self.allow_all([(start, end)])

    def allow_all(self, stretches: Sequence[tuple[int, int]]) -> bool:
        """Whether stretches, in half-open offsets into the text, can be cited together."""
        letters = sum(self.n_letters(*one) for one in stretches)
        n_spans = sum(self._n_spans(*one) for one in stretches)
        return letters >= MIN_LETTERS * max(1, n_spans) and n_spans <= MOST_SPANS

    def keep_numbers(self, said: tuple[int, int], around: tuple[int, int]) -> bool:
        """Whether no number at an end of what is said goes on in the wider stretch around it.

        Cells read without the white space between them would otherwise make one number of two.
        """
        (start, end), (low, high) = said, around
        own = self._text[start:end].strip()
        before, after = self._text[low:start].rstrip(), self._text[end:high].lstrip()
        return not (
            (NUMERIC.match(before[-1:]) and NUMERIC.match(own[:1]))
            or (NUMERIC.match(own[-1:]) and NUMERIC.match(after[:1]))
        )

    def _n_spans(self, start: int, end: int) -> int:
        """As many as `passage.body[start:end].spans()` are."""
        said = self._text[start:end]
        start, end = start + len(said) - len(said.lstrip()), end - len(said) + len(said.rstrip())
        n, last = 0, (-1, -1)
        for at, length, low, high in self._runs[max(0, bisect_right(self._starts, start) - 1) :]:
            if at >= end:
                break
            left, right = max(at, start), min(at + length, end)
            if left >= right:
                continue
            if high - low == length:
                low, high = low + left - at, low + right - at
            if last[1] == low:
                last = (last[0], high)
            elif last != (low, high) and not self._text[left:right].isspace():
                n, last = n + 1, (low, high)
        return n
