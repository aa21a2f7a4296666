"""Whether a sentence is supported by what it cites: the same check for quoted and for written sentences."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.quantities import masked, ungrounded

MIN_OVERLAP = 0.6  # share of a sentence's character triples that its quotes must hold
GRAM = 3


def is_supported(sentence: str, quotes: Sequence[str], *, question: str = "") -> bool:
    """Whether the quotes hold every number of the sentence and most of its wording.

    Args:
        sentence: What is claimed.
        quotes: What the sentence cites; without any it is not supported.
        question: Its numbers may be repeated in the sentence without being in a quote.
    """
    if not quotes:
        return False
    if ungrounded(sentence, [question, *quotes]):
        return False
    flat = masked(sentence)
    if len(flat) < GRAM:  # a bare number or a word of two signs
        return any(flat in masked(quote) for quote in quotes)
    wanted = _grams(sentence)
    held = set().union(*(_grams(quote) for quote in quotes))
    return len(wanted & held) >= MIN_OVERLAP * len(wanted)


def _grams(text: str) -> set[str]:
    """Character triples of the wording; none of a shorter text.

    Numbers are all one here: they are compared by value, and 3万7千 is no other wording than 37,000.
    """
    flat = masked(text)
    return {flat[i : i + GRAM] for i in range(len(flat) - GRAM + 1)}
