"""The extractive answerer: the answer line first, then the quotes that add something to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from assistant.asked import QuestionForm
from assistant.features import Candidates, Matrix
from assistant.match import MatchedHit, WordWeights
from assistant.question import Question
from assistant.scorer import Scorer, default_scorer
from assistant.stretch import Quote, flat
from ingest.passage import Passage
from ingest.tokenizer import Tokenizer, default_tokenizer

MIN_LETTERS = 4  # letters and digits of a citation, and on average of each of its ranges
MIN_SAID = 2  # of what is said of it
MOST_SPANS = 24
NUMERIC = re.compile(r"[\d.,，．千万億兆]")
AT_ONCE = frozenset({QuestionForm.LIST, QuestionForm.COMPARISON, QuestionForm.DEFINITION, QuestionForm.HOW})
AROUND_CHARS = 2  # of a quote among several: its mark 「・」 and the line break


@dataclass(frozen=True, slots=True)
class ExtractLimits:
    """How much an answer may quote.

    Attributes:
        n_quotes: Sentences, rows or runs of short neighbouring ones, the answer line included.
        max_chars: Characters of all of them together.
        line_chars: Characters up to which a clause of a sentence is the answer line.
        first_chars: Characters up to which neighbouring sentences are said as one in the first quote,
            which should answer briefly.
        more_chars: The same for the others, which should leave nothing out.
        n_hits: Hits, from the best, that are looked at.
    """

    n_quotes: int = 4
    max_chars: int = 400
    line_chars: int = 60
    first_chars: int = 100
    more_chars: int = 160
    n_hits: int = 8


@dataclass(slots=True)
class Choice:
    """What has been chosen from the candidates so far, and what may still be.

    Attributes:
        chosen: Places of the candidates said, in the order in which they are said.
    """

    candidates: Candidates
    limits: ExtractLimits
    chosen: list[int] = field(default_factory=list)

    @property
    def room(self) -> int:
        """Characters that are left for one more quote and its mark."""
        said = sum(len(self.candidates.quotes[n]) + AROUND_CHARS for n in self.chosen)
        return self.limits.max_chars - said - AROUND_CHARS

    def open(self) -> NDArray[np.bool_]:
        """Which candidates may come next: they fit, say something, and nothing that is said already."""
        longest = self.limits.more_chars if self.chosen else self.limits.first_chars
        said = [self.candidates.quotes[n] for n in self.chosen]
        texts = [flat(quote.text) for quote in said]
        out = np.zeros(len(self.candidates.quotes), dtype=bool)
        for n, quote in enumerate(self.candidates.quotes):
            fits = len(quote) <= (self.room if is_one_sentence(quote) else min(longest, self.room))
            out[n] = fits and quote.around is not None and not _repeats(quote, said, texts)
        return out

    def best(self, weights: Matrix, allowed: NDArray[np.bool_]) -> tuple[int, float]:
        """The place and score of the best allowed candidate; the earlier of equal ones."""
        scores = self.candidates.features(self.chosen) @ weights
        scores[~allowed] = -np.inf
        place = int(scores.argmax())
        return place, float(scores[place])


class Extractor:
    """Chooses quotes from hits by the question's words in them and by what it asks for."""

    def __init__(
        self, *, limits: ExtractLimits | None = None, scorer: Scorer | None = None,
        tokenizer: Tokenizer | None = None,
    ) -> None:  # fmt: skip
        self.limits = limits or ExtractLimits()
        self._scorer = scorer or default_scorer()
        self._tokenizer = tokenizer or default_tokenizer()

    def extract(self, question: Question, words: WordWeights, matched: Sequence[MatchedHit]) -> list[Quote]:
        """The quotes that answer, the answer line first, none overlapping or saying the same twice.

        Each next quote is the one that adds most; when none adds enough, no more is said. Empty without hits.
        """
        choice = self.choice(question, words, matched)
        self.choose(question, choice)
        return [choice.candidates.quotes[n] for n in choice.chosen]

    def choice(self, question: Question, words: WordWeights, matched: Sequence[MatchedHit]) -> Choice:
        """What can be said, nothing of it chosen yet."""
        found = Candidates.of(question, words, matched, self._tokenizer, longest=self.limits.more_chars)
        return Choice(
            replace(found, quotes=tuple(with_citation(quote) for quote in found.quotes)), self.limits
        )

    def choose(self, question: Question, choice: Choice) -> None:
        """Choose the answer line, then what adds to it."""
        allowed = choice.open() if choice.candidates.quotes else np.zeros(0, dtype=bool)
        if not allowed.any() or not choice.limits.n_quotes:
            return
        first, _ = choice.best(self._scorer.first, allowed)
        choice.chosen.append(self._narrowed(question, choice, first))
        while len(choice.chosen) < choice.limits.n_quotes:
            allowed = choice.open()
            if not allowed.any():
                return
            place, score = choice.best(self._scorer.more, allowed)
            if score < self._scorer.stop:
                return
            choice.chosen.append(place)

    def _narrowed(self, question: Question, choice: Choice, first: int) -> int:
        """The clause of the first stretch that answers alone, where one thing is asked for."""
        if question.form in AT_ONCE or question.asks_several:
            return first
        whole = choice.candidates.quotes[first]
        inside = np.array(
            [
                quote.around is not None
                and quote.hit is whole.hit
                and whole.start <= quote.start
                and quote.end <= whole.end
                and len(quote) <= self.limits.line_chars
                for quote in choice.candidates.quotes
            ]
        )
        return choice.best(self._scorer.line, inside)[0] if inside.any() else first


def with_citation(quote: Quote) -> Quote:
    """The quote with what is cited for it: the sentences that it is of, or itself, if either can be cited.

    Its `around` stays `None` if neither can.
    """
    passage = quote.hit.passage
    if sum(char.isalnum() for char in quote.text) < MIN_SAID:
        return quote
    held = [bounds for bounds in passage.sentences if bounds[0] < quote.end and quote.start < bounds[1]]
    whole = (min(quote.start, held[0][0]), max(quote.end, held[-1][1])) if held else (quote.start, quote.end)
    for bounds in (whole, (quote.start, quote.end)):
        if is_citable(passage, *bounds) and keeps_numbers(quote, *bounds):
            return replace(quote, around=bounds)
    return quote


def is_citable(passage: Passage, start: int, end: int) -> bool:
    """Whether a stretch says something and its ranges are few and long enough to be looked up."""
    letters = sum(char.isalnum() for char in passage.text[start:end])
    n_spans = len(passage.body[start:end].spans())
    return letters >= MIN_LETTERS and n_spans <= MOST_SPANS and letters >= MIN_LETTERS * n_spans


def keeps_numbers(quote: Quote, start: int, end: int) -> bool:
    """Whether a wider stretch goes on with no digit where the quote ends in one, nor begins before it so.

    Cells read without the white space between them would otherwise make one number of two.
    """
    text = quote.hit.passage.text
    before, after = text[start : quote.start].rstrip(), text[quote.end : end].lstrip()
    own = quote.text.strip()
    return not (
        (NUMERIC.match(before[-1:]) and NUMERIC.match(own[:1]))
        or (NUMERIC.match(own[-1:]) and NUMERIC.match(after[:1]))
    )


def is_one_sentence(quote: Quote) -> bool:
    """Whether it is exactly one sentence, which is said whole however long it is."""
    return (quote.start, quote.end) in quote.hit.passage.sentences


def _repeats(quote: Quote, said: Sequence[Quote], texts: Sequence[str]) -> bool:
    """Whether it overlaps with what is said, or something said says all that it says."""
    for other in said:
        if quote.overlaps(other):
            return True
    own = flat(quote.text) if texts else ""
    return any(own in text for text in texts)
