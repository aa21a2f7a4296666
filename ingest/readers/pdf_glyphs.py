"""Glyphs and rules of one PDF page, in points from its top left corner, as a viewer would show it."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

THIN = 3.0  # points; a thinner path is a rule
LONG = 4.0  # points; a shorter one is a dot of a dotted rule, or ornament
MAX_OBJECTS = 50_000  # of a page; a drawing may have more
MAX_DEPTH = 6  # of forms within forms
MAX_SEGMENTS = 400
SCALE = 1 << 20
NO_SIZE = 1.5  # points; a smaller font is scaled by its matrix, so its size says nothing
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
class Rule:
    """A straight stroke along one axis: at `at` on the other axis, from `start` to `end`."""

    at: float
    start: float
    end: float
    is_vertical: bool


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


Affine = tuple[float, float, float, float, float, float]


def read_glyphs(page: pdfium.PdfPage) -> PageGlyphs:
    """The characters of a page."""
    width, height = page.get_size()
    affine = _affine(page, width, height)
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
    share = _image_share(page, affine, width * height) if len(kept) < 200 else 0.0
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
    turned = -turn * math.pi / 2
    held = 0
    for n in range(raw.FPDFText_CountChars(handle)):
        code = get_code(handle, n)
        if 0xD800 <= code < 0xDC00:
            held = code
            continue
        if held and 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((held - 0xD800) << 10) + (code - 0xDC00)
        held = 0
        if raw.FPDFText_IsGenerated(handle, n) == 1 or code in (0, 2, 10, 13) or 0xD800 <= code < 0xE000:
            continue
        char = chr(code)
        angle = (get_angle(handle, n) - turned) % (2 * math.pi)
        if min(angle, 2 * math.pi - angle) > UPRIGHT:
            yield char, None
            continue
        get_box(handle, n, box)
        glyph = _glyph(char, (box.left, box.top, box.right, box.bottom), get_size(handle, n), affine)
        if glyph is not None:
            yield char, glyph


def _glyph(char: str, box: tuple[float, float, float, float], size: float, affine: Affine) -> Glyph | None:
    left, top, right, bottom = _mapped(box, affine)
    if not (right > left and bottom > top) or not math.isfinite(right - left + bottom - top):
        return None
    extent = max(right - left, bottom - top)
    is_told = abs(size) > NO_SIZE and 0.4 * extent <= abs(size) <= 3 * extent
    return Glyph(char, left, top, right, bottom, abs(size) if is_told else max(extent, 1.0))


def _mapped(box: tuple[float, float, float, float], affine: Affine) -> tuple[float, float, float, float]:
    a, b, c, d, e, f = affine
    xs = sorted(a * x + c * y + e for x, y in ((box[0], box[1]), (box[2], box[3])))
    ys = sorted(b * x + d * y + f for x, y in ((box[0], box[1]), (box[2], box[3])))
    return xs[0], ys[0], xs[1], ys[1]


def _affine(page: pdfium.PdfPage, width: float, height: float) -> Affine:
    """From the page's own space to points from the top left corner of what is shown."""

    def shown(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, SCALE, SCALE, 0, x, y, across, down)
        return across.value / SCALE * width, down.value / SCALE * height

    far = 1000.0
    (e, f), (ax, ay), (cx, cy) = shown(0, 0), shown(far, 0), shown(0, far)
    return ((ax - e) / far, (ay - f) / far, (cx - e) / far, (cy - f) / far, e, f)


def _is_unknown(char: str) -> bool:
    """Whether a character means nothing outside its font."""
    return char == "\ufffd" or unicodedata.category(char) in ("Co", "Cn", "Cc")


def _is_doubled(glyph: Glyph, seen: dict[tuple[str, int, int], tuple[float, float]]) -> bool:
    """Whether the same character stands at (nearly) the same place already."""
    x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
    reach = max(0.01, min(glyph.size * SAME, (glyph.right - glyph.left) * SAME_WIDTH))
    column, row = int(x / reach), int(y / reach)
    near = (seen.get((glyph.char, column + i, row + j)) for i in (0, -1, 1) for j in (0, -1, 1))
    if any(place and abs(place[0] - x) < reach and abs(place[1] - y) < reach for place in near):
        return True
    seen[glyph.char, column, row] = (x, y)
    return False


def _image_share(page: pdfium.PdfPage, affine: Affine, area: float) -> float:
    covered = 0.0
    for item, own in _objects(page, raw.FPDF_PAGEOBJ_IMAGE, affine):
        box = _bounds(item, own)
        covered += (box[2] - box[0]) * (box[3] - box[1]) if box else 0.0
    return min(1.0, covered / area) if area else 0.0


def _objects(page: pdfium.PdfPage, kind: int, affine: Affine) -> Iterator[tuple[raw.FPDF_PAGEOBJECT, Affine]]:
    """The objects of one kind, also those inside forms, each with what takes its space to the page."""
    stack = [(raw.FPDFPage_GetObject(page, n), affine, 0) for n in range(raw.FPDFPage_CountObjects(page))]
    n_seen = 0
    while stack and n_seen < MAX_OBJECTS:
        n_seen += 1
        item, own, depth = stack.pop()
        found = raw.FPDFPageObj_GetType(item)
        if found == kind:
            yield item, own
        elif found == raw.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            inner = _composed(_matrix(item), own)
            stack.extend(
                (raw.FPDFFormObj_GetObject(item, n), inner, depth + 1)
                for n in range(raw.FPDFFormObj_CountObjects(item))
            )


def _matrix(item: raw.FPDF_PAGEOBJECT) -> Affine:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, matrix)
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _composed(inner: Affine, outer: Affine) -> Affine:
    """First `inner`, then `outer`."""
    a, b, c, d, e, f = outer
    return (
        a * inner[0] + c * inner[1], b * inner[0] + d * inner[1],
        a * inner[2] + c * inner[3], b * inner[2] + d * inner[3],
        a * inner[4] + c * inner[5] + e, b * inner[4] + d * inner[5] + f,
    )  # fmt: skip


def _bounds(item: raw.FPDF_PAGEOBJECT, affine: Affine) -> tuple[float, float, float, float] | None:
    corners = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(item, *corners):
        return None
    left, bottom, right, top = (corner.value for corner in corners)
    return _mapped((left, bottom, right, top), affine)


def read_rules(page: pdfium.PdfPage) -> list[Rule]:
    """The straight strokes of a page that may be borders of tables and boxes; dotted ones are whole."""
    width, height = page.get_size()
    affine = _affine(page, width, height)
    found = [
        rule for item, own in _objects(page, raw.FPDF_PAGEOBJ_PATH, affine) for rule in _rules_of(item, own)
    ]
    inside = [r for r in found if 0 <= r.at <= (width if r.is_vertical else height)]
    return [rule for rule in _joined(inside) if rule.end - rule.start >= LONG]


def _rules_of(item: raw.FPDF_PAGEOBJECT, affine: Affine) -> Iterator[Rule]:
    box = _bounds(item, affine)
    if box is None:
        return
    across, down = box[2] - box[0], box[3] - box[1]
    if across <= THIN or down <= THIN:
        if down > across:
            yield Rule((box[0] + box[2]) / 2, box[1], box[3], is_vertical=True)
        else:
            yield Rule((box[1] + box[3]) / 2, box[0], box[2], is_vertical=False)
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    if stroke.value:
        yield from _edges(item, _composed(_matrix(item), affine))


def _edges(item: raw.FPDF_PAGEOBJECT, affine: Affine) -> Iterator[Rule]:
    """The straight edges of a stroked path along the axes."""
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for n in range(min(MAX_SEGMENTS, raw.FPDFPath_CountSegments(item))):
        segment = raw.FPDFPath_GetPathSegment(item, n)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        here = _point((x.value, y.value), affine)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = here
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _straight(last, here)
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _straight(here, start)
        last = here


def _point(point: tuple[float, float], affine: Affine) -> tuple[float, float]:
    a, b, c, d, e, f = affine
    return a * point[0] + c * point[1] + e, b * point[0] + d * point[1] + f


def _straight(one: tuple[float, float], other: tuple[float, float]) -> Iterator[Rule]:
    across, down = abs(one[0] - other[0]), abs(one[1] - other[1])
    if across < 1 <= down:
        yield Rule((one[0] + other[0]) / 2, min(one[1], other[1]), max(one[1], other[1]), is_vertical=True)
    elif down < 1 <= across:
        yield Rule((one[1] + other[1]) / 2, min(one[0], other[0]), max(one[0], other[0]), is_vertical=False)


def _joined(rules: list[Rule]) -> list[Rule]:
    """Pieces of one rule, such as its dots, made whole."""
    out: list[Rule] = []
    for rule in sorted(rules, key=lambda r: (r.is_vertical, round(r.at), r.start)):
        last = out[-1] if out else None
        goes_on = last is not None and last.is_vertical == rule.is_vertical
        if last and goes_on and abs(last.at - rule.at) < 1.2 and rule.start <= last.end + THIN:
            out[-1] = Rule(last.at, last.start, max(last.end, rule.end), rule.is_vertical)
        else:
            out.append(rule)
    return out
