"""Office files of the outside world: what must be found in them, and two tables cell by cell.

The cells were written down from the XML of the files, not by the reader, and are kept as hashes: of "table, row,
place, text" and of the labels for the DOCX; of "row, name, text" for the sheet, merged cells expanded by hand.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ingest.document import Block, BlockKind, Document
from ingest.locator import cells_of
from ingest.read import read
from ingest.traced import Span

FILES = Path(__file__).parents[3] / "shared" / "files"
CELLS = Path(__file__).parent / "data" / "office_cells.json"
DOCX, XLSX = "poi_call_for_proposals.docx", "gif_451-8-1_comparison.xlsx"
SHEET, FIRST_ROW, LAST_ROW = 4, 5, 25


def manifest() -> list[dict[str, Any]]:
    place = FILES / "manifest.json"
    found: list[dict[str, Any]] = json.loads(place.read_text("utf-8")) if place.is_file() else []
    return [entry for entry in found if not entry["file"].endswith(".pdf")]


@cache
def document(name: str) -> Document:
    if not (FILES / name).is_file():
        pytest.skip(f"../shared/files/{name} is absent here")
    return read(FILES / name, root=FILES)


def digest(*parts: object) -> str:
    squeezed = (re.sub(r"\s+", "", str(part)) for part in parts)
    return hashlib.sha256("|".join(squeezed).encode()).hexdigest()[:12]


def expected(name: str) -> list[list[str]]:
    found: dict[str, list[list[str]]] = json.loads(CELLS.read_text("utf-8"))
    return found[name]


def texts(block: Block) -> list[str]:
    return [block.text[start:end] for start, end in zip((0, *block.cells), block.cells, strict=False)]


@pytest.mark.parametrize(
    "entry", manifest() or [None], ids=lambda entry: entry["file"] if entry else "absent"
)
def test_probes_stand_in_the_text(entry: dict[str, Any] | None) -> None:
    if entry is None:
        pytest.skip("../shared/files is absent here")
    found = document(entry["file"])
    shown = " ".join(block.text for block in found.blocks if block.kind is not BlockKind.FURNITURE)
    assert [probe for probe in entry["probes"] if probe not in shown] == []


def test_tables_of_a_docx_are_read_cell_by_cell() -> None:
    blocks = document(DOCX).blocks
    tables: list[list[Block]] = []
    for before, block in zip((None, *blocks), blocks, strict=False):
        if block.kind is BlockKind.TABLE_ROW:
            is_new = before is None or before.kind is not BlockKind.TABLE_ROW
            tables += [[]] if is_new else []
            tables[-1].append(block)
    found = [
        [digest(t, r, n, text) for n, text in enumerate(texts(row))]
        + [digest("label", x) for x in row.headers]
        for t, table in enumerate(tables[:2])
        for r, row in enumerate(table)
    ]
    assert found == expected(DOCX)


def test_a_sheet_is_read_cell_by_cell() -> None:
    found = document(XLSX)
    rows = [b for b in found.blocks if b.page == SHEET and b.kind is BlockKind.TABLE_ROW]
    seen: list[list[str]] = []
    for row in rows:
        spans = [Span(span.start, span.end) for n in range(len(row.cells)) for span in cell_spans(row, n)[:1]]
        names = [cells_of(found.locators, [span])[0][1] for span in spans]
        number = max(int(re.sub(r"\D", "", name)) for name in names)
        if FIRST_ROW <= number <= LAST_ROW:
            seen.append([digest(number, name, text) for name, text in zip(names, texts(row), strict=True)])
    assert seen == expected(XLSX)


def cell_spans(row: Block, n: int) -> tuple[Span, ...]:
    start = row.cells[n - 1] if n else 0
    return row.body[start : row.cells[n]].spans()


def test_readings_of_a_sheet_do_not_leak() -> None:
    assert "チョウタツ" not in document(XLSX).text
    assert "ニュウサツ" not in document(XLSX).text


def test_labels_of_a_wide_sheet_are_chained() -> None:
    rows = [b for b in document(XLSX).blocks if b.page == 1 and b.kind is BlockKind.TABLE_ROW]
    assert all(rows[3].headers)
    assert all(header.count(" › ") >= 1 for header in rows[3].headers)


def test_check_boxes_of_a_form_are_read_with_their_labels() -> None:
    found = document("openchain_survey.docx").text
    assert found.count("☐") > 50
    assert "☐　情報通信業" in found


def test_slides_are_pages_with_their_titles() -> None:
    pages = document("openchain_faq.pptx").pages
    assert len(pages) == 72
    assert sum(bool(page.name) for page in pages) >= 70
