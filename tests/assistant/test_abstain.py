from __future__ import annotations

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.abstain import AnswerabilityModel
from assistant.match import MatchedHit, WordWeights
from tests.fakes import hits_of

MODEL = AnswerabilityModel(coverage=4.0, similarity=2.0, intercept=-3.0, threshold=0.5)
WORDS = WordWeights({"窓口": 0.5, "移転": 0.3, "相談": 0.2}, {})


def matched(words: set[str], *, dense: float | None = None) -> MatchedHit:
    [hit] = hits_of("文", legs={} if dense is None else {"dense": dense})
    return MatchedHit(hit, (frozenset(),), frozenset(words))


def test_nothing_found_is_nothing_to_answer():
    assert MODEL.probability(WORDS, []) == 0
    assert not MODEL.answers(WORDS, [])
    assert not AnswerabilityModel().answers(WORDS, [])


def test_probability_is_the_logistic_of_coverage_and_similarity():
    found = [matched({"窓口", "移転"}, dense=0.6)]
    assert MODEL.probability(WORDS, found) == pytest.approx(1 / (1 + exp(-(4 * (0.5 + 0.3) + 2 * 0.6 - 3))))


def test_best_hit_counts_for_each_feature():
    found = [matched({"窓口"}, dense=0.1), matched({"相談"}, dense=0.9), matched(set())]
    assert MODEL.probability(WORDS, found) == pytest.approx(1 / (1 + exp(-(4 * 0.5 + 2 * 0.9 - 3))))


def test_words_that_are_no_terms_of_the_question_do_not_cover_it():
    assert MODEL.probability(WORDS, [matched({"口の", "窓口"})]) == MODEL.probability(
        WORDS, [matched({"窓口"})]
    )


SUBSETS = st.sets(st.sampled_from(sorted(WORDS.terms)))
DENSE = st.floats(-1, 1)


@given(SUBSETS, SUBSETS, DENSE, DENSE)
def test_more_words_and_nearer_vectors_make_an_answer_likelier(held, more, near, nearer):
    model = AnswerabilityModel()
    near, nearer = sorted((near, nearer))
    low = model.probability(WORDS, [matched(held, dense=near)])
    high = model.probability(WORDS, [matched(held | more, dense=nearer)])
    assert 0 <= low <= high <= 1


def test_threshold_itself_is_answered():
    found = [matched({"窓口"}, dense=0.5)]  # 4 · 0.5 + 2 · 0.5 - 3 = 0
    assert MODEL.probability(WORDS, found) == 0.5
    assert MODEL.answers(WORDS, found)
