"""A chat model from the command line and over the API, with LangChain's own package for OpenAI's protocol."""

from __future__ import annotations

import json
import time
from itertools import chain, repeat
from pathlib import Path

import pytest

from assistant.events import Checked, Done, Words
from tests.ui.conftest import Shirube
from tests.ui.model_server import model_saying
from ui.settings import Settings
from ui.wiring import open_index

pytest.importorskip("langchain_openai")

QUESTION = "ごみは朝の何時までに出しますか。"


@pytest.fixture(scope="module")
def quote(index_dir: Path) -> str:
    """A sentence that the documents say."""
    with open_index(Settings(index_dir=index_dir)) as opened:
        return opened.assistant.ask(QUESTION).sentences[0].text.split("\n")[0].rstrip("。") + "。"


def ask(shirube: Shirube, index_dir: Path, url: str, *more: str) -> str:
    outcome = shirube(
        "ask", QUESTION, "--index-dir", index_dir, "--model", "openai:m", "--model-url", url, *more
    )
    assert outcome.code == 0, outcome.err
    return outcome.out


def test_written_answer_is_shown_with_its_verdicts_and_the_models_name(
    shirube: Shirube, index_dir: Path, quote: str
) -> None:
    with model_saying(quote[:4], quote[4:], "[", "{key}", "]") as server:
        said = ask(shirube, index_dir, server.url)
        told = json.loads(ask(shirube, index_dir, server.url, "--json"))
    assert "（確認済み）" in said
    assert "文章: openai:m" in said
    assert "[1]" in said
    assert told["sentences"][0]["verdict"] == "confirmed"
    assert told["writing"]["fell_back"] == ""


@pytest.mark.parametrize("status", [401, 429, 500])
def test_refused_request_gives_the_quoted_answer_and_says_why(
    shirube: Shirube, index_dir: Path, status: int
) -> None:
    with model_saying(status=status) as server:
        said = ask(shirube, index_dir, server.url)
    assert "引用で答えています: モデルが" in said
    assert "[1]" in said
    assert server.n_requests == (1 if status == 401 else 2)


def test_no_server_at_all_gives_the_quoted_answer(shirube: Shirube, index_dir: Path) -> None:
    with model_saying("") as server:
        url = server.url
    assert "引用で答えています: モデルにつながりません" in ask(shirube, index_dir, url)


def test_mode_quote_asks_no_model(shirube: Shirube, index_dir: Path) -> None:
    with model_saying("はい。") as server:
        said = ask(shirube, index_dir, server.url, "--mode", "quote")
    assert server.n_requests == 0
    assert "文章:" not in said


def test_model_check_tells_each_step(shirube: Shirube) -> None:
    def script(prompt: str) -> list[str | float]:
        return ["しおかぜ"] if "合言葉" in prompt else ["1、", 0.01, "2、", 0.01, "3、", "4"]

    with model_saying(script=script) as server:
        outcome = shirube("model", "check", "--model", "openai:m", "--model-url", server.url)
    assert outcome.code == 0
    assert [line[:4] for line in outcome.out.splitlines()] == ["○ 接続", "○ 逐次", "○ 速さ", "○ 長さ"]


def test_model_check_says_what_is_wrong(shirube: Shirube) -> None:
    with model_saying(status=401) as server:
        outcome = shirube("model", "check", "--model", "openai:m", "--model-url", server.url)
    assert (outcome.code, outcome.out) == (1, "× 接続: モデルが鍵を受け付けませんでした。\n")
    assert "決まっていません" in shirube("model", "check").err
    unknown = shirube("model", "check", "--model", "nosuch:m")
    assert unknown.code == 1
    assert "nosuch:m" in unknown.err


def test_leaving_the_stream_breaks_the_connection(index_dir: Path, quote: str) -> None:
    endless = lambda _: chain.from_iterable(repeat(("あの、", 0.02)))  # noqa: E731
    with model_saying(script=endless) as server:
        settings = Settings(index_dir=index_dir, model="openai:m", model_url=server.url)
        with open_index(settings) as opened:
            stream = opened.assistant.stream(QUESTION)
            assert isinstance(next(stream), Words)
            stream.close()
        until = time.perf_counter() + 10
        while not server.n_broken and time.perf_counter() < until:
            time.sleep(0.02)
    assert server.n_broken == 1


def test_stream_ends_with_the_answer(index_dir: Path, quote: str) -> None:
    with model_saying(quote, "[{key}]") as server:
        settings = Settings(index_dir=index_dir, model="openai:m", model_url=server.url)
        with open_index(settings) as opened:
            events = list(opened.assistant.stream(QUESTION))
    assert isinstance(events[-1], Done)
    assert [event.sentence.verdict for event in events if isinstance(event, Checked)] == ["confirmed"]
