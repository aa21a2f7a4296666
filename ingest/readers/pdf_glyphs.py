"""Glyphs of one PDF page, in points from its top left corner, as a viewer would show it."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections import defaultdict
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
CELLS = 1 << 32  # of a column; no page has more
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
    seen: defaultdict[str, dict[int, tuple[float, float]]] = defaultdict(dict)
    n_unknown = n_doubled = 0
    text_page = page.get_textpage()
    try:
        for glyph in _characters(text_page, affine, raw.FPDFPage_GetRotation(page)):
            if isinstance(glyph, str):
                rotated.append(glyph)
            elif _is_unknown(glyph.char):
                n_unknown += 1
            elif not glyph.char.isspace() and _is_doubled(glyph, seen[glyph.char]):
                n_doubled += 1
            elif 0 <= glyph.left <= width and 0 <= glyph.top <= height:
                kept.append(glyph)
    finally:
        text_page.close()
    share = image_share(page, affine, width * height) if len(kept) < 200 else 0.0
    return PageGlyphs(
        width, height, tuple(kept), " ".join("".join(rotated).split()), n_unknown, n_doubled, share
    )


def _characters(text_page: pdfium.PdfTextPage, affine: Affine, turn: int) -> Iterator[Glyph | str]:
    """Each character's glyph; the bare character if it does not stand upright."""
    handle = text_page.raw
    box = raw.FS_RECTF()
    get_box, get_size = raw.FPDFText_GetLooseCharBox, raw.FPDFText_GetFontSize
    get_angle, get_code = raw.FPDFText_GetCharAngle, raw.FPDFText_GetUnicode
    is_generated = raw.FPDFText_IsGenerated
    turned = -turn * math.pi / 2
    held = 0
    size = last_x = last_y = last_bottom = -1.0
    is_upright, lift = True, 0.0
    for n in range(raw.FPDFText_CountChars(handle)):
        code = get_code(handle, n)
        if 0xD800 <= code < 0xE000:  # one half of a character
            if code < 0xDC00 or not held:
                held = code if code < 0xDC00 else 0
                continue
            code = 0x10000 + ((held - 0xD800) << 10) + (code - 0xDC00)
        held = 0
        if code <= 32 and (code in NOTHING or (code == 32 and is_generated(handle, n) == 1)):
            continue
        get_box(handle, n, box)
        left, top, bottom = box.left, box.top, box.bottom
        before = size
        if top != last_y or bottom != last_bottom:  # else it stands beside its like
            size = get_size(handle, n)
        em = size if size > top - bottom else top - bottom  # some fonts are of size 1 and scaled up
        if size != before or abs(left - last_x) + abs(top - last_y) > FAR * em:  # else as before
            angle = (get_angle(handle, n) - turned) % (2 * math.pi)
            is_upright = min(angle, 2 * math.pi - angle) <= UPRIGHT
            lift = _lift(handle, n, top, size)
        last_x, last_y, last_bottom = left, top, bottom
        if not is_upright:
            yield chr(code)
        elif glyph := _glyph(chr(code), (left, top + lift, box.right, bottom + lift), size, affine):
            yield glyph


def _lift(handle: pdfium.PdfTextPage, n: int, top: float, size: float) -> float:
    """How far a character reaches out of the box that its font promises; fonts that are not embedded do."""
    left, right, bottom, reached = (ctypes.c_double() for _ in range(4))
    if not raw.FPDFText_GetCharBox(handle, n, left, right, bottom, reached):
        return 0.0
    above = reached.value - top
    return above if LOW * size < above < size else 0.0


def _glyph(char: str, box: tuple[float, float, float, float], size: float, affine: Affine) -> Glyph | None:
    left, top, right, bottom = mapped(box, affine)
    width, height = right - left, bottom - top
    if not (width > 0 and height > 0) or not math.isfinite(width + height):
        return None
    extent = width if width > height else height
    size = abs(size)
    if not (size > NO_SIZE and 0.4 * extent <= size <= 3 * extent):  # it tells nothing
        size = max(extent, 1.0)
    return Glyph(char, left, top, right, bottom, size)


@cache
def _is_unknown(char: str) -> bool:
    """Whether a character means nothing outside its font."""
    return char == "\ufffd" or unicodedata.category(char) in ("Co", "Cn", "Cc")


def _is_doubled(glyph: Glyph, seen: dict[int, tuple[float, float]]) -> bool:
    """Whether the same character stands at (nearly) the same place already; `seen` are its places by cell."""
    x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
    reach = max(0.01, min(glyph.size * SAME, (glyph.right - glyph.left) * SAME_WIDTH))
    column, row = x / (2 * reach), y / (2 * reach)
    at_x, at_y = int(column), int(row)
    here = at_x * CELLS + at_y
    if seen:
        aside = CELLS if column - at_x > 0.5 else -CELLS
        below = 1 if row - at_y > 0.5 else -1
        for cell in (here, here + aside, here + below, here + aside + below):
            place = seen.get(cell)
            if place and abs(place[0] - x) < reach and abs(place[1] - y) < reach:
                return True
    seen[here] = (x, y)
    return False
