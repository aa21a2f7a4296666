"""Writing what an office file holds: its linear text, blocks, pages and cells, in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from ingest.content import Content
from ingest.document import Block, BlockKind
from ingest.locator import Locator, Page, PageKind
from ingest.readers.linear import LinearWriter, squeezed
from ingest.traced import Span, Traced

COMMENT = "コメント"


class OfficeWriter(LinearWriter):
    """Grows the content of an office file in the order in which it is read.

    Attributes:
        page: Number of the sheet or slide that is being written, `None` where there are none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.page: int | None = None
        self._pages: list[Page] = []
        self._locators: list[Locator] = []
        self._warnings: dict[str, None] = {}
        self._marks: tuple[str, ...] = ()

    @property
    def section(self) -> tuple[str, ...]:
        """Titles of the headings above, then what marks the part of the file as out of the ordinary."""
        return (*super().section, *self._marks)

    def write(self, kind: BlockKind, lines: Sequence[str], *, level: int = 0, cell: str = "") -> None:
        """One block of some lines; nothing if all are empty.

        Args:
            kind: Of the block.
            lines: White space in them is collapsed.
            level: Of a heading, 1 being the highest, 0 the document's title.
            cell: Name of the spreadsheet cell that it is.
        """
        body = self.place(lines, cell=cell)
        if body:
            self.level = level
            self.emit(kind, body)
            self.space()

    def place(self, lines: Sequence[str], *, cell: str = "") -> Traced:
        """Write lines that are to become part of a block, without those that are empty."""
        filled = [line for line in map(squeezed, lines) if line]
        start = self._at
        body = self.place_lines(filled)
        if cell and self.page is not None and body:
            self._locators.append(Locator(Span(start, self._at - 1), self.page, cell=cell))
        return body

    def emit(self, kind: BlockKind, body: Traced) -> None:
        """Make a block of text that is already placed; a heading in a marked part opens no section."""
        if kind is BlockKind.HEADING and not self._marks:
            title = body.text.replace("\n", " ")
            self._path = [*(entry for entry in self._path if entry[0] < self.level), (self.level, title)]
        self.blocks.append(Block(kind, body, self.section, self.page))

    def row(self, block: Block) -> None:
        """Add a table row that is already placed."""
        self.blocks.append(block)

    def append(self, text: str, blocks: Sequence[Block]) -> None:
        """Go on with what another reader read; its sections stand below the present one."""
        start = self._at
        self.text += (text, "\n")
        self._at += len(text) + 1
        for block in blocks:
            runs = [(at, length, first + start, end + start) for at, length, first, end in block.body.runs()]
            body = Traced.from_runs(block.body.text, runs)
            self.blocks.append(replace(block, body=body, section=(*self.section, *block.section)))
        self.space()

    @contextmanager
    def marked(self, mark: str) -> Iterator[None]:
        """What is written inside stands in a section of its own below the present one: a comment, notes."""
        before = self._marks
        self._marks = (*before, mark)
        yield
        self._marks = before

    def turn_page(self, kind: PageKind, name: str = "") -> None:
        """Begin the next sheet or slide; headings of the one before hold no longer."""
        self._end_page()
        self._path = []
        self.page = (self.page or 0) + 1
        self._pages.append(Page(self.page, Span(self._at, self._at), kind, name=name))

    def warn(self, warning: str) -> None:
        """Tell once what could not be read well."""
        self._warnings[warning] = None

    def content(self, title: str = "") -> Content:
        """All of it."""
        self._end_page()
        return Content(
            "".join(self.text),
            self.blocks,
            title,
            pages=tuple(self._pages),
            locators=tuple(self._locators),
            warnings=tuple(self._warnings),
        )

    def _end_page(self) -> None:
        if self._pages:
            last = self._pages[-1]
            self._pages[-1] = Page(last.number, Span(last.span.start, self._at), last.kind, name=last.name)
