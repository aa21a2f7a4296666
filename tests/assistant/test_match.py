from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.match import WordWeights, match
from assistant.question import Question
from assistant.reading import PassageReader
from index.hit import Hit
from ingest.tokenizer import default_tokenizer
from tests.fakes import hits_of, passage_of

TOKENIZER = default_tokenizer()
READER = PassageReader(TOKENIZER)
QUESTION = Question.from_text("相談窓口はいつ移転しましたか。", TOKENIZER)


def test_match_tells_which_sentence_holds_which_word():
    [found] = match(QUESTION, hits_of("窓口は駅前にある。\n令和5年に移転した。\n関係のない文。"), READER)
    first, second, third = found.sentences
    assert "窓口" in first
    assert "移転" not in first
    assert "移転" in second
    assert third == frozenset()
    assert found.everything == first | second


def test_words_of_the_context_count_for_the_passage_but_for_no_sentence():
    passage = passage_of("令和5年5月8日", context="相談窓口 移転の日")
    [found] = match(QUESTION, [Hit(passage, 1.0)], READER)
    assert {"相談", "窓口", "移転"} <= found.everything
    assert found.sentences == (frozenset(),)


def test_match_reads_other_forms_of_characters():
    [found] = match(Question.from_text("ﾃﾞｰﾀとＦＡＱ", TOKENIZER), hits_of("データ、faq"), READER)
    assert "faq" in found.everything
    assert "デー" in found.everything


def test_match_keeps_the_order_of_hits_and_only_words_of_the_question():
    hits = hits_of("窓口", "食堂", "相談")
    found = match(QUESTION, hits, READER)
    assert [one.hit for one in found] == hits
    wanted = {*QUESTION.terms, *QUESTION.grams}
    assert all(one.everything <= wanted for one in found)
    assert match(QUESTION, [], READER) == []


IDF = {"窓口": 3.0, "相談": 1.0}


def test_weights_are_shares_of_rarity():
    question = Question("", ("窓口", "相談"), ("窓口", "口相"), wants=QUESTION.wants)
    words = WordWeights.from_question(question, term_idf=IDF.__getitem__, gram_idf=lambda _: 2.0)
    assert words.terms == {"窓口": 3 / (3 + 1), "相談": 1 / (3 + 1)}
    assert words.grams == {"窓口": 2 / 4, "口相": 2 / 4}
    assert words.both() == pytest.approx({"窓口": 3 / 4 + 2 / 4, "相談": 1 / 4, "口相": 2 / 4})


def test_question_without_words_weighs_nothing():
    words = WordWeights.from_question(
        Question.from_text("？", TOKENIZER), term_idf=lambda _: 1.0, gram_idf=lambda _: 1.0
    )
    assert (words.terms, words.grams, words.both()) == ({}, {}, {})


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.floats(0.01, 10), min_size=1, max_size=8))
def test_weights_of_terms_sum_to_one_and_rarer_is_heavier(idf):
    question = Question("", tuple(idf), (), wants=QUESTION.wants)
    terms = WordWeights.from_question(question, term_idf=idf.__getitem__, gram_idf=idf.__getitem__).terms
    assert sum(terms.values()) == pytest.approx(1)
    for word, rarity in idf.items():
        assert all(rarity <= idf[other] or weight <= terms[word] for other, weight in terms.items())
