"""PageName: what people call the place of a citation: 12頁, シート「予算」B12, スライド3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from ingest.locator import Locator, Page, PageKind, cells_of
from ingest.readers.cell_name import cell_name, read_cell_name
from ingest.traced import Span
from ui.i18n import Texts

SHOWN_CELLS = 2  # more are told as a range


@dataclass(frozen=True, slots=True)
class PageName:
    """A page, a slide, or cells of a sheet.

    Attributes:
        name: Of a sheet; "" elsewhere.
        cells: Those that are cited, in the order of the text.
    """

    number: int
    kind: PageKind = PageKind.PAGE
    name: str = ""
    cells: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, number: int | None, pages: Sequence[Page], locators: Sequence[Locator], spans: Sequence[Span]
    ) -> Self | None:
        """The name of where ranges stand, `None` for documents without pages."""
        if number is None:
            return None
        page = next((page for page in pages if page.number == number), None)
        if page is None or page.kind is not PageKind.SHEET:
            return cls(number, page.kind if page else PageKind.PAGE)
        cells = tuple(cell for at, cell in cells_of(locators, spans) if at == number)
        return cls(number, page.kind, page.name, cells)

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self | None:
        """What `as_json` of a citation or hit gave, "page" being its number."""
        if told["page"] is None:
            return None
        about = told.get("page_name") or {}
        return cls(
            told["page"],
            PageKind(about.get("kind", "page")),
            about.get("name", ""),
            tuple(about.get("cells", ())),
        )

    def as_json(self) -> dict[str, Any]:
        """All but its number."""
        return {"kind": self.kind.value, "name": self.name, "cells": list(self.cells)}

    def in_words(self, texts: Texts) -> str:
        """As people say it."""
        return self.written(
            texts("page_number", page="{page}"),
            sheet=texts("sheet_place", sheet="{sheet}", cells="{cells}"),
            slide=texts("slide_number", page="{page}"),
        )

    def written(self, page: str, *, sheet: str, slide: str) -> str:
        """By the pattern for its kind, in which `{page}`, or `{sheet}` and `{cells}`, are filled in."""
        if self.kind is PageKind.SHEET:
            return sheet.format(sheet=" ".join(self.name.split()), cells=_shown(self.cells)).strip()
        return (slide if self.kind is PageKind.SLIDE else page).format(page=self.number)

    def without_own(self, section: Sequence[str]) -> list[str]:
        """A section path without the sheet's name, which would be said twice."""
        return [title for title in section if self.kind is not PageKind.SHEET or title != self.name]


def _shown(cells: Sequence[str]) -> str:
    """B12, B12・C12, or the range that holds them all."""
    places = [place for cell in cells if (place := read_cell_name(cell)) is not None]
    if len(places) <= SHOWN_CELLS:
        return "・".join(cells)
    first = cell_name(min(row for row, _ in places), min(column for _, column in places))
    return f"{first}:{cell_name(max(row for row, _ in places), max(column for _, column in places))}"
