"""How far a mean may be off: the bootstrap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

RESAMPLES = 1000
SEED = 0


def bootstrap_interval(values: Sequence[float], *, confidence: float = 0.95) -> tuple[float, float]:
    """Percentile interval of the mean over 1000 resamples with a fixed seed.

    The same values give the same interval in whatever order they come.

    Raises:
        ValueError: If there are no values, or `confidence` is not between 0 and 1.

    Source:
        Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    if not values:
        raise ValueError("an interval needs at least one value")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, not {confidence}")
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    drawn = np.random.default_rng(SEED).integers(len(ordered), size=(RESAMPLES, len(ordered)))
    tail = 100 * (1 - confidence) / 2
    low, high = np.percentile(ordered[drawn].mean(axis=1), (tail, 100 - tail))
    return float(low), float(high)
