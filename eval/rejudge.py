"""What a chat model said then, checked as it would be now: records of an eval in, new records out.

    python -m eval.rejudge OUT/records.jsonl DATASET INDEX_DIR NEW.jsonl SHEET.md

So a change of the checker is measured on the same words without asking the model again. What is confirmed is
for a reader to judge: the sheet holds each such sentence under its question, with the places that it cites.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from assistant.answer import Answer
from assistant.chain import AnswerChain
from assistant.check import Verdict
from assistant.prose import ProseChain, Told
from eval.dataset import load_dataset
from eval.records import Record, load_records, record_of
from index.embed_bundled import BundledEmbedder, default_cache_dir
from index.retrieve import HybridRetriever
from index.store import Store
from ingest.tokenizer import Tokenizer, default_tokenizer


def told_in(record: Record) -> list[Told]:
    """The sentences that the model said, unchecked, with the passages that it cited for them."""
    hits = record.hits
    return [
        Told(one["text"], frozenset((hits[n].document_id, hits[n].spans) for n in one["citations"]))
        for one in record.writing.get("said", ())
    ]


def rejudged(
    chain: ProseChain, records: Mapping[str, Record], questions: Mapping[str, str]
) -> Iterator[tuple[str, Answer]]:
    """The id of each record in which a model said something, and its answer as it would be shown now."""
    for name, record in records.items():
        if told := told_in(record):
            yield name, chain.judge_again(questions[name], told)


def sheet_of(answers: Sequence[tuple[str, Answer]], questions: Mapping[str, str]) -> str:
    """What a reader is to judge: sentences called confirmed of answers that are shown as written."""
    lines: list[str] = []
    n = 0
    written = [(name, one) for name, one in answers if one.writing and not one.writing.fell_back]
    for name, answer in written:
        lines.append(f"\n## {name} {questions[name]}\n")
        quotes = {one.marker: " ".join(one.quote.split()) for one in answer.citations}
        for one in answer.sentences:
            if one.verdict == Verdict.CONFIRMED.value:
                n += 1
                lines += [f"{n}. {one.text}", *(f"   - {quotes[marker]}" for marker in one.citations)]
    head = f"{n} sentences of {len(written)} answers; {len(answers) - len(written)} are quoted instead"
    return "\n".join([head, *lines, ""])


def main(arguments: Sequence[str] | None = None) -> None:
    """Check again what a run's model said; write the records and the sheet."""
    parser = argparse.ArgumentParser(prog="python -m eval.rejudge", description=__doc__)
    parser.add_argument("records", type=Path)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("index_dir", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("sheet", type=Path, help="the confirmed sentences, for a reader")
    args = parser.parse_args(arguments)
    questions = {row.id: row.question for row in load_dataset(args.dataset)}
    before = load_records(args.records)
    embedder, tokenizer = BundledEmbedder(cache_dir=default_cache_dir()), default_tokenizer()
    with Store.open(
        args.index_dir, embedder_signature=embedder.signature, analyser_signature=Tokenizer.signature
    ) as store:
        quoting = AnswerChain(store, HybridRetriever(store, embedder, tokenizer), tokenizer)
        answers = list(rejudged(ProseChain.without_model(quoting, store), before, questions))
        sources = {record.id: record.source for record in store.documents()}
        after = {
            name: record_of(name, answer, original_of=store.text, source_of=sources.__getitem__, total_s=0)
            for name, answer in answers
        }
    args.out.write_text("".join(f"{r.to_json()}\n" for r in {**before, **after}.values()), encoding="utf-8")
    args.sheet.write_text(sheet_of(answers, questions), encoding="utf-8")


if __name__ == "__main__":
    main()
