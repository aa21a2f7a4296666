"""XLS, Excel before 2007: read by xlrd, written as XLSX is."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import xlrd

from ingest.content import Content
from ingest.errors import DamagedError, ProtectedError
from ingest.readers.cell_name import MAX_COLUMNS, MAX_ROWS, Place, cell_name
from ingest.readers.grid_cell import GridCell
from ingest.readers.number_format import show_number, show_text
from ingest.readers.office import OfficeWriter
from ingest.readers.sheet import Sheet, count_cell, with_merged, workbook_title, write_sheet

# What xlrd raises on files that are damaged, as 6,000 mutated ones showed (docs/reading-office.md).
XLRD_ERRORS = (
    *(xlrd.compdoc.CompDocError, struct.error, AssertionError, ArithmeticError, LookupError),
    *(RecursionError, ValueError),
)
GENERAL = "General"
SOLID, WHITE = 1, (9, 64, 65)  # a fill pattern, and the colours that are none


def read_xls(data: bytes) -> Content:
    """Read a workbook.

    Raises:
        ReadError: If it is damaged, encrypted or beyond the limits.
    """
    try:
        return _read(data)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise ProtectedError("パスワードで保護されています。") from error
        raise DamagedError("ファイルが壊れているか、途中で切れています。") from error
    except XLRD_ERRORS as error:
        raise DamagedError("ファイルが壊れているか、途中で切れています。") from error


def _read(data: bytes) -> Content:
    writer = OfficeWriter()
    book = xlrd.open_workbook(
        file_contents=data, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO()
    )
    n_cells = 0
    for n in range(book.nsheets):
        source = book.sheet_by_index(n)
        sheet = Sheet(source.name, is_hidden=source.visibility != 0)
        rows: list[list[GridCell]] = []
        for at in range(min(source.nrows, MAX_ROWS)):
            cells = list(_cells(book, source, at))
            n_cells += len(cells)
            count_cell(n_cells)
            if cells:
                rows.append(cells)
        sheet.rows = with_merged(rows, _merged(source))
        if source.panes_are_frozen:
            sheet.n_frozen = source.horz_split_first_visible or source.horz_split_pos
        sheet.hidden_rows = frozenset(at for at, info in source.rowinfo_map.items() if info.hidden)
        sheet.hidden_columns = frozenset(at for at, info in source.colinfo_map.items() if info.hidden)
        sheet.comments = [
            (cell_name(*place), note.text)
            for place, note in source.cell_note_map.items()
            if note.text.strip()
        ]
        write_sheet(writer, sheet)
        book.unload_sheet(n)
    return writer.content(workbook_title(writer.blocks))


def _cells(book: xlrd.Book, source: xlrd.sheet.Sheet, at: int) -> Iterator[GridCell]:
    for column in range(min(source.row_len(at), MAX_COLUMNS)):
        cell = source.cell(at, column)
        style = book.xf_list[cell.xf_index] if cell.xf_index is not None else None
        text = _shown(book, cell, style)
        if text.strip():
            yield GridCell(
                tuple(text.replace("\r\n", "\n").split("\n")),
                at,
                column,
                name=cell_name(at, column),
                is_strong=_is_strong(book, style),
            )


def _shown(book: xlrd.Book, cell: xlrd.sheet.Cell, style: xlrd.formatting.XF | None) -> str:
    """What a cell displays."""
    known = book.format_map.get(style.format_key) if style is not None else None
    code = (known.format_str if known is not None else "") or GENERAL
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return show_text(str(cell.value), code)
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        return show_number(float(cell.value), code, from_1904=book.datemode == 1)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return ""


def _is_strong(book: xlrd.Book, style: xlrd.formatting.XF | None) -> bool:
    if style is None:
        return False
    fill = style.background
    is_filled = fill.fill_pattern == SOLID and fill.pattern_colour_index not in WHITE
    return is_filled or bool(book.font_list[style.font_index].bold)


def _merged(source: xlrd.sheet.Sheet) -> list[tuple[Place, Place]]:
    return [
        ((top, left), (bottom - 1, right - 1))
        for top, bottom, left, right in source.merged_cells
        if bottom > top and right > left
    ]
