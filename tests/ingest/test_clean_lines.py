"""Layout repair keeps what it should: lines that nothing broke come out as they went in."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.document import BlockKind
from ingest.layout import cells
from ingest.readers.text import read_text

CLEAN = Path(__file__).parents[1] / "data" / "clean_lines.txt"


def test_300_lines_of_prose_code_addresses_and_numbers_stay_as_they_are():
    text = CLEAN.read_text(encoding="utf-8")
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    assert len(lines) == 300
    blocks = read_text(text)
    assert not [block.text for block in blocks if block.kind is BlockKind.FURNITURE]
    assert [line for block in blocks for line in block.text.split("\n")] == lines


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("汐町 52 35 1,024", ("汐町", "52", "35", "1,024")),
        ("4月 97 285 －", ("4月", "97", "285", "－")),
        ("前年比 102.5％ △98.7％", ("前年比", "102.5％", "△98.7％")),
        ("汐町 男 52", ()),
        ("12 34 56", ()),
        ("令和５年 12 月 26 日", ()),
        ("52", ()),
        ("", ()),
    ],
)
def test_row_of_cells_is_a_label_and_numbers(line, row):
    assert cells(line) == row
