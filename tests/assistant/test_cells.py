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


FEES = "区分 | 改定前 | 改定後\n大の袋1組 | 450円 | 500円\n粗大ごみの券 | 600円 | 800円"
POOL = "市営プールの利用料金（2時間当たり）\n区分 | 市内在住 | 市外在住\n大人 | 520円 | 780円\n小学生 | 150円 | 230円"
SCHOOLS = "学校名 | 学級数 | 児童数(人)\n朝霧小学校 | 18 | 512\n柏台小学校 | 12 | 318"
SURVEY = (
    "満足と答えた割合（％）\n項目 | 令和3年 | 令和4年\n窓口の対応 | 71.2 | 74.8\n手続の速さ | 48.1 | 47.5"
)
OPEN = "施設名 | 開所日数 | 利用者数\nあさなぎ | 243日 | 8,120人\nゆうなぎ | 288日 | 6,945人"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (FEES, "粗大ごみの券は、改定される前は600円でした。", True),
        (FEES, "粗大ごみの券は、改定される前は800円でした。", False),
        (FEES, "大の袋は1組500円で、改定後の額です。", True),
        (FEES, "大の袋は1組450円で、改定後の額です。", False),
        (POOL, "市内に住む大人は、2時間520円で市営プールを利用できます。", True),
        (POOL, "市内に住む大人は、1時間520円で市営プールを利用できます。", False),
        (SCHOOLS, "柏台小学校の児童数は318人です。", True),  # 18 is no part of it
        (SCHOOLS, "柏台小学校の学級数は18です。", False),
        (SURVEY, "手続の速さに満足した割合は、令和4年に47.5％でした。", True),
        (SURVEY, "手続の速さに満足した割合は、令和4年に48.1％でした。", False),
        (OPEN, "ゆうなぎは288日開所し、6,945人が利用した。", True),
        (OPEN, "ゆうなぎは243日開所し、6,945人が利用した。", False),
    ],
)
def test_values_are_told_in_other_words_of_their_column(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
