"""Which characters of a repaired text come from given ranges of the original."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.visible import Range
from ingest.traced import NOWHERE, Span, Traced


def marks_of(body: Traced, spans: Sequence[Span]) -> list[Range]:
    """Ranges of the text whose characters come from these ranges of the original, ascending.

    White space that repair put between two of them is marked with them.
    """
    hit = [False] * len(body.text)
    for at, length, start, end in body.runs():
        for span in spans:
            low, high = max(start, span.start), min(end, span.end)
            if low < high and start != NOWHERE:
                whole = end - start != length
                first, last = (0, length) if whole else (low - start, high - start)
                hit[at + first : at + last] = [True] * (last - first)
    ranges: list[Range] = []
    for n, is_hit in enumerate(hit):
        if not is_hit:
            continue
        if ranges and not body.text[ranges[-1][1] : n].strip():
            ranges[-1] = (ranges[-1][0], n + 1)
        else:
            ranges.append((n, n + 1))
    return ranges
