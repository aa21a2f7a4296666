from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.errors import ReadError
from ingest.locator import boxes_of
from ingest.ocr import OcrLine, TesseractOcr, lines_of
from ingest.read import read

SAMPLE = Path(__file__).parents[2] / "sample" / "pdf" / "tabunka_keikaku.pdf"
TABLE = """level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
1\t1\t0\t0\t0\t0\t0\t0\t1000\t2000\t-1\t
5\t1\t1\t1\t1\t1\t100\t200\t100\t40\t91.5\t潮見
5\t1\t1\t1\t1\t2\t200\t200\t50\t40\t88\t市
5\t1\t1\t1\t1\t3\t260\t200\t50\t40\t12\t■
5\t1\t1\t1\t2\t1\t100\t300\t80\t40\t95\tCity
5\t1\t1\t1\t2\t2\t190\t300\t80\t40\t95\tHall
5\t1\t1\t1\t2\t3\t280\t300
"""


class Told:
    """An engine that sees what it is told to."""

    signature = "told/1"

    def __init__(self, *lines: OcrLine) -> None:
        self.lines = list(lines)
        self.sizes: list[tuple[int, int]] = []

    def read_page(self, png: bytes) -> list[OcrLine]:
        self.sizes.append(Image.open(BytesIO(png)).size)
        return self.lines


def scanned(path: Path) -> Path:
    """The first page of a sample as a picture in a PDF."""
    source = pdfium.PdfDocument(SAMPLE)
    picture = source[0].render(scale=3).to_pil()
    source.close()
    canvas = Canvas(str(path), pagesize=(595, 842))
    canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
    canvas.save()
    return path


def test_words_of_a_line_are_joined_and_guesses_left_out() -> None:
    assert list(lines_of(TABLE)) == [
        OcrLine("潮見市", (0.1, 0.1, 0.25, 0.12)),
        OcrLine("City Hall", (0.1, 0.15, 0.27, 0.17)),
    ]


def test_a_page_that_is_a_picture_is_read_by_the_engine_and_told(tmp_path: Path) -> None:
    engine = Told(OcrLine("窓口は三階です。", (0.1, 0.1, 0.5, 0.13)))
    document = read(scanned(tmp_path / "a.pdf"), root=tmp_path, ocr=engine)
    assert [block.text for block in document.blocks] == ["窓口は三階です。"]
    assert document.warnings == ("1ページは画像から OCR で読みました。読み誤りがあるかもしれません。",)
    ((left, top, right, bottom),) = boxes_of(document.locators, document.blocks[0].spans)[1]
    assert (left, top, right, bottom) == pytest.approx((0.1, 0.1, 0.5, 0.13), abs=0.001)
    assert engine.sizes == [(2480, 3509)]


def test_pages_with_text_are_not_shown_to_the_engine() -> None:
    engine = Told()
    read(SAMPLE, root=SAMPLE.parent, ocr=engine)
    assert engine.sizes == []


def test_without_an_engine_the_page_is_told_to_be_a_picture(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="画像だけ"):
        read(scanned(tmp_path / "a.pdf"), root=tmp_path)


def test_a_missing_command_is_told() -> None:
    with pytest.raises(ReadError, match="tesseract が見つかりません"):
        TesseractOcr("no-such-command")


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_tesseract_reads_a_scan(tmp_path: Path) -> None:
    document = read(scanned(tmp_path / "a.pdf"), root=tmp_path, ocr=TesseractOcr())
    text = "".join(document.text.split())
    assert "多文化共生推進計画" in text
    assert "令和10年度" in text
