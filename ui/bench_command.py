"""`shirube bench`: speed and memory of each stage over a folder, in an index of its own."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from assistant.suggest import suggest
from eval.bench import (
    BENCH_LABELS,
    Bench,
    TimedEmbedder,
    TimedSearch,
    ask_times,
    ingest_times,
    peak_mb,
    summed_up,
    timed_pipeline,
)
from eval.report import replace_file
from eval.table import aligned
from index.build import ingest
from index.timing import collected
from ingest.errors import ShirubeError
from ui.eval_command import machine
from ui.pipeline import build_pipeline
from ui.settings import Settings
from ui.terminal import print_json, print_lines
from ui.wiring import build_embedder, open_index

N_QUESTIONS = 30
SCALE = "scale"


class BenchError(ShirubeError):
    """The folder gives nothing to measure."""

    hint = "文書のあるフォルダーを shirube bench フォルダー の形で指定してください。"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the process found that only asked."""

    n_documents: int
    n_chars: int
    n_passages: int
    times: list[dict[str, float]]
    peak_mb: float | None


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Ingest the folder into a temporary index, ask questions drawn from it, print what each stage took.

    Raises:
        BenchError: If the folder is not there or holds nothing that can be read.
        OSError: If the file for the result cannot be written.
    """
    if str(args.folder) == SCALE and not args.folder.exists():
        from ui.scale_command import run as run_scale

        return run_scale(args)
    if not args.folder.exists():
        raise BenchError(f"フォルダーがありません: {args.folder}")
    with tempfile.TemporaryDirectory(prefix="shirube-bench-") as scratch:
        own = {"index_dir": Path(scratch) / "index", "engine": "local"}  # leaves nothing on a server
        bench = _measured(args.folder, settings.model_copy(update=own))
    if args.out:
        text = json.dumps(bench.to_json(), ensure_ascii=False, indent=2) + "\n"
        replace_file(args.out, text.encode())
    if args.json:
        print_json(bench.to_json())
    else:
        print_lines(bench_lines(bench))
    return 0


def bench_lines(bench: Bench) -> list[str]:
    """The result for people."""
    ingest_rows = [("取り込み", "秒", "割合"), *(
        (BENCH_LABELS.get(name, "計"), f"{time.seconds:.2f}", f"{time.share:.0%}")
        for name, time in bench.ingest.items()
    )]  # fmt: skip
    ask_rows = [("質問 1 件", "p50 (ms)", "p95 (ms)", "割合"), *(
        (
            BENCH_LABELS.get(name, "計"), f"{time.seconds * 1000:.1f}",
            f"{(time.p95_s or 0.0) * 1000:.1f}", f"{time.share:.0%}",
        )
        for name, time in bench.ask.items()
    )]  # fmt: skip
    rates = "、".join(f"{name} {value:,.0f}/秒" for name, value in bench.rates.items())
    peaks = "、".join(f"{name} {value:,.0f} MB" for name, value in bench.peak_mb.items())
    return [
        f"{bench.n_documents} 文書、{bench.n_chars:,} 字、{bench.n_passages:,} 箇所、"
        f"質問 {bench.n_questions} 件",
        "",
        *aligned(ingest_rows, left=(0,)).splitlines(),
        "",
        *aligned(ask_rows, left=(0,)).splitlines(),
        "",
        f"速さ: {rates}",
        f"最大メモリ: {peaks or '分かりません'}",
        "|".join(f"{name}:{value}" for name, value in bench.machine.items()),
    ]


def _measured(folder: Path, settings: Settings) -> Bench:
    embedder = build_embedder(settings)
    started = time.perf_counter()
    with collected() as stages:
        report = ingest(
            [folder], index_dir=settings.index_dir, embedder=TimedEmbedder(embedder),
            pipeline=timed_pipeline(build_pipeline(settings)),
        )  # fmt: skip
    total_s = time.perf_counter() - started
    if not report.n_passages:
        raise BenchError(f"取り込める文書がありません: {folder}")
    ingest_mb = peak_mb()
    # A process of its own: what reading and bulk embedding needed is no memory that a question needs.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        asked = pool.submit(_ask, settings).result()
    times = ingest_times(stages, total_s)
    ask = summed_up(asked.times)
    peaks = {"取り込み": ingest_mb, "質問": asked.peak_mb}
    return Bench(
        n_documents=asked.n_documents,
        n_chars=asked.n_chars,
        n_passages=asked.n_passages,
        n_questions=len(asked.times),
        ingest=times,
        ask=ask,
        rates={
            "読み取り（字）": asked.n_chars / max(times["read"].seconds, 1e-9),
            "ベクトル化（箇所）": report.n_embedded / max(times["embed_bulk"].seconds, 1e-9),
            "回答（件）": 1 / max(ask["total"].seconds, 1e-9) if ask else 0.0,
        },
        peak_mb={name: value for name, value in peaks.items() if value is not None},
        machine=machine(),
    )


def _ask(settings: Settings) -> Asked:
    """Ask in this process, which must be a new one, questions drawn from the documents."""
    with open_index(settings) as opened:
        store = opened.store
        questions = suggest(store, N_QUESTIONS)
        store.lexical = TimedSearch(store.lexical, "lexical")
        store.dense = TimedSearch(store.dense, "dense")
        times = ask_times(questions, opened.assistant.ask)
        records = store.documents()
        n_passages = store.statistics().n_passages
        return Asked(len(records), sum(r.n_chars for r in records), n_passages, times, peak_mb())
