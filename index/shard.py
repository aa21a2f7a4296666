"""Shard: which of n machines embeds a text, told by the text alone, so that none has to ask another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `of` parts of a work list, counted from 1.

    Every text belongs to exactly one shard, by the digest that it is filed under: whoever computes it, and
    whenever, means the same texts. Digests are as good as drawn, so that shards are of like size.

    Raises:
        ValueError: If there is no such part.
    """

    number: int
    of: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.of:
            raise ValueError(f"no shard {self.number} of {self.of}")

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, key: bytes) -> bool:
        """Whether the text with this `text_key` is one of it."""
        return int.from_bytes(key[:8]) % self.of == self.number - 1
