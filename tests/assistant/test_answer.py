from __future__ import annotations

import pytest

from assistant.answer import Answer, AnswerSentence, AnswerStatus


def answer(*texts: str) -> Answer:
    sentences = tuple(AnswerSentence(text, (n,)) for n, text in enumerate(texts, start=1))
    return Answer("会費は？", AnswerStatus.ANSWERED, sentences)


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        ([], ""),
        (["会費は2,000円です。"], "会費は2,000円です。"),
        (["・会費は2,000円です。"], "・会費は2,000円です。"),
        (["会費は2,000円です。", "・入会は窓口で。"], "・会費は2,000円です。\n・入会は窓口で。"),
    ],
)
def test_text_lists_several_sentences(texts, shown):
    assert answer(*texts).text == shown


def test_answer_without_hits_is_not_found_and_says_nothing():
    empty = Answer("会費は？", AnswerStatus.NOT_FOUND)
    assert (empty.text, empty.hits, empty.citations, empty.fingerprint) == ("", (), (), "")
    assert empty.timings == {}


def test_asked_is_the_question_unless_it_was_completed():
    assert answer().asked == "会費は？"
    completed = Answer("では団体は？", AnswerStatus.NOT_FOUND, asked="団体の会費は？")
    assert (completed.question, completed.asked) == ("では団体は？", "団体の会費は？")
    assert completed.filters.is_empty
