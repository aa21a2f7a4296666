"""The shapes of a slide with their places, those in groups and those whose place the layout tells too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ingest.readers.element import Element, attribute, child, children, local, number
from ingest.readers.package import Package

Box: TypeAlias = tuple[int, int, int, int]
TITLES = frozenset({"title", "ctrTitle"})
FURNITURE = frozenset({"dt", "ftr", "sldNum", "hdr"})
BODIES = frozenset({"body", "obj", "subTitle"})
MAX_SHAPES = 20_000  # of one slide


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape that may hold text.

    Attributes:
        kind: Of a placeholder: "title", "body", "sldNum" …; "" for any other shape.
        box: Left, top, right and bottom, `None` if nothing tells them.
    """

    element: Element
    kind: str
    box: Box | None


@dataclass(frozen=True, slots=True)
class _Scale:
    """From the coordinates inside a group to those of the slide."""

    x: float = 0
    y: float = 0
    across: float = 1
    down: float = 1

    def box(self, left: int, top: int, width: int, height: int) -> Box:
        x, y = self.x + left * self.across, self.y + top * self.down
        return int(x), int(y), int(x + width * self.across), int(y + height * self.down)


class Layouts:
    """Places of placeholders by layout and master, each read once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._known: dict[str, dict[tuple[str, str], Box]] = {}

    def places(self, part: str) -> dict[tuple[str, str], Box]:
        """The boxes that layout and master of a slide give to placeholders, by kind and by number."""
        layout = self._package.related(part, "slideLayout")
        if layout not in self._known:
            master = self._package.related(layout, "slideMaster") if layout else ""
            found: dict[tuple[str, str], Box] = {}
            for name in (master, layout):
                root = self._package.root(name) if name else None
                for shape in shapes_of(root, {}):
                    if shape.box is not None:
                        holder = _placeholder(shape.element)
                        found["type", attribute(holder, "type", "obj")] = shape.box
                        if name == layout and attribute(holder, "idx"):
                            found["idx", attribute(holder, "idx")] = shape.box
            self._known[layout] = found
        return self._known[layout]


def shapes_of(slide: Element | None, places: dict[tuple[str, str], Box]) -> Iterator[Shape]:
    """The shapes of a slide in the order of the file, hidden ones left out."""
    tree = child(slide, "cSld", "spTree")
    stack: list[tuple[Element, _Scale]] = [
        (element, _Scale()) for element in reversed(list(tree if tree is not None else ()))
    ]
    n_shapes = 0
    while stack and n_shapes < MAX_SHAPES:
        element, scale = stack.pop()
        name = local(element)
        if name == "AlternateContent":
            choice = child(element, "Choice")
            chosen = choice if choice is not None else child(element, "Fallback")
            stack.extend((inner, scale) for inner in reversed(list(chosen if chosen is not None else ())))
        elif name == "grpSp":
            inside = _inside(element, scale)
            stack.extend((inner, inside) for inner in reversed(element))
        elif name in ("sp", "graphicFrame", "cxnSp", "pic") and not _is_hidden(element):
            n_shapes += 1
            holder = _placeholder(element)
            kind = attribute(holder, "type", "obj") if holder is not None else ""
            told = places.get(("idx", attribute(holder, "idx")), places.get(("type", kind)))
            yield Shape(element, kind, _own_box(element, scale) or told)


def _placeholder(element: Element) -> Element | None:
    about = next((inner for inner in element if local(inner).startswith("nv")), None)
    return child(about, "nvPr", "ph")


def _is_hidden(element: Element) -> bool:
    about = next((inner for inner in element if local(inner).startswith("nv")), None)
    return attribute(child(about, "cNvPr"), "hidden") in ("1", "true")


def _own_box(element: Element, scale: _Scale) -> Box | None:
    place = child(element, "spPr", "xfrm")
    if place is None:
        place = child(element, "xfrm")
    start, size = child(place, "off"), child(place, "ext")
    if start is None or size is None:
        return None
    return scale.box(number(start, "x"), number(start, "y"), number(size, "cx"), number(size, "cy"))


def _inside(group: Element, scale: _Scale) -> _Scale:
    place = child(group, "grpSpPr", "xfrm")
    start, size = child(place, "off"), child(place, "ext")
    inner_start, inner_size = child(place, "chOff"), child(place, "chExt")
    if start is None or inner_start is None:
        return scale
    across = scale.across * number(size, "cx", 1) / (number(inner_size, "cx", 1) or 1)
    down = scale.down * number(size, "cy", 1) / (number(inner_size, "cy", 1) or 1)
    x = scale.x + number(start, "x") * scale.across - number(inner_start, "x") * across
    y = scale.y + number(start, "y") * scale.down - number(inner_start, "y") * down
    return _Scale(x, y, across, down) if max(abs(v) for v in (x, y, across, down)) < 1e12 else scale


def tables_in(element: Element) -> Iterator[Element]:
    """The table of a graphic frame, if it holds one."""
    data = child(element, "graphic", "graphicData")
    return children(data, "tbl")
