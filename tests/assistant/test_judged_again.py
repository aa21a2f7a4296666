"""What a model said is checked again in the same words, without the model: `eval.rejudge`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answer import Answer
from assistant.chain import AnswerChain
from assistant.prose import ProseChain, ProseOptions
from eval.records import Record, record_of
from eval.rejudge import rejudged, sheet_of, told_in
from index.store import Store
from tests.assistant.scripted_models import ScriptedModel, saying

QUESTION = "ワンストップ窓口の令和5年度の相談件数は何件でしたか。"
TRUE = "令和5年度の相談件数は2,788件でした。"
FALSE = "令和5年度の相談件数は3,999件でした。"


def chain_of(chain: AnswerChain, store: Store, model: ScriptedModel) -> ProseChain:
    return ProseChain(chain, model, store, name="scripted", options=ProseOptions())


@pytest.fixture(params=[(TRUE,), (TRUE, FALSE), (FALSE,)], ids=["true", "both", "false"])
def answer(request: pytest.FixtureRequest, sample_chain: AnswerChain, sample_store: Store) -> Answer:
    model = saying("".join(f"{sentence}[{{key}}]" for sentence in request.param))
    return chain_of(sample_chain, sample_store, model).runnable.invoke(QUESTION)


@pytest.fixture
def record(answer: Answer, sample_store: Store) -> Record:
    sources = {one.id: one.source for one in sample_store.documents()}
    return record_of("q1", answer, original_of=sample_store.text, source_of=sources.__getitem__, total_s=1.0)


def test_same_checker_says_the_same_of_the_same_words(
    answer: Answer, record: Record, sample_chain: AnswerChain, sample_store: Store
) -> None:
    silent = ProseChain.without_model(sample_chain, sample_store)
    [(name, again)] = rejudged(silent, {"q1": record}, {"q1": QUESTION})
    assert name == "q1"
    assert again.writing
    assert answer.writing
    assert (again.sentences, again.citations) == (answer.sentences, answer.citations)
    assert (again.writing.fell_back, again.writing.struck) == (
        answer.writing.fell_back,
        answer.writing.struck,
    )


def test_record_without_a_model_is_left_alone(
    record: Record, sample_chain: AnswerChain, sample_store: Store
) -> None:
    assert told_in(replace(record, writing={})) == []
    silent = ProseChain.without_model(sample_chain, sample_store)
    assert list(rejudged(silent, {"q1": replace(record, writing={})}, {"q1": QUESTION})) == []


def test_sheet_holds_what_is_confirmed_and_shown(answer: Answer) -> None:
    sheet = sheet_of([("q1", answer)], {"q1": QUESTION})
    is_shown = TRUE in answer.prose
    assert sheet.startswith(f"{int(is_shown)} sentences of {int(is_shown)} answers;")
    assert (f"1. {TRUE}\n   - " in sheet) is is_shown
    assert FALSE not in sheet
