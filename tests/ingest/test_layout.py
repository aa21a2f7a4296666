"""Layout repair: joins what a page's width broke, and leaves what is whole."""

import pytest

from ingest.layout import join_vertical, split_lines, unspaced_lines
from ingest.tokenizer import default_tokenizer
from ingest.traced import Traced
from ingest.wrapped import join_wrapped


def repaired(text: str) -> list[str]:
    return [line.text for line in join_wrapped(list(join_vertical(split_lines(text))), default_tokenizer())]


def test_wrapped_sentence_is_joined():
    text = "潮見市は、外国につながりのある市民が安心して暮らせるよう、窓口の案内を\n六つの言語で行い、相談の内容を庁内で共有している。\n"
    assert repaired(text) == [text.replace("\n", "")]


def test_word_across_an_empty_line_is_joined():
    assert repaired("窓口の整備プロ\n\nジェクトの推進体制\n") == ["窓口の整備プロジェクトの推進体制"]


def test_line_that_starts_with_a_particle_continues_the_one_before():
    assert repaired("「2020年大会の成功」\nに向けた取組\n") == ["「2020年大会の成功」に向けた取組"]


def test_trailing_space_marks_a_paragraphs_end():
    body = "国際交流の担い手を育てる研修を年に二回\n\n開き、修了者を名簿に登録した。 \n\n"
    cells = "現地及びオン\n\nライン \n\n令和５年９月 \n\n"
    assert repaired(body * 20 + cells)[-2:] == ["現地及びオンライン", "令和５年９月"]


BODY = "国際交流の担い手を育てる研修を年に二回\n\n開き、修了者を名簿に登録した。 \n\n"  # has the habit


def test_quotation_goes_on_in_the_next_line_whatever_ends_the_line_before():
    cut = "市の窓口を案内するページ「くらしの \n\nしおり」を公開した。 \n\n"
    assert repaired(BODY * 20 + cut)[-1] == "市の窓口を案内するページ「くらしのしおり」を公開した。"


def test_quotation_that_is_not_closed_in_the_next_line_goes_on_nowhere():
    cut = "市の窓口を案内するページ「くらしの \n\n税務課 \n\n"
    assert repaired(BODY * 20 + cut)[-2:] == ["市の窓口を案内するページ「くらしの", "税務課"]


def test_blank_between_words_in_latin_letters_ends_no_paragraph():
    cut = "訪れたのは、潮見市の姉妹都市にある Harbour and River \n\nMuseum、市庁舎である。 \n\n"
    assert repaired(BODY * 20 + cut)[-1].endswith("Harbour and River Museum、市庁舎である。")


def test_short_names_in_latin_letters_below_each_other_stay_apart():
    assert repaired(BODY * 20 + "Facebook \n\nInstagram \n\n")[-2:] == ["Facebook", "Instagram"]


@pytest.mark.parametrize(
    "text",
    [
        "・受付は平日のみ\n・電話は二十四時間\n",
        "第１章 総則\n第２章 窓口\n",
        "市民課\n税務課\n",
        "人口 12,345\n世帯 5,678\n",
        "合計\n104\n",
    ],
)
def test_items_headings_and_values_stay_apart(text):
    assert repaired(text) == text.splitlines()


def test_vertical_run_becomes_one_line():
    assert repaired("国\n際\n課\n\n\n潮見市役所の三階にある。\n") == ["国際課", "潮見市役所の三階にある。"]


def test_single_characters_that_are_marks_stay():
    assert repaired("○\n○\n○\n") == ["○", "○", "○"]


def test_spaced_out_letters_are_pulled_together():
    assert repaired("人　材　育　成　計　画\n\n\n本文はここから始まる。\n")[0] == "人材育成計画"


def test_latin_words_keep_a_space_at_the_join():
    assert repaired("ウェブサイトの名称は、多言語の案内をまとめた Shiomi\nWelcome Guide という。\n") == [
        "ウェブサイトの名称は、多言語の案内をまとめた Shiomi Welcome Guide という。"
    ]


def test_pages_are_counted_only_by_form_feeds():
    assert [line.page for line in split_lines("一頁目\n\f二頁目\n続き\n")] == [1, 2, 2]
    assert [line.page for line in split_lines("一頁目\n 二頁目\n")] == [None, None]


def test_clean_prose_is_left_alone():
    lines = [f"第{n}回の会議では、{n * 3}件の議題を{n + 2}人の委員が審議した。" for n in range(1, 101)]
    assert repaired("\n".join(lines)) == lines


@pytest.mark.parametrize(
    ("text", "pulled"),
    [
        ("製　造　業\n回収率(％)\n82.2", "製造業\n回収率(％)\n82.2"),
        ("大 中 小", "大 中 小"),
        ("人 事 課 長が来る", "人 事 課 長が来る"),
        ("参 考", "参 考"),
    ],
)
def test_few_kanji_that_are_set_apart_are_a_word_where_they_are_a_line(text: str, pulled: str) -> None:
    assert unspaced_lines(Traced.from_original(text)).text == pulled
