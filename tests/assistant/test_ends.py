"""Ends of stretches, cases turned round, and units of bare cells."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

VOTE = "期日前投票は10月21日から26日まで、市役所1階で行います。投票日は10月27日です。"
LIMIT = "粗大ごみは、1回の申込みにつき5点まで出せます。"
CASE = "貸出期間は2週間とする。ただし、次の予約がないときは、1回に限り延長することができる。"
TABLE = "町名|世帯数|男|女\n港町|1,820|2,014|2,133\n新田|960|1,102|1,087"
TIMES = "便名　潮見駅発　病院着\n第1便　7:40　8:05\n第2便　9:10　9:38"
FISCAL = "区分|令和4年度|令和5年度\n相談件数|812件|1,045件\n来所者|640人|701人"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (VOTE, "期日前投票ができるのは10月27日までです。", False),
        (LIMIT, "粗大ごみは、1回の申込みにつき5点まで出せます。", True),
        (LIMIT, "粗大ごみは、1回の申込みにつき5点から出せます。", False),
        (CASE, "次の予約がないときは、貸出期間を1回延長することができます。", True),
        (CASE, "次の予約があるときも、貸出期間を1回延長することができます。", False),
        (TABLE, "港町の女は2,133人です。", True),
        (TABLE, "港町の女は2,133世帯です。", False),
        (TIMES, "二番目の便が病院に着くのは9時38分です。", True),
        (TIMES, "二番目の便が病院に着くのは8時5分です。", False),
        (FISCAL, "令和5年度の相談件数は1,045件です。", True),
        (FISCAL, "令和5年の相談件数は1,045件です。", False),
    ],
)
def test_ends_cases_and_units_are_those_of_the_source(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
