"""Articles of rules, questions with their answers, numbers above their titles."""

from __future__ import annotations

from ingest.articles import find_articles, find_questions, join_titles
from ingest.layout import split_lines
from ingest.readers.text import read_text


def test_an_article_is_called_by_its_number_and_caption() -> None:
    texts = [
        "（組織）",
        "第３条　会議は、委員12人以内で組織する。",
        "２　委員は、市長が委嘱する。",
        "第３条の２（任期）　任期は、２年とする。",
        "第４条　会議は、公開とする。",
    ]
    assert find_articles(texts) == ["第３条（組織）", "第３条（組織）", "", "第３条の２（任期）", "第４条"]


def test_a_mention_of_an_article_begins_none() -> None:
    assert (
        find_articles(["第３条の規定により、", "第５条", "第２条に掲げる者は、この限りでない。"]) == [""] * 3
    )


def test_paragraphs_and_items_stand_under_their_article() -> None:
    text = "（定義）\n第２条　用語の意義は、次のとおりとする。\n一　簿冊　公文書をつづったものをいう。\n２　市長が別に定める。\n"
    assert {block.section[0] for block in read_text(text)} == {"第２条（定義）"}


def test_a_question_is_one_if_an_answer_follows() -> None:
    texts = [
        "Ｑ１　いつ申し込みますか。",
        "Ａ１　７日前までです。",
        "問２ 持ち込めますか？",
        "答 はい。",
        "Ｑ３　費用は。",
    ]
    assert find_questions(texts) == {0, 2}


def test_each_answer_stands_under_its_question() -> None:
    text = "Ｑ１　いつ申し込みますか。\nＡ１　７日前までです。\n\nＱ２　持ち込めますか？\nＡ２　はい、できます。\n"
    blocks = read_text(text)
    assert [block.section for block in blocks if block.text.startswith("Ａ")] == [
        ("Ｑ１　いつ申し込みますか。",),
        ("Ｑ２　持ち込めますか？",),
    ]


def test_a_number_alone_takes_the_title_below_it() -> None:
    lines = split_lines("第１章\n総則\n第２章\n（趣旨）\n第３節\n\n\n\n遠い行")
    assert [line.text for line in join_titles(lines)] == [
        "第１章 総則",
        "第２章",
        "（趣旨）",
        "第３節",
        "遠い行",
    ]
