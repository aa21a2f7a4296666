"""Traced: a string that remembers where each of its characters came from.

Layout repair joins, trims and reorders text; as long as it does so with `Traced` values, every
character keeps its range in the original, so a citation is known from the first day and never
searched for again.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NOWHERE = -1


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points of `Document.text`."""

    start: int
    end: int


class Traced:
    """Immutable text whose every character knows its range `[start, end)` in the original.

    A range is one code point wide, but for a decoded entity (`&amp;`), which covers its whole source.
    White space that repair puts in (between joined cells, say) comes from nowhere and has no range.

    Example:
        >>> line = Traced.from_original("ab cd", 3, 5)
        >>> (line + Traced.inserted(" ")).text, line.spans()
        ('cd ', (Span(start=3, end=5),))
    """

    __slots__ = ("_ends", "_starts", "text")

    def __init__(self, text: str, starts: array[int], ends: array[int]) -> None:
        if not len(text) == len(starts) == len(ends):
            raise ValueError(f"{len(text)} characters, {len(starts)} starts, {len(ends)} ends")
        self.text = text
        self._starts = starts
        self._ends = ends

    @classmethod
    def from_original(cls, original: str, start: int = 0, end: int | None = None) -> Traced:
        """The characters `original[start:end]`, each from its own place."""
        end = len(original) if end is None else end
        return cls(original[start:end], array("i", range(start, end)), array("i", range(start + 1, end + 1)))

    @classmethod
    def decoded(cls, text: str, start: int, end: int) -> Traced:
        """Text that all comes from one range, such as a decoded entity."""
        return cls(text, array("i", [start]) * len(text), array("i", [end]) * len(text))

    @classmethod
    def inserted(cls, white_space: str) -> Traced:
        """White space that stands nowhere in the original.

        Raises:
            ValueError: If the text holds anything but white space: repair never invents characters.
        """
        if white_space and not white_space.isspace():
            raise ValueError(f"only white space may be inserted, not {white_space!r}")
        nowhere = array("i", [NOWHERE]) * len(white_space)
        return cls(white_space, nowhere, nowhere)

    @classmethod
    def joined(cls, parts: Iterable[Traced], separator: str = "") -> Traced:
        """The parts one after another, with inserted white space between them."""
        gap = cls.inserted(separator)
        text: list[str] = []
        starts, ends = array("i"), array("i")
        for n, part in enumerate(parts):
            for piece in (gap, part) if n else (part,):
                text.append(piece.text)
                starts.extend(piece._starts)
                ends.extend(piece._ends)
        return cls("".join(text), starts, ends)

    @classmethod
    def from_runs(cls, text: str, runs: Sequence[Sequence[int]]) -> Traced:
        """What `runs()` wrote, read back."""
        starts = array("i", [NOWHERE]) * len(text)
        ends = array("i", [NOWHERE]) * len(text)
        for at, length, start, end in runs:
            if end - start == length:
                starts[at : at + length] = array("i", range(start, end))
                ends[at : at + length] = array("i", range(start + 1, end + 1))
            else:
                starts[at : at + length] = array("i", [start]) * length
                ends[at : at + length] = array("i", [end]) * length
        return cls(text, starts, ends)

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Traced({self.text!r}, {self.spans()!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Traced):
            return NotImplemented
        return (self.text, self._starts, self._ends) == (other.text, other._starts, other._ends)

    def __hash__(self) -> int:
        return hash((self.text, self.start))

    def __getitem__(self, part: slice) -> Traced:
        return Traced(self.text[part], self._starts[part], self._ends[part])

    def __add__(self, other: Traced) -> Traced:
        return Traced.joined((self, other))

    @property
    def start(self) -> int:
        """Where its first character with a place stands, `NOWHERE` if none has one."""
        return next((s for s in self._starts if s != NOWHERE), NOWHERE)

    @property
    def end(self) -> int:
        """Where the last character that stands in the original ends; 0 if none does."""
        return next((end for end in reversed(self._ends) if end != NOWHERE), 0)

    def strip(self) -> Traced:
        """Without white space at both ends."""
        left = len(self.text) - len(self.text.lstrip())
        return self[left : len(self.text.rstrip())] if left < len(self.text) else self[:0]

    def runs(self) -> list[tuple[int, int, int, int]]:
        """Stretches `(offset in text, length, start, end)` that go on unbroken, for storage."""
        out: list[tuple[int, int, int, int]] = []
        at = 0
        while at < len(self.text):
            start, end = self._starts[at], self._ends[at]
            stop = at + 1
            if start == NOWHERE:
                at = stop
                continue
            if end - start == 1:  # wider characters stand alone: two from one range of two are no stretch
                while stop < len(self.text) and self._starts[stop] == end and self._ends[stop] == end + 1:
                    stop, end = stop + 1, end + 1
            out.append((at, stop - at, start, end))
            at = stop
        return out

    def closed(self, original: str) -> Traced:
        """The same text, each character's range stretched over the white space that repair dropped after it.

        A sentence broken over three lines then has one range instead of three.
        """
        ends = self._ends[:]
        for n in range(len(ends) - 1):
            end, following = ends[n], self._starts[n + 1]
            if NOWHERE != end < following and original[end:following].isspace():
                ends[n] = following
        return Traced(self.text, self._starts, ends)

    def spans(self) -> tuple[Span, ...]:
        """The ranges of the original in the order of the text; those that touch are one.

        White space at the ends of the text is not part of any range.
        """
        text = self.strip()
        out: list[Span] = []
        for at, length, start, end in text.runs():
            last = out[-1] if out else None
            if last and last.end == start:
                out[-1] = Span(last.start, end)
            elif text.text[at : at + length].strip() and last != Span(start, end):
                out.append(Span(start, end))
        return tuple(out)
