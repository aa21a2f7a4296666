"""Content: what a reader makes of one file's bytes, and what it is told besides them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ingest.document import Block, BlockKind
from ingest.locator import Locator, Page
from ingest.ocr import Ocr


@dataclass(frozen=True, slots=True)
class Content:
    """What a reader found in a file.

    Attributes:
        text: Becomes `Document.text`: frozen, every block and locator is a range of it.
        blocks: In reading order; empty ones are dropped by whoever takes this.
        title: What the format itself states, "" if nothing.
        pages: Ascending by number; none where the format has no pages.
        locators: Ascending by the start of their ranges, none overlapping.
        warnings: Japanese sentences about what could not be read well, with page numbers where known.
        is_source_text: Whether the text is the decoded file itself.
    """

    text: str
    blocks: Sequence[Block]
    title: str = ""
    pages: tuple[Page, ...] = ()
    locators: tuple[Locator, ...] = ()
    warnings: tuple[str, ...] = ()
    is_source_text: bool = False


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a reader is told besides the file's bytes.

    Attributes:
        suffix: Extension of the file's name in lower case, with its dot; "" if it has none.
        password: Opens the file if it is encrypted; "" also opens what has an empty password.
        ocr: Reads pages that are pictures, `None` to leave them out.
    """

    suffix: str = ""
    password: str = field(default="", repr=False)
    ocr: Ocr | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """One format: how a file of it is told, and what reads it.

    Attributes:
        claims: Whether bytes with this extension are of the format; the extension is only for ties.
        read: Raises `ReadError` if it cannot be read after all.
    """

    name: str
    claims: Callable[[bytes, str], bool]
    read: Callable[[bytes, ReadOptions], Content]


def first_heading(blocks: Sequence[Block]) -> str:
    """The text of the first heading on one line, "" if there is none."""
    return next((block.text for block in blocks if block.kind is BlockKind.HEADING), "").replace("\n", " ")
