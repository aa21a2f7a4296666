"""Bench: seconds and memory of each stage, from files to answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from assistant.answer import Answer
from index.embed import BatchEmbedder, Vectors
from index.pipeline import Pipeline
from index.timing import timed
from ingest.document import Document
from ingest.files import Found
from ingest.passage import Passage

MEGABYTE = 1_000_000
INGEST_STAGES = ("read", "chunk", "tokenise", "embed_bulk")
ASK_STAGES = ("embed", "lexical", "dense", "fuse", "answer", "other")
BENCH_LABELS = {
    "read": "ファイルを読む",
    "chunk": "箇所に分ける",
    "tokenise": "語に分ける",
    "embed_bulk": "箇所をベクトルにする",
    "write": "索引を書く、ほか",
    "embed": "質問をベクトルにする",
    "lexical": "語で探す",
    "dense": "ベクトルで探す",
    "fuse": "順位を合わせ、箇所を取り出す",
    "answer": "答えを抜き出す",
    "other": "ほか",
}


@dataclass(frozen=True, slots=True)
class StageTime:
    """One stage.

    Attributes:
        seconds: Of the whole ingest, or the median over the questions.
        share: Of the total, 0 … 1.
        p95_s: Over the questions; `None` for an ingest.
    """

    seconds: float
    share: float
    p95_s: float | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """What was measured.

    Attributes:
        ingest, ask: By stage, "total" last.
        rates: Per second of the stage concerned: characters read, passages embedded, questions answered.
        peak_mb: Largest resident memory of the process that ingested, and of the one that only asked, in
            millions of bytes; without an entry where the system does not tell.
        machine: What it ran on.
    """

    n_documents: int
    n_chars: int
    n_passages: int
    n_questions: int
    ingest: Mapping[str, StageTime]
    ask: Mapping[str, StageTime]
    rates: Mapping[str, float]
    peak_mb: Mapping[str, float]
    machine: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """As one JSON value."""
        return asdict(self)


class TimedEmbedder:
    """An embedder whose bulk work is timed as `embed_bulk`."""

    def __init__(self, embedder: BatchEmbedder) -> None:
        self._embedder = embedder
        self.dim = embedder.dim
        self.signature = embedder.signature

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """As the embedder does; the retriever times it itself."""
        return self._embedder.embed_queries(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """As the embedder does, timed."""
        with timed("embed_bulk"):
            return self._embedder.embed_passages(texts)

    def embed_passages_in_batches(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Vectors]]:
        """As the embedder does; only its own work is timed, not what is done with a batch."""
        batches = self._embedder.embed_passages_in_batches(texts)
        while True:
            with timed("embed_bulk"):
                batch = next(batches, None)
            if batch is None:
                return
            yield batch


class TimedSearch:
    """An index whose `search` is timed; everything else is passed on."""

    def __init__(self, index: Any, stage: str) -> None:
        self._index = index
        self._stage = stage

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    def search(self, *arguments: Any, **options: Any) -> Any:
        """As the index does, timed."""
        with timed(self._stage):
            return self._index.search(*arguments, **options)


def timed_pipeline(pipeline: Pipeline) -> Pipeline:
    """The same steps, timed as `read`, `chunk` and `tokenise`."""

    def read(found: Found) -> Document:
        with timed("read"):
            return pipeline.read(found)

    def chunk(document: Document) -> Iterable[Passage]:
        with timed("chunk"):
            return list(pipeline.chunk(document))

    def lexical_fields(passage: Passage) -> Mapping[str, Sequence[str]]:
        with timed("tokenise"):
            return pipeline.lexical_fields(passage)

    return replace(pipeline, read=read, chunk=chunk, lexical_fields=lexical_fields)


def ingest_times(stages: Mapping[str, float], total_s: float) -> dict[str, StageTime]:
    """What an ingest took by stage; what no stage accounts for is `write`."""
    seconds = {name: stages.get(name, 0.0) for name in INGEST_STAGES}
    seconds["write"] = max(0.0, total_s - sum(seconds.values()))
    seconds["total"] = total_s
    return {name: StageTime(value, value / total_s if total_s else 0.0) for name, value in seconds.items()}


def ask_times(questions: Sequence[str], ask: Callable[[str], Answer]) -> list[dict[str, float]]:
    """Seconds by stage of each question; the first one is asked twice, as it loads what all need."""
    if questions:
        ask(questions[0])
    return [_stages(ask(question).timings) for question in questions]


def summed_up(asked: Sequence[Mapping[str, float]]) -> dict[str, StageTime]:
    """Median, share of the median total and 95th percentile of each stage."""
    if not asked:
        return {}
    total_s = float(np.median([one["total"] for one in asked]))
    out: dict[str, StageTime] = {}
    for name in (*ASK_STAGES, "total"):
        p50, p95 = (float(value) for value in np.percentile([one[name] for one in asked], (50, 95)))
        out[name] = StageTime(p50, p50 / total_s if total_s else 0.0, p95)
    return out


def peak_mb() -> float | None:
    """Largest resident memory of this process so far; `None` where the system does not tell."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    peak = next((line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")), None)
    return None if peak is None else int(peak) * 1024 / MEGABYTE


def _stages(timings: Mapping[str, float]) -> dict[str, float]:
    """The stages of one question without overlaps: `fuse` is what is left of `retrieve`."""
    own = {name: timings.get(name, 0.0) for name in ("embed", "lexical", "dense", "answer")}
    searched = own["embed"] + own["lexical"] + own["dense"]
    own["fuse"] = max(0.0, timings.get("retrieve", searched) - searched)
    own["other"] = max(0.0, timings["total"] - sum(own.values()))
    return {**own, "total": timings["total"]}
