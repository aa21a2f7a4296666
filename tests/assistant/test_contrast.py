"""A value is not told under the label of its neighbour."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

AIDS = "・家屋の全壊：見舞金10万円、毛布1人3枚\n・家屋の半壊：見舞金5万円、毛布1人1枚"
FEES = "区分 | 見直し前 | 見直し後\n大型券 | 650円 | 900円\n小型券 | 300円 | 400円"
WAYS = "手段 20代 40代 60代\n掲示板 61.2 33.5 12.9\n回覧板 4.4 15.8 38.1"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (AIDS, "半壊の場合は見舞金5万円と毛布1人1枚です。", True),
        (AIDS, "半壊の場合は見舞金5万円と毛布1人3枚です。", False),
        (FEES, "大型券は、見直し前は650円でした。", True),
        (FEES, "大型券は、見直し前は900円でした。", False),
        (FEES, "大型券は、見直し後に900円になります。", True),
        (WAYS, "40代では33.5が掲示板です。", True),
        (WAYS, "60代では33.5が掲示板です。", False),
    ],
)
def test_value_belongs_to_the_label_beside_it(source: str, sentence: str, is_held: bool) -> None:
    assert (check(sentence, [Ground(source)]).verdict is Verdict.CONFIRMED) is is_held
