"""Small SVG plots, drawn by hand: they scale with the page, take its colours and need no script.

Numbers stand beside them as text, so the plots themselves are hidden from screen readers.
"""

from __future__ import annotations

from collections.abc import Sequence

from eval.calibration import Bin

SIZE = 100


def bar(value: float, *, low: float | None = None, high: float | None = None, most: float = 1.0) -> str:
    """A horizontal bar from 0 to `most`, with a thin line from `low` to `high` for its interval.

    Raises:
        ValueError: If `most` is not positive.
    """
    if most <= 0:
        raise ValueError(f"the end of the scale must be positive, not {most}")
    whisker = ""
    if low is not None and high is not None:
        left, right = _share(low, most), _share(high, most)
        whisker = (
            f'<rect class="whisker" x="{left:.1f}" y="4" width="{max(right - left, 0.6):.1f}" height="2"/>'
        )
    return (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="100" height="10"/>'
        f'<rect class="fill" width="{_share(value, most):.1f}" height="10"/>{whisker}</svg>'
    )


def reliability(bins: Sequence[Bin]) -> str:
    """Confidence against the share that the documents answer: on the diagonal it is the truth.

    Larger circles stand for more questions.
    """
    total = sum(one.n for one in bins) or 1
    circles = "".join(
        f'<circle class="dot" cx="{SIZE * one.confidence:.1f}" cy="{SIZE * (1 - one.answerable):.1f}" '
        f'r="{2 + 5 * (one.n / total) ** 0.5:.1f}"/>'
        for one in bins
    )
    return (
        '<svg class="reliability" viewBox="-4 -4 108 108" aria-hidden="true">'
        '<rect class="track" width="100" height="100"/>'
        '<line class="whisker-line" x1="0" y1="100" x2="100" y2="0"/>'
        f"{circles}</svg>"
    )


def _share(value: float, most: float) -> float:
    return SIZE * min(max(value / most, 0.0), 1.0)
