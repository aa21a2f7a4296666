"""Whether the documents answer at all: a probability from the question's words and the hits.

Neither the question's length nor its phrasing counts, only what was found for it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.match import MatchedHit, WordWeights


@dataclass(frozen=True, slots=True)
class AnswerabilityModel:
    """A logistic regression over two features, and the probability below which an answer is refused.

    Learnt on answerable questions about office documents and on encyclopaedia questions put to the same
    documents, with multilingual-e5-small vectors; docs/abstention.md tells how, and what it gives out of
    fold. It knows questions on another subject; a detail that a document on the very subject leaves out,
    it mostly does not.

    Attributes:
        coverage: Weight of the share of the question's words, by rarity, in the hit that holds most.
        similarity: Weight of the best hit's inner product with the question.
        threshold: Probability from which the documents are taken to answer.
    """

    coverage: float = 5.34
    similarity: float = 51.5
    intercept: float = -45.6
    threshold: float = 0.4

    def probability(self, words: WordWeights, matched: Sequence[MatchedHit]) -> float:
        """How likely the documents answer, 0 … 1; 0 without hits.

        Hits without a dense score count by their words alone, as if no vector were near.
        """
        if not matched:
            return 0.0
        covered = max(sum(words.terms.get(word, 0.0) for word in match.everything) for match in matched)
        near = max(match.hit.legs.get("dense", 0.0) for match in matched)
        return 1 / (1 + math.exp(-(self.coverage * covered + self.similarity * near + self.intercept)))

    def answers(self, words: WordWeights, matched: Sequence[MatchedHit]) -> bool:
        """Whether to answer rather than to say that the documents don't."""
        return self.probability(words, matched) >= self.threshold


BY_WORDS = AnswerabilityModel(coverage=9.96, similarity=0.0, intercept=-2.97, threshold=0.21)
"""For vectors of another model, whose inner products have another scale: the words alone decide."""
