"""Where a quote stands in an original, and what stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.visible import marked, visible_text
from ingest.traced import Span

AROUND_CHARS = 120
MOST_QUOTE_CHARS = 1200
WHITE_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Place:
    """A range of an original; `line` is 1-based."""

    start: int
    end: int
    line: int


def find_place(text: str, quote: str) -> Place | None:
    """Where the quote stands first, runs of white space being alike; `None` if it does not stand there."""
    words = WHITE_SPACE.split(quote.strip())
    if not any(words):
        return None
    start = text.find(quote)
    end = start + len(quote)
    if start < 0:
        found = re.search(r"\s*".join(map(re.escape, words)), text)
        if found is None:
            return None
        start, end = found.span()
    return Place(start, end, text.count("\n", 0, start) + 1)


def place_of(text: str, spans: tuple[Span, ...]) -> Place | None:
    """The stretch from the first to the last range; `None` if they do not lie in the text."""
    if not spans or not 0 <= spans[0].start < spans[-1].end <= len(text):
        return None
    return Place(spans[0].start, spans[-1].end, text.count("\n", 0, spans[0].start) + 1)


def shown_place(text: str, place: Place) -> str:
    """The place as HTML in `<mark>`, with what stands around it; of a very long one the beginning."""
    end = min(place.end, place.start + MOST_QUOTE_CHARS)
    first, last = max(0, place.start - AROUND_CHARS), min(len(text), end + AROUND_CHARS)
    body = marked(text[first:last], [(place.start - first, end - first)])
    cut = visible_text("…") if end < place.end else ""
    return f"{'…' if first else ''}{body}{cut}{'…' if last < len(text) else ''}"
