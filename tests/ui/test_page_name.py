from __future__ import annotations

import pytest

from ingest.locator import Locator, Page, PageKind
from ingest.traced import Span
from ui.i18n import Texts
from ui.page_name import PageName

SHEET = Page(2, Span(0, 30), PageKind.SHEET, name="予算")
CELLS = tuple(
    Locator(Span(n * 5, n * 5 + 4), 2, cell=name) for n, name in enumerate(("B12", "C12", "D12", "E13"))
)


def named(*spans: Span) -> PageName | None:
    return PageName.of(2, [SHEET], CELLS, spans)


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([Span(0, 4)], "シート「予算」B12"),
        ([Span(0, 9)], "シート「予算」B12・C12"),
        ([Span(0, 4), Span(10, 19)], "シート「予算」B12:E13"),
        ([], "シート「予算」"),
    ],
)
def test_cells_are_told_with_their_sheet(spans: list[Span], words: str) -> None:
    name = named(*spans)
    assert name is not None
    assert name.in_words(Texts("ja")) == words


def test_pages_and_slides_are_numbered() -> None:
    assert PageName(3).in_words(Texts("ja")) == "3頁"
    assert PageName(3, PageKind.SLIDE).in_words(Texts("ja")) == "スライド3"
    assert PageName(3, PageKind.SLIDE).in_words(Texts("en")) == "slide 3"


def test_a_sheet_name_with_braces_is_shown_as_it_is() -> None:
    assert PageName(1, PageKind.SHEET, "{sheet}", ("A1",)).in_words(Texts("ja")) == "シート「{sheet}」A1"


def test_a_document_without_pages_has_no_name() -> None:
    assert PageName.of(None, [], (), [Span(0, 1)]) is None


def test_json_comes_back() -> None:
    name = named(Span(0, 9))
    assert name is not None
    assert PageName.from_json({"page": 2, "page_name": name.as_json()}) == name


def test_an_answer_of_long_ago_has_a_number_only() -> None:
    assert PageName.from_json({"page": 7}) == PageName(7)
    assert PageName.from_json({"page": None}) is None


def test_the_name_of_the_sheet_is_said_once() -> None:
    name = named(Span(0, 4))
    assert name is not None
    assert name.without_own(["予算", "歳出"]) == ["歳出"]
