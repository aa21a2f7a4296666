"""What is more, most or risen, reckoned from the numbers of a source."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

TABLE = "件数の推移\n年度 | 図書 | 雑誌\n令和3年度 | 410 | 88\n令和4年度 | 390 | 95\n令和5年度 | 402 | 91"
SENTENCE = "参加者は、午前の部が31人、午後の部が48人、夜間の部が22人であった。"
CHANGES = "窓口の待ち時間は18分で、前年度の25分から短縮した。開設日は年210日から年240日になった。"
FEES = "区分 | 改定前 | 改定後\n大ホール | 4,000円 | 4,500円\n小会議室 | 1,200円 | 1,000円"
SIGNED = "会計 | 歳入 | 前年度比\n一般会計 | 412億円 | △3.1%\n介護会計 | 88億円 | 2.4%"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (TABLE, "図書は令和4年度に減りました。", True),
        (TABLE, "図書は令和4年度に増えました。", False),
        (TABLE, "雑誌は令和4年度から令和5年度にかけて増えた。", False),
        (TABLE, "図書が最も多かったのは令和3年度です。", True),
        (TABLE, "図書が最も多かったのは令和5年度です。", False),
        (TABLE, "図書が最も少なかったのは令和4年度の390です。", True),
        (TABLE, "雑誌が最も多かったのは令和4年度の95です。", True),
        (TABLE, "令和5年度は図書のほうが雑誌より多い。", True),
        (TABLE, "令和5年度は雑誌のほうが図書より多い。", False),
        (TABLE, "雑誌は令和5年度に91まで減った。", True),
        (TABLE, "図書は令和5年度に402まで減った。", False),
        (SENTENCE, "参加者が最も多かったのは午後の部です。", True),
        (SENTENCE, "参加者が最も多かったのは午前の部です。", False),
        (SENTENCE, "最も少なかったのは夜間の部で、22人でした。", True),
        (SENTENCE, "参加者は午前の部より夜間の部のほうが少なかった。", True),
        (SENTENCE, "夜間の部は午前の部より参加者が多かった。", False),
        (SENTENCE, "午後の部は48人で、最も参加者が少なかった。", False),
        (SENTENCE, "午前の部の参加者は夜間の部を上回った。", True),
        (SENTENCE, "午前の部の参加者は午後の部を上回った。", False),
        (CHANGES, "窓口の待ち時間は前年度より短くなった。", True),
        (CHANGES, "窓口の待ち時間は前年度より長くなった。", False),
        (CHANGES, "開設日は増えた。", True),
        (CHANGES, "開設日は減った。", False),
        (CHANGES, "待ち時間は25分に短縮した。", False),
        (FEES, "大ホールの料金は改定で上がります。", True),
        (FEES, "大ホールの料金は改定で下がります。", False),
        (FEES, "小会議室の料金は引き下げられます。", True),
        (FEES, "小会議室の料金は値上げされます。", False),
        (FEES, "大ホールは4,500円に下がります。", False),
        (FEES, "大ホールは4,000円から4,500円に上がります。", True),
        (FEES, "大ホールは4,500円から4,000円に下がります。", False),
        (SIGNED, "一般会計の歳入は前年度より3.1%減りました。", True),
        (SIGNED, "一般会計の歳入は前年度より3.1%増えました。", False),
        (SIGNED, "介護会計の歳入は前年度より2.4%減った。", False),
    ],
)
def test_what_is_more_or_rises_does_so_by_the_numbers(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
