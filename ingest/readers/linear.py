"""The linear text of a format that is no text file, written block by block."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence

from ingest.document import Block, BlockKind
from ingest.traced import Traced

WHITE = re.compile(r"[ \t\r\n\f]+")
WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60]")


class LinearWriter:
    """Grows the text of a document and its blocks together; what comes between two flushes is one block.

    Attributes:
        text: Pieces of the linear text so far.
        blocks: The blocks so far, each a range of the text.
        kinds: Kind of the next block on top, below it those of the elements around.
        level: Level of the heading that is being written, 1 being the highest.
        furniture: Above zero inside navigation and the like.
        preformatted: Above zero where white space is kept.
    """

    def __init__(self) -> None:
        self.text: list[str] = []
        self.blocks: list[Block] = []
        self.furniture = 0
        self.preformatted = 0
        self.kinds = [BlockKind.PARAGRAPH]
        self.level = 0
        self._at = 0
        self._path: list[tuple[int, str]] = []
        self._lines: list[str] = []
        self._line: list[str] = []

    @property
    def section(self) -> tuple[str, ...]:
        """Titles of the headings above."""
        return tuple(title for _, title in self._path)

    def add(self, text: str) -> None:
        """Go on with the line."""
        first, *others = text.split("\n") if self.preformatted else (text,)
        self._line.append(first)
        for other in others:
            self.break_line()
            self._line.append(other)

    def break_line(self) -> None:
        """End the line; an empty line ends the block."""
        if not self._end_line() and not self.preformatted:
            self.flush()

    def flush(self) -> None:
        """End the block."""
        self._end_line()
        body = self.place_lines(self._lines)
        self._lines = []
        if body:
            self.space()
            self.emit(self.kinds[-1], body)

    def place_lines(self, lines: Sequence[str]) -> Traced:
        """Write lines, and give them with their place."""
        return Traced.joined([self._place(line) for line in lines], "\n")

    def _place(self, line: str) -> Traced:
        start, stop = self._at, self._at + len(line)
        self.text += (line, "\n")
        self._at = stop + 1
        return Traced(line, array("i", range(start, stop)), array("i", range(start + 1, stop + 1)))

    def space(self) -> None:
        """Write an empty line."""
        self.text.append("\n")
        self._at += 1

    def _end_line(self) -> bool:
        """Whether the line held anything."""
        text = "".join(self._line)
        line = text.rstrip() if self.preformatted else squeezed(text)
        self._line = []
        if line:
            self._lines.append(line)
        return bool(line)

    def emit(self, kind: BlockKind, body: Traced) -> None:
        """Make a block of text that is already placed."""
        if self.furniture:
            self.blocks.append(Block(BlockKind.FURNITURE, body))
            return
        if kind is BlockKind.HEADING:
            title = body.text.replace("\n", " ")
            self._path = [*(entry for entry in self._path if entry[0] < self.level), (self.level, title)]
        self.blocks.append(Block(kind, body, self.section))


def squeezed(text: str) -> str:
    """White space collapsed; a line break between two wide characters vanishes."""
    return WHITE.sub(_gap, text).strip()


def _gap(white: re.Match[str]) -> str:
    around = white.string[white.start() - 1 : white.start()] + white.string[white.end() : white.end() + 1]
    is_wide = len(around) == 2 and all(WIDE.match(c) for c in around)
    return "" if is_wide and "\n" in white[0] else " "
