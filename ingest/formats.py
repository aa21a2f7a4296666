"""The formats that are read, in the order in which they are tried; the last one takes any text.

A reader is a function from bytes to `Content`. One that needs a library of its own is imported only when
a file of its format comes, so that what is never read costs nothing.
"""

from __future__ import annotations

import re

from ingest.containers import is_ole, is_zip
from ingest.content import Content, Format, ReadOptions, first_heading
from ingest.decode import decode
from ingest.document import BlockKind
from ingest.readers.csv import looks_like_table, read_table_text
from ingest.readers.eml import is_mail, read_mail
from ingest.readers.html import read_html
from ingest.readers.markdown import read_markdown
from ingest.readers.office_file import read_ole, read_zip
from ingest.readers.outline import with_headings
from ingest.readers.text import read_text

HEAD_BYTES = 4096
PDF_HEAD_BYTES = 1024  # what viewers allow before the header
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


def _is_pdf(data: bytes, _: str) -> bool:
    return b"%PDF-" in data[:PDF_HEAD_BYTES]


def _read_pdf(data: bytes, options: ReadOptions) -> Content:
    from ingest.readers.pdf import read_pdf

    return read_pdf(data, options)


def _is_html(data: bytes, suffix: str) -> bool:
    is_page = HTML_START.match(data[:HEAD_BYTES]) is not None
    return is_page or (suffix in HTML_SUFFIXES and HTML_TAG.search(data) is not None)


def _read_html(data: bytes, _: ReadOptions) -> Content:
    page = read_html(data)
    content = Content(page.text, page.blocks, page.title or first_heading(page.blocks))
    has_headings = any(block.kind is BlockKind.HEADING for block in page.blocks)
    return content if has_headings else with_headings(content)


def _read_decoded(data: bytes, options: ReadOptions) -> Content:
    """Markdown, a table of separated values, or plain text: what the decoded text looks like."""
    text = decode(data).text
    if options.suffix in MARKDOWN_SUFFIXES or (
        options.suffix not in TABLE_SUFFIXES and _looks_like_markdown(text)
    ):
        blocks = read_markdown(text)
        return Content(text, blocks, first_heading(blocks), is_source_text=True)
    if options.suffix in TABLE_SUFFIXES or looks_like_table(text):
        table = read_table_text(text)
        if table is not None:
            return Content(text, table, first_heading(table[:1]), is_source_text=True)
    return Content(text, read_text(text), is_source_text=True)


def _looks_like_markdown(text: str) -> bool:
    """Whether a text of unknown format has headings with # and other signs of Markdown."""
    return len(MARKDOWN_HEADING.findall(text)) >= 2 and MARKDOWN_SIGN.search(text) is not None


FORMATS = (
    Format(
        "Word・Excel・PowerPoint・OpenDocument", lambda data, _: is_zip(data), lambda data, _: read_zip(data)
    ),
    Format(
        "旧形式の Excel", lambda data, _: is_ole(data), lambda data, options: read_ole(data, options.suffix)
    ),
    Format("PDF", _is_pdf, _read_pdf),
    Format("メール", is_mail, lambda data, _: read_mail(data)),
    Format("HTML", _is_html, _read_html),
    Format("テキスト", lambda *_: True, _read_decoded),
)
