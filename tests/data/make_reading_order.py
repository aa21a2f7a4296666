"""Turns what was written down by eye into hashes: `python tests/data/make_reading_order.py FOLDER TABLE`.

The order of a page of `../shared/files` is written from its picture, before a program reads the page, into a
file FOLDER/name.page (`kampo_vertical_gazette.1`): the first six characters or so of each line, of each
cell of a table, from first to last; page numbers and running headers are left out. None of these texts is
kept: `reading_order.json` has for each line how many characters were written and their digest, NFKC and
without white space.

TABLE holds the second table on page 3 of `mof_bsi_encrypted.pdf` in the same way, cell by cell: one row on a
line, tabs between cells, merged cells repeated in each of their rows; the first line has the column labels.
`table_cells.json` has the digests.
"""

from __future__ import annotations

import hashlib
import json
import sys
import unicodedata
from pathlib import Path

TARGET = Path(__file__).with_name("reading_order.json")
TABLE_TARGET = Path(__file__).with_name("table_cells.json")


def squeezed(line: str) -> str:
    """What is compared of a line."""
    return "".join(unicodedata.normalize("NFKC", line).split())


def digest(text: str) -> str:
    """The digest of what is compared."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def main(folder: Path, table: Path) -> None:
    """Write the hashes of all pages and of the table."""
    orders: dict[str, dict[str, list[tuple[int, str]]]] = {}
    for path in sorted(folder.iterdir()):
        name, page = path.name.rsplit(".", 1)
        lines = [squeezed(line) for line in path.read_text(encoding="utf-8").splitlines()]
        orders.setdefault(name, {})[page] = [(len(line), digest(line)) for line in lines if line]
    TARGET.write_text(json.dumps(orders, separators=(",", ":")) + "\n", encoding="utf-8")
    rows = [line.split("\t") for line in table.read_text(encoding="utf-8").splitlines()]
    cells = [[digest(squeezed(cell)) for cell in row] for row in rows]
    TABLE_TARGET.write_text(json.dumps(cells, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
