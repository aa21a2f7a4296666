"""Examples for the choice of quotes: what each stretch of the hits is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.extract import Choice
from assistant.features import Matrix
from assistant.question import Question
from eval.dataset import Question as Row
from eval.text import COVERED_SHARE, bare, ngrams, states

COMPLETE = 0.5  # worth of stating all key facts, beside their share
EVIDENCE = 0.3  # worth of covering all evidence
LENGTH = 0.5  # cost of a hundred characters
GRAM = 6


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the stretches that may be said, and what each states and covers.

    Attributes:
        is_citable: Which stretches can be cited.
        states: Which key facts each stretch states: 0 or 1.
        covers: How far each stretch's citation covers each piece of evidence: 0 … 1, 1 being enough.
    """

    question: Question
    choice: Choice
    is_citable: NDArray[np.bool_]
    states: Matrix
    covers: Matrix

    @classmethod
    def of(cls, row: Row, question: Question, choice: Choice) -> Example:
        """Read off the dataset's row what each stretch is good for."""
        quotes = [choice.candidates.quote(n) for n in range(len(choice.candidates.stretches))]
        stated = [
            [float(any(states(q.text, fact) for fact in group)) for group in row.key_facts] for q in quotes
        ]
        coverage: dict[tuple[str, tuple[int, int]], list[float]] = {}
        for quote in quotes:
            key = (quote.hit.passage.id, quote.cited)
            if key not in coverage:
                text = quote.hit.passage.text[slice(*quote.cited)]
                coverage[key] = [_covered(piece.quote, text) for piece in row.evidence]
        return cls(
            question,
            choice,
            np.array([quote.around is not None for quote in quotes], dtype=bool),
            np.array(stated).reshape(len(quotes), len(row.key_facts)),
            np.array([coverage[q.hit.passage.id, q.cited] for q in quotes]).reshape(-1, len(row.evidence)),
        )

    def worth(self) -> Matrix:
        """What each stretch is worth as the first of an answer: facts, evidence, less its length."""
        total: Matrix = (
            self.states.mean(axis=1)
            + COMPLETE * (self.states.min(axis=1) >= 1)
            + EVIDENCE * self.covers.mean(axis=1)
            - LENGTH * self.choice.candidates.chars / 100
        )
        return total


def _covered(evidence: str, text: str) -> float:
    gram = max(1, min(GRAM, len(bare(evidence))))
    wanted = ngrams(evidence, gram)
    share = len(wanted & ngrams(text, gram)) / len(wanted) if wanted else 1.0
    return min(1.0, share / COVERED_SHARE)
