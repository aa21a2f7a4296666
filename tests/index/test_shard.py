from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.shard import Shard


@given(st.binary(min_size=32, max_size=32), st.integers(1, 1000))
def test_each_key_is_in_exactly_one_shard(key: bytes, n: int) -> None:
    assert [shard for shard in (Shard(i + 1, n) for i in range(n)) if shard.holds(key)] == [
        Shard(int.from_bytes(key[:8]) % n + 1, n)
    ]


def test_shards_are_of_like_size() -> None:
    keys = [sha256(str(n).encode()).digest() for n in range(8000)]
    sizes = [sum(Shard(i, 8).holds(key) for key in keys) for i in range(1, 9)]
    assert sum(sizes) == len(keys)
    assert max(abs(size - 1000) for size in sizes) < 150


def test_shard_that_cannot_be_is_refused() -> None:
    for number, of in ((0, 1), (2, 1), (-1, 3), (1, 0)):
        with pytest.raises(ValueError):
            Shard(number, of)
