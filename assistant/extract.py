"""The extractive answerer: the answer line first, then the best passages that it stands in or beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.asked import QuestionForm
from assistant.features import FEATURES, Candidates, Matrix
from assistant.match import MatchedHit, WordWeights
from assistant.question import Question
from assistant.scorer import Scorer, default_scorer
from assistant.stretch import Quote, flat

AT_ONCE = frozenset({QuestionForm.LIST, QuestionForm.COMPARISON, QuestionForm.DEFINITION, QuestionForm.HOW})
MIN_FRESH = 0.1  # of the feature of that name: three pairs of characters that are not the question's
AROUND_CHARS = 2  # of a quote among several: its mark 「・」 and the line break


@dataclass(frozen=True, slots=True)
class ExtractLimits:
    """How much an answer may quote.

    Attributes:
        n_quotes: Stretches, the answer line included.
        max_chars: Characters of all of them together.
        line_chars: Characters up to which a clause of a sentence is the answer line.
        first_chars: Characters up to which neighbouring sentences are said as one in the first quote,
            which should answer briefly.
        near: Share of the best hit's score from which another hit's passage is quoted too.
        n_hits: Hits, from the best, that are looked at.
    """

    n_quotes: int = 4
    max_chars: int = 400
    line_chars: int = 60
    first_chars: int = 100
    near: float = 0.8
    n_hits: int = 8


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be said first."""

    candidates: Candidates
    limits: ExtractLimits

    def open(self) -> NDArray[np.bool_]:
        """Which candidates fit; whether one can be cited is looked at when it is chosen."""
        room = self.limits.max_chars - AROUND_CHARS
        longest = np.where(self.candidates.is_whole, room, min(self.limits.first_chars, room))
        out: NDArray[np.bool_] = self.candidates.is_wanted & (self.candidates.chars <= longest)
        return out

    def best(self, weights: Matrix, allowed: NDArray[np.bool_]) -> int | None:
        """The place of the best allowed candidate that can be cited; the earlier of equal ones."""
        scores = self.candidates.features @ weights
        scores[~allowed] = -np.inf
        for n in np.argsort(-scores, kind="stable"):
            if scores[n] == -np.inf:
                break
            if self.candidates.quote(int(n)).around is not None:
                return int(n)
        return None


class Extractor:
    """Chooses quotes from hits by the question's words in them and by what it asks for."""

    def __init__(self, *, limits: ExtractLimits | None = None, scorer: Scorer | None = None) -> None:
        self.limits = limits or ExtractLimits()
        self._scorer = scorer or default_scorer()

    def extract(self, question: Question, words: WordWeights, matched: Sequence[MatchedHit]) -> list[Quote]:
        """The quotes that answer, the answer line first, none saying only what another says.

        After the line come the passages of the best hits, in their order, as whole as they fit: the sentence
        that the line is a clause of among them. Empty without hits.
        """
        first = self.first(question, self.choice(question, words, matched))
        return self._grounded(first, matched) if first else []

    def choice(self, question: Question, words: WordWeights, matched: Sequence[MatchedHit]) -> Choice:
        """What can be said first."""
        return Choice(Candidates.of(question, words, matched), self.limits)

    def first(self, question: Question, choice: Choice) -> Quote | None:
        """The answer line; `None` where nothing can be said."""
        if not choice.limits.n_quotes:
            return None
        fitting = choice.open()
        new = fitting & (choice.candidates.features[:, FEATURES.index("fresh")] >= MIN_FRESH)
        # The question's own words answer it only with yes or no.
        for allowed in (fitting,) if question.form is QuestionForm.YES_NO else (new, fitting):
            best = choice.best(self._scorer.first, allowed)
            if best is not None:
                return choice.candidates.quote(self._narrowed(question, choice, best, allowed))
        return None

    def _narrowed(self, question: Question, choice: Choice, first: int, allowed: NDArray[np.bool_]) -> int:
        """The clause of the first stretch that answers alone, where one thing is asked for."""
        if question.form in AT_ONCE or question.asks_several:
            return first
        candidates = choice.candidates
        whole = candidates.stretches[first]
        inside = allowed & (candidates.hits == candidates.hits[first])
        inside &= candidates.chars <= self.limits.line_chars
        for n, some in enumerate(candidates.stretches):
            inside[n] &= whole.start <= some.start and some.end <= whole.end
        best = choice.best(self._scorer.line, inside)
        return first if best is None else best

    def _grounded(self, first: Quote, matched: Sequence[MatchedHit]) -> list[Quote]:
        """The first quote, then what else the best passages say."""
        said = [first]
        room = self.limits.max_chars - len(first) - 2 * AROUND_CHARS
        least = self.limits.near * matched[0].hit.score
        for match in matched:
            if match.hit.score < least and match.hit is not first.hit:
                continue
            for quote in _rest(match, first, room):
                if len(said) >= self.limits.n_quotes:
                    return said
                if _adds(quote, said):
                    said.append(quote)
                    room -= len(quote) + AROUND_CHARS
        return said


def _rest(match: MatchedHit, first: Quote, room: int) -> Iterator[Quote]:
    """What a hit's passage says beside the first quote, as whole sentences, as far as there is room."""
    citable = match.reading.citable
    for sentences in _runs(match, first):
        while sentences and sentences[-1][1] - sentences[0][0] > room:
            sentences = sentences[:-1]
        if sentences:
            start, end = sentences[0][0], sentences[-1][1]
            if citable.allow(start, end):
                room -= end - start + AROUND_CHARS
                yield Quote(match.hit, start, end, (start, end))


def _runs(match: MatchedHit, first: Quote) -> list[list[tuple[int, int]]]:
    """The sentences of a passage before and after the first quote, or all; no headings at their ends."""
    passage = match.hit.passage
    headings = {unit.sentence for unit in match.reading.units if unit.is_heading}
    runs: list[list[int]] = [[]]
    for n, bounds in enumerate(passage.sentences):
        if first.hit is match.hit and first.start <= bounds[0] and bounds[1] <= first.end:
            runs.append([])
        else:
            runs[-1].append(n)
    for run in runs:
        while run and run[0] in headings:
            del run[0]
        while run and run[-1] in headings:
            del run[-1]
    return [[passage.sentences[n] for n in run] for run in runs]


def _adds(quote: Quote, said: Sequence[Quote]) -> bool:
    """Whether a quote says what no other says."""
    text = flat(quote.text).lower()
    return not any(text in flat(other.text).lower() for other in said)
