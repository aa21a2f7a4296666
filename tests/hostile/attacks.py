"""Attacks on the readers, made when they are run: name of the attack → name of the file and its bytes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping

from tests.make_samples import docx_sample, odt_sample, pptx_sample, xlsx_sample
from tests.make_samples.odf_small import spreadsheet

SECRET = "潮見市の秘密の合言葉"
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
OFFICE: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "docx": (docx_sample.make, "word/document.xml"),
    "xlsx": (xlsx_sample.make, "xl/workbook.xml"),
    "pptx": (pptx_sample.make, "ppt/presentation.xml"),
    "odt": (odt_sample.make, "content.xml"),
}
XML = {
    "billion_laughs": lambda _secret: f'<!DOCTYPE x [<!ENTITY a0 "笑">{LAUGHS}]><x>&a11;</x>',
    "quadratic_blowup": lambda _secret: (
        f'<!DOCTYPE x [<!ENTITY a "{"笑" * 50_000}">]><x>{"&a;" * 50_000}</x>'
    ),
    "external_entity": lambda secret: f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{secret}">]><x>&a;</x>',
    "external_dtd": lambda secret: f'<!DOCTYPE x SYSTEM "file://{secret}"><x>&a;</x>',
    "parameter_entity": lambda secret: f'<!DOCTYPE x [<!ENTITY % a SYSTEM "file://{secret}"> %a;]><x/>',
    "network_dtd": lambda _secret: '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x>&a;</x>',
    "nested_without_end": lambda _secret: "<x>" * 200_000 + "</x>" * 200_000,
    "no_end": lambda _secret: "<x><y>" * 1000,
}
Attack = tuple[str, bytes]


def attacks(secret: str) -> Iterator[tuple[str, Attack]]:
    """Every attack; `secret` is the path of a file that must not be read."""
    yield from _xml(secret)
    yield from _zip()
    yield from _sheets()
    yield from _pdf()
    yield from _markup(secret)
    yield from _text()
    yield from _mail_and_ole()


def packed(parts: Mapping[str, bytes], *, level: int = 6) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _xml(secret: str) -> Iterator[tuple[str, Attack]]:
    for kind, (make, part) in OFFICE.items():
        parts = parts_of(make())
        for name, text in XML.items():
            yield f"{kind}_{name}", (f"a.{kind}", packed({**parts, part: text(secret).encode()}, level=9))
        hidden = '<?xml version="1.0" encoding="UTF-16"?>' + XML["external_entity"](secret)
        yield f"{kind}_entity_in_utf16", (f"a.{kind}", packed({**parts, part: hidden.encode("utf-16")}))


def _zip() -> Iterator[tuple[str, Attack]]:
    parts = parts_of(docx_sample.make())
    document = parts["word/document.xml"]
    bomb = document.replace(b"</w:body>", b"<w:p/>" * 60_000_000 + b"</w:body>")
    yield "zip_bomb", ("a.docx", packed({**parts, "word/document.xml": bomb}, level=9))
    del bomb
    yield "zip_many_entries", ("a.docx", packed({**parts, **{f"x{n}": b"" for n in range(25_000)}}))
    yield "zip_in_zip", ("a.docx", packed({"a.zip": packed({"b.zip": packed({"c": bytes(10**6)})})}))
    whole = packed(parts)
    yield "zip_cut_off", ("a.docx", whole[: len(whole) // 2])
    yield (
        "zip_encrypted_flag",
        ("a.docx", whole.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")),
    )
    lying = bytearray(whole)
    at = lying.find(b"PK\x01\x02")
    struct.pack_into("<II", lying, at + 20, 0x7FFFFFFF, 0x7FFFFFFF)
    yield "zip_sizes_that_lie", ("a.docx", bytes(lying))
    struct.pack_into("<I", lying, at + 42, 0x7FFFFFF0)
    yield "zip_offset_outside", ("a.docx", bytes(lying))
    for name, evil in (
        ("traversal", "../../etc/evil"),
        ("absolute", "/etc/evil"),
        ("backslash", "..\\..\\evil"),
    ):
        yield f"zip_{name}", ("a.docx", packed({evil: document}))
    link = zipfile.ZipInfo("word/document.xml")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", parts["[Content_Types].xml"])
        archive.writestr(link, "/etc/passwd")
    yield "zip_symbolic_link", ("a.docx", out.getvalue())


def _sheets() -> Iterator[tuple[str, Attack]]:
    ods = parts_of(spreadsheet())
    row = b'<table:table-row table:number-rows-repeated="%d"><table:table-cell table:number-columns-repeated="%d"><text:p xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">x</text:p></table:table-cell></table:table-row>'
    for name, (n_rows, n_columns) in {
        "rows": (10**7, 1),
        "cells": (10_000, 1000),
        "endless": (10**18, 10**18),
    }.items():
        content = ods["content.xml"].replace(
            b"<table:table-row>", row % (n_rows, n_columns) + b"<table:table-row>", 1
        )
        yield f"ods_repeated_{name}", ("a.ods", packed({**ods, "content.xml": content}))
    xlsx = parts_of(xlsx_sample.make())
    sheet = next(name for name in xlsx if name.startswith("xl/worksheets/sheet"))
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'

    def of(inner: bytes) -> Attack:
        return "a.xlsx", packed({**xlsx, sheet: head + inner + b"</worksheet>"}, level=9)

    many = b"".join(b'<row r="%d">%s</row>' % (r, b"<c><v>1</v></c>" * 1000) for r in range(1, 10_001))
    yield "xlsx_ten_million_cells", of(b"<sheetData>" + many + b"</sheetData>")
    cell = b'<sheetData><row r="1"><c r="A1" t="s"><v>%s</v></c></row></sheetData>'
    yield "xlsx_string_outside", of(cell % b"99999999")
    yield "xlsx_string_below_zero", of(cell % b"-1")
    yield "xlsx_index_of_a_million_digits", of(cell % (b"9" * 1_000_000))
    merged = b"".join(b'<mergeCell ref="A%d:XFD%d"/>' % (n, n + 1000) for n in range(1, 20_000))
    yield "xlsx_merged_without_end", of(b"<sheetData/><mergeCells>" + merged + b"</mergeCells>")
    yield (
        "xlsx_row_outside",
        of(b'<sheetData><row r="99999999999"><c r="ZZZZ99999999999"><v>1</v></c></row></sheetData>'),
    )


def _pdf_of(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    data, places = bytearray(b"%PDF-1.7\n"), []
    for n, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (n, content)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return bytes(data + b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start))


def _stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), more, content)


def _pdf() -> Iterator[tuple[str, Attack]]:
    root = b"<< /Type /Catalog /Pages 2 0 R >>"
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>"
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>"
    draw = _stream(b"/F Do " * 50)
    bomb = zlib.compress(b"0 0 m 9 9 l S " * 20_000_000, 9)
    made = {
        "pages_in_a_circle": _pdf_of(root, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99 >>"),
        "parents_in_a_circle": _pdf_of(
            root, pages, b"<< /Type /Pages /Kids [2 0 R] /Parent 3 0 R /Count 1 >>"
        ),
        "form_inside_itself": _pdf_of(root, pages, page, draw, _stream(b"/F Do /F Do", form)),
        "billion_forms": _pdf_of(
            root,
            pages,
            page,
            draw,
            *(_stream(b"/F Do " * 20, form.replace(b"5 0 R", b"%d 0 R" % (n + 1))) for n in range(5, 20)),
        ),
        "stream_bomb": _pdf_of(root, pages, page, _stream(bomb, b"/Filter /FlateDecode")),
        "filters_on_filters": _pdf_of(
            root, pages, page, _stream(bomb, b"/Filter [" + b"/FlateDecode " * 2000 + b"]")
        ),
        "millions_of_pages_told": _pdf_of(root, b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>", page),
        "endless_page": _pdf_of(root, pages, page.replace(b"600 800", b"99999999999 99999999999"), draw),
        "arrays_in_arrays": _pdf_of(root, b"[" * 200_000 + b"]" * 200_000),
        "dictionaries_in_dictionaries": _pdf_of(b"<< /A " * 100_000 + b">>" * 100_000),
        "length_in_a_circle": _pdf_of(root, pages, page, b"<< /Length 4 0 R >>\nstream\nx\nendstream"),
        "root_is_nothing": _pdf_of(b"null", trailer=b"/Root 99 0 R"),
        "outlines_in_a_circle": _pdf_of(
            b"<< /Type /Catalog /Pages 2 0 R /Outlines 3 0 R >>",
            pages,
            b"<< /First 3 0 R /Next 3 0 R /Last 3 0 R >>",
        ),
        "runs_a_program": _pdf_of(
            b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F (/bin/sh) >> >>", pages, page, draw
        ),
        "previous_in_a_circle": _pdf_of(root, pages, page, draw, trailer=b"/Root 1 0 R /Prev 9"),
        "only_a_head": b"%PDF-1.7\n",
        "noise": b"%PDF-1.7\n" + bytes(range(256)) * 4000,
    }
    for name, data in made.items():
        yield f"pdf_{name}", ("a.pdf", data)


def _markup(secret: str) -> Iterator[tuple[str, Attack]]:
    made = {
        "deep": "<div>" * 300_000,
        "deep_tables": "<table><tr><td>" * 20_000,
        "spans_without_end": '<table><tr><td rowspan="65534" colspan="1000">x</td></tr></table>' * 50,
        "attributes": "<p " + " ".join(f"a{n}=1" for n in range(300_000)) + ">x</p>",
        "frame_of_a_file": f'<p>x</p><iframe src="file://{secret}"></iframe><object data="file://{secret}"></object>',
        "entities": "<p>" + "&lt;" * 2_000_000 + "</p>",
        "comment_without_end": "<p>x</p><!--" + "-" * 3_000_000,
    }
    for name, text in made.items():
        yield f"html_{name}", ("a.html", ("<!doctype html>" + text).encode())
    marks = {
        "quotes": "> " * 20_000,
        "brackets": "[" * 100_000,
        "emphasis": "*_" * 100_000 + "x",
        "lists": "- " * 20_000 + "x",
    }
    for name, text in marks.items():
        yield f"markdown_{name}", ("a.md", f"# 題\n\n{text}\n".encode())


def _text() -> Iterator[tuple[str, Attack]]:
    yield "csv_ten_million_cells", ("a.csv", b"a,b\n" + b"," * 10_000_000)
    yield "csv_quote_without_end", ("a.csv", b'a,b\n"' + b"x,\n" * 2_000_000)
    yield "csv_formulas", ("a.csv", '項目,値\n=HYPERLINK("http://x"),@SUM(1)\n+1,-1\n'.encode())
    for name, unit in {
        "brackets": "（",
        "articles": "第１",
        "digits": "9",
        "commas": "1,",
        "dates": "令和",
        "marks": "。」",
    }.items():
        yield f"text_endless_{name}", ("a.txt", (unit * 300_000 + "\n").encode())
    yield "text_binary", ("a.txt", bytes(range(256)) * 1000)


def _mail_and_ole() -> Iterator[tuple[str, Attack]]:
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(5000)
    )
    yield "mail_parts_in_parts", ("a.eml", b"From: a@example.jp\nSubject: x\n" + nested)
    yield (
        "mail_endless_header",
        ("a.eml", b"From: a@example.jp\nSubject: " + b"=?utf-8?B?44GC?= " * 200_000 + b"\n\nx\n"),
    )
    many = b"".join(b"--b\nContent-Type: text/plain\n\nx\n" for _ in range(50_000))
    yield (
        "mail_many_parts",
        ("a.eml", b'From: a@example.jp\nContent-Type: multipart/mixed; boundary="b"\n\n' + many),
    )
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    yield "xls_noise", ("a.xls", ole + bytes(range(256)) * 400)
    yield "xls_zeros", ("a.xls", ole + bytes(100_000))
    yield (
        "xls_sectors_in_a_circle",
        ("a.xls", ole + bytes(40) + struct.pack("<I", 1) + bytes(24) + bytes(512) * 8),
    )
