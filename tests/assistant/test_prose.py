"""Whatever a model does, the answer is right and cited, or it is the quoted one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import count, repeat

import pytest

from assistant.answer import Answer, AnswerStatus
from assistant.chain import AnswerChain, Ask
from assistant.events import Checked, Done, Words
from assistant.followup import Turn
from assistant.mode import Mode
from assistant.model_stream import TimeLimits
from assistant.prose import ProseChain, ProseOptions
from index.store import Store
from tests.assistant.scripted_models import ScriptedModel, StatusError, saying

QUESTION = "ワンストップ窓口の令和5年度の相談件数は何件でしたか。"
TRUE = "令和5年度の相談件数は2,788件でした。"
FALSE = "令和5年度の相談件数は3,999件でした。"
FAST = TimeLimits(first_s=0.5, whole_s=1.5)


@pytest.fixture(scope="module")
def ask(sample_chain: AnswerChain, sample_store: Store):  # type: ignore[no-untyped-def]
    def asked(model: ScriptedModel, mode: Mode = Mode.PLAIN, question: str | Ask = QUESTION) -> Answer:
        options = ProseOptions(mode=mode, limits=FAST)
        chain = ProseChain(sample_chain, model, sample_store, name="scripted", options=options)
        return chain.runnable.invoke(question)

    return asked


@pytest.fixture(scope="module")
def quoted(sample_chain: AnswerChain) -> Answer:
    return sample_chain.runnable.invoke(QUESTION)


def is_cited(answer: Answer) -> bool:
    """Every sentence points at a citation, and every citation into a hit of the answer."""
    markers = {citation.marker for citation in answer.citations}
    hits = {hit.passage.id for hit in answer.hits}
    pointed = all(sentence.citations and set(sentence.citations) <= markers for sentence in answer.sentences)
    return pointed and all(citation.passage_id in hits for citation in answer.citations)


def test_true_sentence_is_confirmed_and_cites_the_sentence_that_says_so(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask(saying("令和5年度の相談", "件数は2,788件", "でした。[", "{key}", "]"))
    assert answer.prose == TRUE
    assert answer.sentences[0].verdict == "confirmed"
    assert answer.sentences[0].verified
    assert is_cited(answer)
    assert "2,788" in answer.citations[0].quote
    assert len(answer.citations[0].quote) < 120
    assert answer.writing
    assert not answer.writing.fell_back


def test_items_of_a_list_lose_numbers_that_the_source_does_not_have(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask(saying(TRUE + "[{key}]\n2. " + TRUE.replace("でした", "") + "[{key}]"))
    assert answer.prose.split("\n") == [TRUE, "・" + TRUE.replace("でした", "")]


def test_written_sentence_that_says_a_quote_cites_all_that_the_quote_cites(ask, quoted: Answer) -> None:  # type: ignore[no-untyped-def]
    line = quoted.sentences[0].text
    answer = ask(saying(line + "[{key}]"))
    cited = {answer.citations[n - 1].quote for n in answer.sentences[0].citations}
    assert {quoted.citations[n - 1].quote for n in quoted.sentences[0].citations} <= cited


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((TRUE + "[{last}]",), id="wrong citation"),
        pytest.param((TRUE,), id="no citation"),
        pytest.param((TRUE, "[", "XQZW]"), id="unknown key"),
        pytest.param((TRUE, "[{key}]", "[BC"), id="half a marker at the end"),
        pytest.param(("<b>" + TRUE + "</b><img src='http://x.example/a.png'>[{key}]",), id="HTML"),
        pytest.param(("**" + TRUE + "**[{key}]![図](http://x.example/a.png)",), id="Markdown"),
        pytest.param((TRUE + "[{key}]", FALSE + "[{key}]"), id="a false sentence after a true one"),
        pytest.param((StatusError(500),), id="error at once"),
    ],
)
def test_answer_is_the_true_sentence_or_the_quoted_one(ask, quoted: Answer, steps: Sequence[str]) -> None:  # type: ignore[no-untyped-def]
    answer = ask(saying(*steps))
    assert (answer.prose or answer.text) in (TRUE, quoted.text)
    assert is_cited(answer)


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        pytest.param((FALSE + "[{key}]",), "確かめられません", id="false"),
        pytest.param(("",), "何も答え", id="nothing"),
        pytest.param((5.0, TRUE), "答え始めません", id="silence"),
        pytest.param((TRUE + "[{key}]", 5.0), "途中で止まり", id="silence in mid-stream"),
        pytest.param(("令和5年度の", RuntimeError("broken")), "途中で失敗", id="error in mid-stream"),
        pytest.param((StatusError(429),), "混み合って", id="429"),
        pytest.param((StatusError(401),), "鍵", id="401"),
        pytest.param(
            ("二〇二三年度的咨询件数是二千七百八十八件，比上年度增加了。[{key}]",), "別の言語", id="Chinese"
        ),
        pytest.param(("資料からは分かりません。",), "見つけられません", id="not found"),
        pytest.param((*(f"{TRUE}[{{key}}]" for _ in range(60)),), "繰り返し", id="loop"),
    ],
)
def test_failing_model_gives_way_to_the_quoted_answer_visibly(ask, quoted: Answer, steps, why: str) -> None:  # type: ignore[no-untyped-def]
    answer = ask(saying(*steps))
    assert answer.text == quoted.text
    assert answer.writing
    assert why in answer.writing.fell_back
    assert is_cited(answer)


def test_model_that_repeats_its_instructions_gives_way(ask, quoted: Answer) -> None:  # type: ignore[no-untyped-def]
    answer = ask(ScriptedModel(script=lambda prompt: [prompt]))
    assert answer.writing.fell_back
    assert answer.text == quoted.text


def test_endless_text_is_stopped(ask, quoted: Answer) -> None:  # type: ignore[no-untyped-def]
    model = ScriptedModel(script=lambda _: (f"項目{n}についての文章が続いています。" for n in count()))
    answer = ask(model)
    assert answer.text == quoted.text
    assert answer.writing.total_s < 3 * FAST.whole_s  # what is being checked is still checked


def test_error_that_may_pass_is_tried_once_more(ask) -> None:  # type: ignore[no-untyped-def]
    tries = iter([[StatusError(503)], [TRUE + "[{key}]"]])
    model = ScriptedModel(script=lambda _: next(tries))
    answer = ask(model)
    assert model.n_started == 2 or answer.writing.fell_back


def test_contradicted_sentence_is_struck_with_the_reason(ask) -> None:  # type: ignore[no-untyped-def]
    answer = ask(saying(TRUE + "[{key}]", FALSE + "[{key}]"))
    assert answer.prose == TRUE
    assert [struck.text for struck in answer.writing.struck] == [FALSE]
    assert "2,788件" in answer.writing.struck[0].reason


def test_words_come_before_their_verdict_and_the_answer_last(
    sample_chain: AnswerChain, sample_store: Store
) -> None:
    options = ProseOptions(limits=FAST)
    chain = ProseChain(
        sample_chain,
        saying("令和5年度の相談件数は", "2,788件でした。[{key}]"),
        sample_store,
        name="s",
        options=options,
    )
    events = list(chain.stream(QUESTION))
    assert "".join(event.text for event in events if isinstance(event, Words)) == TRUE
    kinds = [type(event) for event in events]
    assert kinds.index(Words) < kinds.index(Checked) < kinds.index(Done) == len(kinds) - 1


def test_quotes_need_no_model(ask, quoted: Answer) -> None:  # type: ignore[no-untyped-def]
    model = saying(TRUE)
    assert ask(model, Mode.QUOTE) == quoted
    assert model.n_started == 0


@pytest.mark.parametrize("mode", [Mode.PLAIN, Mode.LIST, Mode.EASY])
def test_each_mode_has_its_own_prompt(ask, mode: Mode) -> None:  # type: ignore[no-untyped-def]
    model = saying(TRUE + "[{key}]")
    answer = ask(model, mode)
    word = {Mode.PLAIN: "3文以内", Mode.LIST: "箇条書き", Mode.EASY: "やさしい日本語"}[mode]
    assert word in model.asked[-1]
    assert answer.prose.removeprefix("・") == TRUE


def test_unanswerable_question_reaches_no_model(ask) -> None:  # type: ignore[no-untyped-def]
    model = saying(TRUE)
    answer = ask(model, question="火星の重力加速度は。")
    assert (answer.status, model.n_started) == (AnswerStatus.NOT_FOUND, 0)


def test_keys_are_drawn_anew_and_earlier_markers_do_not_reach_the_model(ask) -> None:  # type: ignore[no-untyped-def]
    model = saying(TRUE + "[{key}]")
    past = (Turn("ワンストップ窓口の相談件数は何件ですか。", "2,788件です。[1]"),)
    for _ in range(2):
        ask(model, question=Ask(QUESTION, history=past))
    first, second = model.asked[-2:]
    assert first != second
    assert "[1]" not in first.split("質問:")[-1]


def test_first_words_are_shown_within_150_ms_of_the_models_own(
    sample_chain: AnswerChain, sample_store: Store
) -> None:
    said: list[float] = []

    def script(prompt: str):  # type: ignore[no-untyped-def]
        said.append(time.perf_counter())
        yield "令和5年度の相談件数は"
        yield 0.2
        yield "2,788件でした。"

    chain = ProseChain(
        sample_chain, ScriptedModel(script=script), sample_store, name="s", options=ProseOptions(limits=FAST)
    )
    event = next(event for event in chain.stream(QUESTION) if isinstance(event, Words))
    assert time.perf_counter() - said[0] < 0.15
    assert event.text


def test_leaving_the_stream_stops_the_models_request(sample_chain: AnswerChain, sample_store: Store) -> None:
    model = ScriptedModel(script=lambda _: (step for pair in repeat(("語。", 0.01)) for step in pair))
    chain = ProseChain(sample_chain, model, sample_store, name="s", options=ProseOptions())
    stream = chain.stream(QUESTION)
    next(stream)
    stream.close()
    until = time.perf_counter() + 5
    while not model.n_cancelled and time.perf_counter() < until:
        time.sleep(0.01)
    assert model.n_cancelled == 1


def test_leaving_a_silent_model_stops_its_request(sample_chain: AnswerChain, sample_store: Store) -> None:
    model = saying(60)
    chain = ProseChain(sample_chain, model, sample_store, name="s", options=ProseOptions())
    stream = chain.stream(QUESTION)
    assert next(stream) == Words("")
    stream.close()
    until = time.perf_counter() + 5
    while not model.n_cancelled and time.perf_counter() < until:
        time.sleep(0.01)
    assert model.n_cancelled == 1
