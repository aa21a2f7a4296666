"""`shirube bench scale`: how time, memory and disk grow with the number of passages."""

from __future__ import annotations

import argparse
import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from eval.bench import MEGABYTE, peak_mb
from eval.report import replace_file
from eval.scale import SIGNATURE, DrawnEmbedder, build_scale, change, recall, retrieve_times
from eval.scale_plot import growth
from eval.scale_text import SEED, documents, questions
from eval.table import aligned
from index.dense_large import LargeDenseIndex
from index.embed_bundled import BundledEmbedder, default_cache_dir
from index.store import Store
from ingest.tokenizer import Tokenizer
from ui.terminal import print_error, print_json, print_lines

N_BASE = 10_000  # passages whose vectors are made from their text
N_QUESTIONS = 200
BASE_FILE, QUESTIONS_FILE, BUILT_FILE = "base.bin", "questions.bin", "built.json"
DIM = 384
HEADS = (
    "箇所", "作成 箇所/秒", "絞り込み", "p50 ms", "p95 ms", "p99 ms", "再現率@10", "メモリ MB", "ディスク MB",
    "追加 秒", "削除 秒",
)  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Build what is not there yet, measure, print; indexes stay in the folder for the next time."""
    work: Path = args.work
    work.mkdir(parents=True, exist_ok=True)
    base, asked = _vectors(work)
    results = [_measured(work / str(n), n, base, asked) for n in args.passages]
    if args.out:
        replace_file(args.out, (json.dumps(results, ensure_ascii=False, indent=1) + "\n").encode())
        replace_file(args.out.with_suffix(".svg"), _plot(results).encode())
    if args.json:
        print_json({"seed": SEED, "sizes": results})
    else:
        print_lines(_lines(results))
    return 0


def _vectors(work: Path) -> tuple[Any, Any]:
    """Real vectors of the first passages and of the questions, kept for the next time."""
    embedder = BundledEmbedder(cache_dir=default_cache_dir())
    if not (work / QUESTIONS_FILE).exists():
        asked = embedder.embed_queries(questions(N_QUESTIONS))
        (work / QUESTIONS_FILE).write_bytes(asked.astype("<f4").tobytes())
    if not (work / BASE_FILE).exists():
        print_error("ベクトルのもとを作っています（1万箇所、数分）。")
        texts = [passage.search_text for made in documents(N_BASE) for passage in made.passages]
        (work / BASE_FILE).write_bytes(embedder.embed_passages(texts).astype("<f4").tobytes())
    return tuple(
        np.fromfile(work / name, dtype="<f4").reshape(-1, DIM) for name in (BASE_FILE, QUESTIONS_FILE)
    )  # type: ignore[return-value]


def _measured(work: Path, n: int, base: Any, asked: Any) -> dict[str, Any]:
    index_dir, built = work / "index", work / BUILT_FILE
    embedder = DrawnEmbedder(questions(N_QUESTIONS), asked)
    if not built.exists():
        print_error(f"{n:,} 箇所の索引を作っています。")
        took = build_scale(index_dir, n, base, embedder)
        built.write_text(json.dumps(took), encoding="utf-8")
    took = json.loads(built.read_text(encoding="utf-8"))
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        times, peak = pool.submit(_served, index_dir, asked).result()
    with _open(index_dir) as store:
        found = recall(store, index_dir, asked)
        is_large = isinstance(store.dense, LargeDenseIndex)
    size = sum(path.stat().st_size for path in index_dir.rglob("*") if path.is_file())
    changed = change(index_dir, work / "added", base, embedder)
    return {
        "n_passages": n, **took, "is_large": is_large, "disk_mb": size / MEGABYTE, "peak_mb": peak,
        "times_ms": {
            name: {f"p{part}": float(np.percentile(some, part)) * 1000 for part in (50, 95, 99)}
            for name, some in times.items()
        },
        "recall": found, **asdict(changed),
    }  # fmt: skip


def _served(index_dir: Path, asked: Any) -> tuple[dict[str, list[float]], float | None]:
    """What a process that only searches takes; it must be a new one."""
    wanted = questions(N_QUESTIONS)
    with _open(index_dir) as store:
        return retrieve_times(store, DrawnEmbedder(wanted, asked), wanted), peak_mb()


def _open(index_dir: Path) -> Store:
    return Store.open(index_dir, embedder_signature=SIGNATURE, analyser_signature=Tokenizer.signature)


def _lines(results: list[dict[str, Any]]) -> list[str]:
    rows = [HEADS]
    for one in results:
        rate = one["n_passages"] / (one["catalog_s"] + one["index_s"])
        for name, times in one["times_ms"].items():
            rows.append((
                f"{one['n_passages']:,}", f"{rate:,.0f}", name, *(f"{value:.1f}" for value in times.values()),
                f"{one['recall'][name]:.4f}", f"{one['peak_mb'] or 0:,.0f}", f"{one['disk_mb']:,.0f}",
                f"{one['add_s']:.1f}", f"{one['remove_s']:.1f}",
            ))  # fmt: skip
    return aligned(rows, left=(2,)).splitlines()


def _plot(results: list[dict[str, Any]]) -> str:
    def points(value: Any) -> list[tuple[float, float]]:
        return [(one["n_passages"], value(one)) for one in results]

    return growth({
        "検索 p95 (ms)": points(lambda one: one["times_ms"]["すべて"]["p95"]),
        "メモリ (MB)": points(lambda one: one["peak_mb"] or 0.0),
        "ディスク (MB)": points(lambda one: one["disk_mb"]),
        "作成（箇所/秒）": points(lambda one: one["n_passages"] / (one["catalog_s"] + one["index_s"])),
        "千箇所の追加（秒）": points(lambda one: one["add_s"]),
    })  # fmt: skip
