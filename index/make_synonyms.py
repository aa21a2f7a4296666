"""Makes the file of synonyms out of an installed Sudachi dictionary.

    pip install sudachipy==0.7.0 sudachidict_core==20261015
    python -m index.make_synonyms index/synonyms.tsv.xz

One line for each group of the dictionary that holds two words or more as our analyser sees them: words parted by
tabs, the terms of a compound by blanks. Words in kana that the analyser takes for kanji are left out, because that is
a guess (おば as 伯母); the same word in kanji is in the group as well.
"""

from __future__ import annotations

import argparse
import lzma
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.tokenizer import Tokenizer, default_tokenizer

KINDS = frozenset({"名詞", "動詞", "形容詞", "形状詞", "副詞"})
KANA = re.compile(r"[ぁ-ゖァ-ヺー・\s]+")
KANJI = re.compile(r"[一-鿿]")
LEAST_LATIN = 2  # letters of a word in Latin script


def main() -> None:
    """Write the file named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    out: Path = parser.parse_args().out
    lines = sorted({*group_lines(_dictionary_groups(), default_tokenizer())})
    out.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9))


def group_lines(groups: Iterable[Iterable[str]], tokenizer: Tokenizer) -> Iterator[str]:
    """A line for each group of words that are two or more to the analyser."""
    for group in groups:
        words = {term for word in group if (term := _terms(word, tokenizer))}
        if len(words) > 1:
            yield "\t".join(sorted(words))


def _terms(word: str, tokenizer: Tokenizer) -> str:
    """The word as its terms, parted by blanks; "" where it tells nothing or the analyser guesses."""
    flat = unicodedata.normalize("NFKC", word)
    terms = " ".join(tokenizer.terms(flat))
    guessed = bool(KANA.fullmatch(flat) and KANJI.search(terms))
    return "" if guessed or (terms.isascii() and len(terms) < LEAST_LATIN) else terms


def _dictionary_groups() -> Iterator[set[str]]:
    """The words of each group of the installed dictionary, as its entries are listed in it."""
    from sudachipy import Dictionary

    found: defaultdict[int, set[str]] = defaultdict(set)
    for entry in Dictionary(dict="core").entries():
        ids = entry.synonym_group_ids()
        if ids and entry.surface() == entry.dictionary_form() and entry.part_of_speech()[0] in KINDS:
            for group in ids:
                found[group].add(entry.surface())
    yield from found.values()


if __name__ == "__main__":
    main()
