"""Headings by numbering and form; the section path by what closes what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.headings import SOFT_REACH, Outline, find_contents, find_headings, heading_style, marker


@pytest.mark.parametrize(
    ("line", "style"),
    [
        ("第１編 総論", "編"),
        ("第2章 事業の実施状況", "章"),
        ("Ⅲ 推進体制", "章"),
        ("第一節 窓口", "節"),
        ("第三款　雑則", "款"),
        ("第１目　総務費", "目"),
        ("第１　趣旨", "第1"),
        ("三　費用の負担", "一"),
        ("（三）費用の負担", "(1)"),
        ("(ｱ)歳出予算", "(ア)"),
        ("（イ）対象となる者", "(ア)"),
        ("ロ　非常勤の職員", "ア"),
        ("ａ　申請の方法", "ａ"),
        ("㋐相談の内容", "①"),
        ("附　則", "附則"),
        ("別表第１（使用料）", "附則"),
        ("様式第３号", "附則"),
        ("海外展開の取組（2/3）", "part"),
        ("デジタル技術の活用（その２）", "part"),
        ("第12条　委員の任期", "条"),
        ("１ 計画の概要", "1"),
        ("2-1 相談件数の推移", "1"),
        ("3．相談の窓口", "1"),
        ("（１）窓口の運営", "(1)"),
        ("(2) 研修の実施", "(1)"),
        ("ア　対象となる者", "ア"),
        ("①相談の内容", "①"),
        ("■主な取組", "■"),
        ("○ 対象者の範囲", "○"),
        ("【外国人住民】", "<>"),
        ("＜重点的に取り組んだ事項＞", "<>"),
    ],
)
def test_heading_style_is_its_numbering(line, style):
    assert heading_style(line) == style


@pytest.mark.parametrize(
    "line",
    [
        "窓口の運営",  # no mark
        "①中止 ②縮小 ③拡充",  # a legend
        "○事務局　資料１に基づき説明",  # who speaks
        "○磯部委員（学識経験者）　異議なし",
        "別紙のとおり",
        "１ 窓口は駅前にある。",  # a sentence
        "（１）委員を置くこととする",
        "第１章",  # nothing after it
        "12 名",  # a value
        "3 か所の窓口",
        "2023 年の実績",
        "5,264 人",
        "10:30 開会",
        "①",
        "【】",
        "■",
        "第" + "1" * 60 + "章 長い",
        "あ",
        "",
    ],
)
def test_sentences_values_and_bare_marks_are_no_headings(line):
    assert heading_style(line) is None


def styles(*lines: str, tops: frozenset[int] = frozenset()) -> list[str | None]:
    return find_headings(lines, in_table=[False] * len(lines), page_tops=tops)


def test_neighbours_with_one_mark_are_a_list():
    assert styles("１ 計画の概要", "本文はここに続く。", "２ 推進体制", "本文。") == ["1", None, "1", None]
    assert styles("１ 名簿の写し", "２ 申請の書類", "３ 委任の書状", "以上。") == [None] * 4


def test_plain_lines_beside_a_running_title_do_not_hide_it():
    page = ["市民の暮らしと課題", "本文である。"]
    assert styles(*page * 3, tops=frozenset({0, 2, 4})) == ["page", None] * 3
    assert styles(*page * 3, tops=frozenset({1, 3, 5})) == [None] * 6  # comes back, but inside the pages


def test_a_table_of_contents_is_told_from_the_headings():
    texts = [
        "目　次",
        "第１編　総論 …… 1",
        "第１章　方針　2",
        "第２章　概況",
        "第１編　総論",
        "第１章　方針",
        "本文。",
        "第２章　概況",
        "本文。",
    ]
    assert find_contents(texts) == {1, 2, 3}
    assert styles(*texts)[1:6] == [None, None, None, "編", "章"]


def test_numbers_of_one_kind_close_each_other_down_to_the_deepest():
    outline = Outline()
    for style, title in [
        ("1", "１ 窓口"),
        ("(1)", "（１）相談"),
        ("ア", "ア 電話"),
        ("(ア)", "（ア）平日"),
        ("①", "①午前"),
    ]:
        outline.enter(style, title, 0)
    assert outline.path(0) == ("１ 窓口", "（１）相談", "ア 電話", "（ア）平日", "①午前")
    outline.enter("ア", "イ 来所", 0)
    assert outline.path(0) == ("１ 窓口", "（１）相談", "イ 来所")


def test_symbols_do_not_reach_over_to_another_page():
    outline = Outline()
    outline.enter("1", "１ 窓口", 0)
    outline.enter("■", "■相談", 0)
    outline.turn_page()
    assert outline.path(0) == ("１ 窓口",)


def test_heading_has_something_under_it():
    assert styles("本文。", "１ 計画の概要") == [None, None]


def test_different_marks_may_follow_each_other():
    assert styles("第１章 総則", "１ 計画の目的", "（１）対象となる者", "本文。") == ["章", "1", "(1)", None]


def test_bracketed_label_that_comes_back_labels_rows():
    rows = ["【担当課】", "市民課", "【担当課】", "納税課", "【担当課】", "学務課"]
    assert styles(*rows) == [None] * 6
    assert styles("【外国人住民】", "住民をいう。", "【機械翻訳】", "翻訳をいう。") == [
        "<>",
        None,
        "<>",
        None,
    ]


def test_running_title_of_slides_between_marked_lines_is_outermost():
    slides = ["■ 窓口の運営", "多文化共生の推進体制", "○ 通訳の派遣", "本文が続く。"] * 3
    assert styles(*slides, tops=frozenset({1, 5, 9}))[:4] == ["■", "page", "○", None]
    assert styles(*slides[:8])[1] is None  # twice may be anything


def test_lines_of_a_table_are_no_headings():
    assert find_headings(["１ 計画の概要", "本文。"], in_table=[True, False]) == [None, None]
    assert find_headings([], in_table=[]) == []


@given(st.lists(st.text(alphabet="第1１章条（）()①【】■・本文。 　ア", max_size=12), max_size=12))
def test_each_heading_is_a_line_with_a_mark(lines):
    found = find_headings(lines, in_table=[False] * len(lines))
    assert len(found) == len(lines)
    for line, style in zip(lines, found, strict=True):
        assert style is None or style == "page" or heading_style(line) == style
        assert style in (None, "page", "<>") or marker(line) == style


def path(*headings: tuple[str, str], at: int = 100) -> tuple[str, ...]:
    outline = Outline()
    for n, (style, title) in enumerate(headings):
        outline.enter(style, title, n)
    return outline.path(at)


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ([], ()),
        ([("章", "第1章"), ("1", "1 窓口"), ("(1)", "(1) 運営")], ("第1章", "1 窓口", "(1) 運営")),
        ([("章", "第1章"), ("1", "1 窓口"), ("1", "2 研修")], ("第1章", "2 研修")),
        ([("章", "第1章"), ("1", "1 窓口"), ("章", "第2章")], ("第2章",)),
        ([("1", "1 窓口"), ("(1)", "(1) 運営"), ("節", "第2節")], ("第2節",)),
        ([("①", "①対象"), ("章", "第2章")], ("第2章",)),
        ([("page", "題"), ("章", "第1章"), ("page", "次の題")], ("次の題",)),
        ([("章", "第1章"), ("■", "■取組"), ("<>", "＜表＞")], ("第1章", "■取組", "＜表＞")),
    ],
)
def test_outline_closes_what_a_style_seen_before_opened(headings, expected):
    assert path(*headings) == expected


def test_soft_heading_is_forgotten_after_a_while():
    headings = [("章", "第1章"), ("■", "■取組")]
    assert path(*headings, at=1 + SOFT_REACH) == ("第1章", "■取組")
    assert path(*headings, at=2 + SOFT_REACH) == ("第1章",)


STYLES = st.sampled_from(["page", "編", "章", "節", "条", "1", "(1)", "ア", "①", "■", "○", "<>"])


@given(st.lists(STYLES, min_size=1, max_size=20))
def test_path_ends_with_the_last_heading_and_holds_each_style_once(entered):
    titles = path(*((style, f"{style}/{n}") for n, style in enumerate(entered)))
    assert titles[-1] == f"{entered[-1]}/{len(entered) - 1}"
    styles = [title.rsplit("/", 1)[0] for title in titles]
    assert len(set(styles)) == len(styles)


def test_lines_of_the_table_of_contents_are_no_headings_and_no_list() -> None:
    texts = [
        "１ 概要 …… 2",
        "２ 課題 ………… 10",
        "１ 概要",
        "市の計画である。",
        "２ 課題",
        "次のとおりである。",
    ]
    styles = find_headings(texts, in_table=[False] * len(texts))
    assert [style is not None for style in styles] == [False, False, True, False, True, False]


def test_rows_of_a_table_do_not_make_a_list_of_the_heading_above_them() -> None:
    texts = ["２．提案の評価", "１ 内容の妥当性", "２ 業務の流れ", "小計（70点）"]
    assert find_headings(texts, in_table=[False, True, True, True])[0] == "1"


@pytest.mark.parametrize("text", ["【別紙１】 審査の基準", "【様式２】"])
def test_annexes_in_brackets_begin_a_part_of_their_own(text: str) -> None:
    assert heading_style(text) == "附則"


def test_sentence_that_names_a_form_is_no_annex() -> None:
    assert heading_style("【様式１】参加表明書を、提出すること。") is None
