from __future__ import annotations

import pytest

from index.coverage import coverage, same_section
from tests.fakes import passage_of

HOLDERS = {"会費": frozenset({1, 2}), "団体": frozenset({2}), "割引": frozenset()}
WEIGHTS = {"会費": 1.0, "団体": 2.0, "割引": 1.0}


def test_coverage_is_what_a_group_holds_together() -> None:
    assert coverage({1: [1], 2: [2], 3: [3, 1], 4: [4]}, HOLDERS, WEIGHTS) == pytest.approx(
        {1: 1 / 4, 2: 3 / 4, 3: 1 / 4, 4: 0.0}
    )


def test_coverage_of_no_words_is_zero() -> None:
    assert coverage({1: [1]}, {}, {}) == {1: 0.0}


def test_same_section_needs_the_same_document() -> None:
    passages = [
        passage_of("一", section=("会費",)),
        passage_of("二", section=("会費",)),
        passage_of("三", section=("会費",), document_id="別"),
        passage_of("四", section=("窓口",)),
    ]
    assert same_section([4, 7, 8, 9], passages) == {4: [4, 7], 7: [4, 7], 8: [8], 9: [9]}
