"""Whether the documents answer at all: a probability from what was found for the question.

Neither the question's length nor its phrasing counts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Protocol, Self

from assistant.match import MatchedHit, WordWeights
from assistant.question import Question
from assistant.signals import signals
from index.hit import Hit

# Probabilities from which the confidence is called so. They were learnt from as many questions without an
# answer as with one; where five of six that people ask have one, they stand for .95 and .68.
HIGH, MEDIUM = 0.8, 0.3


class Confidence(StrEnum):
    """A probability in a word."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @classmethod
    def of(cls, probability: float) -> Self:
        """HIGH from .8, MEDIUM from .3, LOW below."""
        if probability >= HIGH:
            return cls("high")
        return cls("medium" if probability >= MEDIUM else "low")


class Judge(Protocol):
    """What tells how likely the documents answer."""

    @property
    def threshold(self) -> float:
        """Probability from which the documents are taken to answer."""
        ...

    def probability(
        self, question: Question, words: WordWeights, matched: Sequence[MatchedHit], hits: Sequence[Hit]
    ) -> float:
        """How likely the documents answer, 0 … 1; 0 without hits."""
        ...


@dataclass(frozen=True, slots=True)
class AnswerabilityModel:
    """A logistic regression over signals of what was found; docs/abstention.md tells how it was learnt.

    Attributes:
        weights: By the signal's name; a signal that is left out does not count.
        threshold: Probability from which the documents are taken to answer.
        learnt_on: What the weights were learnt on.
    """

    weights: Mapping[str, float]
    intercept: float
    threshold: float
    learnt_on: str = ""

    @classmethod
    def from_json(cls, learnt: Mapping[str, Any]) -> Self:
        """The model that `eval.learn_abstain` wrote."""
        return cls(learnt["weights"], learnt["intercept"], learnt["threshold"], learnt["learnt_on"])

    def probability(
        self, question: Question, words: WordWeights, matched: Sequence[MatchedHit], hits: Sequence[Hit]
    ) -> float:
        """How likely the documents answer, 0 … 1; 0 without hits."""
        found = signals(question, words, matched, hits)
        return self.of(found) if found else 0.0

    def of(self, found: Mapping[str, float]) -> float:
        """The probability that goes with these signals; one that is missing counts as 0."""
        total = self.intercept + math.fsum(w * found.get(name, 0.0) for name, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-500.0, min(500.0, total))))


@cache
def learnt_model(name: str) -> AnswerabilityModel:
    """The model `"bundled"` for the vectors that come with Shirube, or `"by_words"` for any others.

    The similarities of another model's vectors have another scale; there the words alone decide.
    """
    text = files("assistant").joinpath("abstain.json").read_text(encoding="utf-8")
    return AnswerabilityModel.from_json(json.loads(text)[name])
