"""The headings of a PDF that a place stands under, by their size and their numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from unicodedata import normalize

from ingest.headings import SYMBOL_RANK

DECIMAL = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)*[.．]?")


def _number(title: str) -> tuple[str, ...]:
    """The parts of a number such as 2.2.3 that a title begins with."""
    found = DECIMAL.match(title)
    return tuple(normalize("NFKC", found[0]).rstrip(".").split(".")) if found else ()


def _follows(number: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether the other is the next number after this one in its list."""
    return len(number) == len(other) == 1 and int(number[0]) + 1 == int(other[0])


@dataclass(slots=True)
class Outline:
    """The headings that a place stands under."""

    stack: list[tuple[tuple[float, ...], str]] = field(default_factory=list)

    def enter(self, level: tuple[float, ...], title: str) -> None:
        """Go under a heading; it closes those of its level and deeper, and those numbered in its way."""
        number = _number(title)
        above = [n for n, (_, other) in enumerate(self.stack) if _number(other) == number[:-1] != ()]
        if above:  # 2.2.3 stands under 2.2, whatever came between
            del self.stack[above[-1] + 1 :]
            self.stack.append((level, title))
            return
        kin = [n for n, (other, _) in enumerate(self.stack) if level[0] and other[0] and other[2] == level[2]]
        if kin and level[2] >= 0 and level[2] != SYMBOL_RANK:  # their sizes may differ a little
            before = [n for n in kin if not self._starts_over(n, number)]
            counted = [n for n in before if _follows(_number(self.stack[n][1]), number)]
            del self.stack[(counted or before)[-1] if before else len(self.stack) :]
            self.stack.append((level, title))
            return
        while self.stack and self.stack[-1][0] >= level:
            self.stack.pop()
        self.stack.append((level, title))

    def _starts_over(self, n: int, number: tuple[str, ...]) -> bool:
        """Whether a number counts anew below the n-th title: 1. below 3.2.8 is no part beside 3."""
        other = _number(self.stack[n][1])
        if len(other) != 1 or len(number) != 1 or int(number[0]) > int(other[0]):
            return False
        return any(len(inner := _number(title)) > 1 and inner[:1] == other for _, title in self.stack[n:])

    @property
    def path(self) -> tuple[str, ...]:
        """Titles above, outermost first."""
        return tuple(title for _, title in self.stack)
