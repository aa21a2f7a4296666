"""The chat endpoint that programs written for OpenAI's understand; the citations are in an extra field."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from itertools import pairwise
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse

from assistant.answer import AnswerStatus
from assistant.followup import Turn
from ui.api import MOST_CHARS, FilterBody, user_of
from ui.context import ServerContext
from ui.present import HINT, NOT_FOUND
from ui.problem import RequestError
from ui.written import TAKEN_BACK, Events, answer_of, listened, shown, with_markers

MODEL = "shirube"
MOST_MESSAGES = 200


class QuestionError(RequestError):
    """The messages hold no question."""

    hint = "messages の最後に role が user のメッセージを置いてください。"


class Part(BaseModel):
    """A part of a message; only text is read."""

    model_config = ConfigDict(frozen=True)

    type: str
    text: str = ""


class Message(BaseModel):
    """What one side said."""

    model_config = ConfigDict(frozen=True)

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """Its text, whatever form it has."""
        if isinstance(self.content, list):
            return "".join(part.text for part in self.content)
        return self.content or ""


class ChatBody(BaseModel):
    """A conversation; fields that are not known here are ignored, as their effect is a model's."""

    model_config = ConfigDict(frozen=True)

    model: Annotated[str, Field(description="どの名前でも同じ答えになります")] = MODEL
    messages: Annotated[
        list[Message], Field(min_length=1, max_length=MOST_MESSAGES, description="最後の user が質問")
    ]
    stream: Annotated[bool, Field(description="1文ずつ返すか")] = False
    filters: Annotated[FilterBody, Field(description="絞り込み（OpenAI にはない項目）")] = FilterBody()


def openai_routes(context: ServerContext) -> APIRouter:
    """The routes below `/v1`."""
    router = APIRouter(prefix="/v1", tags=["OpenAI"])

    @router.get("/models", summary="モデルの一覧", description="名前は一つだけです。")
    def models() -> dict[str, Any]:
        model = {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}
        return {"object": "list", "data": [model]}

    @router.post(
        "/chat/completions",
        summary="OpenAI 互換の会話",
        description="出典は追加の項目 citations、状態は status です（stream では最後の chunk）。",
    )
    async def chat(request: Request, body: ChatBody) -> Response:
        question, turns = _question(body.messages)
        events = context.stream(
            question, user=user_of(request).name, filters=body.filters.filters(), history=turns
        )
        head = {
            "id": f"chatcmpl-{secrets.token_hex(12)}",
            "created": int(time.time()),
            "model": MODEL,
        }
        if body.stream:
            # What is refused must be told as for any other request, so before the stream begins.
            first = await run_in_threadpool(next, events)
            return StreamingResponse(_chunks(head, first, events), media_type="text/event-stream")
        answer = await answer_of(events, is_gone=request.is_disconnected)
        return Response(status_code=499) if answer is None else JSONResponse(_completion(head, answer))

    return router


def _question(messages: Sequence[Message]) -> tuple[str, list[Turn]]:
    """The last user's message, and what was asked and answered before.

    Raises:
        QuestionError: If the user said nothing last, or too much.
    """
    said = [m for m in messages if m.role in ("user", "assistant") and m.text.strip()]
    if not said or said[-1].role != "user":
        raise QuestionError("質問がありません。")
    if len(said[-1].text) > MOST_CHARS:
        raise QuestionError(f"質問が長すぎます（上限 {MOST_CHARS} 字）。")
    turns = [
        Turn(before.text, after.text if after.role == "assistant" else "")
        for before, after in pairwise(said)
        if before.role == "user"
    ]
    return said[-1].text, turns


def _pieces(answer: dict[str, Any]) -> list[str]:
    """The answer as text, sentence by sentence with its markers."""
    if answer["status"] == AnswerStatus.NOT_FOUND.value:
        return [NOT_FOUND, HINT]
    sentences = answer["sentences"]
    ends = ["\n"] * (len(sentences) - 1) + [""]
    return [with_markers(sentence) + end for sentence, end in zip(sentences, ends, strict=True)]


def _extra(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in ("citations", "status", "fingerprint")}


def _completion(head: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    message = {"role": "assistant", "content": "".join(_pieces(answer)), "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return {**head, "object": "chat.completion", "choices": [choice], **_extra(answer)}


async def _chunks(head: dict[str, Any], first: dict[str, Any], events: Events) -> AsyncIterator[str]:
    """Each checked sentence as it passes; quotes, and what a failing model leaves to them, at the end."""

    def chunk(delta: dict[str, str], extra: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        told = {**head, "object": "chat.completion.chunk", "choices": [choice], **extra}
        return f"data: {json.dumps(told, ensure_ascii=False)}\n\n"

    yield chunk({"role": "assistant", "content": ""}, {})
    n_told = 0
    async with aclosing(listened(_again(first, events))) as heard:
        async for event in heard:
            if (sentence := shown(event)) is not None:
                yield chunk({"content": ("\n" if n_told else "") + with_markers(sentence)}, {})
                n_told += 1
            elif "answer" in event:
                answer = event["answer"]
                for piece in _rest(answer, n_told):
                    yield chunk({"content": piece}, {})
                yield chunk({}, _extra(answer), "stop")
            else:
                yield ": \n\n"  # nothing to tell yet; a listener that has gone is noticed by it
    yield "data: [DONE]\n\n"


def _again(first: dict[str, Any], events: Events) -> Events:
    try:
        yield first
        yield from events
    finally:
        events.close()


def _rest(answer: dict[str, Any], n_told: int) -> list[str]:
    """What is still to be told of an answer whose written sentences have been told one by one."""
    pieces = _pieces(answer)
    if not n_told:
        return pieces
    failure = answer["writing"]["fell_back"]
    if failure:
        return [f"\n\n{failure}{TAKEN_BACK}\n", *pieces]
    grounds = pieces[n_told:]
    return ["\n", *grounds] if grounds else []
