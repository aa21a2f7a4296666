import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.traced import Span, Traced

TEXT = st.text(alphabet="あ市⾧𠮷ab1 \n　", max_size=40)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_traced_slice_keeps_places():
    line = Traced.from_original("ab市長cd", 2, 4)
    assert line.text == "市長"
    assert line[1:].spans() == (Span(3, 4),)


def test_inserted_white_space_has_no_place():
    joined = Traced.joined([Traced.from_original("ab", 0, 1), Traced.from_original("ab", 1, 2)], "\n")
    assert joined.text == "a\nb"
    assert joined.runs() == [(0, 1, 0, 1), (2, 1, 1, 2)]


def test_inserted_refuses_characters():
    with pytest.raises(ValueError):
        Traced.inserted(" x ")


def test_decoded_entity_cites_its_whole_source():
    original = "A&amp;B"
    text = Traced.joined(
        [Traced.from_original(original, 0, 1), Traced.decoded("&", 1, 6), Traced.from_original(original, 6)]
    )
    assert text.text == "A&B"
    assert text.spans() == (Span(0, 7),)
    assert text[1:2].spans() == (Span(1, 6),)


def test_decoded_text_as_long_as_its_source_round_trips():
    text = Traced.decoded("ab", 0, 2)
    assert Traced.from_runs("ab", text.runs()) == text


def test_closed_joins_ranges_over_dropped_line_breaks():
    original = "国際\n\n化 推進"
    words = [Traced.from_original(original, 0, 2), Traced.from_original(original, 4, 5)]
    assert Traced.joined(words).spans() == (Span(0, 2), Span(4, 5))
    assert Traced.joined(words).closed(original).spans() == (Span(0, 5),)


def test_closed_leaves_gaps_that_say_something():
    original = "国際 3 化"
    words = [Traced.from_original(original, 0, 2), Traced.from_original(original, 5, 6)]
    assert Traced.joined(words).closed(original).spans() == (Span(0, 2), Span(5, 6))


@given(
    TEXT,
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5),
    st.sampled_from(["", " ", "\n"]),
)
def test_spans_say_what_the_text_says(original, cuts, separator):
    parts = [
        Traced.from_original(original, *sorted((min(a, len(original)), min(b, len(original)))))
        for a, b in cuts
    ]
    text = Traced.joined(parts, separator)
    runs = "".join(original[start:end] for _, _, start, end in text.runs())
    assert squeezed(runs) == squeezed(text.text)


@given(TEXT, st.lists(st.integers(0, 40), min_size=2, max_size=8), st.booleans())
def test_runs_restore_the_text(original, edges, closed):
    edges = sorted({min(edge, len(original)) for edge in edges})
    text = Traced.joined([Traced.from_original(original, a, b) for a, b in itertools.pairwise(edges)][::2])
    text = text.closed(original) if closed else text
    assert Traced.from_runs(text.text, text.runs()) == text
    assert squeezed("".join(original[s.start : s.end] for s in text.spans())) == squeezed(text.text)
