"""What each verb does: one function per verb, each returning the exit code.

What only one verb needs is imported inside it: `shirube ask` must not wait for what reads files.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ui.lines import Places
from ui.settings import Settings, setting_lines
from ui.standard_input import given_lines
from ui.terminal import print_error, print_json, print_lines

if TYPE_CHECKING:  # the name of a type is no reason to import it
    from ui.wiring import Open

Arguments = argparse.Namespace


def ask(args: Arguments, settings: Settings) -> int:
    """Answer a question, or each line of standard input."""
    from ui.wiring import open_index

    with open_index(settings) as opened:
        _answer(opened, given_lines(args.question), as_json=args.json)
    return 0


def search(args: Arguments, settings: Settings) -> int:
    """Show the nearest passages."""
    from ui.as_json import hit_json
    from ui.present import hit_lines
    from ui.wiring import open_index

    with open_index(settings) as opened:
        places, documents = _places(opened)
        for query in given_lines(args.query):
            hits = opened.retriever.retrieve(query, k=settings.k)
            if args.json:
                print_json({"query": query, "hits": [hit_json(hit, documents, places) for hit in hits]})
            else:
                print_lines(hit_lines(hits, documents, places))
    return 0


def ingest(args: Arguments, settings: Settings) -> int:
    """Bring the index up to date with folders and files, or list what would have to be embedded."""
    from ui.ingest_command import ingest as run
    from ui.ingest_command import plan

    return run(args, settings) if args.plan is None else plan(args, settings)


def embed(args: Arguments, settings: Settings) -> int:
    """Embed one shard of a list of texts into a file."""
    from ui.embed_command import run

    return run(args, settings)


def remove(args: Arguments, settings: Settings) -> int:
    """Take documents out of the index."""
    from ui.ingest_command import remove as run

    return run(args, settings)


def status(args: Arguments, settings: Settings) -> int:
    """List what is indexed."""
    from ui.as_json import status_json
    from ui.present import document_lines
    from ui.wiring import open_store

    with open_store(settings) as store:
        documents, n_passages = store.documents(), store.statistics().n_passages
        index_dir = str(settings.index_dir)
        if args.json:
            print_json(
                status_json(
                    documents, index_dir=index_dir, generation=store.generation, n_passages=n_passages
                )
            )
        else:
            print_lines(document_lines(documents, n_passages=n_passages, index_dir=index_dir))
    return 0


def glossary(args: Arguments, settings: Settings) -> int:
    """Show what the documents say of a term, or of all terms."""
    from ui.newcomer_commands import glossary as run

    return run(args, settings)


def guide(args: Arguments, settings: Settings) -> int:
    """Show a first look at a document, or at all."""
    from ui.newcomer_commands import guide as run

    return run(args, settings)


def eval(args: Arguments, settings: Settings) -> int:  # noqa: A001 - named after its verb
    """Measure the answers to a dataset, compare two results, or draft questions."""
    from ui.eval_command import run

    return run(args, settings)


def bench(args: Arguments, settings: Settings) -> int:
    """Measure speed and memory of each stage over a folder."""
    from ui.bench_command import run

    return run(args, settings)


def settings(args: Arguments, settings: Settings) -> int:
    """Show every setting, its value and what it is for."""
    values = settings.model_dump(mode="json")
    if args.json:
        print_json(values)
    else:
        print_lines(setting_lines(values))
    return 0


def model(args: Arguments, settings: Settings) -> int:
    """Check the connection to the chat model; 1 if it cannot write answers."""
    from ui.model_command import run

    return run(args, settings)


def demo(args: Arguments, settings: Settings) -> int:
    """Ingest a folder, ask a question or three drawn from the documents, and print the cited answers."""
    from ui.demo import draw_questions
    from ui.wiring import open_index

    args.paths, args.rebuild, args.keep_missing = [args.folder], False, False
    args.plan, args.vectors = None, None
    code = ingest(args, settings)
    if code:
        return code
    with open_index(settings) as opened:
        questions = (
            [args.question]
            if args.question
            else draw_questions(opened.store, args.folder, opened.assistant.quote)
        )
        if not questions:
            print_error("見出しから質問を選べませんでした。--question で質問を指定してください。")
        _answer(opened, questions, as_json=args.json, with_questions=True)
    return 0


def serve(args: Arguments, settings: Settings) -> int:
    """Serve the page and the programs' endpoints until interrupted."""
    import webbrowser

    from ui.server import run

    def tell(address: str) -> None:
        if args.json:
            print_json({"address": address})
        else:
            print_error(f"{address} で開けます。止めるには Ctrl-C を押してください。")
        if args.open:
            webbrowser.open(address)

    try:
        run(settings, on_ready=tell)
    except KeyboardInterrupt:  # the usual way to end it
        print_error("終わりました。")
    return 0


def inspect(args: Arguments, settings: Settings) -> int:
    """Write a page that shows what was read of a file."""
    from ui.inspect_command import run

    return run(args, settings)


def user(args: Arguments, settings: Settings) -> int:
    """Add, remove or list users and their tokens."""
    from ui.user_command import run

    return run(args, settings)


def feedback(args: Arguments, settings: Settings) -> int:
    """Write what users said of answers as an evaluation dataset."""
    from ui.feedback_command import run

    return run(args, settings)


def backup(args: Arguments, settings: Settings) -> int:
    """Write the current state of the index into one file."""
    from ui.upkeep_commands import backup as run

    return run(args, settings)


def restore(args: Arguments, settings: Settings) -> int:
    """Bring the index to the state that a file holds."""
    from ui.upkeep_commands import restore as run

    return run(args, settings)


def migrate(args: Arguments, settings: Settings) -> int:
    """Move the index to another engine."""
    from ui.upkeep_commands import migrate as run

    return run(args, settings)


def doctor(args: Arguments, settings: Settings) -> int:
    """Say what does not fit together, and mend what can be."""
    from ui.upkeep_commands import doctor as run

    return run(args, settings)


def watch(args: Arguments, settings: Settings) -> int:
    """Follow folders until interrupted."""
    from ui.upkeep_commands import watch as run

    return run(args, settings)


def _answer(opened: Open, questions: Iterable[str], *, as_json: bool, with_questions: bool = False) -> None:
    places, documents = _places(opened)
    for question in questions:
        answer = opened.assistant.ask(question)
        if as_json:
            from ui.as_json import answer_json

            print_json(answer_json(answer, documents, places))
        else:
            from ui.present import answer_lines

            print_lines(["", f"質問: {question}"] if with_questions else [])
            print_lines(answer_lines(answer, documents, places))


def _places(opened: Open) -> tuple[Places, dict[str, Any]]:
    documents = {record.id: record for record in opened.store.documents()}
    return Places(opened.store), documents
