from __future__ import annotations

from dataclasses import replace

import pytest

from index.years import fits_years
from ingest.document import BlockKind
from ingest.passage import Passage, YearSource
from ingest.relative_years import possible_fiscal_years
from ingest.traced import Traced

CELL = Passage(
    id="d-0", document_id="d", order=0, kind=BlockKind.TABLE_ROW, body=Traced.from_original("講座 3回", 0, 5),
    sentences=((0, 5),), context="", section=(), page=None, line=1, years=(2020,), years_from=YearSource.COLUMN,
)  # fmt: skip


@pytest.mark.parametrize(
    ("question", "fits"),
    [
        ("令和3年度の講座は何回ですか", False),
        ("令和2年度の講座は何回ですか", True),
        ("R2とR3の講座は何回ですか", True),
        ("2021年の講座は何回ですか", True),  # January to March 2021 are of the fiscal year 2020
        ("2021年5月の講座は何回ですか", False),
        ("講座は何回ですか", True),
    ],
)
def test_a_cell_under_a_year_fits_questions_about_that_year(question: str, fits: bool) -> None:
    assert fits_years(CELL, possible_fiscal_years(question)) is fits


@pytest.mark.parametrize(
    "source", [YearSource.TEXT, YearSource.SECTION, YearSource.DOCUMENT, YearSource.NONE]
)
def test_only_a_column_rules_a_passage_out(source: YearSource) -> None:
    assert fits_years(replace(CELL, years_from=source), {2021})


def test_a_column_in_doubt_rules_nothing_out() -> None:
    assert fits_years(replace(CELL, remark="年度を区別できません。"), {2021})
