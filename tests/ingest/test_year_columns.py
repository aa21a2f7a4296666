"""Year columns of flattened tables: the right cell for the year, and a remark where it cannot be told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.chunk import chunk
from ingest.document import BlockKind
from ingest.layout import split_lines
from ingest.passage import Passage, YearSource
from ingest.read import read
from ingest.records import find_record_starts
from ingest.year_columns import split_record
from ingest.year_headers import YearColumns, find_year_columns

SAMPLE = Path(__file__).parents[2] / "sample"
COLUMNS = YearColumns(("令和３年度実績", "令和４年度実績"), (2021, 2022))

# What each programme of the sample's results table did in each year, read off the table by eye: the words
# that its cell of that year, and no other cell of its row, holds.
TRUTH = {
    "外国人総合相談窓口の運営": (["1,874件", "８言語", "243日"], ["2,315件", "11言語", "253日"]),
    "「広報しおみ」多言語版の発": (["計1,200部"], ["計1,550部", "18,402回"]),
    "「やさしい日本語」の普及": (["受講者86人", "により中止"], ["受講者142人", "参加者57人"]),
    "地域日本語教室への支援": (["139人", "緊急事態宣言"], ["187人", "浜町教室"]),
    "日本語指導が必要な児童": (["小学校９校", "61人"], ["小学校11校", "78人", "はまなす"]),
    "災害時多言語支援センター設": (["令和３年11月13日", "参加者24人"], ["令和４年11月12日", "６言語へ翻訳"]),
    "「ごみ・資源の分け方・出し": (["計4,200部"], ["計5,600部", "320枚"]),
    "外国人住民向け新型コロナ": (["延べ38日"], ["延べ12日"]),
    "外国語版母子健康手帳の交付": (["英語21冊", "26冊"], ["英語24冊", "33冊"]),
    "窓口通訳タブレットの配備": (["412回"], ["968回", "駅前出張所"]),
    "納税案内の多言語化": (["実績なし"], ["督促状", "7,000枚"]),
    "住まい探しの支援": (["実績なし"], ["参加14社"]),
    "しおみ多文化フェスタの開催": (["により中止"], ["10月23日", "約3,400人"]),
    "人権啓発講演会の開催": (["112回"], ["参加者96人"]),
    "外国人市民会議の運営": (["２回開催", "委員10人"], ["４回開催", "３月17日"]),
    "町会・自治会加入案内": (["計600部"], ["計900部"]),
    "多言語おはなし会の実施": (["延べ73人"], ["延べ214人"]),
    "姉妹都市との青少年交流": (["受入れとも中止", "31人"], ["44人", "引率２人"]),
    "市内事業者の海外展開支援": (["参加６社"], ["参加11社", "潮見水産"]),
    "職員の国際対応能力の向上": (["修了者18人"], ["修了者33人"]),
    "在京大使館等との連携": (["実績なし"], ["８月９日"]),
}


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    return list(chunk(read(SAMPLE / "keikaku_jisshi_jokyo.txt", root=SAMPLE)))


def of(passages: list[Passage], name: str, year: int) -> str:
    """What the passages say that stand in the year's column of a programme."""
    squeezed = "".join(name.split())
    found = [p for p in passages if p.years == (year,) and p.years_from is YearSource.COLUMN]
    return "".join("".join(p.text.split()) for p in found if squeezed in "".join(p.context.split()))


def test_sample_has_42_cells_and_each_stands_under_its_year(passages: list[Passage]) -> None:
    wrong = [
        (name, year, word)
        for name, cells in TRUTH.items()
        for year, words in zip((2021, 2022), cells, strict=True)
        for word in words
        if word not in of(passages, name, year)
    ]
    assert not wrong
    assert 2 * len(TRUTH) == 42


def test_no_cell_of_the_sample_says_what_the_other_year_did(passages: list[Passage]) -> None:
    for name, (first, second) in TRUTH.items():
        assert not [word for word in first if word in of(passages, name, 2022)]
        assert not [word for word in second if word in of(passages, name, 2021)]


def test_a_cell_is_found_by_programme_office_and_year(passages: list[Passage]) -> None:
    (cell,) = [p for p in passages if "412回" in p.text]
    for words in (
        "安心して暮らせる生活環境づくり",
        "市民課",
        "窓口通訳タブレットの配備",
        "令和3年度",
        "2021年度",
    ):
        assert words in cell.context
    assert "令和4年度" not in cell.context
    assert cell.text == "・本庁舎　３台、利用回数　412回"


def test_header_lines_are_kept_as_furniture_and_in_no_passage(passages: list[Passage]) -> None:
    assert not [p for p in passages if "令和３年度実績" in p.text]
    blocks = read(SAMPLE / "keikaku_jisshi_jokyo.txt", root=SAMPLE).blocks
    assert any(b.kind is BlockKind.FURNITURE and "令和３年度実績" in b.text for b in blocks)


def cells(*lines: str) -> list[tuple[str, str]]:
    return [(c.body.text, c.header) for c in split_record(split_lines("\n".join(lines)), COLUMNS)]


def test_phrase_that_says_all_is_a_cell_even_on_one_line() -> None:
    found = cells("3", "産業課", "朝市の支援", "", "朝市の出店者を募る。 実績なし 実績なし ○")
    assert found[-3:] == [("実績なし", COLUMNS.header(0)), ("実績なし", COLUMNS.header(1)), ("○", "")]


def test_dates_tell_years_where_nothing_else_does() -> None:
    found = cells(
        "3",
        "産業課",
        "朝市の支援",
        "",
        "出店者を募る。",
        "",
        "・説明会（令和３年５月２日）",
        "・朝市（令和４年５月１日）",
    )
    assert found[-2:] == [
        ("・説明会（令和３年５月２日）", COLUMNS.header(0)),
        ("・朝市（令和４年５月１日）", COLUMNS.header(1)),
    ]  # fmt: skip


AMBIGUOUS = ("3", "産業課", "朝市の支援", "", "出店者を募る。", "", "・説明会", "・広報", "・巡回", "・研修")


def test_cells_that_cannot_be_told_apart_say_so() -> None:
    labels = [label for text, label in cells(*AMBIGUOUS) if "・広報" in text or "・巡回" in text]
    assert labels
    assert set(labels) == {COLUMNS.untold}


def test_passage_in_doubt_has_both_years_and_a_remark(tmp_path: Path) -> None:
    header = "番号 担当 事業\n令和３年度実績 令和４年度実績\n\n"
    rows = [
        f"3\n産業課\n朝市の支援{n}\n\n出店者を募る。\n\n・説明会\n・広報\n・巡回\n・研修\n\n"
        for n in range(6)
    ]
    (tmp_path / "a.txt").write_text(header + "".join(rows), encoding="utf-8")
    found = [p for p in chunk(read(tmp_path / "a.txt", root=tmp_path)) if "巡回" in p.text]
    assert found
    for passage in found:
        assert passage.years == (2021, 2022)
        assert "令和３年度実績" in passage.remark
        assert "区別できません" in passage.remark
        assert "区別" not in passage.search_text


@pytest.mark.parametrize(
    "headers",
    [
        ["令和３年度実績 令和４年度実績", "令和４年度実績 令和３年度実績"],  # not the same order on all pages
        ["令和３年度に実施した。"],
        ["事業 担当 備考"],
        ["令和３年度実績 令和３年度予算"],
    ],
)
def test_headers_that_do_not_name_two_years_alike_give_no_columns(headers: list[str]) -> None:
    rows = [f"3\n産業課\n朝市{n}\n実績" for n in range(6)]
    lines = split_lines("\n".join([headers[0], *rows[:3], *headers[1:], *rows[3:]]))
    assert find_year_columns(lines, find_record_starts(lines)) == (None, [])


def test_no_records_no_columns() -> None:
    assert find_year_columns(split_lines("令和３年度実績 令和４年度実績\n本文"), set()) == (None, [])


@given(
    st.lists(
        st.sampled_from([*AMBIGUOUS, "実績なし 実績なし", "○", "令和５年１月に開催", "a b"]), max_size=14
    )
)
def test_cells_are_the_lines_of_the_record(lines: list[str]) -> None:
    split = cells(*lines)
    assert "".join("".join(text.split()) for text, _ in split) == "".join("".join(lines).split())


def test_three_years_side_by_side_are_told_apart() -> None:
    years = YearColumns(("令和２年度", "令和３年度", "令和４年度"), (2020, 2021, 2022))
    cells = ["講座を12回開催した。", "講座を15回開催した。", "講座を18回開催した。"]
    record = "3\n産業課\n朝市\n朝市を開き、産物を売る。\n\n" + "\n\n".join(cells)
    found = [cell for cell in split_record(split_lines(record), years) if cell.header]
    assert [(cell.body.text, cell.header) for cell in found] == [
        (text, years.header(n)) for n, text in enumerate(cells)
    ]


def test_header_may_name_more_years_than_two() -> None:
    rows = [f"3\n産業課\n朝市{n}\n実績" for n in range(6)]
    lines = split_lines("\n".join(["事業 令和２年度 令和３年度 令和４年度", *rows]))
    columns, at = find_year_columns(lines, find_record_starts(lines))
    assert columns is not None
    assert columns.years == (2020, 2021, 2022)
    assert columns.names == ("事業", "令和２年度", "令和３年度", "令和４年度")
    assert at == [0]


LEGEND = "①中止 ②縮小 ③影響なし\n\n"
HEADER = "事業名 令和３年度実績 令和４年度実績 感染症の影響\n"
MARKED = "".join(
    f"3\n産業課\n朝市{n}\n朝市を開く。\n\n講座を{n}回開催した。\n\n講座を{n + 3}回開催した。\n\n○\n\n"
    for n in range(6)
)


def test_legend_is_found_by_the_labels_of_its_table(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LEGEND + HEADER + MARKED, encoding="utf-8")
    passages = list(chunk(read(tmp_path / "a.txt", root=tmp_path)))
    legend = next(p for p in passages if p.text.startswith("①中止"))
    assert "感染症の影響" in legend.context
    assert legend.kind is BlockKind.CAPTION


def test_mark_of_an_unknown_column_is_in_no_years_cell(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LEGEND + HEADER + MARKED, encoding="utf-8")
    passages = list(chunk(read(tmp_path / "a.txt", root=tmp_path)))
    assert len([p for p in passages if p.years_from is YearSource.COLUMN]) == 12
    assert not [p for p in passages if "○" in p.text]
