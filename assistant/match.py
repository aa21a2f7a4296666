"""Which of a question's words each sentence of a hit holds: read once, used to judge and to quote."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.question import Question
from index.hit import Hit
from ingest.tokenizer import Tokenizer

Idf = Callable[[str], float]
"""How rare a search term is in the index."""


@dataclass(frozen=True, slots=True)
class MatchedHit:
    """A hit and the question's terms and grams in it.

    Attributes:
        sentences: Those in each sentence of the passage.
        everything: Those in the passage or its context.
    """

    hit: Hit
    sentences: tuple[frozenset[str], ...]
    everything: frozenset[str]


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

    def both(self) -> dict[str, float]:
        """Terms and grams together; a word of two characters that is both weighs as both."""
        total = dict(self.terms)
        for gram, weight in self.grams.items():
            total[gram] = total.get(gram, 0.0) + weight
        return total


def match(question: Question, hits: Sequence[Hit], tokenizer: Tokenizer) -> list[MatchedHit]:
    """Each hit with the question's words that it holds, in the order given."""
    wanted = {*question.terms, *question.grams}

    def words(text: str) -> frozenset[str]:
        return frozenset({*tokenizer.terms(text), *tokenizer.bigrams(text)} & wanted)

    matched = []
    for hit in hits:
        passage = hit.passage
        sentences = tuple(words(passage.text[start:end]) for start, end in passage.sentences)
        matched.append(MatchedHit(hit, sentences, words(passage.context).union(*sentences)))
    return matched


def _shares(words: Sequence[str], idf: Idf) -> dict[str, float]:
    raw = {word: idf(word) for word in words}
    total = math.fsum(raw.values()) or 1.0
    return {word: weight / total for word, weight in raw.items()}
