"""Turn a passage-retrieval set in the form of JSQuAD into a folder of documents and a dataset.

    python -m eval.jsquad SRC OUT

`SRC` holds `jsquad_valid.corpus.jsonl` and `jsquad_valid.queries.jsonl`. `OUT/documents` gets one text file
a passage, `OUT/questions.jsonl` the questions: the whole passage is the evidence, the gold spans are the
alternatives of the one key fact. Then passage recall@k is `source@k` and "the answer line of at most 60
characters contains the gold span" is `line@60`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ingest.errors import DatasetError

CORPUS, QUERIES = "jsquad_valid.corpus.jsonl", "jsquad_valid.queries.jsonl"
DOCUMENTS, QUESTIONS = "documents", "questions.jsonl"


def convert(source_dir: Path, out_dir: Path, *, n_questions: int | None = None, seed: int = 0) -> int:
    """Write the documents and the dataset; how many questions there are.

    Args:
        source_dir: Where the two files lie.
        out_dir: A scratch folder, made if need be; files of the same names are replaced.
        n_questions: So many are drawn, in the order of the file; `None` for all. The documents are always
            all there.
        seed: Of the drawing.

    Raises:
        DatasetError: If a file cannot be read or a line is not in the expected form.
    """
    passages = {row["id"]: row for row in _rows(source_dir / CORPUS, ("id", "title", "text"))}
    queries = list(_rows(source_dir / QUERIES, ("id", "question", "relevant", "answers")))
    if n_questions is not None and n_questions < len(queries):
        drawn = random.Random(seed).sample(range(len(queries)), n_questions)  # noqa: S311 - no secret
        queries = [queries[n] for n in sorted(drawn)]
    documents = out_dir / DOCUMENTS
    documents.mkdir(parents=True, exist_ok=True)
    for passage in passages.values():
        (documents / _file_name(passage["id"])).write_text(passage["text"] + "\n", encoding="utf-8")
    declared = "\n".join(_declaration(passage) for passage in passages.values())
    (documents / "documents.toml").write_text(declared, encoding="utf-8")
    lines = (json.dumps(_question(query, passages), ensure_ascii=False) for query in queries)
    (out_dir / QUESTIONS).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(queries)


def main() -> None:
    """Run the conversion from the command line."""
    parser = argparse.ArgumentParser(prog="python -m eval.jsquad", description=__doc__)
    parser.add_argument("source", type=Path, metavar="SRC", help="folder of the two JSONL files")
    parser.add_argument("out", type=Path, metavar="OUT", help="scratch folder, never to be committed")
    parser.add_argument("--questions", type=int, metavar="N", help="draw N questions instead of all")
    parser.add_argument("--seed", type=int, default=0, help="of the drawing (default 0)")
    args = parser.parse_args()
    try:
        convert(args.source, args.out, n_questions=args.questions, seed=args.seed)
    except DatasetError as error:
        parser.error(f"{error.message}{error.hint}")


def _rows(path: Path, wanted: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} を読めません。") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise DatasetError(f"{path.name} の {number} 行目: JSON として読めません。") from error
        lacking = [name for name in wanted if not (isinstance(row, dict) and row.get(name))]
        if lacking:
            raise DatasetError(f"{path.name} の {number} 行目: 「{lacking[0]}」がありません。")
        yield row


def _file_name(passage_id: str) -> str:
    if not passage_id.isalnum():
        raise DatasetError(f"id「{passage_id}」はファイル名にできません。")
    return f"{passage_id}.txt"


def _declaration(passage: Mapping[str, Any]) -> str:
    title = json.dumps(passage["title"], ensure_ascii=False)
    return f'[[document]]\nfile = "{_file_name(passage["id"])}"\ntitle = {title}\n'


def _question(query: Mapping[str, Any], passages: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "id": query["id"],
        "question": query["question"],
        "type": "span",
        "answer": query["answers"][0],
        "key_facts": [query["answers"]],
        "evidence": [
            {"doc": _file_name(name), "quote": passages[name]["text"]}
            for name in query["relevant"]
            if name in passages
        ],
        "answerable": True,
    }


if __name__ == "__main__":
    main()
