"""`shirube ingest` and `shirube remove`: what changes which documents are in the index."""

from __future__ import annotations

import argparse
from dataclasses import replace

from index.build import IngestOptions
from index.build import ingest as build_index
from index.build import plan as plan_index
from index.build import remove as remove_documents
from index.update import IngestReport
from index.work_list import FILE_NAME, write_work_list
from ingest.errors import ShirubeError
from ui.as_json import plan_json, report_json
from ui.pipeline import build_pipeline, guarded_pipeline
from ui.present import plan_lines, report_lines
from ui.progress import ProgressBars
from ui.settings import Settings
from ui.terminal import print_error, print_json, print_lines
from ui.wiring import build_embedder

NOTHING_TO_READ = (
    "エラー: 取り込める文書がありませんでした。"
    "PDF、Word、Excel、PowerPoint、HTML、テキストなどのファイルがある場所を指定してください。"
)


class PathError(ShirubeError):
    """A folder or file that was named does not exist."""

    hint = "名前と場所を確かめてください。空白を含む名前は引用符で囲みます。索引はそのままです。"


def ingest(args: argparse.Namespace, settings: Settings) -> int:
    """Bring the index up to date with folders and files; 1 if nothing could be read."""
    _check_paths(args)
    with ProgressBars() as bars:
        report = build_index(
            args.paths, index_dir=settings.index_dir, embedder=build_embedder(settings),
            pipeline=guarded_pipeline(settings), options=_options(args), on_progress=bars,
        )  # fmt: skip
    _print_report(report, as_json=args.json)
    if report.n_documents or report.removed:
        return 0
    print_error(NOTHING_TO_READ)
    return 1


def plan(args: argparse.Namespace, settings: Settings) -> int:
    """Write the texts that an ingest would embed into the folder `args.plan`; the index stays as it is."""
    _check_paths(args)
    embedder = build_embedder(settings)
    with ProgressBars() as bars:
        made = plan_index(
            args.paths, index_dir=settings.index_dir, embedder=embedder,
            pipeline=guarded_pipeline(settings), options=_options(args), on_progress=bars,
        )  # fmt: skip
    write_work_list(args.plan, made.texts, embedder=embedder.signature, dim=embedder.dim)
    path = args.plan / FILE_NAME
    if args.json:
        print_json(plan_json(made, path))
    else:
        print_lines(plan_lines(made, path))
    return 0


def remove(args: argparse.Namespace, settings: Settings) -> int:
    """Take documents out of the index; 1 if a name is no document's."""
    with ProgressBars() as bars:
        report = remove_documents(
            args.documents, index_dir=settings.index_dir, embedder=build_embedder(settings),
            pipeline=build_pipeline(settings), on_progress=bars,
        )  # fmt: skip
    if args.json or report.removed:
        _print_report(report if args.json else replace(report, skipped=()), as_json=args.json)
    for skipped in report.skipped:
        print_error(f"エラー: {skipped.source}: {skipped.message}{skipped.hint}")
    return 1 if report.skipped else 0


def _check_paths(args: argparse.Namespace) -> None:
    for path in args.paths:
        if not path.exists():
            raise PathError(f"フォルダーまたはファイルがありません: {path}")
    if args.vectors is not None and not args.vectors.is_dir():
        raise PathError(f"ベクトルのファイルのフォルダーがありません: {args.vectors}")


def _options(args: argparse.Namespace) -> IngestOptions:
    return IngestOptions(rebuild=args.rebuild, keep_missing=args.keep_missing, vectors=args.vectors)


def _print_report(report: IngestReport, *, as_json: bool) -> None:
    if as_json:
        print_json(report_json(report))
    else:
        print_lines(report_lines(report))
