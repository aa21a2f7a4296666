"""What can be cited: few ranges of the original, each long enough, and no number made of two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.citable import MIN_LETTERS, MOST_SPANS, CitableStretches
from ingest.traced import Traced
from tests.fakes import passage_of


@pytest.mark.parametrize(
    ("parts", "citable"),
    [
        (["会費は2,000円です。"], True),
        (["会費額は", "二千円で", "あります"], True),
        (["会費", "二千", "円で", "ある"], False),
        (["会費額は"] * MOST_SPANS, True),
        (["会費額は"] * (MOST_SPANS + 1), False),
        (["三文字"], False),
        (["――――――"], False),
    ],
)
def test_citable_quote_has_few_ranges_and_each_says_something(parts: list[str], citable: bool) -> None:
    original = "／".join(parts)
    bodies, at = [], 0
    for part in parts:
        bodies.append(Traced.from_original(original, at, at + len(part)))
        at += len(part) + 1
    body = Traced.joined(bodies)
    assert CitableStretches(passage_of("", body=body)).allow(0, len(body)) is citable


PIECES = st.lists(
    st.tuples(st.sampled_from(["会費は", "年", " ", "2,000円", "\n"]), st.integers(0, 2)), max_size=8
)


@given(PIECES, st.data())
def test_any_stretch_is_judged_by_the_ranges_that_it_has(
    pieces: list[tuple[str, int]], data: st.DataObject
) -> None:
    original = "".join("×" * gap + piece for piece, gap in pieces)
    bodies, at = [], 0
    for piece, gap in pieces:
        at += gap
        bodies.append(Traced.from_original(original, at, at + len(piece)))
        at += len(piece)
    body = Traced.joined(bodies, data.draw(st.sampled_from(["", " "])))
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    n_spans, letters = len(body[start:end].spans()), sum(map(str.isalnum, body.text[start:end]))
    allowed = letters >= MIN_LETTERS and n_spans <= MOST_SPANS and letters >= MIN_LETTERS * n_spans
    assert CitableStretches(passage_of("", body=body)).allow(start, end) is allowed


@pytest.mark.parametrize(
    ("text", "said", "keeps"),
    [
        ("東 143\n2 西 305", "東 143", False),
        ("東 143 人\n2 西 305", "東 143 人", True),
        ("1\n2,000円です", "2,000円です", False),
        ("窓口は二階です。会費は無料です。", "会費は無料です。", True),
    ],
)
def test_citation_never_lengthens_a_number(text: str, said: str, keeps: bool) -> None:
    start = text.index(said)
    citable = CitableStretches(passage_of(text))
    assert citable.keep_numbers((start, start + len(said)), (0, len(text))) is keeps
