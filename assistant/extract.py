"""The extractive answerer: the sentences and rows of the hits that answer, shortest sufficient ones first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.match import MatchedHit, WordWeights
from assistant.question import AnswerType, find_answer
from index.hit import Hit


@dataclass(frozen=True, slots=True)
class ExtractLimits:
    """How much an answer may quote.

    Attributes:
        n_quotes: Sentences, rows or runs of short neighbouring ones.
        max_chars: Characters of all of them together.
        quote_chars: Characters up to which neighbouring sentences are quoted as one.
        n_hits: Hits, from the best, that are looked at.
    """

    n_quotes: int = 4
    max_chars: int = 400
    quote_chars: int = 100
    n_hits: int = 8


@dataclass(frozen=True, slots=True)
class Weights:
    """What makes a quote a good answer; the coverage of the question's terms has weight 1.

    Attributes:
        hit: Of the hit's score, the best hit's being 1.
        context: Of question terms that only the passage around the quote, or its headings, hold.
        type: Of holding words of the wanted kind (a date, a number, a person).
        again: Of question terms that an earlier quote already holds.
    """

    hit: float = 2.0
    context: float = 0.6
    type: float = 0.4
    again: float = 0.5


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a hit's passage, in half-open offsets into its text."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        """What it says."""
        return self.hit.passage.text[self.start : self.end]

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class _Candidate:
    quote: Quote
    own: frozenset[str]  # question terms and grams in it
    around: frozenset[str]  # and in the rest of its passage
    base: float  # what does not depend on the quotes chosen before


class Extractor:
    """Chooses quotes from hits by the question's words in them."""

    def __init__(self, *, limits: ExtractLimits | None = None, weights: Weights | None = None) -> None:
        self.limits = limits or ExtractLimits()
        self._weights = weights or Weights()

    def extract(self, wants: AnswerType, words: WordWeights, matched: Sequence[MatchedHit]) -> list[Quote]:
        """The quotes that answer, best first, none overlapping or saying the same twice.

        Each next quote is the one that adds most: what earlier ones say counts for less. Empty without hits.
        """
        weights = words.both()
        candidates = list(self._candidates(wants, matched))
        chosen: list[Quote] = []
        said: frozenset[str] = frozenset()
        room = self.limits.max_chars
        while len(chosen) < self.limits.n_quotes:
            candidates = [c for c in candidates if len(c.quote) <= room and _is_new(c.quote, chosen)]
            if not candidates:
                break
            best = max(candidates, key=lambda c: self._value(c, said, weights))
            chosen.append(best.quote)
            said |= best.own
            room -= len(best.quote)
        return chosen

    def _value(self, candidate: _Candidate, said: frozenset[str], weights: Mapping[str, float]) -> float:
        def coverage(words: frozenset[str]) -> float:
            again = self._weights.again
            return sum(weights[word] * (again if word in said else 1.0) for word in words)

        return candidate.base + coverage(candidate.own) + self._weights.context * coverage(candidate.around)

    def _candidates(self, wants: AnswerType, matched: Sequence[MatchedHit]) -> Iterator[_Candidate]:
        """Every run of neighbouring sentences that is short enough, and every single sentence."""
        best = max((match.hit.score for match in matched), default=0.0) or 1.0
        for match in matched:
            for quote, own in self._runs(match):
                has_type = find_answer(quote.text, wants) is not None
                base = self._weights.hit * match.hit.score / best + self._weights.type * has_type
                yield _Candidate(quote, own, match.everything - own, base)

    def _runs(self, match: MatchedHit) -> Iterator[tuple[Quote, frozenset[str]]]:
        bounds = match.hit.passage.sentences
        for first, (start, _) in enumerate(bounds):
            own: frozenset[str] = frozenset()
            for last in range(first, len(bounds)):
                end = bounds[last][1]
                if last > first and end - start > self.limits.quote_chars:
                    break
                own |= match.sentences[last]
                yield Quote(match.hit, start, end), own


def _is_new(quote: Quote, chosen: Sequence[Quote]) -> bool:
    """Whether a quote neither overlaps a chosen one nor says only what one says."""
    flat = _flat(quote.text)
    for other in chosen:
        same_passage = other.hit.passage.id == quote.hit.passage.id
        if same_passage and quote.start < other.end and other.start < quote.end:
            return False
        if flat in _flat(other.text):
            return False
    return True


def _flat(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
