"""What a sentence tells of a table."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

TABLE = "館 | 午前 | 午後 | 休館日\n東館 | 800円 | 900円 | 月曜日\n西館 | 500円 | 700円 | 水曜日"


@pytest.mark.parametrize(
    ("sentence", "is_held"),
    [
        ("西館は午後が700円で、水曜日が休館日です。", True),
        ("西館は午後が700円で、月曜日が休館日です。", False),  # of the other row
        ("西館は午前が700円です。", False),  # of the other column
        ("西館を借りると700円です。", False),  # which column?
        ("東館の午前は800円、西館の午前は500円です。", True),
    ],
)
def test_values_stand_in_one_row_and_under_their_column(sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(TABLE)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
