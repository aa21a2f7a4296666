"""Stretches of years and months between the dates of a source."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

OFFICE = "海外事務所の沿革。1991年に連絡所として設置。1998年に事務所へ昇格。2016年に現在のビルへ移転。"
RULE = "この条例は、令和6年4月1日から施行する。ただし、第12条の規定は、同年10月1日から施行する。"
TABLE = "年 | 海水浴場 | 水族館\n令和3年 | 48,200人 | 96,400人\n令和4年 | 71,900人 | 141,300人\n令和5年 | 88,600人 | 138,900人"
BARE = "外国人人口（単位：人）\n年 2021 2022 2023\n総数 14,377 13,902 15,466\nうち市街地 5,011 4,876 5,204"
CLOSED = "文化会館は、令和6年9月1日から令和7年2月28日まで休館する。"
WRITTEN = "計画の期間は、令和5年度から令和9年度までの5年間とする。"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (OFFICE, "今のビルに移転したのは2016年で、設置から25年後に当たる。", True),
        (OFFICE, "今のビルに移転したのは2016年で、設置から20年後に当たる。", False),
        (OFFICE, "今のビルに移転したのは2016年で、事務所への昇格から25年後に当たる。", False),
        (RULE, "第12条が施行されるのは、条例の施行から半年後の2024年10月1日です。", True),
        (RULE, "第12条が施行されるのは、条例の施行から1年後の2024年10月1日です。", False),
        (TABLE, "水族館に来た人は、3年間で令和4年が最も多く、141,300人だった。", True),
        (TABLE, "水族館に来た人は、5年間で令和4年が最も多く、141,300人だった。", False),
        (BARE, "2022年の総数は13,902人でした。", True),
        (BARE, "2021年の総数は13,902人でした。", False),
        (CLOSED, "文化会館は、令和6年9月1日から令和7年2月28日までの6か月間休館する。", True),
        (CLOSED, "文化会館は、令和6年9月1日から令和7年2月28日までの8か月間休館する。", False),
        (WRITTEN, "計画の期間は5年間です。", True),
        (WRITTEN, "計画の期間は4年間です。", False),
    ],
)
def test_span_is_reckoned_from_dates(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
