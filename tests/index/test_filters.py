from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.filters import Filters
from ingest.document_record import DocumentRecord


def record(name: str, publisher: str, *years: int) -> DocumentRecord:
    return DocumentRecord(
        id=name,
        root="/文書",
        source=f"{name}.txt",
        title=name,
        publisher=publisher,
        fiscal_years=years,
        sha256="",
        warnings=(),
        read_by="",
        prepared_by="",
        n_chars=0,
    )


RECORDS = [
    record("報告4", "潮見市", 2022),
    record("報告5", "潮見市", 2023),
    record("計画", "潮見市", 2021, 2022, 2023),
    record("手引", "交流協会"),
]
SOME = st.builds(
    Filters,
    documents=st.frozensets(st.sampled_from(["報告4", "報告5", "計画", "手引", "無い"])),
    publishers=st.frozensets(st.sampled_from(["潮見市", "交流協会", "無い"])),
    fiscal_years=st.frozensets(st.integers(2020, 2024)),
)


@pytest.mark.parametrize(
    ("filters", "matching"),
    [
        (Filters(), None),
        (Filters(documents=frozenset({"手引"})), {"手引"}),
        (Filters(publishers=frozenset({"潮見市"})), {"報告4", "報告5", "計画"}),
        (Filters(fiscal_years=frozenset({2022})), {"報告4", "計画"}),
        (Filters(fiscal_years=frozenset({2022, 2023})), {"報告4", "報告5", "計画"}),
        (Filters(frozenset({"報告4", "手引"}), frozenset({"潮見市"})), {"報告4"}),
        (Filters(frozenset({"手引"}), frozenset({"潮見市"})), set()),
        (Filters(documents=frozenset({"無い"})), set()),
    ],
)
def test_filters_match_documents_that_satisfy_each_criterion(
    filters: Filters, matching: set[str] | None
) -> None:
    assert filters.document_ids(RECORDS) == matching
    assert filters.is_empty == (matching is None)


@given(SOME)
def test_filters_give_exactly_the_documents_that_match(filters: Filters) -> None:
    expected = frozenset(one.id for one in RECORDS if filters.matches(one))
    assert filters.document_ids(RECORDS) == (None if filters.is_empty else expected)


@given(SOME, SOME)
def test_filters_narrow_when_criteria_are_added(one: Filters, other: Filters) -> None:
    both = Filters(one.documents, other.publishers, one.fiscal_years)
    narrow, wide = both.document_ids(RECORDS), Filters(documents=one.documents).document_ids(RECORDS)
    if narrow is not None and wide is not None:
        assert narrow <= wide


def test_equal_filters_are_one_key() -> None:
    assert len({Filters(frozenset("ab")), Filters(frozenset("ba"))}) == 1
