"""Office files that are hostile, damaged, protected or of a kind that is not read: one clear line each."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from ingest.errors import DamagedError, ProtectedError, ReadError, TooLargeError, UnsupportedError
from ingest.read import read
from ingest.readers import package, sheet
from tests.make_samples import docx_sample, odt_sample, xlsx_sample
from tests.make_samples.odf_small import spreadsheet

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def changed(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    parts = parts_of(data)
    assert old in parts[name]
    return packed({**parts, name: parts[name].replace(old, new, 1)})


def reading(folder: Path, data: bytes, name: str = "a.bin") -> ReadError:
    (folder / name).write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read(folder / name, root=folder)
    assert caught.value.message.endswith("。")
    assert "\n" not in caught.value.message
    assert caught.value.hint
    return caught.value


def ole_named(*names: str) -> bytes:
    """An OLE file as far as the names of its streams go."""
    entries = b""
    for name in names:
        text = name.encode("utf-16-le")
        entries += text.ljust(64, b"\0") + (len(text) + 2).to_bytes(2, "little") + bytes(62)
    return OLE + bytes(504) + entries


def test_a_file_cut_off_is_told(tmp_path: Path) -> None:
    data = docx_sample.make()
    for end in (40, len(data) // 2, len(data) - 10):
        assert isinstance(reading(tmp_path, data[:end]), DamagedError)


def test_an_encrypted_file_is_told(tmp_path: Path) -> None:
    error = reading(tmp_path, ole_named("EncryptionInfo", "EncryptedPackage"), "a.docx")
    assert isinstance(error, ProtectedError)
    assert "パスワード" in error.message
    assert "外して" in error.hint


def test_an_encrypted_opendocument_is_told(tmp_path: Path) -> None:
    parts = parts_of(odt_sample.make())
    name = "META-INF/manifest.xml"
    secret = b'<x:encryption-data xmlns:x="urn:x"/></manifest:manifest>'
    parts[name] = parts[name].replace(b"</manifest:manifest>", secret)
    assert isinstance(reading(tmp_path, packed(parts)), ProtectedError)


@pytest.mark.parametrize(
    ("names", "suffix", "told"),
    [
        (("WordDocument",), ".doc", "Word（doc）"),
        (("WordDocument", "Workbook"), ".doc", "Word（doc）"),
        (("PowerPoint Document",), ".txt", "PowerPoint（ppt）"),
        (("__properties_version1.0",), ".msg", "Outlook"),
        (("Contents",), ".vsd", "旧形式"),
    ],
)
def test_old_formats_are_told_by_their_streams(
    tmp_path: Path, names: tuple[str, ...], suffix: str, told: str
) -> None:
    error = reading(tmp_path, ole_named(*names), f"a{suffix}")
    assert isinstance(error, UnsupportedError)
    assert told in error.message


def test_a_broken_xls_is_told(tmp_path: Path) -> None:
    assert isinstance(reading(tmp_path, ole_named("Workbook"), "a.xls"), DamagedError)


def test_an_archive_that_is_no_office_file_is_told(tmp_path: Path) -> None:
    assert "ZIP" in reading(tmp_path, packed({"a.txt": b"x"}), "a.docx").message
    types = (
        b'<Types><Override ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>'
    )
    assert "xlsb" in reading(tmp_path, packed({"[Content_Types].xml": types}), "a.xlsb").message


def test_what_is_inside_decides_not_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(xlsx_sample.make())
    assert read(tmp_path / "a.txt", root=tmp_path).pages[0].name == "事業別予算"


def test_macros_are_told_and_the_text_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.docm").write_bytes(packed({**parts_of(docx_sample.make()), "word/vbaProject.bin": b"x"}))
    document = read(tmp_path / "a.docm", root=tmp_path)
    assert any("マクロ" in warning for warning in document.warnings)
    assert document.blocks


def test_a_part_that_grows_beyond_reason_is_refused(tmp_path: Path) -> None:
    data = changed(docx_sample.make(), "word/document.xml", "総則".encode(), b" " * 30_000_000)
    assert "圧縮率" in reading(tmp_path, data).message


def test_parts_that_are_large_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_BYTES", 3000)
    assert isinstance(reading(tmp_path, docx_sample.make()), TooLargeError)


def test_an_archive_of_too_many_parts_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_ENTRIES", 5)
    assert "多すぎます" in reading(tmp_path, docx_sample.make()).message


def test_entities_are_refused(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><w:document '
    data = changed(docx_sample.make(), "word/document.xml", b"<w:document ", bomb)
    assert isinstance(reading(tmp_path, data), DamagedError)


def test_nesting_without_end_is_refused(tmp_path: Path) -> None:
    deep = b"<w:sdt><w:sdtContent>" * 20_000
    data = changed(docx_sample.make(), "word/document.xml", b"<w:body>", b"<w:body>" + deep)
    assert isinstance(reading(tmp_path, data), DamagedError)


def test_tables_inside_tables_are_read_as_deep_as_the_parser_goes(tmp_path: Path) -> None:
    n = 60
    nested = (
        b"<w:tbl><w:tr><w:tc>" * n + b"<w:p><w:r><w:t>deep</w:t></w:r></w:p>" + b"</w:tc></w:tr></w:tbl>" * n
    )
    data = changed(docx_sample.make(), "word/document.xml", b"<w:body>", b"<w:body>" + nested)
    (tmp_path / "a.docx").write_bytes(data)
    assert "deep" in read(tmp_path / "a.docx", root=tmp_path).text


@pytest.mark.parametrize("make", [xlsx_sample.make, spreadsheet])
def test_too_many_cells_are_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: object
) -> None:
    monkeypatch.setattr(sheet, "MAX_CELLS", 5)
    assert callable(make)
    assert "表が大きすぎます" in reading(tmp_path, make()).message


def test_ten_million_repeated_cells_are_refused(tmp_path: Path) -> None:
    row = b'<table:table-row table:number-rows-repeated="700000"><table:table-cell table:number-columns-repeated="15">'
    filled = row + b"<text:p>1</text:p></table:table-cell></table:table-row>"
    data = changed(spreadsheet(), "content.xml", b"<table:table-row>", filled + b"<table:table-row>")
    assert isinstance(reading(tmp_path, data), TooLargeError)


def test_merged_ranges_without_end_are_refused(tmp_path: Path) -> None:
    many = b"".join(b'<mergeCell ref="%s1:%s1048576"/>' % (c, c) for c in (b"J", b"K", b"L", b"M"))
    data = changed(xlsx_sample.make(), "xl/worksheets/sheet1.xml", b"</mergeCells>", many + b"</mergeCells>")
    assert isinstance(reading(tmp_path, data), TooLargeError)
