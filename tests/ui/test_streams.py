"""A model's sentences as they come to programs: over OpenAI's form, and over the Model Context Protocol."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client

from tests.ui.model_server import ModelServer, model_saying
from tests.ui.served import QUESTION, ingest_into, listening, settings_of, with_users, write_documents
from ui.accounts import Scope
from ui.users import Users
from ui.written import TAKEN_BACK

pytest.importorskip("langchain_openai")

TRUE = "会議室の予約は、利用日の七日前までに総務課へ申し込みます。"
FALSE = "会議室の予約は、利用日の三日前までに総務課へ申し込みます。"
SAID = (TRUE, "[{key}]", FALSE, "[{key}]")
MESSAGES: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": QUESTION}]


@contextmanager
def served(folder: Path, model: ModelServer) -> Iterator[tuple[str, str]]:
    """The address of a server that asks this model, and a token."""
    users = with_users(folder, "tanaka")
    settings = settings_of(folder, model="openai:m", model_url=model.url, users_file=users)
    ingest_into(settings, write_documents(folder / "documents"))
    token = Users(users).issue_token("tanaka", [Scope.ASK], days=1)
    with listening(settings) as address:
        yield address, token


@contextmanager
def openai_client(folder: Path, model: ModelServer) -> Iterator[openai.OpenAI]:
    with (
        served(folder, model) as (address, token),
        openai.OpenAI(api_key=token, base_url=f"{address}/v1", max_retries=0) as client,
    ):
        yield client


def pieces(client: openai.OpenAI) -> Iterator[str]:
    for chunk in client.chat.completions.create(model="x", messages=MESSAGES, stream=True):
        if text := chunk.choices[0].delta.content:
            yield text


def ended(model: ModelServer) -> bool:
    """Whether the model's server sees within three seconds that nobody listens any more."""
    deadline = time.monotonic() + 3
    while not model.n_broken and time.monotonic() < deadline:
        time.sleep(0.02)
    return model.n_broken == 1


def test_checked_sentence_comes_before_the_model_has_ended(tmp_path: Path) -> None:
    with model_saying(*SAID, "以上", 1.5, "です。") as model, openai_client(tmp_path, model) as client:
        told = pieces(client)
        assert next(told) == f"{TRUE}[1]"
        start = time.monotonic()
        rest = list(told)
        assert time.monotonic() - start > 1
    assert FALSE not in "".join(rest)


def test_stream_and_whole_answer_say_the_same(tmp_path: Path) -> None:
    with model_saying(*SAID) as model, openai_client(tmp_path, model) as client:
        streamed = "".join(pieces(client))
        whole = client.chat.completions.create(model="x", messages=MESSAGES)
    assert streamed == whole.choices[0].message.content
    written, ground = streamed.split("\n")
    assert written == f"{TRUE}[1]"
    # Its citation is that of the written one or its own, as the line is a clause or a sentence.
    assert re.fullmatch(r"会議室の予約は、利用日の七日前までに総務課へ申し込む。\[[12]\]", ground)
    assert (whole.model_extra or {})["citations"][0]["source"] == "rooms.md"
    assert model.n_requests == 2


def test_sentences_of_a_model_that_fails_later_are_taken_back(tmp_path: Path) -> None:
    with (
        model_saying(TRUE, "[{key}]", *["会議室は三階。"] * 6) as model,
        openai_client(tmp_path, model) as client,
    ):
        told = "".join(pieces(client))
    kept, _, quoted = told.partition(TAKEN_BACK)
    assert kept.startswith(TRUE)
    assert "同じことを繰り返しました" in kept
    assert "利用日の七日前までに総務課へ申し込む。[1]" in quoted


def test_client_that_leaves_a_stream_stops_the_model(tmp_path: Path) -> None:
    with (
        model_saying(*SAID, *[0.2, "なお"] * 50) as model,
        openai_client(tmp_path, model) as client,
        client.chat.completions.create(model="x", messages=MESSAGES, stream=True) as stream,
    ):
        assert next(c for c in stream if c.choices[0].delta.content)
        stream.close()
        assert ended(model)


def test_client_that_gives_up_waiting_stops_the_model(tmp_path: Path) -> None:
    with (
        model_saying(0.2, "あ", *[0.2, "あ"] * 50) as model,
        openai_client(tmp_path, model) as client,
    ):
        with pytest.raises(openai.APITimeoutError):
            client.with_options(timeout=1).chat.completions.create(model="x", messages=MESSAGES)
        assert ended(model)


def ask_tool(address: str, token: str, *, leave_after_s: float = 60) -> tuple[list[str], Any]:
    """What the real client hears as progress, and the result, `None` if it left before."""
    heard: list[str] = []

    async def on_progress(_: float, __: float | None, message: str | None) -> None:
        heard.append(message or "")

    async def run() -> Any:
        headers = {"authorization": f"Bearer {token}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=60) as http,
            Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
        ):
            asked = client.call_tool("ask", {"question": QUESTION}, progress_callback=on_progress)
            try:
                return await asyncio.wait_for(asked, leave_after_s)
            except TimeoutError:
                return None

    return heard, asyncio.run(run())


def test_tool_tells_checked_sentences_as_progress(tmp_path: Path) -> None:
    with model_saying(*SAID) as model, served(tmp_path, model) as (address, token):
        heard, result = ask_tool(address, token)
    assert heard == [f"{TRUE}[1]"]
    assert TRUE in result.content[0].text


def test_client_that_leaves_a_tool_stops_the_model(tmp_path: Path) -> None:
    with (
        model_saying(*SAID, *[0.2, "なお"] * 50) as model,
        served(tmp_path, model) as (address, token),
    ):
        heard, result = ask_tool(address, token, leave_after_s=2)
        assert result is None
        assert heard == [f"{TRUE}[1]"]
        assert ended(model)
