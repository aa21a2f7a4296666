"""Verbatim: a sentence, a row or a label with its value that stands in the source as it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from ingest.calendar import years_in

KANA = re.compile(r"[ぁ-ゖ]")
VALUE = re.compile(r"\d")
LABEL = re.compile(r"[^\W\d_]{2}")  # one letter is a unit
PARTS = re.compile(r"[\s:|]")
BEGINS = r"(?:^|[\n。・])[\s○◯●■◆※]*"  # a sentence of the source
ENDS = r"\s*(?=[。\n]|$)"
AFTER_MARK = r"(?:^|[\n、(「『|\s])\s*"  # a thing that is listed
BEFORE_MARK = r"(?=[\n、。)」』|\s]|$)"


def is_verbatim(sentence: str, grounds: Sequence[tuple[str, str]], question: str) -> bool:
    """Whether a ground of the year that was asked for has this whole sentence, or this label with its value.

    Part of a sentence may leave out a condition or a denial; such a part is not looked at here.

    Args:
        sentence: What is claimed.
        grounds: Of each what it says, and what a reader knows before reading it.
        question: What was asked.
    """
    words = _flat(sentence).strip(" 。").split()
    if not words:
        return False
    is_bare = not KANA.search(sentence)
    if is_bare and not _is_labelled(" ".join(words)):
        return False
    tight = "".join(words)
    grounds = [one for one in grounds if tight in _tight(one[0])]
    if not grounds:  # nearly always
        return False
    said = (r"\s+" if is_bare else r"\s*").join("\n?".join(map(re.escape, word)) for word in words)
    around = (AFTER_MARK, BEFORE_MARK) if is_bare else (BEGINS, ENDS)
    asked = years_in(question)
    return any(
        re.search(f"{around[0]}{said}{around[1]}", _flat(text))
        and (not asked or not asked.isdisjoint(years_in(f"{context}\n{text}")))
        for text, context in grounds
    )


def _is_labelled(bare: str) -> bool:
    """Whether something without a verb has both a label and a value: 点字版:2,310部, 1 北町 512."""
    parts = [part for part in PARTS.split(bare) if part]
    return len(parts) > 1 and bool(VALUE.search(bare)) and any(LABEL.search(part) for part in parts)


@lru_cache(maxsize=64)
def _tight(text: str) -> str:
    """Without any white space."""
    return "".join(_flat(text).split())


@lru_cache(maxsize=64)
def _flat(text: str) -> str:
    """Compatibility forms in small letters, one blank for blanks inside a line."""
    return re.sub(r"[^\S\n]+", " ", unicodedata.normalize("NFKC", text).lower())
