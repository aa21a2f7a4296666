from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.match import WordWeights, match
from assistant.question import Question
from assistant.reading import PassageReader
from assistant.signals import signals
from ingest.tokenizer import default_tokenizer
from tests.fakes import hits_of


def signals_of(question: str, *texts: str) -> dict[str, float]:
    tokenizer = default_tokenizer()
    asked = Question.from_text(question, tokenizer)
    words = WordWeights.from_question(asked, term_idf=lambda _: 1.0, gram_idf=lambda _: 1.0)
    hits = hits_of(*texts, legs={"dense": 0.9, "terms": 3.0, "grams": 4.0})
    return signals(asked, words, match(asked, hits, PassageReader(tokenizer)), hits)


def test_nothing_found_gives_no_signal():
    assert signals_of("窓口はどこですか。") == {}


def test_words_of_the_question_in_the_passages_are_covered():
    held = signals_of("相談窓口の定員は何人ですか。", "相談窓口の定員は15人です。")
    missing = signals_of("相談窓口の定員は何人ですか。", "会議室は毎日開いています。")
    for name in ("covered", "covered_first", "covered_sentence", "pairs", "names", "runs", "typed"):
        assert held[name] > missing[name]


@pytest.mark.parametrize(
    ("question", "answers", "other"),
    [
        ("参加者は何人ですか。", "参加者は15名です。", "参加者は15歳以上です。"),
        ("開催は年に何回ですか。", "開催は年2回です。", "開催は年2件の事業です。"),
        ("届出は何年何月何日までですか。", "届出は令和5年4月1日までです。", "届出は窓口で受けます。"),
    ],
)
def test_text_of_the_asked_kind_counts(question: str, answers: str, other: str):
    assert signals_of(question, answers)["typed_share"] > signals_of(question, other)["typed_share"]


def test_what_the_question_says_itself_is_no_answer_to_it():
    told = signals_of("定員15人の講座の参加者は何人ですか。", "定員15人の講座の参加者です。")
    assert told["typed_share"] == 0


def test_years_and_numbers_of_the_question_are_looked_for_in_any_notation():
    assert signals_of("2021年度の件数は。", "令和3年度の件数")["years"] == 1
    assert signals_of("2021年度の件数は。", "令和4年度の件数")["years"] == 0
    assert signals_of("第11期の件数は。", "第11期の件数")["numbers"] == 1
    assert signals_of("第11期の件数は。", "第12期の件数")["numbers"] == 0


def test_how_a_question_is_put_does_not_count():
    found = "相談窓口の定員は15人です。"
    plain = signals_of("相談窓口の定員は何人", found)
    polite = signals_of("相談窓口の定員は何人でしょうか。どうか教えてください。", found)
    assert plain == pytest.approx(polite)


def test_vectors_of_tokens_count_where_there_are_any():
    tokenizer = default_tokenizer()
    asked = Question.from_text("相談窓口の定員は何人ですか。", tokenizer)
    words = WordWeights.from_question(asked, term_idf=lambda _: 1.0, gram_idf=lambda _: 1.0)
    near, far = hits_of("相談窓口", "会議室")
    with_tokens = [replace(near, legs={"tokens": 0.8}), replace(far, legs={"tokens": 0.5})]
    told = signals(asked, words, match(asked, with_tokens, PassageReader(tokenizer)), with_tokens)
    assert (told["tokens_best"], told["tokens_lead"]) == (0.8, pytest.approx(0.3))
    assert (
        signals(asked, words, match(asked, [near, far], PassageReader(tokenizer)), [near, far])["tokens_best"]
        == 0
    )
