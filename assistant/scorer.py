"""The weights of what speaks for a stretch, as `eval/learn_extract.py` learnt them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Self

import numpy as np

from assistant.features import FEATURES, Matrix

WEIGHTS_FILE = "extract_weights.json"


@dataclass(frozen=True, slots=True)
class Scorer:
    """Linear scores of the stretches that may be said first.

    Attributes:
        first: Weights by feature.
        brevity: Taken off per hundred characters where the first stretch is narrowed to the answer line.
    """

    first: Matrix
    brevity: float

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote.

        Raises:
            ValueError: If it was learnt for other features.
        """
        fields = json.loads(text)
        return cls(_vector(fields["first"]), float(fields["brevity"]))

    def to_json(self) -> str:
        """The weights by name, rounded to what can matter."""
        first = dict(zip(FEATURES, np.round(self.first, 3).tolist(), strict=True))
        return json.dumps({"first": first, "brevity": self.brevity}, indent=1)

    @property
    def line(self) -> Matrix:
        """Weights by which the answer line is cut out of the first stretch."""
        out = self.first.copy()
        out[FEATURES.index("length")] -= self.brevity
        return out


@lru_cache(maxsize=1)
def default_scorer() -> Scorer:
    """The weights that come with the package."""
    return Scorer.from_json((files("assistant") / WEIGHTS_FILE).read_text(encoding="utf-8"))


def _vector(by_name: Mapping[str, float]) -> Matrix:
    if set(by_name) != set(FEATURES):
        raise ValueError(f"weights for {sorted(by_name)}, not for {sorted(FEATURES)}")
    return np.array([by_name[name] for name in FEATURES], dtype=np.float64)
