"""What a question calls for: its form, its counters, whether it asks for several things."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.asked import QuestionForm, asked_counters, asks_several, question_form
from assistant.question import AnswerType, answer_types

F = QuestionForm


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("会議はいつ開かれましたか。", F.FACT),
        ("なぜ会議は中止になったのですか。", F.WHY),
        ("中止の理由を教えてください。", F.WHY),
        ("保存期間を短くしたのは、どういう考えからですか。", F.WHY),
        ("この台帳は何のために置くのですか。", F.WHY),
        ("提携のきっかけは何ですか。", F.WHY),
        ("何を目的に始めましたか。", F.WHY),
        ("計画の目的を達した団体はどこですか。", F.FACT),
        ("粗大ごみはどうやって出しますか。", F.HOW),
        ("申込みの手順は？", F.HOW),
        ("「指さしシート」とは何ですか。", F.DEFINITION),
        ("参加した団体をすべて挙げてください。", F.LIST),
        ("参加した5団体を教えてください。", F.LIST),
        ("令和4年度と令和5年度でどう変わりましたか。", F.COMPARISON),
        ("窓口は土曜日も開いていますか。", F.YES_NO),
        ("Why was the festival cancelled?", F.WHY),
        ("How do I book the hall?", F.HOW),
        ("Is the desk open on Saturday?", F.YES_NO),
        ("When does the hall open?", F.FACT),
        ("为什么取消了？", F.WHY),
        ("窗口星期六开吗？", F.YES_NO),
        ("有哪些语言？", F.LIST),
        ("왜 취소되었습니까?", F.WHY),
        ("토요일에도 열려 있습니까?", F.YES_NO),
        ("회의는 언제 열렸습니까?", F.FACT),
        ("", F.FACT),
    ],
)
def test_form_of_a_question(question: str, form: QuestionForm) -> None:
    assert question_form(question) is form


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("会議はいつ、何人で開かれましたか。", (AnswerType.DATE, AnswerType.NUMBER)),
        ("How many people came?", (AnswerType.NUMBER,)),
        ("When was it opened?", (AnswerType.DATE,)),
        ("Who is the chair?", (AnswerType.PERSON,)),
        ("什么时候开始？", (AnswerType.DATE,)),
        ("有多少人参加？", (AnswerType.NUMBER,)),
        ("谁是委员长？", (AnswerType.PERSON,)),
        ("언제 시작합니까?", (AnswerType.DATE,)),
        ("몇 명이 참가했습니까?", (AnswerType.NUMBER,)),
        ("위원장은 누구입니까?", (AnswerType.PERSON,)),
        ("誰かが来ますか。", ()),
    ],
)
def test_every_kind_that_is_asked_for_in_four_languages(question: str, kinds: tuple[AnswerType, ...]) -> None:
    assert answer_types(question) == kinds


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        ("参加者は何人ですか。", "参加者は１５名でした", "第3回を開催"),
        ("何言語に対応しますか。", "14か国語で対応", "14人で対応"),
        ("何年度に始まりましたか。", "平成30年度から", "平成30年から"),
        ("何割が利用しましたか。", "全体の75％", "75人"),
    ],
)
def test_counter_tells_what_a_number_that_answers_looks_like(question: str, holds: str, lacks: str) -> None:
    from assistant.stretch import flat

    [counter] = asked_counters(question)
    assert counter.search(flat(holds))
    assert not counter.search(flat(lacks))


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("会議はいつ開かれましたか。", False),
        ("会議はいつ、どこで開かれましたか。", True),
        ("会議は何回開かれ、何人が参加しましたか。", True),
        ("日付と場所を教えてください。", True),
        ("会議はいつですか。人数も知りたいです。", True),
        ("料金を教えてください。", False),
        ("委員の任期は何年ですか。", False),
    ],
)
def test_several_things_asked_for(question: str, several: bool) -> None:
    assert asks_several(question) is several


@given(st.text(max_size=60))
def test_no_text_is_too_strange_to_analyse(text: str) -> None:
    assert question_form(text) in set(F)
    assert asks_several(text) in (True, False)
    assert all(counter.pattern for counter in asked_counters(text))
