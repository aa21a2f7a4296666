from __future__ import annotations

import heapq
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fuse import (
    mean_around,
    reciprocal_rank_fusion,
    scaled_by_best,
    scaled_to_range,
    weighted_sum,
)

SCORES = st.dictionaries(st.integers(0, 30), st.floats(0.001, 100, allow_nan=False), max_size=12)
COSINES = st.dictionaries(st.integers(0, 30), st.floats(-1, 1, allow_nan=False), max_size=12)


def ranked(scores):
    return sorted(scores.items(), key=lambda hit: (-hit[1], hit[0]))


@given(SCORES)
def test_scaled_by_best_keeps_order_and_proportions_below_one(scores):
    scaled = scaled_by_best(ranked(scores))
    assert scaled.keys() == scores.keys()
    assert all(0 < score <= 1 for score in scaled.values())
    for passage, score in scores.items():
        assert scaled[passage] == score / max(scores.values())


@pytest.mark.parametrize("ranking", [[], [(1, 0.0)], [(1, 0.0), (2, -3.0)]])
def test_scaled_by_best_of_nothing_positive_is_empty(ranking):
    assert scaled_by_best(ranking) == {}


@given(COSINES)
def test_scaled_to_range_spans_zero_to_one(scores):
    scaled = scaled_to_range(ranked(scores))
    assert scaled.keys() == scores.keys()
    assert all(0 <= score <= 1 for score in scaled.values())
    if scores:
        assert max(scaled.values()) == 1
        assert min(scaled.values()) == (0 if len(set(scores.values())) > 1 else 1)
    for passage, score in scores.items():
        for other, less in scores.items():
            assert score < less or scaled[passage] >= scaled[other]


def test_scaled_to_range_moves_cosines_apart():
    assert scaled_to_range([(7, 0.9), (3, 0.85), (5, 0.8)]) == pytest.approx({7: 1, 3: 0.5, 5: 0})
    assert scaled_to_range([(7, 0.8), (3, 0.8)]) == {7: 1.0, 3: 1.0}
    assert scaled_to_range([]) == {}


def test_weighted_sum_adds_what_each_leg_says():
    legs = {"terms": {1: 1.0, 2: 0.5}, "dense": {2: 1.0, 3: 0.2}, "未知": {4: 1.0}}
    assert weighted_sum(legs, {"terms": 2.0, "dense": 0.5}) == pytest.approx(
        {1: 2 * 1.0, 2: 2 * 0.5 + 0.5 * 1.0, 3: 0.5 * 0.2, 4: 0}
    )
    assert weighted_sum({}, {}) == {}


@given(SCORES, st.floats(0.01, 10))
def test_weighted_sum_of_one_leg_keeps_its_order(scores, weight):
    total = weighted_sum({"terms": scores}, {"terms": weight})
    by_score = sorted(scores.values(), reverse=True)
    assert [scores[passage] for passage, _ in ranked(total)] == pytest.approx(by_score)


@given(SCORES, SCORES)
def test_weighted_sum_forgets_and_invents_no_passage(terms, dense):
    assert weighted_sum({"terms": terms, "dense": dense}, {"terms": 1}).keys() == terms.keys() | dense.keys()


def test_weights_below_zero_are_refused():
    with pytest.raises(ValueError, match="negative"):
        weighted_sum({"terms": {1: 1.0}}, {"terms": -0.1})


def test_reciprocal_rank_fusion_is_its_formula():
    rankings = [[(1, 9.0), (2, 5.0)], [(2, 0.9), (3, 0.8), (1, 0.1)], []]
    assert reciprocal_rank_fusion(rankings) == pytest.approx(
        {1: 1 / (60 + 1) + 1 / (60 + 3), 2: 1 / (60 + 2) + 1 / (60 + 1), 3: 1 / (60 + 2)}
    )
    assert reciprocal_rank_fusion(rankings, rank_offset=0) == pytest.approx(
        {1: 1 / 1 + 1 / 3, 2: 1 / 2 + 1 / 1, 3: 1 / 2}
    )
    assert reciprocal_rank_fusion([]) == {}
    with pytest.raises(ValueError, match="negative"):
        reciprocal_rank_fusion([], rank_offset=-1)


@given(st.lists(SCORES, max_size=4), st.integers(0, 15))
def test_reciprocal_rank_fusion_gives_at_most_k_best_first_none_twice_ties_by_id(legs, k):
    fused = reciprocal_rank_fusion([ranked(leg) for leg in legs])
    best = heapq.nsmallest(k, fused, key=lambda passage: (-fused[passage], passage))
    assert len(best) == len(set(best)) == min(k, len(fused))
    for first, second in pairwise(best):
        assert fused[first] > fused[second] or (fused[first] == fused[second] and first < second)
    assert fused.keys() == set().union(*legs)


def test_reciprocal_rank_fusion_ignores_the_scale_of_scores():
    small = [(1, 0.003), (2, 0.002)]
    large = [(1, 3e6), (2, 2.0)]
    assert reciprocal_rank_fusion([small]) == reciprocal_rank_fusion([large])


def test_mean_around_is_of_the_neighbours_or_its_own_without_any():
    scores = {1: 1.0, 2: 0.4, 5: 0.8}
    around = {1: [2], 2: [1, 3], 5: [4, 6]}
    assert mean_around(scores, around) == {1: 0.4, 2: 0.5, 5: 0.0}
    assert mean_around(scores, {}) == scores
    assert mean_around({}, around) == {}


def test_scaled_by_best_gives_the_best_what_is_asked():
    assert scaled_by_best([(1, 8.0), (2, 2.0)], best=0.5) == {1: 0.5, 2: 0.125}
