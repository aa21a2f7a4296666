"""What only asks is looked for by no leg, unless there is nothing else to look for."""

from __future__ import annotations

import pytest

from index.asking import ASKING_WORDS, telling_pairs, telling_terms
from ingest.tokenizer import default_tokenizer

QUESTIONS = {
    "会費は年に何円ですか。": (["会費", "年", "円"], ["会費", "費は", "は年", "年に", "円で"]),
    "窓口はどこでしていますか": (["窓口"], ["窓口", "口は"]),
    "申請はいつまでですか": (["申請"], ["申請", "請は"]),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_asked_about_is_looked_for(question: str) -> None:
    terms, pairs = QUESTIONS[question]
    assert set(terms) <= set(telling_terms(default_tokenizer().terms(question)))
    assert set(pairs) <= set(telling_pairs(default_tokenizer().bigrams(question)))


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_only_asks_is_not(question: str) -> None:
    assert not ASKING_WORDS & set(telling_terms(default_tokenizer().terms(question)))
    assert not {"です", "すか", "どこ", "いつ", "何円"} & set(
        telling_pairs(default_tokenizer().bigrams(question))
    )


def test_question_of_nothing_else_is_looked_for_as_it_stands() -> None:
    assert telling_terms(["何"]) == ["何"]
    assert telling_pairs(["なぜ", "ぜで"]) == ["なぜ", "ぜで"]
    assert telling_terms([]) == telling_pairs([]) == []
