"""The order in which a reader goes through the shapes of a slide: title first, then from gap to gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
MAX_DEPTH = 50  # of one cut inside another


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A shape with its box, in any unit; `None` where it has none."""

    shape: T
    box: tuple[int, int, int, int] | None  # left, top, right, bottom


def in_reading_order(shapes: Sequence[Placed[T]]) -> list[T]:
    """The shapes from top to bottom, columns from left to right.

    The slide is cut where a gap goes all across it, first between rows, then between columns. Shapes
    without a box come first, in the order of the file.
    """
    without = [placed.shape for placed in shapes if placed.box is None]
    boxed = [placed for placed in shapes if placed.box is not None]
    return without + [placed.shape for placed in _cut(boxed, MAX_DEPTH)]


def _cut(shapes: Sequence[Placed[T]], depth: int) -> list[Placed[T]]:
    if len(shapes) < 2 or depth == 0:
        return list(shapes)
    for axis in (1, 0):
        parts = _parts(shapes, axis)
        if len(parts) > 1:
            return [placed for part in parts for placed in _cut(part, depth - 1)]
    return sorted(shapes, key=lambda placed: (_edge(placed, 1), _edge(placed, 0)))


def _parts(shapes: Sequence[Placed[T]], axis: int) -> list[list[Placed[T]]]:
    """Groups that do not overlap along an axis (0 across, 1 down), in its order."""
    parts: list[list[Placed[T]]] = []
    reach = 0
    for placed in sorted(shapes, key=lambda placed: _edge(placed, axis)):
        start, end = _edge(placed, axis), _edge(placed, axis + 2)
        slack = (end - start) // 10  # boxes are drawn a little larger than their text
        if parts and start + slack < reach:
            parts[-1].append(placed)
            reach = max(reach, end)
        else:
            parts.append([placed])
            reach = end
    return parts


def _edge(placed: Placed[T], n: int) -> int:
    return placed.box[n] if placed.box else 0
