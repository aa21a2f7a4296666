"""What each verb does: one function per verb, each returning the exit code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any

from assistant.answer import Answer
from index.build import IngestOptions
from index.build import ingest as build_index
from index.build import remove as remove_documents
from index.update import IngestReport
from ingest.errors import ReadError
from ui.lines import Places
from ui.present import (
    answer_json,
    answer_lines,
    document_lines,
    hit_json,
    hit_lines,
    report_lines,
)
from ui.progress import ProgressBars
from ui.settings import Settings
from ui.wiring import Open, build_embedder, build_pipeline, open_index, open_store

Arguments = argparse.Namespace


def ask(args: Arguments, settings: Settings) -> int:
    """Answer a question, or each line of standard input."""
    with open_index(settings) as opened:
        places, documents = _places(opened)
        for question in _lines(args.question):
            answer = opened.assistant.ask(question)
            if args.json:
                _print_json(answer_json(answer, places))
            else:
                _print(answer_lines(answer, documents, places, bold=sys.stdout.isatty()))
    return 0


def search(args: Arguments, settings: Settings) -> int:
    """Show the nearest passages."""
    with open_index(settings) as opened:
        places, documents = _places(opened)
        for query in _lines(args.query):
            hits = opened.retriever.retrieve(query, k=settings.k)
            if args.json:
                _print_json({"query": query, "hits": [hit_json(hit, places) for hit in hits]})
            else:
                _print(hit_lines(hits, documents, places))
    return 0


def ingest(args: Arguments, settings: Settings) -> int:
    """Bring the index up to date with folders and files."""
    if not args.paths and not args.rebuild:
        raise ReadError("取り込むフォルダーかファイルを指定してください。")
    report = run_ingest(args, settings)
    if args.json:
        _print_json(_report_json(report))
    else:
        _print(report_lines(report))
    nothing_read = bool(report.skipped) and not report.n_documents
    return 1 if nothing_read else 0


def run_ingest(args: Arguments, settings: Settings) -> IngestReport:
    """Ingest with progress bars."""
    options = IngestOptions(rebuild=args.rebuild, keep_missing=args.keep_missing)
    with ProgressBars() as bars:
        return build_index(
            args.paths, index_dir=settings.index_dir, embedder=build_embedder(settings),
            pipeline=build_pipeline(settings), options=options, on_progress=bars,
        )  # fmt: skip


def remove(args: Arguments, settings: Settings) -> int:
    """Take documents out of the index; 1 if a name is no document's."""
    with ProgressBars() as bars:
        report = remove_documents(
            args.documents, index_dir=settings.index_dir, embedder=build_embedder(settings),
            pipeline=build_pipeline(settings), on_progress=bars,
        )  # fmt: skip
    if args.json:
        _print_json(_report_json(report))
    else:
        _print(report_lines(report))
    return 1 if report.skipped else 0


def status(args: Arguments, settings: Settings) -> int:
    """List what is indexed."""
    with open_store(settings) as store:
        documents = store.documents()
        counts = store.statistics()
        if not args.json:
            _print(document_lines(documents, n_passages=counts.n_passages, index_dir=str(settings.index_dir)))
            return 0
        _print_json(
            {
                "index_dir": str(settings.index_dir),
                "generation": store.generation,
                "n_passages": counts.n_passages,
                "documents": [
                    {
                        "id": record.id, "source": record.source, "path": str(record.path), "title": record.title,
                        "publisher": record.publisher, "fiscal_years": list(record.fiscal_years),
                        "n_chars": record.n_chars, "warnings": list(record.warnings),
                    }
                    for record in documents
                ],
            }
        )  # fmt: skip
    return 0


def eval(args: Arguments, settings: Settings) -> int:  # noqa: A001 - named after its verb
    """Measure the answers to a dataset, write records and report, print the table."""
    from eval.dataset import dataset_sha256, load_dataset
    from eval.evaluate import evaluate, summarize
    from eval.report import format_table, write_report

    questions = load_dataset(args.dataset)
    with open_index(settings) as opened:
        sources = {record.id: record.source for record in opened.store.documents()}
        records = list(
            evaluate(_counted(questions), opened.assistant.ask, opened.store.text, sources.__getitem__)
        )
        signature = _signature(opened) | {"dataset": dataset_sha256(args.dataset)[:12]}
        report = summarize(questions, records, opened.store.text, signature=signature)
    write_report(args.out, records, report)
    print((args.out / "report.json").read_text(encoding="utf-8") if args.json else format_table(report))
    return 0


def settings(args: Arguments, settings: Settings) -> int:
    """Show every setting, its value and what it is for."""
    values = settings.model_dump(mode="json")
    if args.json:
        _print_json(values)
        return 0
    for name, field in Settings.model_fields.items():
        value = "（なし）" if values[name] is None else values[name]
        print(f"{name} = {value}\n    {field.description}（SHIRUBE_{name.upper()}）")
    return 0


def demo(args: Arguments, settings: Settings) -> int:
    """Ingest a folder, ask a question or three drawn from the documents, and print the cited answers."""
    from ui.demo import draw_questions

    args.paths, args.rebuild, args.keep_missing = [args.folder], False, False
    _print(report_lines(run_ingest(args, settings)))
    with open_index(settings) as opened:
        places, documents = _places(opened)
        for question in [args.question] if args.question else draw_questions(opened.store, args.folder):
            print(f"\n質問: {question}")
            answer: Answer = opened.assistant.ask(question)
            _print(answer_lines(answer, documents, places, bold=sys.stdout.isatty()))
    return 0


def _places(opened: Open) -> tuple[Places, dict[str, Any]]:
    documents = {record.id: record for record in opened.store.documents()}
    return Places(opened.store.text, lambda document_id: documents[document_id].path), documents


def _signature(opened: Open) -> dict[str, str]:
    manifest = opened.store.manifest
    return {
        "shirube": version("shirube"),
        "embedder": manifest.embedder,
        "analyser": manifest.analyser,
        "pipeline": manifest.pipeline,
        "fingerprint": opened.assistant.fingerprint,
    }


def _lines(given: str) -> Iterator[str]:
    """The text given, or for 「-」 each line of standard input that says something."""
    if given != "-":
        yield given
        return
    yield from (line.strip() for line in sys.stdin if line.strip())


def _counted(items: Iterable[Any]) -> Iterator[Any]:
    from tqdm import tqdm

    yield from tqdm(
        items, desc="質問", unit="問", file=sys.stderr, disable=not sys.stderr.isatty(), leave=False
    )


def _report_json(report: IngestReport) -> Mapping[str, Any]:
    return {
        "added": report.added, "changed": report.changed, "unchanged": report.unchanged, "removed": report.removed,
        "skipped": [{"source": s.source, "message": s.message, "hint": s.hint} for s in report.skipped],
        "warnings": report.warnings, "n_documents": report.n_documents, "n_passages": report.n_passages,
        "n_embedded": report.n_embedded, "generation": report.generation,
    }  # fmt: skip


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False))
