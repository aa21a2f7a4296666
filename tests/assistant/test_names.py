"""Who and what is named."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

OFFICE = "ルメナ市駐在事務所の2月の活動。来所相談は43件、企業への訪問は17件であった。"
OFFICES = "ルメナ市駐在事務所の相談は43件、バルド市駐在事務所の相談は51件であった。"
CHIEF = "続いて、都市計画課の有馬課長が計画の素案を説明し、質疑には同課の戸塚係長が応じた。"
CLUB = "応募できる団体は、構成員が5人以上の団体とする。"
SAID = "事務局は、今年度の増設は見送るが、時刻の見直しは10月に行うと答えた。"
MANAGER = "指定管理者の候補者として、公園はみどり総業、温水プールは東雲体育会を選定した。"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (OFFICE, "同事務所への来所相談は43件でした。", True),
        (OFFICE, "同事務所への来所相談は17件でした。", False),
        (OFFICES, "同事務所の相談は51件でした。", False),  # which one?
        (CHIEF, "計画の素案を説明したのは、都市計画課長の有馬氏です。", True),
        (CHIEF, "計画の素案を説明したのは、都市計画課長の戸塚氏です。", False),
        (CLUB, "団体には5人以上のメンバーが必要です。", True),
        (CLUB, "団体には8人以上のメンバーが必要です。", False),
        (SAID, "事務局は、今年度の増設は見送ると答えました。", True),
        (SAID, "事務局は、時刻の見直しは見送ると答えました。", False),
        (MANAGER, "温水プールは東雲体育会が指定管理者の候補者に選定されました。", True),
        (MANAGER, "公園は東雲体育会が指定管理者の候補者に選定されました。", False),
    ],
)
def test_names_and_who_says_it(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
