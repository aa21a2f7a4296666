"""Datasets as CSV or XLSX: one row a question, columns named after the fields.

Plain columns: `id`, `question`, `type`, `audience`, `answer`, `answerable`, `paraphrase`, `checked`. A key
fact has a column of its own, `key_fact_1`, `key_fact_2`, …, its alternatives with `|` between; so has
`wrong_year_facts`. A piece of evidence has two, `evidence_doc_1` and `evidence_quote_1`, and so on.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ingest.errors import DatasetError

TABLE_SUFFIXES = (".csv", ".xlsx")
PLAIN = frozenset({"id", "question", "type", "audience", "answer"})
YES_NO = frozenset({"answerable", "paraphrase", "checked"})
TRUE = frozenset({"true", "1", "はい", "○", "〇", "yes"})
FALSE = frozenset({"false", "0", "いいえ", "×", "no"})
ENCODINGS = ("utf-8-sig", "cp932")  # what Excel saves in Japan
KEY_FACT = re.compile(r"key_fact_(\d+)")
EVIDENCE = re.compile(r"evidence_(doc|quote)_(\d+)")

Cells = Mapping[str, str]


def table_rows(path: Path, content: bytes) -> Iterator[tuple[int, bytes]]:
    """The rows of a table as lines of JSON, with their 1-based numbers; empty rows are skipped.

    Raises:
        DatasetError: If it is no such table, lacks a header, or a yes-or-no cell says neither.
    """
    rows = _xlsx(path, content) if path.suffix.lower() == ".xlsx" else _csv(path, content)
    numbered = ((number, row) for number, row in enumerate(rows, start=1) if any(row))
    _, header = next(numbered, (0, []))
    names = [name.strip() for name in header]
    if "question" not in names:
        raise DatasetError(f"{path.name} の 1 行目に、列の名前（id、question など）がありません。")
    for number, row in numbered:
        cells = {name: cell for name, cell in zip(names, row, strict=False) if name and cell.strip()}
        yield number, json.dumps(_fields(path, number, cells), ensure_ascii=False).encode()


def _csv(path: Path, content: bytes) -> Iterable[list[str]]:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except csv.Error as error:
            raise DatasetError(f"{path.name} を CSV として読めません（{error}）。") from error
    raise DatasetError(f"{path.name} が UTF-8 でも Shift_JIS でもありません。")


def _xlsx(path: Path, content: bytes) -> Iterable[list[str]]:
    """Rows of the first sheet; formulas as their saved values."""
    from zipfile import BadZipFile

    from openpyxl import load_workbook  # only who has such a file waits for it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return [[_shown(cell) for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as error:
        raise DatasetError(f"{path.name} を XLSX として読めません。") from error


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _fields(path: Path, number: int, cells: Cells) -> dict[str, Any]:
    fields: dict[str, Any] = {name: cells[name] for name in PLAIN & set(cells)}
    for name in YES_NO & set(cells):
        said = cells[name].strip().lower()
        if said not in TRUE | FALSE:
            raise DatasetError(f"{path.name} の {number} 行目: 「{name}」は true か false で書いてください。")
        fields[name] = said in TRUE
    facts = {int(found[1]): cell for name, cell in cells.items() if (found := KEY_FACT.fullmatch(name))}
    fields["key_facts"] = [_alternatives(facts[n]) for n in sorted(facts)]
    if "wrong_year_facts" in cells:
        fields["wrong_year_facts"] = _alternatives(cells["wrong_year_facts"])
    pieces: dict[int, dict[str, str]] = {}
    for name, cell in cells.items():
        if found := EVIDENCE.fullmatch(name):
            pieces.setdefault(int(found[2]), {})[found[1]] = cell
    fields["evidence"] = [pieces[n] for n in sorted(pieces)]
    return fields


def _alternatives(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]
