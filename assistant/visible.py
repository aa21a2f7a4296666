"""Text of documents as harmless HTML, with ranges in `<mark>`.

Nothing of a document reaches a page as markup, a link or an image; characters that turn the direction
of writing around or show nothing are made visible.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

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
