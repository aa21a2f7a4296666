"""Synonyms: which words of the dictionary may stand for each other, as search terms.

The groups are SudachiDict's (Apache-2.0; `docs/synonyms.md` tells how they were taken): 経費 and 費用, 始める and 開始,
締切 and deadline. A word may be in several, and a group may hold words that mean the same only in some texts.
"""

from __future__ import annotations

import lzma
from functools import lru_cache
from importlib.resources import files

FILE = "synonyms.tsv.xz"

Terms = tuple[str, ...]  # of one word, as `Tokenizer.terms` gives them; a compound has several


@lru_cache(maxsize=1)
def synonym_groups() -> tuple[tuple[Terms, ...], ...]:
    """The groups, each of two words or more; some 30 ms at the first call."""
    text = lzma.decompress(files("index").joinpath(FILE).read_bytes()).decode("utf-8")
    lines = text.splitlines()
    return tuple(tuple(tuple(word.split(" ")) for word in line.split("\t")) for line in lines)


@lru_cache(maxsize=1)
def groups_of_term() -> dict[str, tuple[int, ...]]:
    """For each term that is a word by itself, the indices of its groups."""
    found: dict[str, list[int]] = {}
    for n, group in enumerate(synonym_groups()):
        for word in group:
            if len(word) == 1:
                found.setdefault(word[0], []).append(n)
    return {term: tuple(groups) for term, groups in found.items()}


def synonyms(term: str) -> frozenset[Terms]:
    """The words that may stand for a term, the term itself not among them; none for an unknown one."""
    groups = groups_of_term().get(term, ())
    return frozenset(word for n in groups for word in synonym_groups()[n]) - {(term,)}
