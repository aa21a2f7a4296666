"""Follow-ups get what they lack; questions that stand alone stay as they are. All questions are ours."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise, permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.followup import MOST_TURNS, Turn, complete

SAMPLE = Path(__file__).parents[2] / "sample" / "questions.jsonl"

CLASS = "令和3年度の日本語教室の参加者数は何人ですか。"
DESK = "しおみ外国人ワンストップ窓口は何をするところですか。"
GUIDE = "生活ガイドの日本語版は何部作成しましたか。"
MOVED = "相談窓口はどこに移転しましたか。"
FEE = "会員の年会費はいくらですか。"
PLAN = "多文化共生推進計画はいつ策定されましたか。"
MOVE = "相談窓口が駅前プラザに移転したのはいつですか。"
DRILL = "防災訓練は令和4年5月に何回行われましたか。"
LIBRARY = "中央図書館の開館時間は何時から何時までですか。"
APP = "防災アプリとは何ですか。"
WASTE = "粗大ごみの申込方法を教えてください。"

YEARS = [
    (CLASS, "では令和2年度は？", "令和2年度の日本語教室の参加者数は何人ですか。"),
    (CLASS, "2年度は？", "令和2年度の日本語教室の参加者数は何人ですか。"),
    (CLASS, "２年度はどうでしたか", "令和2年度の日本語教室の参加者数は何人ですか。"),
    (CLASS, "前年度は？", "令和2年度の日本語教室の参加者数は何人ですか。"),
    (CLASS, "翌年度は？", "令和4年度の日本語教室の参加者数は何人ですか。"),
    (CLASS, "じゃあR5年度はどうですか", "R5年度の日本語教室の参加者数は何人ですか。"),
    (CLASS, "今年度だと？", "今年度の日本語教室の参加者数は何人ですか。"),
    (CLASS, "令和2年度は何人でしたか。", "令和2年度の日本語教室の参加者数は何人ですか。"),
    (CLASS, "令和5年度の参加費はいくらですか。", "令和5年度の日本語教室の参加費はいくらですか。"),
    (DESK, "令和5年度は？", f"令和5年度の{DESK}"),
    (
        APP,
        "令和5年度は、いつ、どのような形で配られ、何人が使いましたか。",
        "防災アプリの令和5年度は、いつ、どのような形で配られ、何人が使いましたか。",
    ),
    (
        APP,
        "2023年度は何言語対応でしたか。どの課が作りましたか。",
        "防災アプリの2023年度は何言語対応でしたか。どの課が作りましたか。",
    ),
    (
        DESK,
        "職員数は令和5年度末で何人ですか。",
        "しおみ外国人ワンストップ窓口の職員数は令和5年度末で何人ですか。",
    ),
    (MOVED, "予定より遅れた理由は何ですか。", "相談窓口の予定より遅れた理由は何ですか。"),
    (DRILL, "6月は？", "防災訓練は令和4年6月に何回行われましたか。"),
    (DRILL, "令和5年4月は？", "防災訓練は令和5年4月に何回行われましたか。"),
    ("令和2年度と令和3年度の相談件数は？", "では令和4年度は？", "令和4年度の相談件数は？"),
    ("令和5年7月1日現在の世帯数は？", "令和2年度は？", "令和2年7月1日現在の世帯数は？"),
    ("今年度の予算額はいくらですか。", "昨年度は？", "昨年度の予算額はいくらですか。"),
]
ATTRIBUTES = [
    (CLASS, "参加費は？", "令和3年度の日本語教室の参加費は？"),
    (CLASS, "対象者は誰ですか。", "令和3年度の日本語教室の対象者は誰ですか。"),
    (CLASS, "どこで開催されますか", "令和3年度の日本語教室はどこで開催されますか"),
    (DESK, "電話番号は？", "しおみ外国人ワンストップ窓口の電話番号は？"),
    (DESK, "いつからですか", "しおみ外国人ワンストップ窓口はいつからですか"),
    (
        DESK,
        "もっと詳しく教えてください",
        "しおみ外国人ワンストップ窓口について、もっと詳しく教えてください",
    ),
    (MOVED, "なぜですか", "相談窓口の移転はなぜですか"),
    (MOVED, "理由は？", "相談窓口の移転の理由は？"),
    (FEE, "支払方法は？", "会員の年会費の支払方法は？"),
    (FEE, "いつまでに払えばいいですか", "会員の年会費はいつまでに払えばいいですか"),
    (PLAN, "期間は？", "多文化共生推進計画の期間は？"),
    (PLAN, "概要を教えてください", "多文化共生推進計画の概要を教えてください"),
    (MOVE, "費用は？", "相談窓口が駅前プラザに移転したときの費用は？"),
    (LIBRARY, "休館日はいつですか。", "中央図書館の休館日はいつですか。"),
    (APP, "どうやって登録しますか。", "防災アプリはどうやって登録しますか。"),
    (APP, "外国語にも対応していますか。", "防災アプリは、外国語にも対応していますか。"),
    (DESK, "土曜日も開いていますか", "しおみ外国人ワンストップ窓口は、土曜日も開いていますか"),
    (MOVE, "詳しく教えて", "相談窓口が駅前プラザに移転したことについて、詳しく教えて"),
    ("相談のうち英語によるものは何件ですか。", "担当課は？", "相談のうち英語によるものの担当課は？"),
    (WASTE, "料金は？", "粗大ごみの料金は？"),
    ("姉妹都市はどこですか。", "いつ提携しましたか。", "姉妹都市はいつ提携しましたか。"),
]
POINTING = [
    (CLASS, "それはいつですか", "令和3年度の日本語教室はいつですか"),
    (CLASS, "その費用は", "令和3年度の日本語教室の費用は"),
    (CLASS, "同じ年度の防災訓練の参加者数は", "令和3年度の防災訓練の参加者数は"),
    (DESK, "そこでは英語で相談できますか", "しおみ外国人ワンストップ窓口では英語で相談できますか"),
    (DESK, "その窓口の場所はどこですか", "しおみ外国人ワンストップ窓口の場所はどこですか"),
    (MOVED, "それはいつですか", "相談窓口の移転はいつですか"),
    (MOVED, "その年の相談件数は？", "令和5年の相談窓口の相談件数は？"),
    (PLAN, "その計画の期間は何年ですか", "多文化共生推進計画の期間は何年ですか"),
    (PLAN, "この目的は何ですか", "多文化共生推進計画の目的は何ですか"),
    (MOVE, "それはなぜですか", "相談窓口が駅前プラザに移転したのはなぜですか"),
    (CLASS, "そのうち新人は何人ですか。", "令和3年度の日本語教室のうち新人は何人ですか。"),
    (LIBRARY, "そこに駐車場はありますか。", "中央図書館に駐車場はありますか。"),
    (APP, "これは無料ですか。", "防災アプリは無料ですか。"),
    ("どこで相談できますか。", "そのプラザの場所は？", "駅前プラザの場所は？"),
]
PARALLELS = [
    (GUIDE, "英語版は？", "生活ガイドの英語版は何部作成しましたか。"),
    (GUIDE, "じゃあ中国語版だと？", "生活ガイドの中国語版は何部作成しましたか。"),
    (GUIDE, "ベトナム語版は何部ですか", "生活ガイドのベトナム語版は何部作成しましたか。"),
    (CLASS, "防災訓練は？", "令和3年度の防災訓練の参加者数は何人ですか。"),
    (LIBRARY, "駅前図書館は？", "駅前図書館の開館時間は何時から何時までですか。"),
    (FEE, "団体は？", "団体の場合、会員の年会費はいくらですか。"),
    (FEE, "では、団体の場合はどうですか", "団体の場合、会員の年会費はいくらですか。"),
    ("第1回の会議はいつ開かれましたか。", "第2回は？", "第2回の会議はいつ開かれましたか。"),
    ("港区の外国人人口は何人ですか。", "新宿区は？", "新宿区の外国人人口は何人ですか。"),
    ("港区の外国人人口は何人ですか。", "新宿区の外国人人口は？", "新宿区の外国人人口は何人ですか。"),
    ("育児休業は何歳まで取れますか。", "介護休業は？", "介護休業は何歳まで取れますか。"),
]
FOLLOW_UPS = [*YEARS, *ATTRIBUTES, *POINTING, *PARALLELS]
ALONE = [
    "ウイルスに感染したらどうしますか。",
    "年次休暇は何日ありますか。",
    "パスワードは何文字以上にしますか。",
    "引っ越したらどうすればよいですか。",
    "財布をなくしたらどうすればよいですか。",
    "議会の会期は何日間ですか。",
    "市長は誰ですか。",
    "「共生」とは？",
    "やさしい日本語とは何ですか。",
    "その他の言語の翻訳料はいくらですか。",
    "苦情はどこに言えばよいですか。",
    "通訳を頼みたい",
    "防災 備蓄",
    "避難所の一覧を見せて",
    "外国人でも公営住宅に入れますか。",
    "やさしい日本語の研修とその対象者を教えてください。",
    "これまでの姉妹都市との交流を教えてください。",
    "では、図書館の本は何冊まで借りられますか。",
    "令和4年度の図書館の貸出冊数は何冊ですか。",
    "それぞれの課の電話番号を教えてください。",
    "職員の同居家族も検診を受けられますか。",
    "必要であれば誰に頼みますか。",
    "この市の人口は何人ですか。",
    "そこそこの規模の会議室はありますか。",
    "同窓会の会場はどこですか。",
    "外国人市民会議の委員の任期は何年ですか。",
    "こんにちは",
    "ありがとうございました。",
    "はい",
    "What is the fee?",
    "？",
]


@pytest.mark.parametrize(("before", "question", "completed"), FOLLOW_UPS)
def test_follow_up_is_completed(before: str, question: str, completed: str) -> None:
    assert complete(question, [Turn(before, "令和5年5月8日に駅前プラザへ移転した。")]) == completed


@pytest.mark.parametrize("question", ALONE)
@pytest.mark.parametrize("before", [CLASS, MOVE, GUIDE, APP])
def test_question_that_stands_alone_stays_as_it_is(before: str, question: str) -> None:
    assert complete(question, [Turn(before, "駅前プラザへ移転した。")]) == question


def test_questions_of_the_sample_stay_as_they_are_after_each_other() -> None:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    for before, question in [*pairwise(questions), *pairwise(reversed(questions))]:
        assert complete(question, [Turn(before)]) == question


@pytest.mark.parametrize(("before", "completed"), {(before, done) for before, _, done in FOLLOW_UPS})
def test_completed_question_is_not_completed_again(before: str, completed: str) -> None:
    assert complete(completed, [Turn(before)]).startswith(completed.rstrip("。？"))


@pytest.mark.parametrize("question", ["では令和2年度は？", "その費用は", "英語版は？", " いつですか ", ""])
def test_without_history_nothing_is_completed(question: str) -> None:
    assert complete(question, []) == question
    assert complete(question, [Turn(""), Turn(" \n")]) == question


def test_follow_up_of_a_follow_up_builds_on_what_was_meant() -> None:
    turns = [Turn(CLASS), Turn("では令和2年度は？"), Turn("場所は？")]
    assert complete("参加費は？", turns[:2]) == "令和2年度の日本語教室の参加費は？"
    assert complete("4年度は？", turns) == "令和4年度の日本語教室の場所は？"
    assert complete("子どもの場合は？", [Turn(FEE), Turn("団体は？")]) == f"子どもの場合、{FEE}"


def test_turns_may_be_recorded_as_typed_or_as_completed() -> None:
    typed = [Turn(CLASS), Turn("では令和2年度は？")]
    completed = [typed[0], Turn(complete(typed[1].question, typed[:1]))]
    assert complete("参加費は？", typed) == complete("参加費は？", completed)


def test_new_subject_and_thanks_between_do_not_confuse() -> None:
    assert complete("料金は？", [Turn(CLASS), Turn(WASTE), Turn("ありがとう")]) == "粗大ごみの料金は？"


def test_only_the_last_turns_count() -> None:
    turns = [Turn(CLASS), *[Turn("ありがとう")] * MOST_TURNS]
    assert complete("参加費は？", turns) == "参加費は？"
    assert complete("参加費は？", turns[:-1]) != "参加費は？"


WORDS = st.sampled_from(
    [
        *"はのがもた。？、か ㈱𠮷(\n",
        "令和2年度",
        "R5",
        "2月",
        "前年度",
        "その",
        "それ",
        "そこ",
        "同じ",
        "では",
        "です",
        "について",
        "英語版",
        "参加者数",
        "費用",
        "「教室」",
        "相談窓口",
        "いつ",
        "何人",
        "教えて",
        "移転し",
    ]
)
TEXT = st.one_of(st.lists(WORDS, max_size=9).map("".join), st.text(max_size=12))


@given(TEXT, st.lists(st.builds(Turn, TEXT, TEXT), max_size=3))
def test_any_words_are_completed_alike_each_time(question: str, turns: Sequence[Turn]) -> None:
    completed = complete(question, turns)
    assert completed == complete(question, list(turns))
    assert bool(completed.strip()) == bool(question.strip())


def test_unlike_questions_in_any_order_stay_as_they_are() -> None:
    for before, question in permutations(
        [CLASS, DESK, GUIDE, MOVED, PLAN, MOVE, DRILL, LIBRARY, APP, WASTE], 2
    ):
        assert complete(question, [Turn(before)]) == question
