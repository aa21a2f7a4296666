"""What is more, most or risen, reckoned from the numbers of a source."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

TABLE = "件数の推移\n年度 | 図書 | 雑誌\n令和3年度 | 410 | 88\n令和4年度 | 390 | 95\n令和5年度 | 402 | 91"
SENTENCE = "参加者は、午前の部が31人、午後の部が48人、夜間の部が22人であった。"
CHANGES = "窓口の待ち時間は18分で、前年度の25分から短縮した。開設日は年210日から年240日になった。"
FEES = "区分 | 改定前 | 改定後\n大ホール | 4,000円 | 4,500円\n小会議室 | 1,200円 | 1,000円"
SIGNED = "会計 | 歳入 | 前年度比\n一般会計 | 412億円 | △3.1%\n介護会計 | 88億円 | 2.4%"
BUDGET = (
    "令和6年度の予算は前年度比3.2％増の482億円とした。うち民生費は5.1％増の198億円、土木費は▲4.7％の41億円である。市債残高は前"
    "年度末の215億円から207億円に減る見込みである。"
)
SCHOOLS = (
    "学校別の児童数\n学校 | 令和4年度 | 令和5年度\n北小 | 412人 | 398人\n南小 | 355人 | 367人\n西小 | 198人"
    " | 190人"
)
STOCK = "種別 | 4月 | 5月 | 6月\nコピー用紙（箱） | 120 | 96 | 108\n封筒（千枚） | 14 | 18 | 11"
LIMITS = (
    "委託料の上限額 区分 | 令和5年度 | 令和6年度\n清掃 | 180万円 | 195万円\n警備 | 240万円 | 228万円\n植栽 | "
    "96万円 | 96万円"
)


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
        (BUDGET, "令和6年度の予算は前年度より3.2％多い482億円です。", True),
        (BUDGET, "土木費は前年度から4.7％減って41億円になります。", True),
        (BUDGET, "土木費は前年度から4.7％増えて41億円になります。", False),
        (BUDGET, "民生費は5.1％減りました。", False),
        (BUDGET, "市債残高は前年度末より減る見込みです。", True),
        (BUDGET, "市債残高は207億円から215億円に増える見込みです。", False),
        (SCHOOLS, "南小の児童数は前の年度より増えました。", True),
        (SCHOOLS, "西小の児童数は令和5年度に増加しました。", False),
        (SCHOOLS, "令和5年度の児童数が最も多いのは北小です。", True),
        (SCHOOLS, "令和5年度の児童数が最も多いのは南小です。", False),
        (SCHOOLS, "令和5年度は、南小より北小のほうが児童が多い。", True),
        (SCHOOLS, "令和5年度は、北小より南小のほうが児童が多い。", False),
        (STOCK, "コピー用紙の使用が最も少なかったのは5月です。", True),
        (STOCK, "コピー用紙の使用が最も多かったのは6月です。", False),
        (STOCK, "封筒は5月より6月のほうが少ない。", True),
        (STOCK, "封筒は4月より5月のほうが少ない。", False),
        (LIMITS, "清掃の上限額は令和6年度に引き上げられました。", True),
        (LIMITS, "警備の上限額は令和6年度に引き上げられました。", False),
        (LIMITS, "植栽の上限額は変わっていません。", True),
        (LIMITS, "警備の上限額は前年度より下がりました。", True),
        (LIMITS, "令和6年度の上限額が最も高いのは警備です。", True),
        (LIMITS, "令和6年度の上限額が最も低いのは清掃です。", False),
    ],
)
def test_what_is_more_or_rises_does_so_by_the_numbers(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
