"""The reader of plain text: blocks, sections, records, furniture, and the invariant over real breakage."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Block, BlockKind
from ingest.readers.text import read_text

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"


def squeezed(text: str) -> str:
    return "".join(text.split())


def check_ranges(blocks: list[Block], original: str) -> None:
    for block in blocks:
        said = "".join(original[span.start : span.end] for span in block.spans)
        assert squeezed(said) == squeezed(block.text), block


def texts(blocks: list[Block], kind: BlockKind) -> list[str]:
    return [block.text for block in blocks if block.kind is kind]


def test_numbered_headings_give_the_section_path():
    blocks = read_text(
        "第１章 総則\n目的を定める。\n１ 窓口\n（１）受付時間\n午前九時から受け付ける。\n第２章 罰則\n定めはない。\n"
    )
    assert [block.section for block in blocks if block.kind is BlockKind.PARAGRAPH] == [
        ("第１章 総則",),
        ("第１章 総則", "１ 窓口", "（１）受付時間"),
        ("第２章 罰則",),
    ]


def test_neighbours_of_one_mark_are_a_list():
    blocks = read_text("（１）電話\n（２）来庁\n（３）郵送\n申込みは上の方法による。\n")
    assert not texts(blocks, BlockKind.HEADING)


def test_records_of_a_flattened_table_become_rows_with_their_labels():
    cells = [("多文化共生", f"事業その{n}", f"令和３年度に{n}回実施した。") for n in range(1, 8)]
    text = "\n\n".join(f"1\n{area}\n{name}\n\n{result}" for area, name, result in cells)
    rows = [block for block in read_text(text) if block.kind is BlockKind.TABLE_ROW]
    assert len(rows) == 7
    assert {row.section for row in rows} == {("多文化共生",)}
    assert all(
        name in row.text and result in row.text for row, (_, name, result) in zip(rows, cells, strict=True)
    )


def test_dated_rows_carry_their_column_headers():
    rows = "\n\n".join(f"令和５年{n}月１日\nテーマその{n}\n{n}0名" for n in range(4, 8))
    blocks = read_text(f"＜講座の実施状況＞\n\n実施日 テーマ 参加者数\n\n{rows}\n")
    found = [block for block in blocks if block.kind is BlockKind.TABLE_ROW]
    assert [row.text.split("\n")[-1] for row in found] == ["40名", "50名", "60名", "70名"]
    assert {row.headers for row in found} == {("実施日", "テーマ", "参加者数")}


def test_running_header_is_furniture_and_does_not_break_a_sentence():
    pages = [
        f"潮見市国際化推進計画\n本文その{n}は、この頁に収まる長さの文として書かれたものである。"
        for n in range(6)
    ]
    blocks = read_text("\f".join(pages))
    assert texts(blocks, BlockKind.FURNITURE) == ["潮見市国際化推進計画"] * 5
    assert texts(blocks, BlockKind.PARAGRAPH)[-1].startswith("本文その5")


def test_page_numbers_with_a_frame_are_furniture():
    blocks = read_text("\f".join(f"頁{'あいうえおかき'[n]}の本文である。\n- {n + 1} -\n" for n in range(6)))
    assert texts(blocks, BlockKind.FURNITURE) == [f"- {n} -" for n in range(1, 7)]


@pytest.mark.parametrize("name", ["000", "001", "003", "004"])
def test_blocks_say_what_their_ranges_say_in_real_extractions(name):
    if not CORPUS.is_dir():
        pytest.skip("../shared/corpus is absent here")
    original = next(CORPUS.glob(f"{name}*.txt")).read_bytes().decode()
    blocks = read_text(original)
    check_ranges(blocks, original)
    covered = sum(len(squeezed(block.text)) for block in blocks)
    assert covered == len(squeezed(original))  # every character is in exactly one block


PIECES = st.sampled_from(
    ["1\n", "○ 目的\n", "国\n際\n課\n", "\n", "\f", "第１章 総則\n", "＜表＞\n", "令和５年４月１日 現地\n", "実施日 会場\n",
     "区役所の三階にある窓口は、平日の午前九時から午後五\n", "時まで開いている。\n", "104 名\n", " 頁の初め\n", "A&B 𠮷 ①㈱\n", "\r\n", "　\n"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_blocks_hold_every_character_once_in_any_breakage(original):
    blocks = read_text(original)
    check_ranges(blocks, original)
    assert sum(len(squeezed(block.text)) for block in blocks) == len(squeezed(original))


def test_lines_of_numbers_are_rows_under_their_labels():
    blocks = read_text(
        "＜相談件数＞\n\n窓口 総数 電話 来庁\n\n汐町 52 35 17\n\n浜町 41 31 10\n\n計 93 66 27\n"
    )
    rows = [block for block in blocks if block.kind is BlockKind.TABLE_ROW]
    assert [row.text for row in rows] == ["汐町 52 35 17", "浜町 41 31 10", "計 93 66 27"]
    assert {row.headers for row in rows} == {("窓口", "総数", "電話", "来庁")}
    assert all(row.cells[-1] == len(row.text) for row in rows)


def test_label_in_brackets_inside_a_dated_row_ends_no_row():
    rows = "\n\n".join(
        f"令和５年{n}月１日 会場\n＜演題＞\n港の話その{n}\n＜講師＞\n汐入 花 氏\n{n}0名" for n in range(4, 7)
    )
    found = [b for b in read_text(f"実施日 方法 内容 参加者数\n\n{rows}\n") if b.kind is BlockKind.TABLE_ROW]
    assert len(found) == 3
    assert all("＜講師＞" in row.text and row.text.endswith("0名") for row in found)


def test_names_side_by_side_are_no_column_labels():
    rows = "\n\n".join(f"令和５年{n}月１日\n港の話\n汐入大学 教授\n{n}0名" for n in range(4, 7))
    found = [b for b in read_text(f"実施日 内容 人数\n\n{rows}\n") if b.kind is BlockKind.TABLE_ROW]
    assert [row.text.count("汐入大学 教授") for row in found] == [1, 1, 1]


def test_a_row_whose_date_is_not_first_keeps_together_under_its_labels():
    text = "国名 実施日 開催地 参加実績\nベルク国 令和５年２月22日～25日 港区\n・来場者数：\n延べ 913 名\n・団体数 12\n\n■まとめ\n本文。\n"
    row = next(block for block in read_text(text) if block.kind is BlockKind.TABLE_ROW)
    assert row.headers == ("国名", "実施日", "開催地", "参加実績")
    assert row.text.endswith("・団体数 12")


def test_lines_above_a_slides_running_title_stand_under_it():
    slide = "・要点その{n}を述べる。\n市民の暮らしと課題\n" + "\n".join(f"箱{n}の中身" for n in range(30))
    text = "\n\n\n\n".join(slide.replace("{n}", "一二三四"[n]) for n in range(4))
    leads = [block for block in read_text(text) if "要点" in block.text]
    assert [block.section for block in leads[1:]] == [("市民の暮らしと課題",)] * 3


def test_numbered_lines_of_minutes_are_not_run_together():
    text = "１　日時　令和５年10月12日（木）午後２時から４時まで\n２　場所　中央図書館　集会室\n３　出席者　浜田会長、磯部委員\n"
    assert len(read_text(text)) == 3


def test_a_table_of_contents_is_furniture():
    text = "目次\n第１編　総論 …… 1\n第１章　方針　2\n\n第１編　総論\n第１章　方針\n本文である。\n"
    kinds = [block.kind for block in read_text(text)]
    assert kinds[1:3] == [BlockKind.FURNITURE] * 2
    assert kinds[3:5] == [BlockKind.HEADING] * 2


def test_the_number_of_a_form_is_not_run_into_its_title():
    blocks = read_text("様式第１号（第５条関係）\n会議室使用申請書\n氏名\n")
    assert blocks[1].text == "会議室使用申請書"
    assert blocks[1].section == ("様式第１号（第５条関係）",)
