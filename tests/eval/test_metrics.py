from __future__ import annotations

from math import log2

import pytest

from eval.metrics import evidence_at, facts_at, hit_at, hit_spans, mrr, ndcg_at, relevance, source_at
from eval.records import Excerpt, Record, RecordStatus
from ingest.errors import CatalogError
from ingest.traced import Span

ONE = "受付は五月一日から始める"
TWO = "会場は潮見市役所の二階です"
OTHER = "関係のない別の文がここにある"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([ONE, TWO], ([1, 2], 0)),
        ([OTHER, ONE + TWO], ([2], 0)),
        ([ONE, ONE, OTHER], ([1], 1)),
        ([OTHER], ([], 2)),
        ([], ([], 2)),
        ([ONE[:8], ONE[3:], OTHER], ([2], 1)),
    ],
)
def test_relevance_counts_each_piece_where_it_is_first_covered(build, texts, expected):
    assert relevance(build.case(build.question(ONE, TWO), build.hits(*texts))) == expected


@pytest.mark.parametrize(("k", "expected"), [(1, 0.0), (2, 1.0), (5, 1.0)])
def test_hit_at_k_looks_no_further_than_k(build, k, expected):
    assert hit_at(build.case(build.question(ONE, TWO), build.hits(OTHER, TWO)), k=k) == expected


def test_hit_at_k_joins_the_hits_so_far(build):
    case = build.case(build.question(ONE), build.hits(ONE[:8], ONE[3:]))
    assert (hit_at(case, k=1), hit_at(case, k=2)) == (0.0, 1.0)


def test_mrr_is_the_reciprocal_of_the_first_relevant_rank(build):
    question = build.question(ONE, TWO)
    assert mrr(build.case(question, build.hits(OTHER, OTHER, TWO, ONE))) == 1 / 3
    assert mrr(build.case(question, build.hits(OTHER))) == 0.0


def test_ndcg_discounts_late_pieces_and_counts_those_never_found(build):
    question = build.question(ONE, TWO)
    late = build.case(question, build.hits(ONE, OTHER, TWO))
    assert ndcg_at(late, k=10) == pytest.approx((1 / log2(2) + 1 / log2(4)) / (1 / log2(2) + 1 / log2(3)))
    half = build.case(question, build.hits(ONE, OTHER))
    assert ndcg_at(half, k=10) == pytest.approx((1 / log2(2)) / (1 / log2(2) + 1 / log2(3)))


def test_ndcg_is_one_when_one_hit_holds_everything(build):
    assert ndcg_at(build.case(build.question(ONE, TWO), build.hits(ONE + TWO, OTHER)), k=10) == 1.0


def test_ndcg_cuts_ranking_and_ideal_at_k(build):
    case = build.case(build.question(ONE, TWO), build.hits(ONE, OTHER, TWO))
    assert ndcg_at(case, k=1) == 1.0
    assert ndcg_at(case, k=2) == pytest.approx(1 / (1 + 1 / log2(3)))


def test_evidence_at_needs_every_piece_within_the_characters(build):
    case = build.case(build.question(ONE, TWO), build.hits(ONE, TWO))
    assert evidence_at(case, chars=len(ONE) + len(TWO)) == 1.0
    assert evidence_at(case, chars=len(ONE)) == 0.0


def test_evidence_at_counts_a_repeated_hit_once(build):
    case = build.case(build.question(ONE, TWO), build.hits(ONE, ONE, ONE, TWO))
    assert evidence_at(case, chars=len(ONE) + len(TWO)) == 1.0


def test_facts_at_needs_every_fact_within_the_characters(build):
    question = build.question(ONE, key_facts=(("五月一日",), ("二階", "２階")))
    case = build.case(question, build.hits(ONE, TWO))
    assert facts_at(case, chars=500) == 1.0
    assert facts_at(case, chars=len(ONE)) == 0.0


def excerpt(text: str, *spans: tuple[int, int], source: str = "a.txt", document_id: str = "") -> Excerpt:
    return Excerpt(source, text, tuple(Span(*span) for span in spans), document_id)


def test_hit_spans_is_the_share_of_the_first_five(build):
    good, bad = excerpt("受付は", (0, 3)), excerpt("受付は", (1, 4))
    record = Record("q1", RecordStatus.NOT_FOUND, hits=(good, bad, bad, good, good, bad))
    assert hit_spans(build.case(build.question(ONE), record, a=ONE)) == 3 / 5


@pytest.mark.parametrize(
    ("hit", "expected"),
    [
        (excerpt("一日 五月", (5, 7), (3, 5)), 1.0),
        (excerpt("受付は"), 0.0),
        (excerpt("", (0, 0)), 0.0),
        (excerpt("始める", (9, 99)), 0.0),
        (excerpt("始め", (-3, 11)), 0.0),
        (excerpt("受付は", (0, 3), source="無い.txt"), 0.0),
        (excerpt("受付は", (0, 3), source="無い.txt", document_id="a.txt"), 1.0),
    ],
)
def test_hit_spans_takes_only_ranges_that_are_the_text(build, hit, expected):
    record = Record("q1", RecordStatus.ANSWERED, hits=(hit,))
    assert hit_spans(build.case(build.question(ONE), record, a=ONE)) == expected


def test_hit_spans_counts_a_document_that_is_gone_as_wrong(build):
    def gone(_: str) -> str:
        raise CatalogError("索引を読めません。")

    case = build.case(
        build.question(ONE), Record("q1", RecordStatus.ANSWERED, hits=(excerpt("受付は", (0, 3)),))
    )
    assert hit_spans(type(case)(case.question, case.record, gone)) == 0.0


def test_retrieval_is_not_measured_on_unanswerable_questions(build):
    case = build.case(build.question(), build.hits(ONE))
    measured = [
        hit_at(case, k=1),
        mrr(case),
        ndcg_at(case, k=1),
        evidence_at(case, chars=9),
        facts_at(case, chars=9),
    ]
    assert [*measured, hit_spans(case)] == [None] * 6


@pytest.mark.parametrize(("k", "value"), [(1, 0.0), (2, 1.0)])
def test_source_at_counts_documents_not_hits(build, k, value):
    hits = tuple(Excerpt(source, "別の文", ()) for source in ("b.txt", "b.txt", "a.txt"))
    case = build.case(build.question("受付は5月1日から"), Record("q1", RecordStatus.NOT_FOUND, hits=hits))
    assert source_at(case, k=k) == value
