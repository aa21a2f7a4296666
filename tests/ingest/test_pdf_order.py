"""Reading order and one table of real files, against what a person wrote down from the pictures of their pages."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from ingest.document import BlockKind, Document
from ingest.read import read

ROOT = Path(__file__).parents[2]
FILES = ROOT.parent / "shared" / "files"
EXPECTED: dict[str, dict[str, list[list[int | str]]]] = json.loads(
    (ROOT / "tests/data/reading_order.json").read_text(encoding="utf-8")
)
MOST = 0.02
MOST_OF_ONE = 0.03  # a single file: two lines of one page may change places


@cache
def document(name: str) -> Document:
    path = FILES / f"{name}.pdf"
    if not path.exists():
        pytest.skip("shared/files is not here")
    return read(path, root=FILES)


def squeezed(line: str) -> str:
    return "".join(unicodedata.normalize("NFKC", line).split())


def lines_read(name: str, number: int) -> list[str]:
    """The lines of a page, of its tables the cells, without what is furniture by its place."""
    found = document(name)
    page = next(page for page in found.pages if page.number == number)
    text = list(found.text)
    for block in found.blocks:
        for span in block.spans:
            if block.kind is BlockKind.FURNITURE and not block.section:
                text[span.start : span.end] = "\n" * (span.end - span.start)
            elif block.cells or block.kind is BlockKind.FURNITURE:
                ends = (n for n in (span.start - 1, span.end) if found.text[n : n + 1] == "\t")
                for n in ends:
                    text[n] = "\n"
    lines = "".join(text[page.span.start : page.span.end]).split("\n")
    return [line for line in map(squeezed, lines) if line]


def is_same(line: str, expected: Sequence[int | str]) -> bool:
    length, digest = expected
    return hashlib.sha256(line[: int(length)].encode()).hexdigest()[:16] == digest


def distance(lines: Sequence[str], expected: Sequence[Sequence[int | str]]) -> int:
    """Levenshtein distance over lines."""
    before = list(range(len(lines) + 1))
    for i, want in enumerate(expected, 1):
        row = [i]
        for j, line in enumerate(lines, 1):
            row.append(min(row[-1] + 1, before[j] + 1, before[j - 1] + (not is_same(line, want))))
        before = row
    return before[-1]


def measured(name: str) -> tuple[int, int]:
    """Errors and lines over the pages of a file."""
    errors = total = 0
    for page, expected in EXPECTED[name].items():
        lines = lines_read(name, int(page))
        errors += distance(lines, expected)
        total += max(len(lines), len(expected))
    return errors, total


@pytest.mark.parametrize("name", EXPECTED)
def test_lines_stand_in_the_order_in_which_a_person_reads_them(name: str) -> None:
    errors, total = measured(name)
    assert errors / total <= MOST_OF_ONE


def test_lines_of_all_files_together_stand_in_order() -> None:
    found = [measured(name) for name in EXPECTED]
    assert sum(errors for errors, _ in found) / sum(total for _, total in found) <= MOST


def test_a_table_is_read_cell_by_cell() -> None:
    """17 rows of five columns, with cells merged over two, four and eight rows."""
    labels, *rows = json.loads((ROOT / "tests/data/table_cells.json").read_text(encoding="utf-8"))
    blocks = [
        block
        for block in document("mof_bsi_encrypted").blocks
        if block.page == 3 and block.kind is BlockKind.TABLE_ROW and len(block.cells) == len(labels)
    ][-len(rows) :]
    assert len(blocks) == len(rows)
    for block, row in zip(blocks, rows, strict=True):
        cells = [block.text[start:end] for start, end in zip((0, *block.cells), block.cells, strict=False)]
        assert [hashlib.sha256(squeezed(cell).encode()).hexdigest()[:16] for cell in cells] == row
        for header, label in zip(block.headers, labels, strict=True):
            name = squeezed(header).split("(")[0]
            assert hashlib.sha256(name.encode()).hexdigest()[:16] == label
