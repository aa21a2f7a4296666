import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.traced import Span
from ui.page.place import MAX_SPANS, Place, PlaceError


@given(
    st.lists(st.integers(0, 999_999), unique=True, max_size=20),
    st.from_regex(r"[0-9a-f]{0,12}", fullmatch=True),
)
def test_place_from_link_reads_what_link_wrote(edges: list[int], digest: str) -> None:
    edges = sorted(edges)[: len(edges) // 2 * 2]
    spans = tuple(Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True))
    place = Place("0123456789abcdef", spans, digest)
    assert Place.from_link(place.link) == place


@pytest.mark.parametrize(
    "spans",
    ["5-3", "1-1", "1-4,2-6", "9-10,1-2", "a-b", "1-2;3-4", "-1-2", "1", "1-2,", "٣-٥", "1-9999999999"],
)
def test_place_from_query_refuses_what_is_no_list_of_ascending_ranges(spans: str) -> None:
    with pytest.raises(PlaceError):
        Place.from_query("x", spans)


def test_place_from_query_refuses_more_ranges_than_any_citation_has() -> None:
    with pytest.raises(PlaceError):
        Place.from_query("x", ",".join(f"{2 * n}-{2 * n + 1}" for n in range(MAX_SPANS + 1)))


def test_place_fits_only_the_text_that_was_cited() -> None:
    place = Place("x", (Span(0, 3),), "abc")
    assert place.fits("四文字だ", "abcdef")
    assert not place.fits("四文字だ", "fedcba")
    assert not place.fits("二字", "abcdef")
    assert Place("x", (Span(0, 3),)).fits("四文字だ", "whatever")
