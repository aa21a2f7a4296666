from __future__ import annotations

from collections.abc import Sequence

import pytest

from index.filters import Filters
from index.hit import Hit
from index.rerank import CrossEncoderReranker, RerankedRetriever
from ingest.errors import EmbedderError
from tests.fakes import hits_of


class Listed:
    """Finds the same texts whatever is asked."""

    def __init__(self, *texts: str) -> None:
        self._hits = hits_of(*texts)

    def retrieve(self, query: str, *, k: int, filters: Filters | None = None) -> list[Hit]:  # noqa: ARG002
        return self._hits[:k]


class ByLength:
    """The longer the better."""

    def scores(self, query: str, passages: Sequence[str]) -> list[float]:  # noqa: ARG002
        return [float(len(passage)) for passage in passages]


def test_the_best_of_the_pool_come_in_the_order_of_the_reranker() -> None:
    retriever = RerankedRetriever(
        Listed("短い", "もっと長い", "長い文", "これは一番長い文"), ByLength(), pool=3
    )
    hits = retriever.retrieve("何か", k=4)
    assert [hit.passage.text for hit in hits] == ["もっと長い", "長い文", "短い", "これは一番長い文"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].legs["reranker"] == 5.0


@pytest.mark.parametrize("k", [0, 1, 2, 9])
def test_fewer_hits_are_the_first_of_more(k: int) -> None:
    retriever = RerankedRetriever(Listed("あ", "いい", "ううう"), ByLength(), pool=2)
    assert retriever.retrieve("何か", k=k) == retriever.retrieve("何か", k=3)[:k]


@pytest.mark.slow
def test_a_model_that_is_not_there_is_a_clear_error() -> None:
    with pytest.raises(EmbedderError, match="リランカー"):
        CrossEncoderReranker("/無い/モデル")
