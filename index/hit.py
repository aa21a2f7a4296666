"""Hit: a passage that a retriever found, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.passage import Passage


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage, its score, and what each leg thought of it.

    Attributes:
        score: Higher is better; comparable within one result list only.
        legs: Score of each leg that found it, by the leg's name ("terms", "grams", "dense"), before fusion.
    """

    passage: Passage
    score: float
    legs: Mapping[str, float] = field(default_factory=dict)
