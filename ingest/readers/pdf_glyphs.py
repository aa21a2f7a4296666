"""Glyphs of one PDF page, in points from its top left corner, as a viewer would show it."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.readers.pdf_drawing import Affine, image_share, mapped, page_affine

NO_SIZE = 1.5  # points; a smaller font is scaled by its matrix, so its size says nothing
NOTHING = frozenset({0, 2, 10, 13})  # what PDFium puts between lines, and its mark of a hyphen
FAR = 2.5  # times its size or height; a character that stands so near the last one is turned like it
LOW = 0.05  # of the size that a character may reach out of its box
UPRIGHT = 0.05  # radians
SAME_WIDTH = 0.6  # of its width, for narrow ones such as // and ....
SAME = 0.25  # of the size; a glyph drawn again so near is a shadow or a bold made by hand


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character with its box; `size` is the font's size on the page."""

    char: str
    left: float
    top: float
    right: float
    bottom: float
    size: float


@dataclass(frozen=True, slots=True)
class PageGlyphs:
    """What one page draws.

    Attributes:
        glyphs: Upright characters that say something, in the order of the file.
        rotated: Text that does not stand upright, in the order of the file.
        n_unknown: Characters without a meaning (no usable character map).
        n_doubled: Characters drawn again at their place.
        image_share: Share of the page that pictures cover, at most 1.
    """

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rotated: str
    n_unknown: int
    n_doubled: int
    image_share: float


def read_glyphs(page: pdfium.PdfPage) -> PageGlyphs:
    """The characters of a page."""
    width, height = page.get_size()
    affine = page_affine(page, width, height)
    kept: list[Glyph] = []
    rotated: list[str] = []
    seen: dict[tuple[str, int, int], tuple[float, float]] = {}
    n_unknown = n_doubled = 0
    text_page = page.get_textpage()
    try:
        for char, glyph in _characters(text_page, affine, raw.FPDFPage_GetRotation(page)):
            if glyph is None:
                rotated.append(char)
            elif _is_unknown(char):
                n_unknown += 1
            elif not char.isspace() and _is_doubled(glyph, seen):
                n_doubled += 1
            elif 0 <= glyph.left <= width and 0 <= glyph.top <= height:
                kept.append(glyph)
    finally:
        text_page.close()
    share = image_share(page, affine, width * height) if len(kept) < 200 else 0.0
    return PageGlyphs(
        width, height, tuple(kept), " ".join("".join(rotated).split()), n_unknown, n_doubled, share
    )


def _characters(
    text_page: pdfium.PdfTextPage, affine: Affine, turn: int
) -> Iterator[tuple[str, Glyph | None]]:
    """Each character with its glyph, `None` if it does not stand upright."""
    handle = text_page.raw
    box = raw.FS_RECTF()
    get_box, get_size = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetFontSize
    get_angle, get_code = raw.FPDFText_GetCharAngle, raw.FPDFText_GetUnicode
    is_generated = raw.FPDFText_IsGenerated
    turned = -turn * math.pi / 2
    held = 0
    size = last_x = last_y = -1.0
    is_upright, lift = True, 0.0
    for n in range(raw.FPDFText_CountChars(handle)):
        code = get_code(handle, n)
        if 0xD800 <= code < 0xDC00:
            held = code
            continue
        if held and 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((held - 0xD800) << 10) + (code - 0xDC00)
        held = 0
        if code in NOTHING or 0xD800 <= code < 0xE000 or (code == 32 and is_generated(handle, n) == 1):
            continue
        get_box(handle, n, box)
        before, size = size, get_size(handle, n)
        em = max(size, box.top - box.bottom)  # some fonts are of size 1 and scaled up
        if size != before or abs(box.left - last_x) + abs(box.top - last_y) > FAR * em:  # else as before
            angle = (get_angle(handle, n) - turned) % (2 * math.pi)
            is_upright = min(angle, 2 * math.pi - angle) <= UPRIGHT
            lift = _lift(handle, n, box.top, size)
        last_x, last_y = box.left, box.top
        if not is_upright:
            yield chr(code), None
            continue
        glyph = _glyph(chr(code), (box.left, box.top + lift, box.right, box.bottom + lift), size, affine)
        if glyph is not None:
            yield glyph.char, glyph


def _lift(handle: pdfium.PdfTextPage, n: int, top: float, size: float) -> float:
    """How far a character reaches out of the box that its font promises; fonts that are not embedded do."""
    left, right, bottom, reached = (ctypes.c_double() for _ in range(4))
    if not raw.FPDFText_GetCharBox(handle, n, left, right, bottom, reached):
        return 0.0
    above = reached.value - top
    return above if LOW * size < above < size else 0.0


def _glyph(char: str, box: tuple[float, float, float, float], size: float, affine: Affine) -> Glyph | None:
    left, top, right, bottom = mapped(box, affine)
    if not (right > left and bottom > top) or not math.isfinite(right - left + bottom - top):
        return None
    extent = max(right - left, bottom - top)
    is_told = abs(size) > NO_SIZE and 0.4 * extent <= abs(size) <= 3 * extent
    return Glyph(char, left, top, right, bottom, abs(size) if is_told else max(extent, 1.0))


@cache
def _is_unknown(char: str) -> bool:
    """Whether a character means nothing outside its font."""
    return char == "\ufffd" or unicodedata.category(char) in ("Co", "Cn", "Cc")


def _is_doubled(glyph: Glyph, seen: dict[tuple[str, int, int], tuple[float, float]]) -> bool:
    """Whether the same character stands at (nearly) the same place already."""
    x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
    reach = max(0.01, min(glyph.size * SAME, (glyph.right - glyph.left) * SAME_WIDTH))
    column, row = x / (2 * reach), y / (2 * reach)
    at_x, at_y = int(column), int(row)
    next_x = at_x + (1 if column - at_x > 0.5 else -1)
    next_y = at_y + (1 if row - at_y > 0.5 else -1)
    for key in ((at_x, at_y), (next_x, at_y), (at_x, next_y), (next_x, next_y)):
        place = seen.get((glyph.char, *key))
        if place and abs(place[0] - x) < reach and abs(place[1] - y) < reach:
            return True
    seen[glyph.char, at_x, at_y] = (x, y)
    return False
