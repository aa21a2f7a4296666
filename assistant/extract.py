"""The extractive answerer: the answer line first, then the quotes that add something to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.asked import QuestionForm
from assistant.features import Candidates, Matrix
from assistant.match import MatchedHit, WordWeights
from assistant.question import Question
from assistant.reading import LONGEST
from assistant.scorer import Scorer, default_scorer
from assistant.stretch import Quote

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
        more_chars: The same for the others, which should leave nothing out; at most `LONGEST`.
        n_hits: Hits, from the best, that are looked at.
    """

    n_quotes: int = 4
    max_chars: int = 400
    line_chars: int = 60
    first_chars: int = 100
    more_chars: int = LONGEST
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
        candidates, room = self.candidates, self.room
        longest = min(self.limits.more_chars if self.chosen else self.limits.first_chars, room)
        fits = candidates.chars <= np.where(candidates.is_sentence, room, longest)
        out: NDArray[np.bool_] = candidates.is_citable & fits
        for one in self.chosen:
            out &= ~candidates.overlapping(one)
        said = [candidates.plain[n] for n in self.chosen]
        for n in np.flatnonzero(out) if said else ():
            out[n] = not any(candidates.plain[n] in text for text in said)
        return out

    def best(self, weights: Matrix, allowed: NDArray[np.bool_]) -> tuple[int, float]:
        """The place and score of the best allowed candidate; the earlier of equal ones."""
        scores = self.candidates.features(self.chosen) @ weights
        scores[~allowed] = -np.inf
        place = int(scores.argmax())
        return place, float(scores[place])


class Extractor:
    """Chooses quotes from hits by the question's words in them and by what it asks for."""

    def __init__(self, *, limits: ExtractLimits | None = None, scorer: Scorer | None = None) -> None:
        self.limits = limits or ExtractLimits()
        self._scorer = scorer or default_scorer()

    def extract(self, question: Question, words: WordWeights, matched: Sequence[MatchedHit]) -> list[Quote]:
        """The quotes that answer, the answer line first, none overlapping or saying the same twice.

        Each next quote is the one that adds most; when none adds enough, no more is said. Empty without hits.
        """
        choice = self.choice(question, words, matched)
        self.choose(question, choice)
        return [choice.candidates.quotes[n] for n in choice.chosen]

    def choice(self, question: Question, words: WordWeights, matched: Sequence[MatchedHit]) -> Choice:
        """What can be said, nothing of it chosen yet."""
        return Choice(Candidates.of(question, words, matched), self.limits)

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
