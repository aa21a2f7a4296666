"""Pages that are pictures, read by an OCR engine."""

from __future__ import annotations

from contextlib import closing
from io import BytesIO

import pypdfium2 as pdfium

from ingest.ocr import Ocr, OcrLine
from ingest.readers.pdf_glyphs import PageGlyphs
from ingest.readers.pdf_lines import Segment
from ingest.readers.pdf_page import PageLayout, TextLine

DPI = 300
MAX_PIXELS = 25_000_000


def seen_layout(page: pdfium.PdfPage, drawn: PageGlyphs, ocr: Ocr) -> PageLayout:
    """The lines that the engine sees on a page, as it orders them.

    Raises:
        ReadError: If the engine fails.
    """
    area = max(1.0, drawn.width * drawn.height)
    scale = min(DPI / 72, (MAX_PIXELS / area) ** 0.5)
    with closing(page.render(scale=scale, grayscale=True)) as bitmap, BytesIO() as out:
        bitmap.to_pil().save(out, "PNG")
        lines = ocr.read_page(out.getvalue())
    elements = tuple(TextLine((_segment(line, drawn),), 1) for line in lines if line.text.strip())
    return PageLayout(drawn, elements)


def _segment(line: OcrLine, drawn: PageGlyphs) -> Segment:
    """The line with its characters spread evenly over its box."""
    text = line.text.strip()
    left, top, right, bottom = (
        share * whole for share, whole in zip(line.box, (drawn.width, drawn.height) * 2, strict=True)
    )
    step = (right - left) / len(text)
    cuts = tuple(left + step * n for n in range(len(text) + 1))
    return Segment(text, left, top, right, bottom, bottom - top, is_vertical=False, cuts=cuts)
