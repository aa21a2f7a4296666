"""What stands in the source as it is needs no rules, but a part of a sentence does not count."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check
from assistant.verbatim import is_verbatim

GUIDE = Ground(
    "・広報紙を別の形でも作っている（令和3年度　点字版:2,310部、大字版:1,620部、音声版:1,45\n0部）。",
    "令和3年度",
)
RANKS = Ground("順位 市町 人数 順位 市町 人数\n1 北町 512 11 南町 164\n2 東町 327 12 西町 151")
RULE = Ground("会議室は無料で使えます。ただし、市外の方は使えません。")


@pytest.mark.parametrize(
    ("said", "ground", "is_held"),
    [
        pytest.param("大字版:1,620部", GUIDE, True, id="label and value"),
        pytest.param("音声版：1,450部", GUIDE, True, id="value broken by a line, wide colon"),
        pytest.param("大字版:620部", GUIDE, False, id="part of a number"),
        pytest.param("1,620部", GUIDE, False, id="value without a label"),
        pytest.param("2 東町 327", RANKS, True, id="cells of a row"),
        pytest.param("2 東町 164", RANKS, False, id="cells of two rows"),
        pytest.param("1 南町 164", RANKS, False, id="cells that are not neighbours"),
        pytest.param("会議室は無料で使えます。", RULE, True, id="whole sentence"),
        pytest.param("市外の方は使えません。", RULE, False, id="sentence without its beginning"),
        pytest.param("。", RULE, False, id="nothing"),
    ],
)
def test_whole_sentences_and_labelled_values_are_found(said: str, ground: Ground, is_held: bool) -> None:
    assert is_verbatim(said, [(ground.text, ground.context)], "") is is_held


def test_value_of_another_year_than_asked_is_not_what_was_asked() -> None:
    assert is_verbatim("大字版:1,620部", [(GUIDE.text, GUIDE.context)], "2021年度の部数は？")
    assert not is_verbatim("大字版:1,620部", [(GUIDE.text, GUIDE.context)], "令和4年度の部数は？")


def test_each_line_of_a_list_of_values_is_confirmed() -> None:
    question = "令和3年度に作った広報紙の部数を、点字版・大字版・音声版の順に教えてください。"
    for said in ("点字版:2,310部", "大字版:1,620部", "音声版:1,450部"):
        assert check(said, [GUIDE], question=question).verdict is Verdict.CONFIRMED
    assert check("大字版:1,450部", [GUIDE], question=question).verdict is not Verdict.CONFIRMED


def test_words_of_the_question_that_the_source_lacks_are_named_and_the_answer_kept() -> None:
    source = Ground("国立ラグーナ植物園へバラの苗木を寄贈した。")
    question = "バラの苗木を贈った北欧の植物園はどこですか。"
    found = check("北欧の植物園は、国立ラグーナ植物園です。", [source], question=question)
    assert (found.verdict, found.answers) == (Verdict.PARTLY, True)
    assert "北欧" in found.reason
    unasked = check("北欧の植物園は、国立ラグーナ植物園です。", [source], question="植物園はどこですか。")
    assert unasked.verdict is Verdict.UNVERIFIED
    assert not unasked.answers
    nothing_new = check("北欧の植物園へ贈った。", [source], question=question)
    assert not nothing_new.answers
