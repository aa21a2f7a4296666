"""Which of a question's words each sentence of a hit holds: read once, used to judge and to quote."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.question import Question
from assistant.reading import PassageReader, Reading
from index.asking import ASKING_PAIR, ASKING_WORDS
from index.hit import Hit

Idf = Callable[[str], float]
"""How rare a search term is in the index."""


@dataclass(frozen=True, slots=True)
class MatchedHit:
    """A hit and the question's terms and grams in it.

    Attributes:
        reading: Its passage, read.
        units: Those in each unit of the passage.
        sentences: Those in each sentence.
        everything: Those in the passage or its context.
    """

    hit: Hit
    reading: Reading
    units: tuple[frozenset[str], ...]
    sentences: tuple[frozenset[str], ...]
    everything: frozenset[str]

    @classmethod
    def of(cls, hit: Hit, question: Question, reading: Reading) -> MatchedHit:
        """Look the question's words up in what was read."""
        units = tuple(unit.words.held(question) for unit in reading.units)
        sentences: list[frozenset[str]] = [frozenset()] * len(reading.passage.sentences)
        for unit, held in zip(reading.units, units, strict=True):
            sentences[unit.sentence] |= held
        return cls(hit, reading, units, tuple(sentences), reading.context.held(question).union(*units))


@dataclass(frozen=True, slots=True)
class WordWeights:
    """What each word of a question tells, by how rare it is; the terms sum to 1, and so do the grams.

    Attributes:
        rarity: What the inverse document frequencies of the terms sum to.
    """

    terms: Mapping[str, float]
    grams: Mapping[str, float]
    rarity: float = 1.0

    @classmethod
    def from_question(cls, question: Question, *, term_idf: Idf, gram_idf: Idf) -> WordWeights:
        """Weigh the words of a question by an index's document frequencies."""
        return cls(
            _shares(question.terms, term_idf),
            _shares(question.grams, gram_idf),
            math.fsum(map(term_idf, question.terms)) or 1.0,
        )

    def telling(self) -> WordWeights:
        """Those without what only asks, which is rare in documents and so would count most."""
        terms = {term: weight for term, weight in self.terms.items() if term not in ASKING_WORDS}
        grams = {pair: weight for pair, weight in self.grams.items() if not ASKING_PAIR.search(pair)}
        share = math.fsum(terms.values()) / (math.fsum(self.terms.values()) or 1.0)
        return replace(self, terms=terms, grams=grams, rarity=self.rarity * share or 1.0)

    def both(self) -> dict[str, float]:
        """Terms and grams together; a word of two characters that is both weighs as both."""
        total = dict(self.terms)
        for gram, weight in self.grams.items():
            total[gram] = total.get(gram, 0.0) + weight
        return total


def match(question: Question, hits: Sequence[Hit], reader: PassageReader) -> list[MatchedHit]:
    """Each hit with the question's words that it holds, in the order given."""
    return [MatchedHit.of(hit, question, reader.read(hit.passage)) for hit in hits]


def _shares(words: Sequence[str], idf: Idf) -> dict[str, float]:
    raw = {word: idf(word) for word in words}
    total = math.fsum(raw.values()) or 1.0
    return {word: weight / total for word, weight in raw.items()}
