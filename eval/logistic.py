"""Logistic regression on a few hundred examples, and how well a score tells two kinds apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
SWEEPS = 500  # over all columns, at most
MOST_STEP = 1.0  # of a standardised weight at once, so that no step overshoots
CLOSE_ENOUGH = 1e-5
SMALL = 1e-9


@dataclass(frozen=True, slots=True)
class Fit:
    """Weights on the columns as they came, `(d,)`, and the intercept."""

    weights: Matrix
    intercept: float

    def probability(self, x: Matrix) -> Matrix:
        """Of each row `(n, d)`, `(n,)`."""
        return 1 / (1 + np.exp(-np.clip(x @ self.weights + self.intercept, -500, 500)))


def fit_logistic(x: Matrix, y: Matrix, sample_weights: Matrix, *, penalty: float) -> Fit:
    """Maximum likelihood with weights that are not negative, by coordinate descent.

    Every column is something that speaks for kind 1, so that a negative weight could only be chance.

    Args:
        x: One row per example, `(n, d)`.
        y: 1 or 0 per example.
        sample_weights: How much each example counts.
        penalty: On half the squared weights of the standardised columns; the intercept has none.
    """
    mean = np.average(x, axis=0, weights=sample_weights)
    spread = np.sqrt(np.average((x - mean) ** 2, axis=0, weights=sample_weights))
    spread = np.where(spread > SMALL, spread, 1.0)
    scaled = np.column_stack([(x - mean) / spread, np.ones(len(x))])
    n_weights, beta, total = x.shape[1], np.zeros(x.shape[1] + 1), np.zeros(len(x))
    for _ in range(SWEEPS):
        moved = 0.0
        for j, column in enumerate(scaled.T):
            p = 1 / (1 + np.exp(-np.clip(total, -30, 30)))
            ridge = penalty if j < n_weights else 0.0
            slope = column @ (sample_weights * (y - p)) - ridge * beta[j]
            bend = (column**2) @ (sample_weights * np.maximum(p * (1 - p), SMALL)) + ridge + SMALL
            new = beta[j] + np.clip(slope / bend, -MOST_STEP, MOST_STEP)
            new = max(0.0, new) if j < n_weights else new
            total += (new - beta[j]) * column
            moved, beta[j] = max(moved, abs(new - beta[j])), new
        if moved < CLOSE_ENOUGH:
            break
    weights = beta[:-1] / spread
    return Fit(weights, float(beta[-1] - mean @ weights))


def auc(scores: Matrix, y: Matrix) -> float:
    """How often an example of kind 1 scores higher than one of kind 0, a tie counting half.

    Raises:
        ValueError: If there are not both kinds.
    """
    ones, zeros = np.sort(scores[y == 1]), np.sort(scores[y == 0])
    if not len(ones) or not len(zeros):
        raise ValueError("the area needs examples of both kinds")
    below = np.searchsorted(zeros, ones, side="left") + np.searchsorted(zeros, ones, side="right")
    return float(below.sum() / 2 / len(ones) / len(zeros))


def threshold_at(scores: Matrix, share: float) -> float:
    """The highest threshold below which at most this share of the scores lies."""
    ranked = np.sort(scores)
    return float(ranked[min(int(share * len(ranked)), len(ranked) - 1)])
