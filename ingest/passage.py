"""Passage: what is retrieved, quoted and cited."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingest.document import BlockKind
from ingest.traced import Traced


class YearSource(StrEnum):
    """What says which fiscal years a passage is about, the most trustworthy first."""

    COLUMN = "column"  # the header of its table column
    TEXT = "text"  # its own words
    SECTION = "section"  # the headings above it
    DOCUMENT = "document"  # the document as a whole
    NONE = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table row, in half-open offsets into the passage's text.

    Attributes:
        label: What its column is called, those above it first and with 「›」 between them; "" without one.
    """

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One or a few neighbouring blocks of one section.

    `body` is what is shown and quoted; `context` is put in front of it for searching only, so that a
    row is found by its column headers and a paragraph by the heading it stands under.

    Attributes:
        id: `<document id>-<order>`, the order being zero-padded.
        document_id: The document it is part of.
        order: 0-based place among the document's passages, in reading order.
        kind: Kind of its first block.
        body: Its text, each character with its range of `Document.text`.
        sentences: Half-open offsets into `body.text`, in order: its sentences, list items or row cells.
        context: Document title, section path and column headers, in words.
        section: Titles of the headings above it, outermost first.
        page: 1-based page of its first block, if known.
        line: 1-based line of `Document.text` on which it starts.
        years: Fiscal years that it is about, as Western years, ascending; those of the first source that
            names any. From a column they are certain unless there is a remark; other sources only suggest.
        years_from: Which source that is.
        remark: What a reader must be told of it, in Japanese, such as that the year of a cell cannot be told.
        rows: Its table rows of which each cell's column is known, in order.
    """

    id: str
    document_id: str
    order: int
    kind: BlockKind
    body: Traced
    sentences: tuple[tuple[int, int], ...]
    context: str
    section: tuple[str, ...]
    page: int | None
    line: int
    years: tuple[int, ...] = ()
    years_from: YearSource = YearSource.NONE
    remark: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()

    @property
    def text(self) -> str:
        """What is shown and quoted."""
        return self.body.text

    @property
    def search_text(self) -> str:
        """What is embedded and tokenised: the context, then the text."""
        return f"{self.context}\n{self.text}" if self.context else self.text

    def sentence(self, n: int) -> Traced:
        """Its n-th sentence, with its ranges of the original."""
        start, end = self.sentences[n]
        return self.body[start:end]
