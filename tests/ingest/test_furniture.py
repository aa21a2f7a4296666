"""Running headers, footers and page numbers are told from text and values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.furniture import find_furniture, find_navigation, find_pages
from ingest.layout import split_lines


def furniture(text: str) -> list[str]:
    lines = split_lines(text)
    return [lines[n].text for n in sorted(find_furniture(lines))]


def pages(*bodies: str, header: str = "", footer: str = "") -> str:
    return "\f".join(
        "\n".join(part for part in (header, body, footer.replace("#", str(n))) if part) + "\n"
        for n, body in enumerate(bodies, start=1)
    )


BODIES = [f"本文の{word}段落はここに書かれている。\n続きの{word}行である。" for word in "一二三四五"]


def test_running_header_is_furniture_but_for_its_first_appearance():
    assert furniture(pages(*BODIES, header="潮見市推進計画　実施状況")) == ["潮見市推進計画　実施状況"] * 4


@pytest.mark.parametrize(
    "footer", ["- # -", "― # ―", "p. #", "#ページ", "潮見市の推進計画書 #", "－ # －", "#頁"]
)
def test_number_that_counts_the_pages_is_furniture_on_all_of_them(footer):
    assert furniture(pages(*BODIES, footer=footer)) == [footer.replace("#", str(n)) for n in range(1, 6)]


def test_full_width_page_numbers_count_too():
    text = "\f".join(f"{body}\n－ {n} －\n" for n, body in zip("１２３４５", BODIES, strict=True))
    assert len(furniture(text)) == 5


@pytest.mark.parametrize(
    ("header", "footer"),
    [
        ("", "#"),  # a value as likely as a page number
        ("", ""),
        ("この計画は、市民の意見を聴いて定める。", ""),  # a sentence
        ("あ" * 61, ""),
    ],
)
def test_values_sentences_and_long_lines_are_never_furniture(header, footer):
    assert furniture(pages(*BODIES, header=header, footer=footer)) == []


def test_line_on_two_pages_only_may_be_text():
    assert furniture(pages(*BODIES[:2], header="潮見市推進計画")) == []


def test_line_that_comes_back_inside_the_pages_is_text():
    bodies = [
        f"一行目{word}\n二行目{word}\n小計\n四行目{word}\n五行目{word}\n六行目{word}" for word in "甲乙丙丁"
    ]
    assert furniture(pages(*bodies)) == []


def test_numbers_that_do_not_count_up_are_values():
    text = "\n".join(
        f"{body}\n参加者数の合計 {n}" for body, n in zip(BODIES, (52, 18, 33, 7, 41), strict=True)
    )
    assert furniture(text) == []


def test_clean_text_without_pages_has_no_furniture():
    assert furniture("\n".join(f"第{n}条　会費は規則で定める。" for n in range(1, 30))) == []
    assert furniture("") == []


@given(
    st.lists(st.sampled_from(["本文。", "見出し", "- 1 -", "- 2 -", "12", "\f", "合計 3", ""]), max_size=40)
)
def test_furniture_is_some_of_the_lines_and_no_bare_number(parts):
    lines = split_lines("\n".join(parts))
    found = find_furniture(lines)
    assert found <= set(range(len(lines)))
    assert not any(lines[n].text.isdecimal() for n in found)


def navigation(text: str) -> list[str]:
    lines = split_lines(text)
    return [lines[n].text for n in sorted(find_navigation(lines))]


def test_tabs_that_stand_together_on_every_slide_are_navigation():
    slides = "".join(f"概要\n体制\n事業\n資料\n{n}枚目のスライドの本文である。\n" for n in range(8))
    assert navigation(slides) == ["概要", "体制", "事業", "資料"] * 8


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"概要\n体制\n{n}枚目の本文である。\n" for n in range(9)),  # two together
        "".join(f"概要\n体制\n事業\n{n}枚目の本文である。\n" for n in range(7)),  # too seldom
        "○\n○\n○\n" * 9,  # one label only
        "12\n34\n56\n" * 9,  # values
        "",
    ],
)
def test_labels_and_marks_of_tables_are_no_navigation(text):
    assert navigation(text) == []


def test_pages_are_told_by_form_feeds_or_by_rare_wide_gaps():
    slide = "\n".join(f"行{n}である" for n in range(30))
    assert find_pages(split_lines("\n\n\n\n".join([slide] * 4))) == {30, 60, 90}
    assert find_pages(split_lines("\f".join([slide] * 3))) == {0, 30, 60}
    assert find_pages(split_lines("\n\n\n\n".join(f"段落{n}である。" for n in range(40)))) == set()
