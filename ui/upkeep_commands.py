"""`shirube backup`, `restore`, `doctor` and `watch`: what keeps an index whole and up to date."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ui.settings import Settings
from ui.terminal import print_error, print_json, print_lines

if TYPE_CHECKING:
    from index.migrate import MigrateReport


def backup(args: argparse.Namespace, settings: Settings) -> int:
    """Write the current state into one file."""
    from index.backup import backup as write

    report = write(settings.index_dir, args.file)
    if args.json:
        print_json({"file": str(args.file), **asdict(report)})
    else:
        size = f"{report.n_bytes / 1_000_000:,.1f} MB"
        held = f"{report.n_documents} 文書、{report.n_passages} 箇所、{size}"
        print_lines([f"{args.file} に控えを作りました（{held}）。"])
    return 0


def restore(args: argparse.Namespace, settings: Settings) -> int:
    """Bring the index to the state that a file holds."""
    from index.restore import restore as bring_back

    report = bring_back(args.file, index_dir=settings.index_dir)
    if args.json:
        print_json({"file": str(args.file), **asdict(report)})
    else:
        print_lines(
            [f"{report.created} の控えに戻しました（{report.n_documents} 文書、{report.n_passages} 箇所）。"]
        )
    return 0


def migrate(args: argparse.Namespace, settings: Settings) -> int:
    """Move the index to the engine that is named; what the settings name is for the user to change."""
    from index.engine_local import LOCAL_ENGINE
    from index.migrate import Makers
    from index.migrate import migrate as move
    from ingest.tokenizer import Tokenizer
    from ui.engine import milvus_engine
    from ui.progress import ProgressBars
    from ui.wiring import build_embedder

    to_milvus = args.target == "milvus"
    milvus = milvus_engine(settings) if to_milvus or settings.milvus_uri else None
    target = milvus if to_milvus and milvus else LOCAL_ENGINE
    embedder = build_embedder(settings)
    with ProgressBars() as bars:
        report = move(
            settings.index_dir, target=target, sources=(milvus,) if milvus else (),
            makers=Makers(embedder.signature, Tokenizer.signature, embedder.dim), on_progress=bars,
        )  # fmt: skip
    if args.json:
        print_json(asdict(report))
    else:
        print_lines([_moved(report)])
    for warning in report.warnings:
        print_error(f"注意: {warning}")
    if settings.engine != report.target:
        print_error(f'次に、設定を engine = "{report.target}" にしてください。')
    return 0


def doctor(args: argparse.Namespace, settings: Settings) -> int:
    """Say what does not fit together, and mend what can be derived; 1 if damage remains."""
    from index.doctor import Part, examine, repair
    from ui.pipeline import build_pipeline
    from ui.progress import ProgressBars
    from ui.wiring import build_embedder

    embedder, pipeline = build_embedder(settings), build_pipeline(settings)

    findings = examine(settings.index_dir, embedder=embedder.signature, pipeline=pipeline)
    repaired = []
    if args.repair and any(finding.is_derived for finding in findings):
        with ProgressBars() as bars:
            repair(settings.index_dir, embedder=embedder, pipeline=pipeline, on_progress=bars)
        remaining = examine(settings.index_dir, embedder=embedder.signature, pipeline=pipeline)
        repaired = [finding for finding in findings if finding not in remaining]
        findings = remaining
    if args.json:
        print_json({"findings": [asdict(f) for f in findings], "repaired": [asdict(f) for f in repaired]})
    else:
        print_lines([f"直しました: {finding.message}" for finding in repaired])
        print_lines([f"{finding.message}{finding.hint}" for finding in findings])
        print_lines([] if findings else ["索引に問題はありません。"])
    return 1 if any(finding.part is not Part.FILES for finding in findings) else 0


def watch(args: argparse.Namespace, settings: Settings) -> int:
    """Follow folders until interrupted."""
    from ui.watch import changes, follow, ingest_in_child

    paths = [path.absolute() for path in args.paths]
    ticks = changes(paths, ignore=settings.index_dir, poll=args.poll)
    if not args.json:
        print_error(f"{'、'.join(map(str, paths))} を見ています。止めるには Ctrl-C を押してください。")
    try:
        for told in follow(paths, ingest_in_child(settings), ticks):
            if args.json:
                print_json({"report": dict(told.report), "error": told.error, "hint": told.hint})
            elif told.error:
                print_error(f"エラー: {told.error}。{told.hint}")
            else:
                print_lines(_news(told.report))
    except KeyboardInterrupt:  # the usual way to end it
        print_error("終わりました。")
    return 0


def _news(report: Mapping[str, Any]) -> Iterator[str]:
    """What changed; nothing if nothing did."""
    counts = (("追加", "added"), ("更新", "changed"), ("削除", "removed"))
    told = "、".join(f"{label} {len(report[key])}件" for label, key in counts if report[key])
    if told:
        yield f"{told}。索引は {report['n_documents']} 文書、{report['n_passages']} 箇所です。"
        for skipped in report["skipped"]:
            yield f"とばしました: {skipped['source']}: {skipped['message']} {skipped['hint']}".rstrip()


def _moved(report: MigrateReport) -> str:
    held = f"{report.n_documents} 文書、{report.n_passages} 箇所"
    if report.source == report.target:
        return f"索引はもう {report.target} にあります（{held}）。"
    ways = f"{report.source} から {report.target} に"
    return f"索引を {ways}移しました（{held}。すべて読み返して照合しました）。"
