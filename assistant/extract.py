"""The extractive answerer: the sentences and rows of the hits that answer, shortest sufficient ones first."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.definition import defines
from assistant.match import MatchedHit, WordWeights
from assistant.question import Question, find_answer
from index.hit import Hit
from ingest.headings import BRACKETED
from ingest.passage import Passage
from ingest.records import column_headers

MIN_LETTERS = 4  # letters and digits of a quote, and on average of each of its ranges
MOST_SPANS = 24


@dataclass(frozen=True, slots=True)
class ExtractLimits:
    """How much an answer may quote.

    Attributes:
        n_quotes: Sentences, rows or runs of short neighbouring ones.
        max_chars: Characters of all of them together.
        first_chars: Characters up to which neighbouring sentences are quoted as one in the first quote,
            which should answer briefly.
        more_chars: The same for the others, which should leave nothing out.
        n_hits: Hits, from the best, that are looked at.
    """

    n_quotes: int = 4
    max_chars: int = 400
    first_chars: int = 100
    more_chars: int = 160
    n_hits: int = 8


@dataclass(frozen=True, slots=True)
class Weights:
    """What makes a quote a good answer; the coverage of the question's terms has weight 1.

    Attributes:
        hit: Of the hit's score, the best hit's being 1.
        context: Of question terms that only the passage around the quote, or its headings, hold.
        type: Of holding words of the wanted kind (a date, a number, a person).
        defines: Of saying what the asked term means.
        again: Of question terms that an earlier quote already holds.
    """

    hit: float = 2.0
    context: float = 0.6
    type: float = 0.4
    defines: float = 1.0
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

    def overlaps(self, other: Quote) -> bool:
        """Whether both quote some character."""
        is_same = self.hit.passage.id == other.hit.passage.id
        return is_same and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class _Candidate:
    quote: Quote
    own: frozenset[str]  # question terms and grams in it
    around: frozenset[str]  # and in the rest of its passage
    base: float  # what does not depend on the quotes chosen before
    single: bool  # one sentence, which is quoted whole however long it is

    def fits(self, longest: int, room: int) -> bool:
        return len(self.quote) <= (room if self.single else longest)


class Extractor:
    """Chooses quotes from hits by the question's words in them."""

    def __init__(self, *, limits: ExtractLimits | None = None, weights: Weights | None = None) -> None:
        self.limits = limits or ExtractLimits()
        self._weights = weights or Weights()

    def extract(self, question: Question, words: WordWeights, matched: Sequence[MatchedHit]) -> list[Quote]:
        """The quotes that answer, best first, none overlapping or saying the same twice.

        Each next quote is the one that adds most: what earlier ones say counts for less. Empty without hits.
        """
        weights = words.both()
        pool = list(self._candidates(question, matched))
        chosen: list[Quote] = []
        said: frozenset[str] = frozenset()
        room = self.limits.max_chars
        while len(chosen) < self.limits.n_quotes:
            longest = min(room, self.limits.more_chars if chosen else self.limits.first_chars)
            fitting = [c for c in pool if c.fits(longest, room) and not _overlaps(c.quote, chosen)]
            ranked = sorted(fitting, key=self._value_after(said, weights), reverse=True)
            best = next((c for c in ranked if is_citable(c.quote) and not _repeats(c.quote, chosen)), None)
            if best is None:
                break
            chosen.append(best.quote)
            said |= best.own
            room -= len(best.quote)
        return chosen

    def _value_after(
        self, said: frozenset[str], weights: Mapping[str, float]
    ) -> Callable[[_Candidate], float]:
        """What a candidate is worth after quotes that hold the words `said`."""
        left = {
            word: weight * (self._weights.again if word in said else 1) for word, weight in weights.items()
        }

        def value(candidate: _Candidate) -> float:
            own = sum(left[word] for word in candidate.own)
            around = sum(left[word] for word in candidate.around)
            return candidate.base + own + self._weights.context * around

        return value

    def _candidates(self, question: Question, matched: Sequence[MatchedHit]) -> Iterator[_Candidate]:
        """Every run of neighbouring sentences that is short enough, and every single sentence.

        A run of nothing but headings answers nothing.
        """
        best = max((match.hit.score for match in matched), default=0.0) or 1.0
        for match in matched:
            passage = match.hit.passage
            sentences = [passage.text[start:end] for start, end in passage.sentences]
            signs = [self._signs(question, sentence, passage) for sentence in sentences]
            headings = [is_heading(sentence, passage) for sentence in sentences]
            for first, stop in self._runs(passage.sentences):
                if all(headings[first:stop]):
                    continue
                quote = Quote(match.hit, passage.sentences[first][0], passage.sentences[stop - 1][1])
                own = frozenset[str]().union(*match.sentences[first:stop])
                base = self._weights.hit * match.hit.score / best + max(signs[first:stop])
                yield _Candidate(quote, own, match.everything - own, base, single=stop - first == 1)

    def _signs(self, question: Question, sentence: str, passage: Passage) -> float:
        """What speaks for a sentence by its form: words of the wanted kind, or a definition."""
        has_type = find_answer(sentence, question.wants) is not None
        is_definition = defines(sentence, passage.section, question.term)
        return self._weights.type * has_type + self._weights.defines * is_definition

    def _runs(self, bounds: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Half-open ranges of sentences that may be quoted as one."""
        longest = max(self.limits.first_chars, self.limits.more_chars)
        for first, (start, _) in enumerate(bounds):
            yield first, first + 1
            for stop in range(first + 2, len(bounds) + 1):
                if bounds[stop - 1][1] - start > longest:
                    break
                yield first, stop


def is_heading(sentence: str, passage: Passage) -> bool:
    """Whether a sentence of a passage is a heading that it stands under, or holds nothing but labels."""
    return sentence in passage.section or bool(BRACKETED.match(sentence) or column_headers(sentence))


def is_citable(quote: Quote) -> bool:
    """Whether a quote says something and its ranges are few and long enough to be looked up."""
    letters = sum(char.isalnum() for char in quote.text)
    n_spans = len(quote.hit.passage.body[quote.start : quote.end].spans())
    return letters >= MIN_LETTERS and n_spans <= MOST_SPANS and letters >= MIN_LETTERS * n_spans


def _overlaps(quote: Quote, chosen: Sequence[Quote]) -> bool:
    return any(quote.overlaps(other) for other in chosen)


def _repeats(quote: Quote, chosen: Sequence[Quote]) -> bool:
    """Whether one of the chosen quotes says all that it says."""
    flat = _flat(quote.text)
    return any(flat in _flat(other.text) for other in chosen)


def _flat(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
