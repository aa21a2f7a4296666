from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest

from index.timing import collected, timed


def test_timed_adds_up_the_stages_of_the_collection_around_it():
    with collected() as stages:
        assert stages == {}
        for _ in range(2):
            with timed("embed"):
                time.sleep(0.01)
        with timed("answer"):
            pass
    assert stages.keys() == {"embed", "answer"}
    assert stages["embed"] >= 0.02
    assert 0 <= stages["answer"] < stages["embed"]


def test_inner_stage_is_part_of_the_outer_one():
    with collected() as stages, timed("retrieve"), timed("embed"):
        time.sleep(0.001)
    assert 0 < stages["embed"] <= stages["retrieve"]


def test_timed_without_a_collection_does_nothing():
    with timed("embed"):
        pass
    with collected() as stages:
        pass
    assert stages == {}


def test_inner_collection_keeps_its_own_and_gives_back_the_outer_one():
    with collected() as outer:
        with collected() as inner, timed("embed"):
            pass
        with timed("answer"):
            pass
    assert (inner.keys(), outer.keys()) == ({"embed"}, {"answer"})


def test_stage_that_fails_is_timed_too():
    with collected() as stages, pytest.raises(KeyError), timed("retrieve"):
        raise KeyError("語")
    assert stages.keys() == {"retrieve"}


def test_threads_collect_apart_unless_they_share_the_context():
    def work(stage):
        with collected() as stages, timed(stage):
            time.sleep(0.002)
        return set(stages)

    def measure():
        with timed("shared"):
            pass

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, "abcd")) == [{"a"}, {"b"}, {"c"}, {"d"}]
        with collected() as stages:
            pool.submit(copy_context().run, measure).result()
            pool.submit(measure).result()
    assert stages.keys() == {"shared"}
