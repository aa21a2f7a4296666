"""Fusion: how much each measure of a passage counts when the legs' rankings become one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

LEARNT_FILE = "learnt_fusion.json"
MEASURES = ("terms", "grams", "dense", "neighbours", "tokens", "section", "window", "year")


class FusionMethod(StrEnum):
    """How the legs' rankings become one."""

    WEIGHTED_SUM = "weighted_sum"
    RECIPROCAL_RANK = "reciprocal_rank"


@dataclass(frozen=True, slots=True)
class Fusion:
    """How much each measure counts; a measure without a weight is not taken.

    Attributes:
        terms: Weight of BM25 over words.
        grams: Weight of BM25 over character pairs, which finds what the dictionary cuts differently.
        dense: Weight of the vectors' inner product.
        neighbours: Weight of the three legs' mean for the passages right before and after.
        tokens: Weight of the best matches of the question's tokens, where the embedder gives token vectors.
        section: Weight of the share of the question's words that the pool's passages of one section hold.
        window: Weight of the share that a passage and those right before and after it hold.
        year: Weight of being of a year that the question names, or of no certain one.
        depth: Passages taken from each leg.
        pool: Best passages of the legs together for which the last four are measured.
        method: The comparison, reciprocal ranks, uses the three legs' ranks and nothing else.
    """

    terms: float = 1.0
    grams: float = 1.0
    dense: float = 1.0
    neighbours: float = 1.0
    tokens: float = 1.0
    section: float = 1.0
    window: float = 1.0
    year: float = 1.0
    depth: int = 100
    pool: int = 50
    method: FusionMethod = FusionMethod.WEIGHTED_SUM

    def weights(self) -> dict[str, float]:
        """Weight by measure."""
        return {name: getattr(self, name) for name in MEASURES}


@lru_cache(maxsize=1)
def learnt_fusion() -> Fusion:
    """The weights that `python -m eval.learn_fusion` learnt and that are part of the package."""
    return _fusion(_learnt()["weights"])


def learnt_folds() -> list[Fusion]:
    """Those learnt without each document of what they were learnt on, by the documents' names in order."""
    return [_fusion(weights) for weights in _learnt()["folds"]]


def _learnt() -> dict[str, Any]:
    learnt: dict[str, Any] = json.loads(files("index").joinpath(LEARNT_FILE).read_text(encoding="utf-8"))
    return learnt


def _fusion(weights: Mapping[str, Any]) -> Fusion:
    chosen: dict[str, Any] = {name: float(weights[name]) for name in MEASURES}
    return Fusion(**chosen)
