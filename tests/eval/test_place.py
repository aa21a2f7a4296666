from __future__ import annotations

import pytest

from eval.place import Place, find_place, place_of, shown_place
from ingest.traced import Span

TEXT = "一行目\n受付は 5月1日から\n\n始める。\n終わり"


@pytest.mark.parametrize(
    ("quote", "place"),
    [
        ("受付は 5月1日から\n\n始める", Place(4, 19, 2)),
        ("受付は 5月1日から\n始める", Place(4, 19, 2)),
        ("終わり", Place(21, 24, 5)),
        ("別の文", None),
        (" \n", None),
    ],
)
def test_find_place_takes_runs_of_white_space_as_alike(quote, place):
    assert find_place(TEXT, quote) == place


@pytest.mark.parametrize(
    ("spans", "place"),
    [
        ((Span(4, 7), Span(9, 12)), Place(4, 12, 2)),
        ((), None),
        ((Span(0, 999),), None),
        ((Span(5, 5),), None),
    ],
)
def test_place_of_lies_in_the_text_or_is_none(spans, place):
    assert place_of(TEXT, spans) == place


def test_shown_place_marks_the_place_and_shows_what_stands_around():
    assert shown_place("あ" * 200 + "い" + "う" * 200, Place(200, 201, 1)) == (
        "…" + "あ" * 120 + "<mark>い</mark>" + "う" * 120 + "…"
    )
    assert shown_place("い<う", Place(0, 1, 1)) == "<mark>い</mark>&lt;う"
    long = shown_place("い" * 3000, Place(0, 3000, 1))
    assert long.startswith("<mark>" + "い" * 1200 + "</mark>")
