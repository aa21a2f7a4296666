"""Whether a passage is of a year that a question names."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.passage import Passage, YearSource


def fits_years(passage: Passage, years: Iterable[int]) -> bool:
    """Whether the passage may tell of one of the fiscal years; any may if none is named.

    Only a table's own column of another year rules a passage out: a text, a section or a document that is
    about one year often tells of others.
    """
    named = frozenset(years)
    certain = passage.years_from is YearSource.COLUMN and not passage.remark
    return not named or not certain or not named.isdisjoint(passage.years)
