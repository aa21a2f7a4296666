"""Japanese sentence boundaries, offsets kept."""

from __future__ import annotations

import re

OPENING = "「『（(［[【〔〈《“"
CLOSING = "」』）)］]】〕〉》”"
TERMINAL = "。！？!?"
BREAK = re.compile(r"[\n。！？!?「『（(［\[【〔〈《“」』）)］\]】〕〉》”]")
MAX_NESTING = 3  # deeper than this a bracket is taken as never closed


def sentence_bounds(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the sentences, white space at their ends left out, in order.

    A sentence ends at 。！？ outside brackets, with closing brackets that follow, or at a line's end.
    「」 inside a sentence does not end it. White space only gives an empty list.

    Example:
        >>> sentence_bounds("「はい。」と答えた。次へ")
        [(0, 9), (9, 11)]
    """
    bounds: list[tuple[int, int]] = []
    start, depth = 0, 0
    for found in BREAK.finditer(text):
        mark, end = found[0], found.end()
        if mark == "\n":
            _add(bounds, text, start, found.start())
            start, depth = end, 0
        elif mark in OPENING:
            depth = min(depth + 1, MAX_NESTING)
        elif mark in CLOSING:
            depth = max(depth - 1, 0)
        elif depth == 0 and not (mark in "!?" and text[end : end + 1].isalnum()):
            _add(bounds, text, start, end)
            start = end
    _add(bounds, text, start, len(text))
    return bounds


def _add(bounds: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if piece.strip():
        left = start + len(piece) - len(piece.lstrip())
        bounds.append((left, start + len(piece.rstrip())))
