from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.late import CODES_FILE, PLACES_FILE, STEP, TokenIndex, pack_tokens
from index.stored_tokens import StoredTokens
from ingest.catalog import Catalog
from ingest.errors import IndexMismatchError

DIM = 16


def unit_rows(n: int, seed: int) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(n, DIM)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def best_matches(question: NDArray[np.float32], tokens: NDArray[np.float32]) -> float:
    """The definition, on the values that the codes stand for."""
    width = STEP / np.sqrt(DIM)
    values = (np.clip(np.floor(tokens / width), -8, 7) + 0.5) * width
    return float((question @ values.T).max(axis=1).mean())


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.integers(1, 6), st.data())
def test_scores_are_the_mean_best_matches(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], n_asked: int, data: st.DataObject
) -> None:
    passages = {3 * i + 1: unit_rows(n, seed=i) for i, n in enumerate(lengths)}
    question = unit_rows(n_asked, seed=99)
    rows = [(i, pack_tokens(tokens).tobytes()) for i, tokens in passages.items()]
    index = TokenIndex.build(tmp_path_factory.mktemp("tokens"), rows, dim=DIM)
    ids = data.draw(st.lists(st.sampled_from([*passages, 0, 2, 999]), max_size=20))

    found = index.scores(question, ids)

    expected = {i: best_matches(question, passages[i]) for i in ids if i in passages and len(passages[i])}
    assert found == pytest.approx(expected, abs=1e-5)
    assert stored(rows).scores(question, ids) == found


def stored(rows: Sequence[tuple[int, bytes]]) -> StoredTokens:
    """The same, read from a catalog for each question."""

    def tokens_of(embedder: str, ids: Sequence[int]) -> list[tuple[int, bytes]]:
        return [(i, data) for i, data in rows if i in ids and embedder == "e"]

    return StoredTokens(cast("Catalog", SimpleNamespace(tokens_of=tokens_of)), "e", dim=DIM)


def test_nothing_asked_of_nothing_scores_nothing(tmp_path: Path) -> None:
    index = TokenIndex.build(tmp_path, [], dim=DIM)
    assert index.scores(unit_rows(3, seed=1), [1, 2]) == {}
    assert index.scores(np.empty((0, DIM), dtype=np.float32), []) == {}


@pytest.mark.parametrize("name", [CODES_FILE, PLACES_FILE])
def test_files_that_do_not_fit_each_other_are_refused(tmp_path: Path, name: str) -> None:
    TokenIndex.build(tmp_path, [(1, bytes(8 * DIM))], dim=DIM)
    path = tmp_path / name
    path.write_bytes(path.read_bytes() + bytes(8 * DIM))
    with pytest.raises(IndexMismatchError):
        TokenIndex.load(tmp_path, dim=DIM)


def test_four_bits_keep_the_inner_products_of_unit_vectors() -> None:
    rng = np.random.default_rng(7)
    tokens, question = (rng.normal(size=(n, 384)).astype(np.float32) for n in (50, 8))
    tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
    question /= np.linalg.norm(question, axis=1, keepdims=True)
    codes = pack_tokens(tokens)
    index = TokenIndex(codes, np.array([[1], [0], [len(codes)]]))
    assert index.scores(question, [1])[1] == pytest.approx(
        float((question @ tokens.T).max(axis=1).mean()), abs=0.01
    )
