from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import limits
from ui.limits import Limit


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_limit_refuses_after_so_many_and_tells_how_long_to_wait() -> None:
    clock = Clock()
    limit = Limit(3, per_s=60.0, clock=clock)
    assert [limit.spend("a") for _ in range(3)] == [0.0, 0.0, 0.0]
    assert limit.spend("a") == pytest.approx(20.0)
    assert limit.spend("b") == 0.0
    clock.now = 20.0
    assert limit.spend("a") == 0.0
    assert limit.spend("a") == pytest.approx(20.0)


def test_given_back_does_not_count() -> None:
    limit = Limit(1, per_s=60.0, clock=Clock())
    for _ in range(5):
        assert limit.spend("a") == 0.0
        limit.give_back("a")
    limit.give_back("a")
    assert limit.spend("a") == 0.0
    assert limit.spend("a") > 0


@given(st.integers(1, 5), st.floats(0.5, 100), st.lists(st.floats(0, 50), min_size=1, max_size=40))
def test_limit_never_allows_more_than_burst_and_refill(times: int, per_s: float, pauses: list[float]) -> None:
    clock = Clock()
    limit = Limit(times, per_s=per_s, clock=clock)
    n_allowed = 0
    for pause in pauses:
        clock.now += pause
        n_allowed += limit.spend("a") == 0.0
    assert n_allowed <= times + clock.now * times / per_s + 1e-6


def test_forgotten_buckets_are_the_full_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_KEYS", 3)
    clock = Clock()
    limit = Limit(1, per_s=10.0, clock=clock)
    for key in "abc":
        limit.spend(key)
    clock.now = 9.0
    limit.spend("d")
    clock.now = 11.0
    assert limit.spend("d") > 0
    for key in "efg":
        limit.spend(key)
    assert limit.spend("g") > 0


@pytest.mark.parametrize(("times", "per_s"), [(0, 1.0), (1, 0.0)])
def test_limit_that_allows_nothing_is_a_mistake(times: int, per_s: float) -> None:
    with pytest.raises(ValueError, match="allows"):
        Limit(times, per_s=per_s)
