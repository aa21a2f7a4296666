"""The modes of writing: plain, as a list, in easy Japanese with or without readings, and quotes alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.answer import Answer
from assistant.chain import AnswerChain
from assistant.mode import Mode
from assistant.model_stream import TimeLimits
from assistant.prose import ProseChain, ProseOptions
from index.store import Store
from tests.assistant.scripted_models import ScriptedModel, saying

QUESTION = "ワンストップ窓口の令和5年度の相談件数は何件でしたか。"
TRUE = "令和5年度の相談件数は2,788件でした。"
FALSE = "令和5年度の相談件数は3,999件でした。"
Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def ask(sample_chain: AnswerChain, sample_store: Store) -> Ask:
    def asked(model: ScriptedModel, mode: Mode, *, with_furigana: bool = False) -> Answer:
        options = ProseOptions(mode=mode, limits=TimeLimits(5, 10), with_furigana=with_furigana)
        chain = ProseChain(sample_chain, model, sample_store, name="scripted", options=options)
        return chain.runnable.invoke(QUESTION)

    return asked


def test_plain_text_is_one_paragraph_of_checked_sentences(ask: Ask) -> None:
    answer = ask(saying("相談件数は2,788件です。[{key}]", TRUE, "[{key}]", FALSE, "[{key}]"), Mode.PLAIN)
    assert answer.prose == f"相談件数は2,788件です。{TRUE}"
    assert all(sentence.citations and sentence.verified for sentence in answer.sentences)
    assert answer.writing is not None
    assert [sentence.text for sentence in answer.writing.struck] == [FALSE]


@pytest.mark.parametrize("lead", ["・", "- ", "* "])
def test_list_has_one_mark_and_line_for_each_item_however_the_model_marks_them(ask: Ask, lead: str) -> None:
    model = saying(
        f"{lead}相談件数は2,788件です。[{{key}}]\n", f"{lead}{TRUE}[{{key}}]\n{lead}{FALSE}[{{key}}]"
    )
    answer = ask(model, Mode.LIST)
    assert answer.prose == f"・相談件数は2,788件です。\n・{TRUE}"
    assert all(sentence.citations for sentence in answer.sentences)


def test_easy_japanese_has_no_readings_unless_asked_for(ask: Ask) -> None:
    model = saying(TRUE + "[{key}]")
    assert ask(model, Mode.EASY).prose == TRUE
    assert "やさしい日本語" in model.asked[-1]


def test_readings_are_the_dictionarys_and_come_after_the_check(ask: Ask) -> None:
    model = saying(TRUE + "[{key}]")
    answer = ask(model, Mode.EASY, with_furigana=True)
    assert answer.prose == "令和（れいわ）5年度の相談（そうだん）件数（けんすう）は2,788件でした。"
    assert answer.sentences[0].verified
    assert "読み方" not in model.asked[-1]
    assert ask(saying(TRUE + "[{key}]"), Mode.PLAIN, with_furigana=True).prose == TRUE


def test_quotes_alone_ask_no_model(ask: Ask, sample_chain: AnswerChain) -> None:
    model = saying(TRUE)
    assert ask(model, Mode.QUOTE, with_furigana=True) == sample_chain.runnable.invoke(QUESTION)
    assert model.n_started == 0


@pytest.mark.parametrize("mode", [Mode.PLAIN, Mode.LIST, Mode.EASY])
def test_every_mode_gives_way_to_quotes_where_nothing_can_be_confirmed(ask: Ask, mode: Mode) -> None:
    answer = ask(saying(FALSE + "[{key}]"), mode, with_furigana=True)
    assert answer.writing is not None
    assert answer.writing.fell_back
    assert "2,788" in answer.text
    assert "（れいわ）" not in answer.text
