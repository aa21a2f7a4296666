"""Document and Block: one file as read, and the pieces that layout repair found in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingest.locator import Locator, Page
from ingest.traced import Span, Traced


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short name and the full one, each with its ranges of `Document.text`.

    Attributes:
        short: 「協会」.
        full: 「潮見市国際交流協会」.
        is_declared: Whether the text says so (以下「…」という); else one glosses the other: 機構（JETRO）.
    """

    short: Traced
    full: Traced
    is_declared: bool


class BlockKind(StrEnum):
    """What a block is on the page."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CAPTION = "caption"
    FURNITURE = "furniture"  # running headers, page numbers: kept, never indexed


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or table row.

    Attributes:
        body: The repaired text, each character with its range of `Document.text`.
        section: Titles of the headings above it, outermost first; a heading's own title is its last.
        page: 1-based page, `None` where the format has no pages or they cannot be told.
        headers: For a table row, the column labels: one per cell, "" where a column has none; for a row
            recovered from flattened text, all labels of its table, since which cell is whose is not known.
        cells: For a table row, the end offset in `body.text` of each cell, or of each line, in order.
    """

    kind: BlockKind
    body: Traced
    section: tuple[str, ...] = ()
    page: int | None = None
    headers: tuple[str, ...] = ()
    cells: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The repaired text."""
        return self.body.text

    @property
    def spans(self) -> tuple[Span, ...]:
        """Its ranges of `Document.text`."""
        return self.body.spans()


@dataclass(frozen=True, slots=True)
class Details:
    """What else is known of a document, and how surely.

    Attributes:
        aliases: Other names that people use for it or for its publisher, declared or defined in its text.
        edition: Its state, as written: 素案, 改訂版, 第２版; "" if not known.
        issued: The date that it bears, `2023-08-15` or `2023-08`; "" if not known.
        url: Where it is published, if declared.
        is_source_text: Whether its text is the decoded file, so that line numbers are those of the file.
        groups: Who may see it, if declared; empty for everybody.
        confidence: From 0 to 1 for each of `title`, `publisher`, `fiscal_years`, `edition` and `issued`;
            1 is what was declared.
    """

    aliases: tuple[str, ...] = ()
    edition: str = ""
    issued: str = ""
    url: str = ""
    confidence: tuple[tuple[str, float], ...] = ()
    is_source_text: bool = False
    groups: tuple[str, ...] = ()


NO_DETAILS = Details()


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read.

    Attributes:
        id: 16 hexadecimal digits, the same for the same file of the same folder.
        source: Path below the ingested folder, with `/`; for one file its name.
        publisher: Organisation that issued it, "" if unknown.
        fiscal_years: Fiscal years it is about, as Western years, ascending.
        sha256: Digest of the file's bytes.
        text: As read, never altered: the decoded file for text, CSV and Markdown, the reader's linear
            text for other formats.
        warnings: Japanese sentences about what could not be read well.
        pages: Its pages, sheets or slides in order; none where the format has none.
        locators: Where ranges of the text stand on them, ascending. The catalog gives them by themselves
            (`Catalog.locators`), so that a question does not pay for what only a source panel wants.
        abbreviations: Short names that its text gives to full ones, in reading order.
        details: What else is known of it.
    """

    id: str
    source: str
    title: str
    publisher: str
    fiscal_years: tuple[int, ...]
    sha256: str
    text: str
    blocks: tuple[Block, ...]
    warnings: tuple[str, ...] = ()
    pages: tuple[Page, ...] = ()
    locators: tuple[Locator, ...] = ()
    abbreviations: tuple[Abbreviation, ...] = ()
    details: Details = NO_DETAILS
