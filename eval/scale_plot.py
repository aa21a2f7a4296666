"""Growth drawn as small SVG panels, both axes by powers of ten."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT, LEFT, TOP, GAP = 190, 120, 60, 30, 90
Points = Sequence[tuple[float, float]]


def growth(panels: Mapping[str, Points]) -> str:
    """One panel for each measure: its name, its values, a line; an empty one is left out."""
    drawn = [_panel(n, name, points) for n, (name, points) in enumerate(panels.items()) if points]
    width = len(panels) * (WIDTH + GAP)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT + 80}" font-size="11" '
        f'font-family="sans-serif"><rect width="100%" height="100%" fill="white"/>{"".join(drawn)}</svg>\n'
    )


def _panel(n: int, name: str, points: Points) -> str:
    xs = [math.log10(x) for x, _ in points]
    ys = [math.log10(max(y, 1e-9)) for _, y in points]
    low, high = math.floor(min(ys)), math.ceil(max(ys))
    high += high == low
    span = max(xs) - min(xs) or 1.0
    left = LEFT + n * (WIDTH + GAP)
    placed = [
        (left + WIDTH * (x - min(xs)) / span, TOP + HEIGHT * (high - y) / (high - low))
        for x, y in zip(xs, ys, strict=True)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
    marks = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
        f'<text x="{x:.1f}" y="{y - 7:.1f}" text-anchor="middle">{value:,.4g}</text>'
        f'<text x="{x:.1f}" y="{TOP + HEIGHT + 16}" text-anchor="middle">{size:,.0f}</text>'
        for (x, y), (size, value) in zip(placed, points, strict=True)
    )
    return (
        f'<g><text x="{left}" y="14" font-weight="bold">{name}</text>'
        f'<path d="M{left} {TOP}V{TOP + HEIGHT}H{left + WIDTH}" fill="none" stroke="#888"/>'
        f'<polyline points="{line}" fill="none" stroke="#0a5" stroke-width="2"/>{marks}</g>'
    )
