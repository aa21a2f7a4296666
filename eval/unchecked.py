"""What a chat model said before it was checked, as records of their own, to be scored beside the answers.

python -m eval.unchecked eval-out/records.jsonl unchecked.jsonl
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.answer import Answer


def writing_fields(answer: Answer) -> dict[str, Any]:
    """How a model took part in an answer; empty if none did.

    `said` are its sentences with 0-based indices of the hits they cite, `verdicts` those of the sentences
    that are shown.
    """
    writing = getattr(answer, "writing", None)  # not every assistant has one
    if writing is None:
        return {}
    return {
        "fell_back": writing.fell_back,
        "verdicts": [] if writing.fell_back else [one.verdict for one in answer.sentences if one.verdict],
        "said": [{"text": s.text, "citations": [rank - 1 for rank in s.citations]} for s in writing.said],
        "struck": [{"text": s.text, "reason": s.reason} for s in writing.struck],
        "first_s": writing.first_s,
        "total_s": writing.total_s,
    }


def unchecked(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record of an answer as if all that the model said were the answer, with whole hits as citations."""
    said = record.get("writing", {}).get("said", [])
    if not said:
        return dict(record)
    cited = sorted({n for sentence in said for n in sentence["citations"]})
    place = {n: at for at, n in enumerate(cited)}
    hits = record["hits"]
    return {
        **record,
        "answer": "\n".join(sentence["text"] for sentence in said),
        "citations": [
            {"source": hits[n]["source"], "quote": hits[n]["text"], "spans": hits[n]["spans"]} for n in cited
        ],
        "sentences": [
            {"text": s["text"], "citations": [place[n] for n in s["citations"]], "role": "answer"}
            for s in said
        ],
    }


def main() -> None:
    """Write the unchecked twin of each record of a file."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("records", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    lines = args.records.read_bytes().splitlines()
    twins = (json.dumps(unchecked(json.loads(line)), ensure_ascii=False) for line in lines if line.strip())
    args.out.write_text("".join(f"{twin}\n" for twin in twins), encoding="utf-8")


if __name__ == "__main__":
    main()
