from __future__ import annotations

import sys

import numpy as np
import pytest

from eval.baseline import Baseline, BaselineError, split
from eval.evaluate import summarize
from eval.records import RecordStatus

TEXTS = {
    "a.txt": "受付は5月1日から始める。\n\n" + "あ" * 1500 + "\n",
    "b.txt": "会場は潮見市役所の二階です。\n",
}


class Letters:
    """Vectors of three letters, unit length."""

    dim = 3
    signature = "letters"

    def embed_queries(self, texts):
        counts = np.array([[text.count(c) + 0.01 for c in "受会あ"] for text in texts], dtype=np.float32)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)

    embed_passages = embed_queries


def test_chunks_are_pieces_of_the_text_word_for_word_and_at_most_1000_characters():
    chunks = list(split(TEXTS))
    assert [chunk.source for chunk in chunks] == ["a.txt"] * 3 + ["b.txt"]
    for chunk in chunks:
        assert TEXTS[chunk.source][chunk.start : chunk.start + len(chunk.text)] == chunk.text
        assert len(chunk.text) <= 1000


def test_the_best_chunk_is_said_and_cited(build):
    questions = [
        build.question("会場は潮見市役所の二階です", question="会場はどこですか。", key_facts=(("二階",),))
    ]
    (record,) = Baseline(split(TEXTS), Letters()).records(questions, k=2)
    assert (record.status, record.hits[0].source, len(record.hits)) == (RecordStatus.ANSWERED, "b.txt", 2)
    report = summarize(questions, [record], TEXTS.__getitem__, signature={})
    scores = {name: score.mean for name, score in report.overall.items()}
    assert (scores["hit@1"], scores["facts"], scores["spans"], scores["hit_spans"]) == (1, 1, 1, 1)


def test_nothing_is_found_in_nothing(build):
    (record,) = Baseline([], Letters()).records([build.question("受付は5月1日から")], k=2)
    assert (record.status, record.hits) == (RecordStatus.NOT_FOUND, ())


def test_a_missing_package_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "langchain_text_splitters", None)
    with pytest.raises(BaselineError, match="langchain-text-splitters"):
        list(split(TEXTS))
