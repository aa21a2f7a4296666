from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.text import bare, coverage, covers, first_chars, ngrams, rank_covered, states, states_all

QUOTE = "あいうえおかきくけこ"  # 10 characters, so 5 runs of six; covered from 3 runs, 8 characters, on


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和 ３\n年度", "令和3年度"),
        ("ｶﾞｲﾄﾞ", "ガイド"),
        ("ＡＢc", "abc"),
        ("𠮷野\u3000家", "𠮷野家"),
        ("㈱潮見", "(株)潮見"),
        ("", ""),
    ],
)
def test_bare_unifies_width_case_and_white_space(text, expected):
    assert bare(text) == expected


def test_ngrams_are_distinct_and_empty_for_shorter_text():
    assert ngrams("ababa", 2) == {"ab", "ba"}
    assert ngrams("ab", 3) == frozenset()


def test_ngrams_reject_a_length_below_one():
    with pytest.raises(ValueError, match="0"):
        ngrams("ab", 0)


def test_coverage_is_the_share_of_distinct_runs():
    assert coverage(QUOTE, ["あいうえおかき"]) == pytest.approx(2 / 5)
    assert coverage(QUOTE, ["あいうえおか", "おかきくけこ"]) == pytest.approx(2 / 5)
    assert coverage(QUOTE, []) == 0
    assert coverage("短い", []) == 1


@pytest.mark.parametrize(
    ("held", "expected"),
    [("あいうえおかき", False), ("あいうえおかきく", True), ("x" + QUOTE + "y", True), ("", False)],
)
def test_covers_needs_sixty_percent_of_the_runs(held, expected):
    assert covers([held], QUOTE) is expected


@pytest.mark.parametrize(("held", "expected"), [("戦略２０です", True), ("戦略 2", False), ("第20", False)])
def test_covers_takes_a_short_quote_as_one_run(held, expected):
    assert covers([held], "戦略20") is expected


def test_rank_covered_counts_what_was_seen_before():
    assert rank_covered(["関係ない文です", "あいうえおかき", "うえおかきくけ"], QUOTE) == 3
    assert rank_covered(["関係ない文です"], QUOTE) is None


@pytest.mark.parametrize(
    ("text", "fact", "expected"),
    [
        ("全部で１５ 人", "15人", True),
        ("全部で115人", "15人", False),
        ("全部で2.5倍", "5倍", False),
        ("約1,500人", "500人", False),
        ("約1,500人", "1,500", True),
        ("15人", "15", True),
        ("150人", "15", False),
        ("15.5人", "15", False),
        ("全15、5人", "15", True),
        ("第1回は115人、第2回は15人", "15人", True),
        ("ＡＢＣ制度", "abc制度", True),
        ("", "5", False),
    ],
)
def test_states_never_takes_a_part_of_a_number(text, fact, expected):
    assert states(text, fact) is expected


def test_states_all_needs_one_alternative_of_each_group():
    groups = (("令和3年", "2021年"), ("柔道",))
    assert states_all("2021年に柔道を始めた", groups)
    assert not states_all("2021年に始めた", groups)


def test_first_chars_skips_repetition_and_blank_lines():
    assert first_chars(["あ\n\n\nい", "あ\n\n\nい", "うえお"], 5) == ["あ\nい", "うえ"]
    assert first_chars(["あい", "う"], 2) == ["あい"]
    assert first_chars(["あい"], 0) == []


@given(st.lists(st.text()), st.text(min_size=1), st.text())
def test_coverage_stays_in_bounds_and_never_falls_with_more_text(texts, quote, more):
    before, after = coverage(quote, texts), coverage(quote, [*texts, more])
    assert 0 <= before <= after <= 1


@given(st.lists(st.text(alphabet="あいう\n 1"), max_size=8), st.integers(0, 30))
def test_first_chars_never_exceed_the_budget(texts, budget):
    assert sum(map(len, first_chars(texts, budget))) <= budget


@given(st.text(alphabet="あい15,. ９", min_size=1), st.text(alphabet="あい15,."))
def test_states_finds_a_fact_between_letters(fact, around):
    assert states(f"{around}あ{fact}い{around}", fact)
