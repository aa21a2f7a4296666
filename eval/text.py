"""When a text covers a quote and when it states a fact: the two comparisons behind every measure.

Both compare *bare* text: NFKC, lower case, no white space, so that line breaks, 全角 and 半角 do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from unicodedata import normalize

COVERAGE_GRAM = 6
COVERED_SHARE = 0.6
BLANK_LINES = re.compile(r"\n\s*\n+")
WHITE_SPACE = re.compile(r"\s+")


def squeezed(text: str) -> str:
    """The text without any white space."""
    return "".join(text.split())


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """NFKC, lower case, no white space."""
    return squeezed(normalize("NFKC", text).lower())


@lru_cache(maxsize=8192)
def ngrams(text: str, n: int) -> frozenset[str]:
    """The distinct runs of `n` characters of the bare text; empty where it is shorter than `n`.

    Raises:
        ValueError: If `n` is less than 1.
    """
    if n < 1:
        raise ValueError(f"n-grams need n >= 1, not {n}")
    letters = bare(text)
    return frozenset(letters[at : at + n] for at in range(len(letters) - n + 1))


def coverage(quote: str, texts: Iterable[str], *, gram: int = COVERAGE_GRAM) -> float:
    """Share of the quote's distinct n-grams that occur in at least one of the texts, 0 to 1.

    A run never crosses from one text into the next. A text without any run of `gram` characters is
    covered by anything (1.0), as nothing in it can be missing.
    """
    wanted = ngrams(quote, gram)
    if not wanted:
        return 1.0
    missing = set(wanted)
    for text in texts:
        missing -= ngrams(text, gram)
    return 1 - len(missing) / len(wanted)


def covers(texts: Sequence[str], quote: str) -> bool:
    """Whether 60 % or more of the quote's 6-grams occur in the texts, taken together.

    A quote shorter than six characters counts as one run of its own length. No texts cover nothing.
    """
    return rank_covered(texts, quote) is not None


def rank_covered(texts: Sequence[str], quote: str) -> int | None:
    """The 1-based rank at which the texts so far first cover the quote, `None` if they never do."""
    gram = max(1, min(COVERAGE_GRAM, len(bare(quote))))
    wanted = ngrams(quote, gram)
    held: set[str] = set()
    for rank, text in enumerate(texts, start=1):
        held |= wanted & ngrams(text, gram)
        if len(held) >= COVERED_SHARE * len(wanted):
            return rank
    return None


def states(text: str, fact: str) -> bool:
    """Whether the fact occurs in the text, a number at its edge not being part of a longer one.

    Example:
        >>> states("全部で１５ 人", "15人"), states("全部で115人", "15人"), states("2.5倍", "5倍")
        (True, False, False)
    """
    said, wanted = bare(text), bare(fact)
    at = said.find(wanted)
    while at >= 0:
        if not _cuts_number(said, at, at + len(wanted)):
            return True
        at = said.find(wanted, at + 1)
    return False


def states_all(text: str, key_facts: Iterable[Iterable[str]]) -> bool:
    """Whether at least one alternative of every group occurs in the text."""
    return all(any(states(text, alternative) for alternative in alternatives) for alternatives in key_facts)


def first_chars(texts: Iterable[str], budget: int) -> list[str]:
    """The first `budget` characters of the texts, best first, as one string per text.

    A text that was there before is left out and blank lines count as one line break, so that neither
    repetition nor padding changes what a reader of that many characters sees.
    """
    read: dict[str, str] = {}
    left = budget
    for text in texts:
        if left > 0 and text not in read:
            read[text] = BLANK_LINES.sub("\n", text)[:left]
            left -= len(read[text])
    return list(read.values())


def _cuts_number(said: str, start: int, end: int) -> bool:
    before, after = said[max(0, start - 2) : start], said[end : end + 2]
    if said[start:end][:1].isdecimal() and _ends_in_number(before):
        return True
    return said[start:end][-1:].isdecimal() and _ends_in_number(after[::-1])


def _ends_in_number(two: str) -> bool:
    """Whether the character next to a fact is a digit, or a comma or point with a digit behind it."""
    return two[-1:].isdecimal() or (two[-1:] in (",", ".") and two[:-1].isdecimal())
