"""Pictures of PDF pages: rendered one at a time, none larger than a screen needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO

import pypdfium2 as pdfium

from ingest.errors import ReadError
from ingest.readers.pdf import open_pdf

WIDTH = 1100  # pixels, for a page of common shape
MAX_PIXELS = 3_000_000
MAX_SCALE = 4.0


class PdfPictures:
    """Renders the pages of one open PDF."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        self._document = document

    def picture(self, number: int) -> bytes:
        """A page as PNG, at most `MAX_PIXELS`.

        Raises:
            KeyError: If there is no such page.
            ReadError: If it is damaged.
        """
        if not 1 <= number <= len(self._document):
            raise KeyError(number)
        try:
            with closing(self._document[number - 1]) as page:
                width, height = page.get_size()
                scale = min(
                    WIDTH / max(1.0, width), MAX_SCALE, (MAX_PIXELS / max(1.0, width * height)) ** 0.5
                )
                bitmap = page.render(scale=scale)
                with closing(bitmap), BytesIO() as out:
                    bitmap.to_pil().convert("RGB").save(out, "PNG")
                    return out.getvalue()
        except pdfium.PdfiumError as error:
            raise ReadError(f"{number}ページの画像を作れません（ページが壊れています）。") from error


@contextmanager
def pdf_pictures(data: bytes, password: str = "") -> Iterator[PdfPictures]:
    """Open a PDF to render pages of it.

    Raises:
        ReadError: If it is damaged or encrypted with another password.
    """
    with closing(open_pdf(data, password)) as document:
        yield PdfPictures(document)
