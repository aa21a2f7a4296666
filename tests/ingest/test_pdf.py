"""PDFs that we made: blocks, sections, pages, boxes, and what is said of files that cannot be read well."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest.document import BlockKind, Document
from ingest.errors import ReadError
from ingest.locator import boxes_of
from ingest.metadata import Declaration
from ingest.read import read
from ingest.traced import Span

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample" / "pdf"
GOLDEN = ROOT / "tests" / "golden"
SHARED = ROOT.parent / "shared" / "files"
NAMES = ("koho_shiomi", "tabunka_keikaku", "toshokan_kisoku")
REGENERATE = False  # True writes the golden files anew; look at the difference before you commit it

pdfmetrics.registerFont(UnicodeCIDFont("HeiseiMin-W3"))


@cache
def read_file(path: Path) -> Document:
    return read(path, root=path.parent)


def sample(name: str) -> Document:
    return read_file(SAMPLE / f"{name}.pdf")


def made(path: Path, *pages: list[tuple[float, float, float, str]], password: str = "") -> Path:
    """A PDF with texts at (x, y from the top, size)."""
    encrypt = StandardEncryption(password, ownerPassword="owner") if password else None
    canvas = Canvas(str(path), pagesize=(400, 600), encrypt=encrypt)
    for page in pages:
        for x, y, size, text in page:
            canvas.setFont("HeiseiMin-W3", size)
            canvas.drawString(x, 600 - y, text)
        canvas.showPage()
    canvas.save()
    return path


def read_made(path: Path, **declared: str) -> Document:
    metadata = [Declaration(pattern=path.name, **declared)] if declared else []
    return read(path, root=path.parent, metadata=metadata)


def scan(path: Path, *, n_pages: int) -> Path:
    """Pages that are pictures, then one with text."""
    picture = BytesIO()
    Image.new("L", (40, 60), 200).save(picture, "PNG")
    canvas = Canvas(str(path), pagesize=(400, 600))
    for _ in range(n_pages):
        canvas.drawImage(ImageReader(BytesIO(picture.getvalue())), 0, 0, 400, 600)
        canvas.showPage()
    canvas.setFont("HeiseiMin-W3", 10)
    canvas.drawString(50, 500, "別紙は窓口で配ります。")
    canvas.save()
    return path


@pytest.mark.parametrize("name", NAMES)
def test_blocks_are_those_of_the_golden_file(name: str) -> None:
    found = [
        [b.page, b.kind.value, list(b.section), b.text, list(b.headers), list(b.cells)]
        for b in sample(name).blocks
    ]
    path = GOLDEN / f"{name}.pdf.json"
    if REGENERATE:
        GOLDEN.mkdir(exist_ok=True)
        lines = ",\n".join(json.dumps(block, ensure_ascii=False) for block in found)
        path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    assert found == json.loads(path.read_text(encoding="utf-8"))


def test_golden_files_are_not_being_regenerated() -> None:
    assert not REGENERATE


def test_pages_have_their_physical_and_their_printed_number() -> None:
    assert [(page.number, page.label) for page in sample("tabunka_keikaku").pages] == [
        (1, "3"), (2, "4"), (3, "5"),
    ]  # fmt: skip


def test_rows_have_the_chain_of_their_headers_with_the_unit() -> None:
    row = next(b for b in sample("tabunka_keikaku").blocks if b.text.startswith("日本語教室"))
    assert row.headers == (
        "指標",
        "担当",
        "実績 令和4年度 （人）",
        "実績 令和5年度 （人）",
        "目標 令和10年度 （人）",
    )
    assert row.text.split("\n") == ["日本語教室の受講者", "国際交流協会", "412", "487", "600"]
    assert row.section[-2:] == ("２　成果を測る", "表１　成果の指標")


def test_a_sentence_that_goes_on_in_the_next_tier_is_one() -> None:
    article = next(b for b in sample("toshokan_kisoku").blocks if b.text.startswith("第三条"))
    assert article.text.endswith("二週間とする。")


def test_two_columns_are_read_one_after_another() -> None:
    titles = [b.text for b in sample("koho_shiomi").blocks if b.kind is BlockKind.HEADING]
    assert titles == [
        "広報しおみ",
        "浜の清掃に三百人",
        "図書館の夜間開館を延長",
        "子ども食堂に補助金",
        "橋の架け替えが完了",
    ]


def test_a_running_header_is_furniture_and_the_title_is_not() -> None:
    blocks = sample("tabunka_keikaku").blocks
    assert [b.kind for b in blocks if b.text == "潮見市多文化共生推進計画"] == [BlockKind.FURNITURE] * 2
    assert blocks[0].kind is BlockKind.HEADING


def test_text_drawn_twice_is_read_once(tmp_path: Path) -> None:
    path = made(tmp_path / "a.pdf", [(50, 100, 12, "影のある見出し"), (50.6, 100.4, 12, "影のある見出し")])
    assert read_made(path).text.split() == ["影のある見出し"]


def test_readings_above_the_line_do_not_leak_into_it(tmp_path: Path) -> None:
    path = made(
        tmp_path / "a.pdf", [(50, 100, 12, "汐見橋を渡ると市役所です。"), (50, 89.5, 6, "しおみばし")]
    )
    assert read_made(path).text.split() == ["汐見橋を渡ると市役所です。"]


def test_pages_without_text_are_told_with_their_numbers(tmp_path: Path) -> None:
    document = read_made(scan(tmp_path / "a.pdf", n_pages=3))
    assert document.warnings == (
        "1〜3ページは画像だけで文字の情報がないため、読めませんでした（OCR が要ります）。",
    )
    assert [block.page for block in document.blocks] == [4]


def test_a_password_is_asked_for_or_taken_from_the_declaration(tmp_path: Path) -> None:
    path = made(tmp_path / "a.pdf", [(50, 100, 12, "取扱注意の資料です。")], password="ひらけ".encode().hex())
    with pytest.raises(ReadError, match="パスワード"):
        read_made(path)
    with pytest.raises(ReadError, match="パスワード"):
        read_made(path, password="違う")
    assert "取扱注意" in read_made(path, password="ひらけ".encode().hex()).text


def test_a_truncated_file_is_told_or_read(tmp_path: Path) -> None:
    data = (SAMPLE / "tabunka_keikaku.pdf").read_bytes()
    path = tmp_path / "a.pdf"
    path.write_bytes(data[:200])
    with pytest.raises(ReadError, match="壊れている"):
        read_made(path)


def test_pages_that_are_turned_are_read_upright(tmp_path: Path) -> None:
    source = pdfium.PdfDocument(SAMPLE / "koho_shiomi.pdf")
    for turn in (90, 180, 270):
        canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(400, 600), pageCompression=0)
        canvas.setPageRotation(turn)
        canvas.translate(200, 300)
        canvas.rotate(turn)
        canvas.setFont("HeiseiMin-W3", 12)
        canvas.drawString(-100, 50, "横向きの頁です。")
        canvas.drawString(-100, 20, "二行目です。")
        canvas.save()
        assert read_made(tmp_path / "a.pdf").text.split() == ["横向きの頁です。", "二行目です。"]
    source.close()


def files() -> list[Path]:
    return [*sorted(SAMPLE.glob("*.pdf")), *sorted(SHARED.glob("*.pdf"))]


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_boxes_hold_the_words_that_they_stand_for(path: Path) -> None:
    """On every page: whole lines, and the middle of each, asked back from the page by their boxes."""
    found = read_file(path)
    starts = Counter(locator.page for locator in found.locators)
    assert set(starts) <= {page.number for page in found.pages}
    source = pdfium.PdfDocument(path)
    for number in list(starts)[:12]:
        page = source[number - 1]
        if page.get_rotation():
            continue
        text_page = page.get_textpage()
        left, bottom, right, top = page.get_cropbox()
        if (right - left, top - bottom) != pytest.approx(page.get_size(), abs=1):  # inherited, so not told
            left, bottom, (right, top) = 0, 0, page.get_size()
        for locator in [x for x in found.locators if x.page == number][:60]:
            third = (locator.span.end - locator.span.start) // 3
            for span in (locator.span, Span(locator.span.start + third, locator.span.end - third)):
                for box in boxes_of([locator], [span])[number]:
                    text = text_page.get_text_bounded(
                        left + box[0] * (right - left) - 1, top - box[3] * (top - bottom) - 1,
                        left + box[2] * (right - left) + 1, top - box[1] * (top - bottom) + 1,
                    )  # fmt: skip
                    wanted = Counter("".join(found.text[span.start : span.end].split()))
                    assert not wanted - Counter("".join(text.split()))
        text_page.close()
        page.close()
    source.close()


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_pages_and_locators_are_ranges_in_order(path: Path) -> None:
    found = read_file(path)
    edges = [edge for page in found.pages for edge in (page.span.start, page.span.end)]
    assert edges == sorted(edges)
    edges = [edge for locator in found.locators for edge in (locator.span.start, locator.span.end)]
    assert edges == sorted(edges)
    assert edges[-1] <= len(found.text)
    located = bytearray(len(found.text))
    for locator in found.locators:
        located[locator.span.start : locator.span.end] = b"\1" * (locator.span.end - locator.span.start)
        assert len(locator.edges) == locator.span.end - locator.span.start + 1
        assert list(locator.edges) == sorted(locator.edges)
    assert all(known or char.isspace() for known, char in zip(located, found.text, strict=True))


def test_lines_of_a_narrow_box_are_a_paragraph(tmp_path: Path) -> None:
    wide = (20, 40, 10, "この冊子は、潮見市の公園を初めて使う人のために、決まりをまとめたものです。")
    box = [
        "朝の点検では、遊具の緩みがないかを見て、異",
        "常があればすぐに使用を止めます。そのあと、管",
        "理事務所に連絡します。",
    ]
    lines = [(20, 120 + 14 * n, 10, text) for n, text in enumerate(box)]
    document = read_made(made(tmp_path / "box.pdf", [wide, *lines]))
    assert "".join(box) in [block.text for block in document.blocks]


def test_a_list_that_counts_anew_stays_within_its_chapter(tmp_path: Path) -> None:
    lines = [
        (16, "3. 活動の進め方"), (10, "活動の流れを説明します。"), (14, "3.2 取り組み"), (10, "取り組みを紹介します。"),
        (12, "１．現状をつかむ"), (10, "現状を調べて、書き出します。"), (12, "２．対策を決める"), (10, "対策を決めて、始めます。"),
        (16, "4. 終わりに"), (10, "終わりの文です。"),
    ]  # fmt: skip
    page = [(20, 40 + 40 * n, size, text) for n, (size, text) in enumerate(lines)]
    sections = {block.text: block.section for block in read_made(made(tmp_path / "list.pdf", page)).blocks}
    assert sections["対策を決めて、始めます。"] == ("3. 活動の進め方", "3.2 取り組み", "２．対策を決める")
    assert sections["終わりの文です。"] == ("4. 終わりに",)
