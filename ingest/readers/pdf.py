"""PDF: pages in, one text in reading order out, with blocks, boxes and a word about each page that is lost.

Characters, their boxes, rules and pictures come from PDFium (pypdfium2); lines, reading order, tables,
headings and paragraphs are found here. Pages are opened one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.content import Content, ReadOptions
from ingest.document import Block, BlockKind
from ingest.errors import ReadError
from ingest.headings import marker
from ingest.ocr import Ocr
from ingest.readers.pdf_blocks import Element, make_blocks
from ingest.readers.pdf_furniture import find_furniture
from ingest.readers.pdf_glyphs import PageGlyphs
from ingest.readers.pdf_ocr import seen_layout
from ingest.readers.pdf_page import PageLayout, read_layout, squeezed
from ingest.readers.pdf_text import PlacedLine, TextWriter

MAX_PAGES = 20_000
PAGES_AT_ONCE = 100  # after so many the file is opened anew: PDFium keeps all that it has parsed
UNKNOWN_SHARE = 0.2  # of a page's characters without a meaning; with more, the rest is chance
PICTURE_SHARE = 0.3  # of a page; a larger picture may hold what was not read
FEW_CHARS = 150  # characters beside such a picture; with more, the page says what it shows
MANY = 12  # page numbers that a warning lists


@dataclass(slots=True)
class _Lost:
    """Pages of which something was not read, by what it was."""

    pictures: list[int] = field(default_factory=list)
    partly: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    by_ocr: list[int] = field(default_factory=list)

    def warnings(self) -> tuple[str, ...]:
        """One Japanese sentence for each kind."""
        told = (
            (self.pictures, "は画像だけで文字の情報がないため、読めませんでした（OCR が要ります）。"),
            (self.partly, "は大きな図や画像の中の文字を読んでいません。"),
            (self.unknown, "は文字コードの対応表がないフォントで文字化けするため、読みませんでした。"),
            (self.broken, "は壊れていて読めませんでした。"),
            (self.by_ocr, "は画像から OCR で読みました。読み誤りがあるかもしれません。"),
        )
        return tuple(f"{_page_list(pages)}{what}" for pages, what in told if pages)


def read_pdf(data: bytes, options: ReadOptions) -> Content:
    """Read a PDF.

    Raises:
        ReadError: If it is damaged, or encrypted with a password that was not given.
    """
    writer, lost = TextWriter(), _Lost()
    elements: list[Element] = []
    with closing(open_pdf(data, options.password)) as document:
        n_pages, bookmarks = len(document), _bookmarks(document)
    for first in range(1, n_pages + 1, PAGES_AT_ONCE):
        with closing(open_pdf(data, options.password)) as document:
            for number in range(first, min(first + PAGES_AT_ONCE, n_pages + 1)):
                elements.extend(writer.add_page(number, _layout(document, number, lost, options.ocr)))
    text = "".join(writer.pieces)
    lines = [(n, e) for n, e in enumerate(elements) if isinstance(e, PlacedLine)]
    found, labels = find_furniture([line for _, line in lines], len(writer.pages))
    furniture = {lines[n][0] for n in found}
    blocks = list(make_blocks(text, elements, furniture, bookmarks))
    pages = tuple(replace(page, label=labels.get(page.number, "")) for page in writer.pages)
    return Content(
        text, blocks, _title(blocks), pages=pages, locators=tuple(writer.locators), warnings=lost.warnings()
    )


def open_pdf(data: bytes, password: str = "") -> pdfium.PdfDocument:
    """Open the file for reading; whoever opens it closes it.

    Raises:
        ReadError: If it is damaged, or encrypted with another password.
    """
    try:
        document = pdfium.PdfDocument(data, password=password or None)
        n_pages = len(document)
    except pdfium.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise ReadError(
                "パスワードで保護された PDF です。documents.toml の password に書くか、保護を外してください。"
            ) from error
        raise ReadError("PDF が壊れているか、途中で切れています。") from error
    if n_pages == 0 or n_pages > MAX_PAGES:
        document.close()
        raise ReadError(
            "PDF にページがありません。" if n_pages == 0 else f"ページが多すぎます（上限 {MAX_PAGES:,}）。"
        )
    return document


def _layout(document: pdfium.PdfDocument, number: int, lost: _Lost, ocr: Ocr | None) -> PageLayout:
    """One page; what is lost of it is noted."""
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        lost.broken.append(number)
        return PageLayout.empty()
    with closing(page):
        layout = read_layout(page)
        drawn = layout.drawn
        is_picture = not layout.elements and drawn.image_share > 0
        if ocr is not None and (is_picture or _is_unknown(drawn)):
            lost.by_ocr.append(number)
            return seen_layout(page, drawn, ocr)
    if _is_unknown(drawn):
        lost.unknown.append(number)
        return replace(layout, elements=())
    if is_picture:
        lost.pictures.append(number)
    elif drawn.image_share > PICTURE_SHARE and len(drawn.glyphs) < FEW_CHARS:
        lost.partly.append(number)
    return layout


def _is_unknown(drawn: PageGlyphs) -> bool:
    """Whether so many characters mean nothing that the others are no text either."""
    return drawn.n_unknown > UNKNOWN_SHARE * (len(drawn.glyphs) + drawn.n_unknown)


def _bookmarks(document: pdfium.PdfDocument) -> dict[tuple[int, str], int]:
    """Levels of the file's own outline by page number and title without white space."""
    out: dict[tuple[int, str], int] = {}
    try:
        for entry in document.get_toc(max_depth=8):
            target = entry.get_dest()
            index = target.get_index() if target else None
            if index is not None:
                out.setdefault((index + 1, squeezed(entry.get_title() or "")), entry.level)
    except pdfium.PdfiumError:
        return {}
    return out


def _title(blocks: Sequence[Block]) -> str:
    """The first heading without a number on the first page, "" if there is none."""
    first = next((block.page for block in blocks if block.kind is not BlockKind.FURNITURE), None)
    heads = (b.text for b in blocks if b.kind is BlockKind.HEADING and b.page == first)
    found = (text for text in heads if marker(text) is None)
    return " ".join(next(found, "").split())


def _page_list(numbers: Iterable[int]) -> str:
    """「3、5〜7ページ」; a long list is cut."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    told = [str(run[0]) if len(run) == 1 else f"{run[0]}〜{run[-1]}" for run in runs]
    more = "ほか" if len(told) > MANY else ""
    return "、".join(told[:MANY]) + more + "ページ"
