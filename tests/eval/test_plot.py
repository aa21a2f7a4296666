from __future__ import annotations

import pytest

from eval.calibration import calibration
from eval.plot import bar, reliability


@pytest.mark.parametrize(("value", "width"), [(0.0, "0.0"), (0.25, "25.0"), (1.0, "100.0"), (3.0, "100.0")])
def test_bar_is_as_long_as_its_value(value, width):
    assert f'class="fill" width="{width}"' in bar(value)


def test_bar_shows_its_interval_on_the_same_scale():
    assert 'class="whisker" x="25.0" y="4" width="50.0"' in bar(1.0, low=0.5, high=1.5, most=2.0)
    with pytest.raises(ValueError, match="positive"):
        bar(1.0, most=0)


def test_calibration_sorts_into_ranges_and_leaves_out_empty_ones():
    low, high = calibration([(0.1, False, True), (0.15, True, False), (1.0, True, True)])
    assert (low.low, low.high, low.n, low.answerable, low.right) == (0.0, 0.2, 2, 0.5, 0.5)
    assert low.confidence == pytest.approx(0.125)
    assert (high.low, high.n, high.answerable) == (0.8, 1, 1.0)
    assert calibration([]) == ()


def test_reliability_draws_a_circle_for_each_range():
    drawn = reliability(calibration([(0.1, False, True), (0.9, True, True)]))
    assert drawn.count("<circle") == 2
    assert 'cx="10.0" cy="100.0"' in drawn
    assert 'cx="90.0" cy="0.0"' in drawn
