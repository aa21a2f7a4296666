import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.visible import marked, visible_line, visible_text
from ingest.traced import Span, Traced
from ui.page.marking import marks_of

HARMFUL = "<script>alert(1)</script><img src=x onerror=alert(1)>[a](javascript:alert(1))![i](http://example.com/i.png)"


def plain(fragment: str) -> str:
    """What a reader sees of HTML that has no tags but `<mark>`."""
    return html.unescape(re.sub(r"</?mark>", "", fragment))


def test_visible_text_has_no_tag_and_no_quote_that_ends_an_attribute() -> None:
    shown = visible_text(HARMFUL + "\"'")
    assert "<" not in shown
    assert '"' not in shown
    assert html.unescape(shown) == HARMFUL + "\"'"


@pytest.mark.parametrize("code", [0x202E, 0x2066, 0x200B, 0x00AD, 0xFEFF, 0x0007, 0xE0041, 0xD800, 0x2028])
def test_visible_text_shows_characters_that_hide_or_turn_around(code: int) -> None:
    assert visible_text(f"契約{chr(code)}書") == f"契約⟦U+{code:04X}⟧書"


def test_visible_text_keeps_tabs_and_line_ends() -> None:
    assert visible_text("一\t二\r\n三") == "一\t二\r\n三"


def test_visible_line_is_one_line() -> None:
    assert visible_line(" 一\n 二\u3000三 ") == "一 二 三"


@given(st.text(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=5))
def test_marked_shows_every_character_once_and_no_other_tag(text: str, ranges: list[tuple[int, int]]) -> None:
    shown = marked(text, sorted(ranges))
    assert set(re.findall(r"<[^>]*>", shown)) <= {"<mark>", "</mark>"}
    assert plain(shown) == html.unescape(visible_text(text))


def test_marked_escapes_inside_and_outside_of_the_marks() -> None:
    assert marked("a<b>c", [(1, 4)]) == "a<mark>&lt;b&gt;</mark>c"


def test_marked_leaves_out_what_lies_beyond_the_text() -> None:
    assert marked("短い", [(1, 99), (100, 120)]) == "短<mark>い</mark>"


def test_marks_of_follows_characters_that_repair_has_joined() -> None:
    original = "申請は\n 七日前\nまで"
    body = Traced.joined(
        [Traced.from_original(original, 0, 3), Traced.from_original(original, 5, 8)], separator=" "
    )
    assert body.text == "申請は 七日前"
    assert marks_of(body, [Span(1, 3), Span(5, 7)]) == [(1, 6)]
    assert marks_of(body, [Span(8, 9)]) == []


def test_marks_of_a_decoded_entity_is_all_of_it() -> None:
    body = Traced.decoded("&", 0, 5) + Traced.from_original("&amp;B", 5, 6)
    assert marks_of(body, [Span(2, 3)]) == [(0, 1)]


@given(st.text(min_size=1), st.data())
def test_marks_of_text_as_read_are_the_spans_themselves(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert marks_of(Traced.from_original(text), [Span(start, end)]) == [(start, end)]
