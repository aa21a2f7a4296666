"""Text of documents as harmless HTML, with ranges in `<mark>`.

Nothing of a document reaches the page as markup, a link or an image; characters that turn the direction
of writing around or show nothing are made visible.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from ingest.traced import NOWHERE, Span, Traced

# Control characters, characters that show nothing, marks that turn writing around, halves of characters.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
Range = tuple[int, int]


def visible_text(text: str) -> str:
    """Escaped for HTML, with hidden and direction-changing characters shown as ⟦U+202E⟧."""
    return HIDDEN.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", html.escape(text))


def visible_line(text: str) -> str:
    """The same on one line."""
    return visible_text(" ".join(text.split()))


def marked(text: str, ranges: Iterable[Range]) -> str:
    """The text as HTML with these ascending ranges in `<mark>`; parts outside of the text are left out."""
    parts: list[str] = []
    at = 0
    for start, end in ranges:
        start, end = max(start, at), min(end, len(text))
        if start < end:
            parts += [visible_text(text[at:start]), "<mark>", visible_text(text[start:end]), "</mark>"]
            at = end
    return "".join([*parts, visible_text(text[at:])])


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
