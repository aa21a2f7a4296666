"""Journal: records written down one by one, so that a long run that is interrupted loses none."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from eval.dataset import Question
from eval.records import Record, RecordStatus, load_records

JOURNAL_NAME = "journal.jsonl"


def written_down(records: Iterable[Record], path: Path, *, goes_on: bool) -> Iterator[Record]:
    """The same records; each is a line of the file before the next one is made.

    Args:
        records: As `evaluate` yields them.
        path: Its folder is made if there is none.
        goes_on: Whether the file's lines stay.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a" if goes_on else "w", encoding="utf-8", newline="\n") as file:
        for record in records:
            file.write(f"{record.to_json()}\n")
            file.flush()
            yield record


def answered_before(path: Path) -> dict[str, Record]:
    """The records of a journal, if there is one, by question id; what ended in an error is to be asked again.

    Raises:
        DatasetError: If a line of it is no record.
    """
    known = load_records(path) if path.exists() else {}
    return {name: record for name, record in known.items() if record.status is not RecordStatus.ERROR}


def sample(questions: Sequence[Question], n: int, *, seed: int) -> tuple[Question, ...]:
    """`n` of the questions in their order, always the same for one seed; all if there are not more."""
    chosen = random.Random(seed).sample(range(len(questions)), min(n, len(questions)))  # noqa: S311
    return tuple(questions[at] for at in sorted(chosen))
