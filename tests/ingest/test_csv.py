from __future__ import annotations

import csv
import io
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import BlockKind
from ingest.errors import ReadError
from ingest.readers.csv import find_delimiter, looks_like_table, read_table_text, split_rows

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
cells = st.text(st.sampled_from('ab,;\t"\n\r 年①𠮷'), max_size=6)


@given(
    rows=st.lists(st.lists(cells, min_size=1, max_size=4), max_size=6),
    delimiter=st.sampled_from("\t,;"),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_split_rows_gives_the_fields_of_the_csv_module(
    rows: list[list[str]], delimiter: str, end: str
) -> None:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=end).writerows(rows)
    text = buffer.getvalue()
    expected = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    got = [[cell.text for cell in row] for row in split_rows(text, delimiter)]
    assert got == [row if row != [""] else [] for row in expected]


@given(text=st.text(st.sampled_from('ab,"\n\r '), max_size=30))
def test_split_rows_of_anything_keeps_places(text: str) -> None:
    for cell in itertools.chain.from_iterable(split_rows(text, ",")):
        assert "".join(text[span.start : span.end] for span in cell.spans()).strip() == cell.text.strip()


def test_a_stray_quote_does_not_swallow_the_file() -> None:
    rows = split_rows('a,"b\nc,d\n', ",")
    assert [[cell.text for cell in row] for row in rows] == [["a", '"b'], ["c", "d"]]


TABLE = (
    "部名\t課名\t実績\n総務部\t人事課\t研修を３回\n総務部\t文書課\t公開を２件\n"
    "市民部\t窓口課\t\n市民部\t戸籍課\t証明１０通\n"
)


def test_rows_have_headers_cells_and_sections() -> None:
    blocks = read_table_text(TABLE)
    assert blocks is not None
    header, first, _, third, _ = blocks
    assert (header.kind, header.text) == (BlockKind.FURNITURE, "部名\n課名\n実績")
    assert (first.kind, first.text) == (BlockKind.TABLE_ROW, "総務部\n人事課\n研修を３回")
    assert first.headers == ("部名", "課名", "実績")
    assert [first.text[:end].rsplit("\n", 1)[-1] for end in first.cells] == ["総務部", "人事課", "研修を３回"]
    assert first.section == ("総務部",)
    assert (third.text, third.headers) == ("市民部\n窓口課", ("部名", "課名"))


def test_a_title_above_the_header_is_a_heading() -> None:
    blocks = read_table_text("令和５年度 事業一覧,,\n番号,事業,金額\n1,清掃,300\n2,点検,200\n")
    assert blocks is not None
    assert (blocks[0].kind, blocks[0].text) == (BlockKind.HEADING, "令和５年度 事業一覧")
    assert blocks[2].section == ("令和５年度 事業一覧",)
    assert blocks[2].headers == ("番号", "事業", "金額")


def test_a_table_without_labels_has_no_headers() -> None:
    blocks = read_table_text("1,2\n3,4\n")
    assert blocks is not None
    assert [(block.text, block.headers) for block in blocks] == [("1\n2", ()), ("3\n4", ())]


def test_a_cell_torn_by_newlines_is_mended_in_tab_separated_text() -> None:
    torn = "1\t一行目\n二行目\n三行目\t総務\n\n2\t普通\t人事\n末尾の続き\n"
    text = f"番号\t内容\t担当\n{torn}3\t普通二\t財務\n※注記\n"
    blocks = read_table_text(text)
    assert blocks is not None
    assert [block.text for block in blocks[1:]] == [
        "1\n一行目\n二行目\n三行目\n総務",
        "2\n普通\n人事\n末尾の続き",
        "3\n普通二\n財務",
        "※注記",
    ]
    assert blocks[-1].kind == BlockKind.PARAGRAPH


def test_ragged_rows_keep_their_cells() -> None:
    blocks = read_table_text("甲,乙,丙\na,b\nc,d,e,f\n")
    assert blocks is not None
    assert [(block.text, block.headers) for block in blocks[1:]] == [
        ("a\nb", ("甲", "乙")),
        ("c\nd\ne\nf", ("甲", "乙", "丙", "")),
    ]


def test_quoted_cells_keep_their_lines_and_quotes() -> None:
    blocks = read_table_text('名,説明\r\n甲,"一行目\r\n二行目 ""引用"""\r\n')
    assert blocks is not None
    assert blocks[1].text == '甲\n一行目\n二行目 "引用"'


def test_a_repeated_category_left_blank_goes_on() -> None:
    blocks = read_table_text("分野,事業\n教育,甲\n,乙\n福祉,丙\n,丁\n")
    assert blocks is not None
    assert [block.section for block in blocks[1:]] == [("教育",), ("教育",), ("福祉",), ("福祉",)]
    assert [block.text for block in blocks[1:]] == ["教育\n甲", "乙", "福祉\n丙", "丁"]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a\tb\nc\td\n", "\t"),
        ("a,b\nc,d\n", ","),
        ("a;b;c\nd;e;f\n", ";"),
        ("一行\n二行\n", None),
        ("", None),
    ],
)
def test_delimiter_is_found_by_content(text: str, delimiter: str | None) -> None:
    assert find_delimiter(text, steady=0.6) == delimiter


@pytest.mark.parametrize(
    ("text", "is_table"),
    [
        (TABLE, True),
        ("a,b,c\nd,e,f\ng,h,i\n", True),
        ("Dear all, thank you.\nWe met, talked, and left.\nBye, now.\n", False),
        ("これは文章です。\n読点、句点。\n", False),
        ("", False),
    ],
)
def test_prose_is_no_table(text: str, is_table: bool) -> None:
    assert looks_like_table(text) is is_table


def test_a_table_too_large_for_memory_is_refused_at_once() -> None:
    with pytest.raises(ReadError, match="1,000,000 セル"):
        read_table_text("1,2\n" * 1_000_001)


def test_text_without_columns_gives_none() -> None:
    assert read_table_text("一列だけ\nの表\n") is None


def test_a_real_export_gives_one_row_per_record() -> None:
    path = next(CORPUS.glob("002*.txt"), None)
    if path is None:
        pytest.skip("../shared/corpus is absent")
    text = path.read_text(encoding="utf-8")
    assert looks_like_table(text)
    blocks = read_table_text(text)
    assert blocks is not None
    rows = [block for block in blocks if block.kind is BlockKind.TABLE_ROW]
    assert len(rows) == 36
    assert all(len(row.headers) == 4 and len(row.section) == 2 and "<" not in row.text for row in rows)
