"""Whether the confidence that was told is the share that came true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

N_BINS = 5


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose confidence lies in one range.

    Attributes:
        low, high: The range; its end belongs to the next one, but for 1.
        confidence: Mean of what was told.
        answerable: Share of the questions that the documents answer.
        right: Share that came out right.
    """

    low: float
    high: float
    n: int
    confidence: float
    answerable: float
    right: float


def calibration(told: Iterable[tuple[float, bool, bool]]) -> tuple[Bin, ...]:
    """Sort questions into five ranges of confidence; ranges without a question are left out.

    Args:
        told: Confidence from 0 to 1, whether the documents answer, whether it came out right.
    """
    bins: list[list[tuple[float, bool, bool]]] = [[] for _ in range(N_BINS)]
    for one in told:
        bins[min(int(one[0] * N_BINS), N_BINS - 1)].append(one)
    return tuple(
        Bin(
            low=place / N_BINS,
            high=(place + 1) / N_BINS,
            n=len(members),
            confidence=sum(confidence for confidence, _, _ in members) / len(members),
            answerable=sum(answerable for _, answerable, _ in members) / len(members),
            right=sum(is_right for _, _, is_right in members) / len(members),
        )
        for place, members in enumerate(bins)
        if members
    )
