"""Cell styles of an XLSX file: number formats, and whether a cell looks like a header."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.readers.element import attribute, child, children, is_on, number
from ingest.readers.number_format import BUILT_IN
from ingest.readers.package import Package

GENERAL = "General"


@dataclass(frozen=True, slots=True)
class CellStyle:
    """A cell style.

    Attributes:
        code: Its number format.
        is_strong: Whether it is bold or filled with a colour.
    """

    code: str = GENERAL
    is_strong: bool = False


def read_cell_styles(package: Package, name: str) -> list[CellStyle]:
    """The styles that cells refer to by number."""
    codes = {
        number(element, "numFmtId"): attribute(element, "formatCode")
        for element in package.elements(name, "numFmt", inside="numFmts")
    }
    is_bold = [is_on(child(font, "b")) for font in package.elements(name, "font", inside="fonts")]
    is_filled = list(_filled(package, name))
    styles = []
    for element in package.elements(name, "xf", inside="cellXfs"):
        code_id, font, fill = (number(element, key) for key in ("numFmtId", "fontId", "fillId"))
        bold = 0 <= font < len(is_bold) and is_bold[font]
        filled = 0 <= fill < len(is_filled) and is_filled[fill]
        code = codes.get(code_id) or BUILT_IN.get(code_id, GENERAL)
        styles.append(CellStyle(code, bold or filled))
    return styles


def _filled(package: Package, name: str) -> Iterator[bool]:
    """Whether each fill is a colour other than white."""
    for fill in package.elements(name, "fill", inside="fills"):
        pattern = child(fill, "patternFill")
        colour = next(children(pattern, "fgColor"), None)
        is_white = attribute(colour, "rgb").upper() in ("FFFFFFFF", "00FFFFFF") or (
            attribute(colour, "theme") == "0" and not attribute(colour, "tint")
        )
        yield attribute(pattern, "patternType") == "solid" and not is_white
