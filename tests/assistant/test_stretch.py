"""Stretches: clauses end at pauses, and quotes of one place share a citation."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.cite import shared
from assistant.stretch import Quote, clauses, opens
from index.hit import Hit
from tests.fakes import passage_of

LONG = "相談窓口は令和5年4月に市役所の二階へ移転し、会費は2,000円（税込、送料別）とすることになった。"


def test_long_sentence_has_clauses_but_numbers_and_brackets_stay_whole() -> None:
    found = [LONG[start:end] for start, end in clauses(LONG, 0, len(LONG))]
    assert found == [
        "相談窓口は令和5年4月に市役所の二階へ移転し、",
        "会費は2,000円（税込、送料別）とすることになった。",
    ]


def test_label_and_its_number_are_one_clause() -> None:
    text = "・本庁舎　５台、駅前出張所　１台、利用回数　計968回の全部を数える"
    found = [text[start:end] for start, end in clauses(text, 0, len(text))]
    assert found[0] == "・本庁舎　５台、駅前出張所　１台、"


def test_short_sentence_is_one_clause() -> None:
    text = "窓口は、二階です。"
    assert list(clauses(text, 0, len(text))) == [(0, len(text))]


@given(st.text(alphabet="会費は、2,000円（）。 　\n:", max_size=80))
def test_clauses_are_the_sentence_cut_up(text: str) -> None:
    found = list(clauses(text, 0, len(text)))
    assert "".join(text[start:end] for start, end in found).replace("\n", "") == text.replace("\n", "")


def test_quotes_of_one_place_share_a_citation() -> None:
    text = "窓口は二階です。会費は無料です。売店は一階にあります。"
    hit = Hit(passage_of(text), 1.0)
    bounds = hit.passage.sentences
    line, *others = [Quote(hit, *bounds[2]), Quote(hit, *bounds[1]), Quote(hit, *bounds[0])]
    cited, places = shared([line, *others])
    assert places == [0, 1, 1]
    assert cited == [line, Quote(hit, bounds[0][0], bounds[1][1])]
    assert shared([line, Quote(hit, *bounds[0]), Quote(hit, *bounds[2])])[1] == [0, 1, 2]


def test_address_of_a_page_is_not_cut_at_its_colon() -> None:
    text = "様式は潮見市のホームページ https://www.city.shiomi.example/yoshiki にあります。"
    assert [text[a:b] for a, b in clauses(text, 0, len(text))] == [text]


def test_cells_are_said_without_the_line_break_after_them() -> None:
    text = "大会議室を使う団体の数\n412\n前の年から減った理由"
    assert "大会議室を使う団体の数" in [text[a:b] for a, b in clauses(text, 0, len(text))]


def test_a_marked_line_opens_what_follows_but_not_the_next_of_its_kind() -> None:
    assert opens("■申し込み方法", "窓口にお越しください。")
    assert not opens("■申し込み方法", "■持ち物")
    assert not opens("■申し込みは窓口でします。", "持ち物はありません。")
    assert not opens("■申し込み方法", "")
