"""What of a question only asks (何, どの, pairs of hiragana): rare in documents, it tells nothing of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

ASKING_WORDS = frozenset(  # lemmas
    [
        "何",
        "何れ",
        "何時",
        "何処",
        "何方",
        "何奴",
        "何故",
        "何の",
        "誰",
        "幾つ",
        "幾ら",
        "幾",
        "どう",
        "どの",
        "どんな",
        "どれ",
        "どちら",
        "如何",
        "如何に",
    ]
)
ASKING_PAIR = re.compile("[ぁ-ん]{2}|何")


def telling_terms(terms: Sequence[str]) -> list[str]:
    """The search terms that say what is asked about; all of them where nothing else is left."""
    return [term for term in terms if term not in ASKING_WORDS] or list(terms)


def telling_pairs(pairs: Sequence[str]) -> list[str]:
    """The character pairs that say what is asked about; all of them where nothing else is left."""
    return [pair for pair in pairs if not ASKING_PAIR.search(pair)] or list(pairs)
