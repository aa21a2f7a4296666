"""A value without a sentence is an answer only where the source speaks of what was asked."""

from __future__ import annotations

import pytest

from assistant.check import Ground, Verdict, check

MEETING = Ground(
    "催し | 月日 | 参加人数\n防災講演会 | 10月4日 | 312名", "潮見市 事業報告 防災講演会の開催状況"
)
LIBRARY = Ground("図書館まつりには、市民ボランティア86名が参加した。", "潮見市 図書館年報")


@pytest.mark.parametrize(
    ("sentence", "question", "verdict"),
    [
        ("防災講演会 312名", "防災講演会には何名が参加しましたか。", Verdict.CONFIRMED),
        ("防災講演会 312名", "通訳ボランティアの研修に集まった人数を教えてください。", Verdict.PARTLY),
        ("参加人数は、312名です。", "港まつりの花火大会の参加人数は何人ですか。", Verdict.PARTLY),
    ],
)
def test_value_in_a_row_must_be_of_what_was_asked(sentence: str, question: str, verdict: Verdict) -> None:
    found = check(sentence, [MEETING], question=question)
    assert found.verdict is verdict
    assert found.answers or verdict is not Verdict.PARTLY


def test_sentence_with_a_subject_speaks_for_itself() -> None:
    told = "図書館まつりには、市民ボランティア86名が参加しました。"
    assert check(told, [LIBRARY], question="港まつりには何人が来ましたか。").verdict is Verdict.CONFIRMED


def test_without_a_question_nothing_is_held_against_a_fragment() -> None:
    assert "質問" not in check("312名", [MEETING]).reason


@pytest.mark.parametrize(
    "broken", ["図書館まつりの参加者は、です。", "市民ボランティアがです", "図書館は である。"]
)
def test_sentence_without_what_it_tells_is_not_confirmed(broken: str) -> None:
    assert check(broken, [LIBRARY]).verdict is Verdict.UNVERIFIED


def test_all_lines_that_a_verbatim_sentence_repeats_support_it() -> None:
    ground = Ground("R4年度：新しい計画に「子育て支援」を加える\n「潮見市子ども条例」施行\n別の事業を始める")
    found = check("R4年度：新しい計画に「子育て支援」を加える 「潮見市子ども条例」施行", [ground])
    assert found.verdict is Verdict.CONFIRMED
    said = [ground.text[start:end].strip() for _, start, end in found.places]
    assert said == ["R4年度：新しい計画に「子育て支援」を加える", "「潮見市子ども条例」施行"]


def test_a_figure_alone_is_no_word_for_a_number() -> None:
    plan = Ground("○ 十年計画の柱の一つとして「水辺を生かす（施策20）」を掲げる。", "推進方針")
    asked = "水辺を生かすのは何番目の施策ですか。"
    assert check("1", [plan], question=asked).verdict is Verdict.UNVERIFIED
    assert check("20", [plan], question=asked).verdict is not Verdict.UNVERIFIED
