"""Related: whether a source has things of the kind that a noun names, which it lacks: 建物 where it has 局舎.

Only as "some form of the word stands there": names and columns are never equal by it.
"""

from __future__ import annotations

from assistant.segments import LEXICON

KINDS: dict[str, str] = dict(line.split(" ") for line in LEXICON["kinds"])


def is_kind_told(lemma: str, text: str) -> bool:
    """Whether a text has a sign of things of a kind: 建物 where it has 局舎, 船 where it has 410隻."""
    return any(sign in text for sign in KINDS.get(lemma, ""))
