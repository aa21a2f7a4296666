"""One file in, one `Document` out: the reader is picked by content, the extension breaks ties."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest.abbreviations import find_abbreviations
from ingest.decode import decode
from ingest.document import Block, BlockKind, Document
from ingest.errors import ReadError
from ingest.files import unsupported_format
from ingest.metadata import Declaration, find_metadata
from ingest.readers.csv import looks_like_table, read_table_text
from ingest.readers.html import read_html
from ingest.readers.markdown import read_markdown
from ingest.readers.text import read_text

HEAD_CHARS = 4096
HTML_START = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)
HTML_TAG = re.compile(rb"<(?:p|div|table|h[1-6]|ul|ol|br|span|body|title)\b[^<>]*>", re.I)
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
TABLE_SUFFIXES = frozenset({".csv", ".tsv"})
MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})
MARKDOWN_HEADING = re.compile(r"^#{1,6} +\S", re.M)
MARKDOWN_SIGN = re.compile(r"^(?:```|\|? *:?-{3,}:? *\||[-*] +\S|\d+\. +\S)|\[[^\[\]\n]+\]\([^()\s]+\)", re.M)


def read(path: Path, *, root: Path, metadata: Sequence[Declaration] = ()) -> Document:
    """Read a file as a document with its blocks in reading order, none empty.

    Args:
        path: A file below `root`.
        root: The ingested folder; for a file that was named by itself, its folder.
        metadata: What `load_declarations(root)` gave.

    Raises:
        ReadError: If the file is missing, unreadable, empty, of another format or in no known encoding.
    """
    source = path.relative_to(root).as_posix()
    data = _read_bytes(path)
    text, page_title, blocks = _read_content(data, path.suffix.lower())
    blocks = [replace(block, body=block.body.closed(text)) for block in blocks if block.text.strip()]
    if not blocks:
        raise ReadError("ファイルに文章がありません（空か、空白だけです）。")
    known = find_metadata(text, blocks, source=source, declarations=metadata, page_title=page_title)
    return Document(
        id=document_id(root, source),
        source=source,
        title=known.title,
        publisher=known.publisher,
        fiscal_years=known.fiscal_years,
        sha256=hashlib.sha256(data).hexdigest(),
        text=text,
        blocks=tuple(blocks),
        abbreviations=find_abbreviations(blocks),
    )


def document_id(root: Path, source: str) -> str:
    """16 hexadecimal digits that stay the same for the same file of the same folder."""
    return hashlib.sha256(f"{root.resolve()}\0{source}".encode()).hexdigest()[:16]


def _read_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():  # a FIFO would wait for ever
            exists = path.exists()
            raise ReadError(
                "普通のファイルではないので読めません。" if exists else "ファイルが見つかりません。"
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError("読んでいる間にファイルがなくなりました。") from error
    except PermissionError as error:
        raise ReadError("ファイルを読む権限がありません。") from error
    except OSError as error:
        raise ReadError(f"ファイルを読めません（{error.strerror or type(error).__name__}）。") from error


def _read_content(data: bytes, suffix: str) -> tuple[str, str, list[Block]]:
    """The text, the title that the format states, and the blocks."""
    name = unsupported_format(data)
    if name:
        raise ReadError(f"この形式にはまだ対応していません（{name}）。")
    if HTML_START.match(data[:HEAD_CHARS]) or (suffix in HTML_SUFFIXES and HTML_TAG.search(data)):
        page = read_html(data)
        return page.text, page.title or _first_heading(page.blocks), list(page.blocks)
    text = decode(data).text
    if suffix in MARKDOWN_SUFFIXES or (suffix not in TABLE_SUFFIXES and _looks_like_markdown(text)):
        blocks = read_markdown(text)
        return text, _first_heading(blocks), blocks
    if suffix in TABLE_SUFFIXES or looks_like_table(text):
        table = read_table_text(text)
        if table is not None:
            return text, _first_heading(table[:1]), table
    return text, "", read_text(text)


def _looks_like_markdown(text: str) -> bool:
    """Whether a text of unknown format has headings with # and other signs of Markdown."""
    return len(MARKDOWN_HEADING.findall(text)) >= 2 and MARKDOWN_SIGN.search(text) is not None


def _first_heading(blocks: Sequence[Block]) -> str:
    return next((block.text for block in blocks if block.kind is BlockKind.HEADING), "").replace("\n", " ")
