"""What may be done or must be, and what not, told in other words."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

BICYCLES = "駐輪場の利用には登録が必要です。ただし、1時間以内の利用の場合、登録は不要です。原動機付自転車は利用できません。"
AID = "転入した者は、前年度の証明書を添付しなければならない。市外に住所を有する者には、助成金を交付しない。ただし、市内の学校に在学する者は、この限りでない。"
INCOME = "世帯の合計所得が500万円を超える場合は、給付の対象としない。申請は毎年度行う必要がある。"
COURSE = "講座の受講には事前の申込みが必要ですが、教材費は不要です。欠席が3回以上の方は修了と認めません。"
WAIVER = "減免を受けようとする者は、申請書を提出しなければならない。生活保護を受けている世帯は、証明書の提出を省略することができる。"
STRIKE = "年2回の講習を続けて欠席した者は、登録を取り消す。会場への車の乗り入れは認めていません。"
ROOM = "学習室は、中学生以下の方だけでは利用できません。保護者が同伴する場合は利用できます。飲食は、ロビーに限り認めています。"


@pytest.mark.parametrize(
    ("source", "sentence", "is_held"),
    [
        (BICYCLES, "1時間以内であれば、登録をしなくても駐輪場を利用できます。", True),
        (BICYCLES, "1時間以内の利用でも、登録が必要です。", False),
        (BICYCLES, "駐輪場を使うには登録しなければなりません。", True),
        (BICYCLES, "駐輪場を使うのに登録は要りません。", False),
        (BICYCLES, "原動機付自転車は駐輪場の対象外です。", True),
        (BICYCLES, "原動機付自転車も駐輪場を利用できます。", False),
        (BICYCLES, "1時間以内の利用の場合、登録は必要ありません。", True),
        (BICYCLES, "登録なしで駐輪場を利用できます。", False),
        (AID, "市外に住所を有する者は、助成の対象になりません。", True),
        (AID, "市外に住所を有する者も、助成の対象になります。", False),
        (AID, "転入した人は、前年度の証明書を添えることが必要です。", True),
        (AID, "転入した人は、前年度の証明書を添えなくてもかまいません。", False),
        (AID, "市内の学校に在学する者には、助成金を交付しない。", False),
        (AID, "市内の学校に在学していれば、市外に住所があっても助成金が交付される。", True),
        (INCOME, "世帯の合計所得が500万円以下であれば、給付の対象になる。", True),
        (INCOME, "世帯の合計所得が500万円以下の場合は、給付の対象とならない。", False),
        (INCOME, "世帯の合計所得が500万円を超えると、給付を受けられない。", True),
        (INCOME, "世帯の合計所得が500万円を超えても、給付を受けられる。", False),
        (INCOME, "給付を受けるには、世帯の合計所得が500万円以下でなければならない。", True),
        (INCOME, "給付を受けるには、世帯の合計所得が500万円以上でなければならない。", False),
        (INCOME, "申請は一度だけでよく、毎年度行う必要はない。", False),
        (COURSE, "教材費はかかりません。", True),
        (COURSE, "教材費が必要です。", False),
        (COURSE, "申込みをしなくても講座を受講できます。", False),
        (COURSE, "3回以上欠席した人は、修了と認められません。", True),
        (COURSE, "3回以上欠席した人も、修了と認められます。", False),
        (COURSE, "教材費は必要ありませんが、事前に申し込まなければなりません。", True),
        (WAIVER, "生活保護の世帯は、証明書を提出しなくてもよい。", True),
        (WAIVER, "生活保護の世帯も、証明書を提出しなければならない。", False),
        (WAIVER, "減免には申請書の提出が必要である。", True),
        (WAIVER, "減免には申請書の提出は不要である。", False),
        (STRIKE, "講習を2回続けて休むと、登録は取り消しになる。", True),
        (STRIKE, "講習を2回続けて欠席しても、登録は取り消されない。", False),
        (STRIKE, "会場に車で入ることはできません。", True),
        (STRIKE, "会場には車で入ることができます。", False),
        (ROOM, "中学生以下の人は、保護者が同伴しない場合も学習室を利用できます。", False),
        (ROOM, "飲食はロビーでできます。", True),
        (ROOM, "ロビーでの飲食は認められていません。", False),
    ],
)
def test_what_is_allowed_or_due_is_so_in_the_source(source: str, sentence: str, is_held: bool) -> None:
    found = check(sentence, [Ground(source)])
    assert (found.verdict is Verdict.CONFIRMED) is is_held
