"""`shirube embed`: one shard of a list of texts becomes a file of vectors, on whatever machine."""

from __future__ import annotations

import argparse

from index.embed_shard import embed_shard
from ui.progress import ProgressBars
from ui.settings import Settings
from ui.terminal import print_json, print_lines
from ui.wiring import build_embedder


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Compute what is not there of the shard `args.shard` of the list in `args.work`; no index is needed."""
    out = args.work if args.out is None else args.out
    with ProgressBars() as bars:
        report = embed_shard(
            args.work, args.shard, out=out, embedder=build_embedder(settings), on_progress=bars
        )
    if args.json:
        print_json(
            {
                "file": str(report.path), "shard": str(args.shard), "n_texts": report.n_texts,
                "n_embedded": report.n_embedded, "n_bytes": report.n_bytes,
            }
        )  # fmt: skip
    else:
        size = f"{report.n_bytes / 1_000_000:,.1f} MB"
        done = f"今回計算したのは {report.n_embedded:,} 文" if report.n_embedded else "もう計算してありました"
        print_lines([f"シャード {args.shard}: {report.path}（{report.n_texts:,} 文、{size}。{done}）"])
    return 0
