"""One form for what texts write in several."""

from __future__ import annotations

import pytest

from assistant.spelling import spelt_alike


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("二期目の税", "第2期の税"),
        ("2番目の便", "第2便"),
        ("二年生", "2年生"),
        ("前の年度を上回る", "前年度を上回る"),
        ("次の日に開く", "翌日に開く"),
        ("一番目立つ", "一番目立つ"),
        ("前の年間計画", "前の年間計画"),
        ("12人目", "12人目"),
        ("半年後に開く", "6か月後に開く"),
        ("上半年報", "上半年報"),
        ("正午に閉まる", "12時に閉まる"),
        ("夜9時まで", "午後9時まで"),
        ("昼の1時から", "午後1時から"),
        ("朝の8時に", "午前8時に"),
        ("夜2時間", "夜2時間"),
        ("令和6年4月1日と同年7月1日", "令和6年4月1日と令和6年7月1日"),
        ("6月3日から同月14日まで", "6月3日から6月14日まで"),
        ("都市計画課長の有馬氏です", "都市計画課の有馬課長です"),
        ("委員長の大槻さん", "委員長の大槻さん"),
    ],
)
def test_ordinals_and_neighbouring_years_have_one_form(text: str, form: str) -> None:
    assert spelt_alike(text) == form
