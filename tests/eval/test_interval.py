from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.interval import bootstrap_interval

VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(VALUES, st.randoms())
def test_bootstrap_interval_does_not_depend_on_order(values, rng):
    shuffled = list(values)
    rng.shuffle(shuffled)
    assert bootstrap_interval(shuffled) == bootstrap_interval(values)


@given(VALUES)
def test_bootstrap_interval_stays_within_the_values(values):
    low, high = bootstrap_interval(values)
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9


def test_bootstrap_interval_is_near_the_normal_one_for_many_values():
    half_width = 1.96 * (0.5 * 0.5 / 400) ** 0.5
    low, high = bootstrap_interval([0.0, 1.0] * 200)
    assert (low, high) == pytest.approx((0.5 - half_width, 0.5 + half_width), abs=0.01)


def test_bootstrap_interval_of_one_value_is_that_value():
    assert bootstrap_interval([0.25]) == (0.25, 0.25)


def test_bootstrap_interval_narrows_with_less_confidence():
    wide, narrow = bootstrap_interval([0.0, 1.0] * 20), bootstrap_interval([0.0, 1.0] * 20, confidence=0.5)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


@pytest.mark.parametrize(("values", "confidence"), [([], 0.95), ([1.0], 0.0), ([1.0], 1.0)])
def test_bootstrap_interval_rejects_what_has_none(values, confidence):
    with pytest.raises(ValueError):
        bootstrap_interval(values, confidence=confidence)
