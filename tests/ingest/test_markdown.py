from __future__ import annotations

import time

import pytest

from ingest.document import BlockKind
from ingest.readers.markdown import read_markdown


def kinds_and_texts(text: str) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in read_markdown(text)]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", []),
        ("# 見出し **太** #\n本文\n", [("heading", "見出し 太"), ("paragraph", "本文")]),
        ("題\n===\n", [("heading", "題")]),
        ("一行目の\n続きです\n", [("paragraph", "一行目の続きです")]),
        ("一行目  \n二行目", [("paragraph", "一行目\n二行目")]),
        ("one\ntwo", [("paragraph", "one two")]),
        ('`符号`と[名](http://x/y "題")後', [("paragraph", "符号と名後")]),
        ("[b](b)b", [("paragraph", "bb")]),
        ("![図](a.png)後", [("paragraph", "図後")]),
        ("<https://x.jp> と [参照][r]\n\n[r]: http://x\n", [("paragraph", "https://x.jp と 参照")]),
        (r"\*星\* R&amp;D", [("paragraph", "*星* R&D")]),
        ("- 甲\n  - 乙\n- 丙\n", [("list_item", "甲"), ("list_item", "乙"), ("list_item", "丙")]),
        ("1. 1\n2. 2\n", [("list_item", "1"), ("list_item", "2")]),
        ("> 引用\n> 二行\n", [("paragraph", "引用二行")]),
        ("```py\na = 1\n\nb\n```\n", [("paragraph", "a = 1\nb")]),
        ("<div>\n<p>囲み</p>\n</div>\n", [("paragraph", "囲み")]),
        ("---\ntitle: 題\n---\n本文", [("furniture", "---\ntitle: 題\n---"), ("paragraph", "本文")]),
        ("一<br>二", [("paragraph", "一\n二")]),
        ("`a\nb` c", [("paragraph", "a b c")]),
    ],
)
def test_markdown_blocks(text: str, blocks: list[tuple[str, str]]) -> None:
    assert kinds_and_texts(text) == blocks


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_headings_make_the_section_path(newline: str) -> None:
    text = newline.join(["# 甲", "## 乙", "一", "## 丙", "二", "# 丁", "三"])
    sections = [block.section for block in read_markdown(text) if block.kind is BlockKind.PARAGRAPH]
    assert sections == [("甲", "乙"), ("甲", "丙"), ("丁",)]


def test_a_number_after_a_list_marker_cites_itself() -> None:
    (item,) = read_markdown("1. 1\n")
    assert [(span.start, span.end) for span in item.spans] == [(3, 4)]


def test_link_targets_are_not_cited() -> None:
    text = "[窓口](http://x/b)b"
    (block,) = read_markdown(text)
    assert "".join(text[span.start : span.end] for span in block.spans) == "窓口b"
    assert block.spans[-1].end == len(text)


def test_table_rows_have_headers() -> None:
    _, first, second = read_markdown("| 名 | 値 |\n|---|---|\n| a\\|b | **1** |\n|  | x |\n")
    assert (first.kind, first.text, first.headers, first.cells) == (
        BlockKind.TABLE_ROW,
        "a|b\n1",
        ("名", "値"),
        (3, 5),
    )
    assert (second.text, second.headers) == ("x", ("値",))


@pytest.mark.parametrize("piece", ["[", "![", "](", "`", "---\n", "> ", "|", "*a"])
def test_hostile_markdown_takes_bounded_time(piece: str) -> None:
    started = time.perf_counter()
    read_markdown(piece * 2000)
    assert time.perf_counter() - started < 5
