"""Where a change begins and where it ends."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

MOVED = "国内の統計業務を、企画課から情報課へ移管した。窓口の数は5か所から7か所に増やし、開庁時間は9時間から8時間に短縮した。"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (MOVED, "統計業務は、企画課から情報課へ移りました。", True),
        (MOVED, "統計業務は、情報課から企画課へ移りました。", False),
        (MOVED, "窓口の数は7か所から5か所に減らした。", False),
        (MOVED, "窓口を5か所から7か所に増やした。", True),
        (MOVED, "開庁時間は8時間から9時間になった。", False),
        (MOVED, "開庁時間は9時間から8時間に短くなった。", True),
    ],
)
def test_change_goes_the_way_that_the_source_tells(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
