import html
import re

from hypothesis import given
from hypothesis import strategies as st

from ingest.traced import Span
from ui.page.original import GAP_CHARS, render_source


def marks(fragment: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(r"<mark>(.*?)</mark>", fragment, re.DOTALL)]


def test_render_source_marks_exactly_the_ranges() -> None:
    text = "第一条　目的\n第二条　会議室の予約は七日前までに申し込む。\n第三条　罰則\n"
    start = text.index("七日前")
    shown = render_source(text, [Span(start, start + 3)], 100)
    assert marks(shown) == ["七日前"]
    assert "第一条　目的" in shown
    assert "第三条　罰則" in shown
    assert "cut" not in shown


def test_render_source_of_a_tab_separated_row_marks_its_cells() -> None:
    text = "施設\t定員\t料金\n集会室\t40\t<b>600</b>\n和室\t12\t300\n"
    row = text.index("集会室")
    shown = render_source(text, [Span(row, row + 3), Span(row + 4, row + 6), Span(row + 7, row + 17)], 50)
    assert marks(shown) == ["集会室", "40", "<b>600</b>"]
    assert "施設\t定員\t料金" in shown
    assert "<b>" not in shown


def test_render_source_cuts_what_lies_far_between_two_ranges() -> None:
    text = "始め\n" + "間の行\n" * GAP_CHARS + "終わり\n"
    shown = render_source(text, [Span(0, 2), Span(len(text) - 4, len(text) - 1)], 30)
    assert marks(shown) == ["始め", "終わり"]
    assert shown.count('<span class="cut">') == 1
    assert len(shown) < 600


def test_render_source_begins_and_ends_at_a_line() -> None:
    text = "".join(f"{n:03d} 行\n" for n in range(100))
    at = text.index("050")
    shown = render_source(text, [Span(at, at + 3)], 20)
    inside = re.sub(r"<[^>]*>|…", "", shown).split("\n")
    assert all(re.fullmatch(r"\d{3} 行", line) for line in inside if line)


def test_render_source_without_ranges_shows_the_beginning() -> None:
    shown = render_source("一行目\n" * 500, [], 50)
    assert shown.startswith('<pre class="as-read">一行目')
    assert len(shown) < 300


@given(st.text(min_size=1, max_size=300), st.lists(st.integers(0, 300), max_size=8), st.integers(0, 40))
def test_render_source_shows_what_the_ranges_say_and_no_markup_of_the_text(
    text: str, edges: list[int], context: int
) -> None:
    edges = sorted({edge for edge in edges if edge <= len(text)})
    edges = edges[: len(edges) // 2 * 2]
    spans = [Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    shown = render_source(text, spans, context)
    said = [re.sub(r"⟦U\+[0-9A-F]+⟧", "", mark) for mark in marks(shown)]
    expected = [re.sub(r"⟦U\+[0-9A-F]+⟧", "", visible(text[span.start : span.end])) for span in spans]
    assert said == expected
    assert set(re.findall(r"<[^>]*>", shown)) <= {
        '<pre class="as-read">', "</pre>", "<mark>", "</mark>", '<span class="cut">', "</span>",
    }  # fmt: skip


def visible(text: str) -> str:
    from assistant.visible import visible_text

    return html.unescape(visible_text(text))
