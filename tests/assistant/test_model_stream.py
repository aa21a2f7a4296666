"""Requests to a chat model, one after another: connections that are kept, and those that have been hung up."""

from __future__ import annotations

import pytest
from langchain_core.messages import HumanMessage

from assistant.model_stream import ModelFailure, ModelStream, TimeLimits
from assistant.models import load_model
from tests.assistant.scripted_models import ScriptedModel, StatusError
from tests.ui.model_server import model_saying

LIMITS = TimeLimits(5, 5)
ASKED = [HumanMessage("記号 ABCD（資料）\n問い")]


class RemoteProtocolError(Exception):
    """As the HTTP client calls it when a server hung up before it answered."""


def hung_up() -> Exception:
    error = ConnectionError("connection")
    error.__cause__ = RemoteProtocolError("server disconnected")
    return error


def said(model: object) -> str:
    return "".join(ModelStream(model, ASKED, LIMITS).pieces())  # type: ignore[arg-type]


def test_requests_one_after_another_use_the_connections_that_are_kept() -> None:
    pytest.importorskip("langchain_openai")
    with model_saying("はい", "。") as server:
        model = load_model("openai:m", url=server.url, needs_key=False)
        assert [said(model) for _ in range(5)] == ["はい。"] * 5
    assert server.n_requests == 5


def test_limits_of_the_package_are_those_that_are_set() -> None:
    pytest.importorskip("langchain_openai")
    model = load_model("openai:m", url="http://127.0.0.1:1/v1", needs_key=False, timeout_s=600)
    assert model.stream_chunk_timeout == model.request_timeout == 600  # type: ignore[attr-defined]


def test_connection_that_was_hung_up_is_opened_anew_once() -> None:
    tries = iter([(hung_up(),), ("はい。",)])
    assert said(ScriptedModel(script=lambda _: next(tries))) == "はい。"
    model = ScriptedModel(script=lambda _: (hung_up(),))
    with pytest.raises(ModelFailure):
        said(model)
    assert model.n_started == 2


def test_refusal_that_will_not_pass_is_not_tried_again() -> None:
    model = ScriptedModel(script=lambda _: (StatusError(401),))
    with pytest.raises(ModelFailure, match="鍵"):
        said(model)
    assert model.n_started == 1


def test_silence_is_told_so_that_a_reader_can_leave() -> None:
    model = ScriptedModel(script=lambda _: (0.8, "はい。"))
    first, *rest = ModelStream(model, ASKED, LIMITS).pieces()
    assert (first, "".join(rest)) == ("", "はい。")
