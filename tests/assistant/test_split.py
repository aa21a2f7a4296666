"""Questions that need two looks, and only those, are split."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.split import Part, split, spread
from index.hit import Hit
from tests.fakes import hits_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "相談件数を令和4年度と令和5年度で比べてください。",
            (
                Part("相談件数を令和4年度と比べてください。", year="令和4年度"),
                Part("相談件数を令和5年度で比べてください。", year="令和5年度"),
            ),
        ),
        (
            "祭りの来場者は2021年と2022年でそれぞれ何人ですか。",
            (
                Part("祭りの来場者は2021年とそれぞれ何人ですか。", year="2021年"),
                Part("祭りの来場者は2022年でそれぞれ何人ですか。", year="2022年"),
            ),
        ),
    ],
)
def test_comparison_of_two_years_is_one_question_for_each(question: str, parts: tuple[Part, ...]) -> None:
    assert split(question) == parts


def test_second_step_asks_about_what_the_first_finds() -> None:
    first, second = split("相談会は何という事業の一部で、その事業は何年度に始まりましたか。")
    assert first == Part("相談会は何という事業の一部ですか。")
    assert second.follows
    assert second.text.endswith("何年度に始まりましたか。")


@pytest.mark.parametrize(
    "question",
    [
        "",
        "会議はいつ開かれましたか。",
        "令和4年度と令和5年度の計画の名前は何ですか。",
        "令和3年度から令和5年度までの3年間で令和4年度はどう違いますか。",
        "会議を開き、その後どうしましたか。",
        "窓口は移転し、その他の施設はどうなりましたか。",
        "相談件数は増えましたか。",
    ],
)
def test_other_questions_stay_whole(question: str) -> None:
    assert split(question) == ()


@given(st.text(max_size=80))
def test_any_text_gives_two_parts_or_none(text: str) -> None:
    assert len(split(text)) in (0, 2)


def test_hits_of_both_parts_follow_the_best_of_the_whole() -> None:
    a, b, c, d, e = hits_of("一", "二", "三", "四", "五")
    merged = spread([a, b, c], [[b, d], [e, a]], k=4)
    assert merged == (a, b, e, d)
    assert spread([a, b], [[], []], k=4) == (a, b)
    assert spread([], [[Hit(a.passage, 1.0)]], k=4) == (Hit(a.passage, 1.0),)
