import re

from ingest.document import Block, BlockKind
from ingest.traced import Span, Traced
from ui.page.repaired import render_repaired

TEXT = "見出し\n本文の一\n本文の二\n12\n施設\t定員\n集会室\t40\n和室\t12\n"


def block(kind: BlockKind, words: str, **more: object) -> Block:
    start = TEXT.index(words)
    return Block(kind, Traced.from_original(TEXT, start, start + len(words)), **more)  # type: ignore[arg-type]


def blocks() -> list[Block]:
    row = {"headers": ("施設", "定員")}
    return [
        block(BlockKind.HEADING, "見出し"),
        block(BlockKind.PARAGRAPH, "本文の一"),
        block(BlockKind.PARAGRAPH, "本文の二"),
        block(BlockKind.FURNITURE, "12"),
        block(BlockKind.TABLE_ROW, "集会室\t40", cells=(4, 6), **row),
        block(BlockKind.TABLE_ROW, "和室\t12", cells=(3, 5), **row),
    ]


def spans_of(words: str) -> list[Span]:
    return [Span(TEXT.index(words), TEXT.index(words) + len(words))]


def test_render_repaired_marks_the_cited_words_of_a_paragraph() -> None:
    shown = render_repaired(blocks(), spans_of("文の一"))
    assert "本<mark>文の一</mark>" in shown
    assert '<p class="heading">見出し</p>' in shown


def test_render_repaired_leaves_out_page_furniture() -> None:
    assert '<p class="furniture">' not in render_repaired(blocks(), spans_of("本文の二"))


def test_render_repaired_makes_one_table_of_rows_with_the_same_headers() -> None:
    shown = render_repaired(blocks(), spans_of("集会室"))
    assert shown.count("<table>") == 1
    assert '<th scope="col">施設</th><th scope="col">定員</th>' in shown
    assert "<td><mark>集会室</mark></td><td>40</td>" in shown
    assert "<td>和室</td><td>12</td>" in shown


def test_render_repaired_shows_neighbours_only_and_says_where_it_cuts() -> None:
    shown = render_repaired(blocks(), spans_of("見出し"), 1)
    assert re.findall(r"本文の.", shown) == ["本文の一"]
    assert shown.endswith('<p class="cut">…</p></div>')


def test_render_repaired_of_nothing_is_empty() -> None:
    assert render_repaired([], []) == '<div class="repaired"></div>'
