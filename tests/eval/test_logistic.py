from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.logistic import auc, fit_logistic, threshold_at


def test_area_counts_pairs_in_order_and_ties_half():
    # pairs (1, 0): .9>.5, .9>.4, .5=.5, .5>.4
    assert auc(np.array([0.9, 0.5, 0.5, 0.4]), np.array([1.0, 1, 0, 0])) == (3 + 0.5) / 4


def test_area_needs_both_kinds():
    with pytest.raises(ValueError, match="both"):
        auc(np.array([0.1]), np.array([1.0]))


@given(st.lists(st.floats(0, 1), min_size=1), st.floats(0, 0.5))
def test_at_most_the_share_lies_below_the_threshold(scores: list[float], share: float):
    values = np.array(scores)
    assert (values < threshold_at(values, share)).mean() <= share


def test_fit_finds_what_speaks_for_and_gives_no_weight_to_what_speaks_against():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 3))
    y = (x[:, 0] - x[:, 1] + rng.normal(size=400) > 0).astype(float)
    fit = fit_logistic(x, y, np.ones(400), penalty=1.0)
    assert fit.weights[0] > 0.5
    assert fit.weights[1] == 0
    assert auc(fit.probability(x), y) > 0.7


def test_fit_is_calibrated_on_what_it_learnt():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(500, 1))
    y = (rng.random(500) < 1 / (1 + np.exp(-2 * x[:, 0]))).astype(float)
    p = fit_logistic(x, y, np.ones(500), penalty=0.01).probability(x)
    assert p.mean() == pytest.approx(y.mean(), abs=1e-3)


def test_column_that_never_changes_does_no_harm():
    x = np.column_stack([np.ones(10), np.arange(10.0)])
    fit = fit_logistic(x, (x[:, 1] > 4).astype(float), np.ones(10), penalty=1.0)
    assert np.isfinite(fit.weights).all()
