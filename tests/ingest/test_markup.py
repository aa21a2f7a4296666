from __future__ import annotations

import html
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.markup import lines_of
from ingest.traced import Traced

FRAGMENTS = (
    "<p>",
    "</p>",
    "<br>",
    '<ul style="a: b">',
    "<li>",
    "</li",
    "<",
    ">",
    "&amp;",
    "&lt;",
    "&nope;",
    "&#12354;",
)
MORE = ("事業", "A < B", " ・", "\r\n", "<!--", "-->", "<b", "<ul sty", "＜講演＞", '"', " ")


def texts(source: str) -> list[str]:
    return [line.text for line in lines_of(Traced.from_original(source))]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("", []),
        ("ただの文", ["ただの文"]),
        ("<p>【教育】</p> <ul style='x: none;'> ・一つ目 ・二つ目", ["【教育】", "・一つ目", "・二つ目"]),
        ("<ul><li>甲<li>乙</ul>丙", ["甲", "乙", "丙"]),
        ("一行目<br/>二行目<BR>三行目", ["一行目", "二行目", "三行目"]),
        ("<b>太字</b>の語", ["太字の語"]),
        ('切れた<ul style="list-st', ["切れた"]),
        ("切れた</li", ["切れた"]),
        ("A < B", ["A < B"]),
        ("a<b", ["a<b"]),
        ("p <b and c> q", ["p <b and c> q"]),
        ("＜講演＞ <5> <テーマ>", ["＜講演＞ <5> <テーマ>"]),
        ("R&amp;D &lt;br&gt; &nope; AT&T", ["R&D <br> &nope; AT&T"]),
        ("前<!-- 注 <b> -->後", ["前後"]),
        ("前<!-->後", ["前<!-->後"]),
        ("前<!-- 閉じない", ["前<!-- 閉じない"]),
        ("一\r\n\r\n二", ["一", "二"]),
        ("a・b ・c", ["a・b", "・c"]),
    ],
)
def test_lines_of_a_cell(source: str, lines: list[str]) -> None:
    assert texts(source) == lines


def test_an_entity_cites_its_source_range() -> None:
    (line,) = lines_of(Traced.from_original("xx&amp;y", 1))
    assert [(span.start, span.end) for span in line.spans()] == [(1, 8)]
    (entity,) = lines_of(Traced.from_original("xx&amp;y", 2, 7))
    assert [(span.start, span.end) for span in entity.spans()] == [(2, 7)]


@given(st.lists(st.sampled_from(FRAGMENTS + MORE), max_size=12).map("".join))
def test_lines_are_the_characters_of_their_ranges(source: str) -> None:
    for line in lines_of(Traced.from_original(source)):
        cited = "".join(source[span.start : span.end] for span in line.spans())
        assert re.sub(r"\s", "", line.text) in (
            re.sub(r"\s", "", cited),
            re.sub(r"\s", "", html.unescape(cited)),
        )
        assert line.text == line.text.strip() != ""


@pytest.mark.parametrize("piece", ["<", "<a ", "<!--", "&amp", "<p <p", "</", "<a\t=", " ・"])
def test_lines_of_hostile_cells_takes_linear_time(piece: str) -> None:
    started = time.perf_counter()
    lines_of(Traced.from_original(piece * 20_000))
    assert time.perf_counter() - started < 2
