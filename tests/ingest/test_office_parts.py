"""Small parts of the office readers: numerals, cell names, the order of slides, containers, mail."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.locator import PageKind
from ingest.read import read
from ingest.readers.cell_name import cell_name, column_name, read_cell_name, read_range
from ingest.readers.eml import is_mail
from ingest.readers.numerals import numeral
from ingest.readers.slide_order import Placed, in_reading_order
from tests.make_samples import eml_sample
from tests.make_samples.odf_small import presentation, spreadsheet

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize(
    ("n", "style", "shown"),
    [
        (12, "decimal", "12"),
        (12, "decimalFullWidth", "１２"),
        (7, "decimalZero", "07"),
        (12, "japaneseCounting", "十二"),
        (1203, "japaneseCounting", "千二百三"),
        (12, "ideographDigital", "一二"),
        (12, "japaneseLegal", "壱拾弐"),
        (3, "ideographTraditional", "丙"),
        (2, "aiueoFullWidth", "イ"),
        (2, "irohaFullWidth", "ロ"),
        (3, "decimalEnclosedCircle", "③"),
        (21, "decimalEnclosedCircle", "㉑"),
        (4, "decimalEnclosedParen", "⑷"),
        (9, "lowerRoman", "ix"),
        (28, "upperLetter", "BB"),
        (5, "bullet", ""),
        (5, "unknown", "5"),
        (10**8, "japaneseCounting", "100000000"),
    ],
)
def test_numerals_are_those_on_paper(n: int, style: str, shown: str) -> None:
    assert numeral(n, style) == shown


@pytest.mark.parametrize(
    ("name", "place"), [("A1", (0, 0)), ("$B$12", (11, 1)), ("XFD1048576", (1048575, 16383))]
)
def test_cell_names_are_read_and_written(name: str, place: tuple[int, int]) -> None:
    assert read_cell_name(name) == place
    assert cell_name(*place) == name.replace("$", "")


@pytest.mark.parametrize("name", ["", "A0", "12", "ABCD1", "XFE1", "A1048577", "あ1", "A1:"])
def test_what_names_no_cell_is_none(name: str) -> None:
    assert read_cell_name(name) is None


def test_ranges_are_read() -> None:
    assert read_range("B2:C4") == ((1, 1), (3, 2))
    assert read_range("B2") == ((1, 1), (1, 1))
    assert read_range("C4:B2") is None
    assert column_name(27) == "AB"


def test_a_slide_is_read_row_by_row_and_column_by_column() -> None:
    shapes = [
        Placed("right 1", (50, 20, 90, 40)), Placed("foot", (0, 90, 100, 99)), Placed("left 1", (0, 21, 45, 45)),
        Placed("right 2", (50, 46, 90, 80)), Placed("left 2", (0, 50, 45, 80)), Placed("head", (0, 0, 100, 15)),
        Placed("nowhere", None),
    ]  # fmt: skip
    assert in_reading_order(shapes) == [
        "nowhere", "head", "left 1", "right 1", "left 2", "right 2", "foot",
    ]  # fmt: skip


def test_columns_without_a_gap_across_are_read_one_after_the_other() -> None:
    shapes = [
        Placed("right", (50, 10, 90, 80)),
        Placed("left 2", (0, 50, 45, 90)),
        Placed("left 1", (0, 10, 45, 45)),
    ]
    assert in_reading_order(shapes) == ["left 1", "left 2", "right"]


def test_a_mail_is_told_by_its_header() -> None:
    assert is_mail(eml_sample.make(), "")
    assert not is_mail("件名: 会議\n\n本文".encode(), ".txt")
    assert not is_mail(b"From: here to there\nSubject: a poem\n\nText", ".txt")
    assert is_mail(b"From: a@b.example\nSubject: x\n\nText", ".eml")


def test_an_old_workbook_is_read_as_a_new_one() -> None:
    document = read(DATA / "riyo_jisseki.xls", root=DATA)
    rows = {block.text: block.headers for block in document.blocks if block.headers}
    assert rows["図書室\n1,204\n1,388\n1,520\n1,611"][1:3] == (
        "令和4年度 › 上期（人）",
        "令和4年度 › 下期（人）",
    )
    assert "集計日\n2024年4月10日" in rows
    assert [(page.kind, page.name) for page in document.pages] == [
        (PageKind.SHEET, "利用実績"),
        (PageKind.SHEET, "下書き"),
    ]
    assert document.blocks[-1].section[:1] == ("非表示のシート",)


def test_an_opendocument_sheet_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.ods").write_bytes(spreadsheet())
    document = read(tmp_path / "a.ods", root=tmp_path)
    texts = [block.text for block in document.blocks]
    assert "防災の冊子\n800部\n800部" in texts
    assert "［コメント B3］\n速報値" in texts
    assert any("行 3" in warning for warning in document.warnings)


def test_opendocument_slides_are_read_in_order(tmp_path: Path) -> None:
    (tmp_path / "a.odp").write_bytes(presentation())
    document = read(tmp_path / "a.odp", root=tmp_path)
    assert [block.text for block in document.blocks[:3]] == ["避難所の案内", "左の説明", "右の説明"]
    assert document.blocks[3].section == ("避難所の案内", "発表者ノート")
    assert [page.name for page in document.pages] == ["避難所の案内", "予備の資料"]
