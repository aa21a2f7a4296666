"""A run that is interrupted loses nothing, and what a model said can be scored by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.dataset import Question
from eval.journal import answered_before, sample, written_down
from eval.records import Record, RecordStatus, load_records
from eval.unchecked import unchecked


def test_records_of_an_interrupted_run_are_on_disk(tmp_path: Path) -> None:
    def breaking() -> Iterator[Record]:
        yield Record("q1", RecordStatus.NOT_FOUND)
        raise KeyboardInterrupt

    path = tmp_path / "out" / "journal.jsonl"
    with pytest.raises(KeyboardInterrupt):
        list(written_down(breaking(), path, goes_on=False))
    assert list(load_records(path)) == ["q1"]
    list(written_down([Record("q2", RecordStatus.ERROR)], path, goes_on=True))
    assert list(load_records(path)) == ["q1", "q2"]
    assert list(answered_before(path)) == ["q1"]  # an error is asked again


def test_nothing_was_answered_before_the_first_run(tmp_path: Path) -> None:
    assert answered_before(tmp_path / "journal.jsonl") == {}


def test_sample_is_the_same_for_a_seed_and_in_the_order_of_the_questions() -> None:
    questions = [
        Question(
            id=f"q{n:02}",
            question="いつですか",
            type="date",
            answer="",
            key_facts=(),
            evidence=(),
            answerable=False,
        )
        for n in range(30)
    ]
    chosen = sample(questions, 10, seed=3)
    assert chosen == sample(questions, 10, seed=3)
    assert [one.id for one in chosen] == sorted(one.id for one in chosen)
    assert len(chosen) == 10
    assert len(sample(questions, 99, seed=3)) == 30


def test_unchecked_record_is_all_that_the_model_said_with_whole_hits_as_quotes() -> None:
    record = {
        "answer": "手数料は300円です。",
        "hits": [{"source": "a.txt", "text": "別の話", "spans": [[0, 3]]},
                 {"source": "b.txt", "text": "手数料は300円", "spans": [[5, 13]]}],
        "writing": {"said": [{"text": "手数料は400円です。", "citations": [1]}]},
    }  # fmt: skip
    twin = unchecked(record)
    assert twin["answer"] == "手数料は400円です。"
    assert twin["citations"] == [{"source": "b.txt", "quote": "手数料は300円", "spans": [[5, 13]]}]
    assert twin["sentences"][0]["citations"] == [0]
