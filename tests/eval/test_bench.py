from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
import pytest

from eval.bench import TimedEmbedder, TimedSearch, ask_times, ingest_times, peak_mb, summed_up
from index.timing import collected


class Slow:
    dim = 2
    signature = "slow"
    n_passages = 7

    def embed_queries(self, texts):
        return np.ones((len(texts), 2), dtype=np.float32)

    embed_passages = embed_queries

    def embed_passages_in_batches(self, texts) -> Iterator:
        for n in range(len(texts)):
            time.sleep(0.01)
            yield [n], np.ones((1, 2), dtype=np.float32)

    def search(self, query, *, k):
        return [(query, k)]


def test_bulk_embedding_is_timed_without_what_is_done_with_a_batch():
    with collected() as stages:
        for positions, vectors in TimedEmbedder(Slow()).embed_passages_in_batches(["a", "b"]):
            assert vectors.shape == (len(positions), 2)
            time.sleep(0.2)
    assert 0.02 <= stages["embed_bulk"] < 0.4


def test_a_timed_index_passes_everything_on():
    index = TimedSearch(Slow(), "dense")
    with collected() as stages:
        assert index.search("q", k=3) == [("q", 3)]
    assert index.n_passages == 7
    assert list(stages) == ["dense"]


def test_what_no_stage_accounts_for_is_writing():
    times = ingest_times({"read": 1.0, "embed_bulk": 2.0}, 4.0)
    assert {name: time.seconds for name, time in times.items()} == {
        "read": 1.0, "chunk": 0.0, "tokenise": 0.0, "embed_bulk": 2.0, "write": 1.0, "total": 4.0,
    }  # fmt: skip
    assert times["embed_bulk"].share == 0.5


def test_stages_of_a_question_do_not_overlap_and_make_the_total(build):
    passage = build.passage("d1", "受付は5月1日から", 0, 9)
    answer = build.answer("いつ", passage)
    timings = {"embed": 0.4, "lexical": 0.1, "dense": 0.1, "retrieve": 0.7, "answer": 0.2, "total": 1.0}
    asked: list[str] = []

    def ask(question):
        asked.append(question)
        return type(answer)(
            **{name: getattr(answer, name) for name in answer.__slots__} | {"timings": timings}
        )

    times = summed_up(ask_times(["一", "二"], ask))
    assert asked == ["一", "一", "二"]
    seconds = {name: time.seconds for name, time in times.items()}
    assert seconds == pytest.approx(
        {"embed": 0.4, "lexical": 0.1, "dense": 0.1, "fuse": 0.1, "answer": 0.2, "other": 0.1, "total": 1.0}
    )
    assert sum(time.share for name, time in times.items() if name != "total") == pytest.approx(1.0)
    assert summed_up([]) == {}


def test_peak_memory_is_that_of_this_process():
    told = peak_mb()
    if told is None:
        pytest.skip("this system does not tell a process its peak memory")
    assert 10 < told < 100_000
