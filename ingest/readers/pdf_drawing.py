"""Rules and pictures of one PDF page, in points from the top left corner of what is shown."""

from __future__ import annotations

import ctypes
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

Affine = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight stroke along one axis: at `at` on the other axis, from `start` to `end`."""

    at: float
    start: float
    end: float
    is_vertical: bool


def page_affine(page: pdfium.PdfPage, width: float, height: float) -> Affine:
    """From the page's own space to points from the top left corner of what is shown."""

    def shown(x: float, y: float) -> tuple[float, float]:
        across, down = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(page, 0, 0, SCALE, SCALE, 0, x, y, across, down)
        return across.value / SCALE * width, down.value / SCALE * height

    far = 1000.0
    (e, f), (ax, ay), (cx, cy) = shown(0, 0), shown(far, 0), shown(0, far)
    return ((ax - e) / far, (ay - f) / far, (cx - e) / far, (cy - f) / far, e, f)


def mapped(box: tuple[float, float, float, float], affine: Affine) -> tuple[float, float, float, float]:
    """A box with its corners in any order, as left, top, right and bottom."""
    a, b, c, d, e, f = affine
    x0, y0 = a * box[0] + c * box[1] + e, b * box[0] + d * box[1] + f
    x1, y1 = a * box[2] + c * box[3] + e, b * box[2] + d * box[3] + f
    return (
        x0 if x0 < x1 else x1, y0 if y0 < y1 else y1,
        x1 if x0 < x1 else x0, y1 if y0 < y1 else y0,
    )  # fmt: skip


def image_share(page: pdfium.PdfPage, affine: Affine, area: float) -> float:
    """Share of the page that pictures cover, at most 1; those that overlap count twice."""
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
    return mapped((left, bottom, right, top), affine)


def read_rules(page: pdfium.PdfPage) -> list[Rule]:
    """The straight strokes of a page that may be borders of tables and boxes; dotted ones are whole."""
    width, height = page.get_size()
    affine = page_affine(page, width, height)
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
