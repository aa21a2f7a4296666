from __future__ import annotations

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.abstain import AnswerabilityModel, Confidence, learnt_model
from assistant.match import MatchedHit, WordWeights
from assistant.question import Question
from assistant.reading import PassageReader
from ingest.tokenizer import default_tokenizer
from tests.fakes import hits_of

MODEL = AnswerabilityModel({"covered": 4.0, "dense_best": 2.0}, intercept=-3.0, threshold=0.5)
WORDS = WordWeights({"窓口": 0.5, "移転": 0.3, "相談": 0.2}, {})
QUESTION = Question.from_text("相談の窓口はどこへ移転しましたか。", default_tokenizer())


def matched(words: set[str], *, dense: float | None = None) -> MatchedHit:
    [hit] = hits_of("文", legs={} if dense is None else {"dense": dense})
    reading = PassageReader(default_tokenizer()).read(hit.passage)
    return MatchedHit(hit, reading, (frozenset(),), (frozenset(),), frozenset(words))


def probability(found: list[MatchedHit], model: AnswerabilityModel = MODEL) -> float:
    return model.probability(QUESTION, WORDS, found, [match.hit for match in found])


def test_nothing_found_is_nothing_to_answer():
    assert probability([]) == 0
    assert learnt_model("bundled").threshold > 0


def test_probability_is_the_logistic_of_weighted_signals():
    found = [matched({"窓口", "移転"}, dense=0.6)]
    assert probability(found) == pytest.approx(1 / (1 + exp(-(4 * (0.5 + 0.3) + 2 * 0.6 - 3))))


def test_best_hit_counts_for_each_signal():
    found = [matched({"窓口"}, dense=0.1), matched({"相談"}, dense=0.9), matched(set())]
    assert probability(found) == pytest.approx(1 / (1 + exp(-(4 * 0.5 + 2 * 0.9 - 3))))


def test_words_that_are_no_terms_of_the_question_do_not_cover_it():
    assert probability([matched({"口の", "窓口"})]) == probability([matched({"窓口"})])


@pytest.mark.parametrize("name", ["bundled", "by_words"])
def test_learnt_weights_only_speak_for_an_answer(name: str):
    model = learnt_model(name)
    assert model.weights
    assert min(model.weights.values()) > 0
    assert 0 < model.threshold < 1


def test_with_another_model_no_similarity_counts():
    assert not [w for w in learnt_model("by_words").weights if w.startswith(("dense", "score", "agree"))]


@given(st.dictionaries(st.sampled_from(sorted(learnt_model("bundled").weights)), st.floats(0, 1)))
def test_stronger_signals_make_an_answer_likelier(found: dict[str, float]):
    model = learnt_model("bundled")
    low = model.of(found)
    assert all(low <= model.of({**found, name: found.get(name, 0) + 0.1}) <= 1 for name in model.weights)


@pytest.mark.parametrize(
    ("probability", "said"), [(1.0, "high"), (0.8, "high"), (0.79, "medium"), (0.3, "medium"), (0.29, "low")]
)
def test_confidence_is_a_probability_in_a_word(probability: float, said: str):
    assert Confidence.of(probability) == said
