from __future__ import annotations

import pytest

from assistant.furigana import read_out, with_readings


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("窓口で申し込みます。", "窓口（まどぐち）で申（もう）し込（こ）みます。"),
        ("受付は午前9時です。", "受付（うけつけ）は午前（ごぜん）9時です。"),
        ("七日前まで、3人以上", "七日前（まえ）まで、3人以上（いじょう）"),
        ("利用日の翌日", "利用（りよう）日の翌日（よくじつ）"),
        ("受付（うけつけ）で待つ", "受付（うけつけ）で待（ま）つ"),
        ("かなだけ、カナとABC 123。", "かなだけ、カナとABC 123。"),
        ("", ""),
    ],
)
def test_readings_stand_after_the_kanji_unless_they_are_unsure(text: str, told: str) -> None:
    assert with_readings(text) == told


def test_word_that_is_read_as_a_whole_has_its_reading_after_it() -> None:
    assert read_out("お問い合わせ", "おといあわせ") == "お問（と）い合（あ）わせ"
    assert read_out("明日は", "あす") == "明日は（あす）"
