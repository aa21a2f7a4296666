"""Follow-up questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the conversation and what was answered."""

    question: str
    answer: str = ""


def complete(question: str, history: Sequence[Turn]) -> str:
    """The question."""
    return question
