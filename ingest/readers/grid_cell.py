"""GridCell: one cell of a table in an office file, before and after it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from ingest.traced import Traced


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as the file has it.

    Attributes:
        row: Ascending from row to row; a merged cell begins here.
        name: As a spreadsheet names it, "" elsewhere.
        is_strong: Whether it is shaded or bold, as headers are.
    """

    lines: tuple[str, ...]
    row: int
    column: int
    n_rows: int = 1
    n_columns: int = 1
    name: str = ""
    is_strong: bool = False


Row: TypeAlias = list[tuple[GridCell, Traced]]
