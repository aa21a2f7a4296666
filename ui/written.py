"""Answers told as they are written: how a stream of events is passed on, and how it is left."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import aclosing
from typing import Any

from starlette.concurrency import run_in_threadpool

Events = Generator[dict[str, Any], None, None]
SHOWN = frozenset({"confirmed", "partly", "unverified"})  # what is contradicted is no part of an answer
TAKEN_BACK = "上の文は取り消し、原文の引用で答えます。"


async def listened(events: Events) -> AsyncGenerator[dict[str, Any], None]:
    """The events, each waited for in a thread; leaving the loop, or being cancelled, stops the model."""
    try:
        while (event := await run_in_threadpool(next, events, None)) is not None:
            yield event
    finally:
        events.close()


async def answer_of(
    events: Events,
    *,
    tell: Callable[[dict[str, Any]], Awaitable[None]] | None = None,
    is_gone: Callable[[], Awaitable[bool]] | None = None,
) -> dict[str, Any] | None:
    """The answer at the end of a stream; `None` if whoever asked has gone, and then the model stops.

    Args:
        events: As `ServerContext.stream` gives them.
        tell: Hears each checked sentence that may be shown.
        is_gone: Asked after each event.
    """
    async with aclosing(listened(events)) as heard:
        async for event in heard:
            if "answer" in event:
                answer: dict[str, Any] = event["answer"]
                return answer
            if tell is not None and (sentence := shown(event)) is not None:
                await tell(sentence)
            if is_gone is not None and await is_gone():
                return None
    raise ValueError("a stream ends with an answer")


def shown(event: dict[str, Any]) -> dict[str, Any] | None:
    """The checked sentence that an event brings, if it may be shown."""
    sentence: dict[str, Any] | None = event.get("sentence")
    return sentence if sentence is not None and sentence["verdict"] in SHOWN else None


def with_markers(sentence: dict[str, Any]) -> str:
    """A sentence, its markers, and what the check found if it is not confirmed."""
    found = {"partly": "（一部確認）", "unverified": "（根拠未確認）"}.get(sentence.get("verdict", ""), "")
    markers = "".join(f"[{marker}]" for marker in sentence["citations"])
    return f"{sentence['text']}{markers}{found}"
