from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cite import cite
from assistant.stretch import Quote
from index.hit import Hit
from ingest.document_record import DocumentRecord
from ingest.traced import Span, Traced
from tests.fakes import passage_of

ORIGINAL = "頁 1\n\n会費は年に\n\n2,000 円とする。\n  入会は窓口で扱う。\n"
RECORD = DocumentRecord(
    "文書", "/共有", "規程/会費.txt", "会費規程", "協会", (), "", (), "", "", len(ORIGINAL)
)


def joined(*parts: str) -> Traced:
    bodies, at = [], 0
    for part in parts:
        at = ORIGINAL.index(part, at)
        bodies.append(Traced.from_original(ORIGINAL, at, at + len(part)))
        at += len(part)
    return Traced.joined(bodies)


def test_citation_names_the_place_in_the_original():
    body = joined("会費は年に", "2,000 円とする。", "入会は窓口で扱う。")
    passage = passage_of("", body=body, section=("第１章", "会費"), order=7)
    end = body.text.index("入会")
    citation = cite(Quote(Hit(passage, 1.0), 0, end), {"文書": RECORD}, marker=3)
    assert citation.marker == 3
    assert citation.passage_id == "文書-00007"
    assert (citation.source, citation.title) == ("規程/会費.txt", "会費規程")
    assert (citation.section, citation.page) == (("第１章", "会費"), None)
    assert citation.quote == "会費は年に2,000 円とする。"
    assert [ORIGINAL[span.start : span.end] for span in citation.spans] == ["会費は年に", "2,000 円とする。"]


def test_white_space_around_a_quote_is_not_cited():
    passage = passage_of("  会費は別に定める。\n ")
    citation = cite(Quote(Hit(passage, 1.0), 0, len(passage.text)), {"文書": RECORD}, marker=1)
    assert citation.quote == "会費は別に定める。"
    assert citation.spans == (Span(2, 11),)


def test_quote_of_an_unknown_document_is_a_mistake():
    with pytest.raises(KeyError):
        cite(Quote(Hit(passage_of("会費"), 1.0), 0, 2), {}, marker=1)


@given(st.text(alphabet="会費は、2円。 \n　", min_size=1, max_size=40), st.data())
def test_ranges_say_the_quote_white_space_aside(original, data):
    words = [n for n, char in enumerate(original) if not char.isspace()]
    body = Traced.joined([Traced.from_original(original, n, n + 1) for n in words]).closed(original)
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    quote = Quote(Hit(passage_of("", body=body), 1.0), start, end)
    citation = cite(quote, {"文書": RECORD}, marker=1)
    said = "".join(original[span.start : span.end] for span in citation.spans)
    assert "".join(said.split()) == "".join(citation.quote.split()) == body.text[start:end]
