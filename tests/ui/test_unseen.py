"""Documents and questions of writers who knew nothing of the product: `tests/unseen/`, docs/eval.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.conftest import SAMPLE, Shirube

UNSEEN = Path(__file__).parents[1] / "unseen"
FLOORS = {  # what was measured, less two questions
    "ward": ("hit@1=.75", "facts=.76", "right_answerable=.76", "spans=1", "supported=1", "numbers=1"),
    "sample": ("hit@1=.68", "facts=.74", "right_answerable=.70", "spans=1", "supported=1", "numbers=1"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "documents"), [("ward", UNSEEN / "ward"), ("sample", SAMPLE)])
def test_questions_of_others_are_answered(
    shirube: Shirube, tmp_path: Path, name: str, documents: Path
) -> None:
    where = ("--index-dir", tmp_path / "index")
    assert shirube("ingest", documents, *where).code == 0
    floors = [part for floor in FLOORS[name] for part in ("--fail-under", floor)]
    outcome = shirube("eval", UNSEEN / f"{name}.jsonl", "--out", tmp_path / "out", *floors, *where)
    assert outcome.code == 0, outcome.err
