"""Rows of numbers under the labels of their columns: one under another, or side by side."""

from __future__ import annotations

import pytest

from ingest.chunk import chunk
from ingest.document import Block, BlockKind, Document
from ingest.readers.text import read_text
from ingest.stacked import is_row_of_words, name_cells, with_unit

STACKED = """４　利用者数の推移
（単位：人）
施設名
令和２年度
令和３年度
令和４年度
中央図書館
120,400
131,200
140,050
東分館
30,100
28,900
31,770
西分館
18,230
19,400
"""
YEARS = ("区分", "令和２年度", "令和３年度", "令和４年度", "備考")


def rows(text: str) -> list[Block]:
    return [block for block in read_text(text) if block.kind is BlockKind.TABLE_ROW]


def test_cells_one_under_another_have_the_label_of_their_year_and_unit() -> None:
    found = rows(STACKED)
    assert [row.text.split("\n")[0] for row in found] == ["中央図書館", "東分館", "西分館"]
    assert found[0].headers == ("", "令和２年度（人）", "令和３年度（人）", "令和４年度（人）")
    assert found[0].text == "中央図書館\n120,400\n131,200\n140,050"


def test_a_row_that_lacks_a_cell_says_that_its_years_cannot_be_told() -> None:
    document = Document("0" * 16, "a.txt", "利用者数", "", (), "", STACKED, tuple(read_text(STACKED)))
    passages = list(chunk(document))
    doubtful = [passage for passage in passages if passage.remark]
    assert [passage.text for passage in doubtful] == ["西分館\n18,230\n19,400"]
    assert "「令和２年度」、「令和３年度」、「令和４年度」のどの年度のものかは" in doubtful[0].remark


def test_single_numbers_below_a_year_make_no_table() -> None:
    assert rows("令和２年度\n令和３年度\nここから本文である。\n120\n") == []


@pytest.mark.parametrize(
    ("row", "labels"),
    [
        ("窓口 412 655 803", YEARS[:4]),
        ("電話 530 904 1,122 英語を含む", YEARS),
        ("中央 窓口 412 655 803 あり", ("", *YEARS)),
    ],
)
def test_a_row_side_by_side_has_the_labels_of_its_columns(row: str, labels: tuple[str, ...]) -> None:
    assert name_cells(row.split(), YEARS) == labels


def test_a_row_with_too_few_cells_is_given_to_no_year() -> None:
    headers = name_cells(["メール", "184", "315"], YEARS)
    assert headers[0] == ""
    assert headers[1] == headers[2]
    assert headers[1].startswith("令和２年度・令和３年度・令和４年度（どの年度の欄か")
    assert name_cells(["汐町", "52", "35"], ("町", "世帯", "人口", "面積", "備考")) == ()


def test_amounts_have_the_unit_above_the_table_and_shares_do_not() -> None:
    assert with_unit(("祭り", "1,200", "97.3%"), ("事業", "予算額", "執行率"), "千円") == (
        "事業",
        "予算額（千円）",
        "執行率",
    )


def test_a_table_of_contacts_keeps_its_rows_and_labels() -> None:
    found = rows("担当課 電話番号 所在地\n国際課 0123-45-6701 本庁舎３階\n市民課 0123-45-6702 本庁舎１階\n")
    assert [row.headers for row in found] == [("担当課", "電話番号", "所在地")] * 2


def test_prose_is_no_row_of_words() -> None:
    assert not is_row_of_words("市は 12 件を支援した。", ("担当課", "電話番号", "所在地"))
    assert not is_row_of_words("国際課 内線", ("担当課", "電話番号"))
