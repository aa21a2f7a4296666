from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from gradio.server_messages import CloseStreamMessage
from starlette.types import Message, Receive, Scope, Send

from ui.event_stream import CLOSE, JOIN, STREAM, EventStream

CLOSING = b"data: " + json.dumps(CloseStreamMessage().model_dump(), separators=(",", ":")).encode() + b"\n\n"
PAGE, OTHER = "abc", "xyz"


class Page:
    """A page on the other side of one request: what it is sent, and when it hangs up."""

    def __init__(self, body: bytes = b"") -> None:
        self.sent: list[Message] = []
        self.hangs_up = asyncio.Event()
        self._body = body

    async def receive(self) -> Message:
        if self._body:
            body, self._body = self._body, b""
            return {"type": "http.request", "body": body, "more_body": False}
        await self.hangs_up.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)


async def gradio(scope: Scope, receive: Receive, send: Send) -> None:
    """Accepts every event; says something on a stream, and closes it."""
    is_event = scope["path"].endswith(JOIN)
    if is_event:
        await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    if is_event:
        await send({"type": "http.response.body", "body": b"{}"})
        return
    told = b'data: {"msg":"process_completed","output":{"data":["\\"msg\\":\\"close_stream\\""]}}\n\n'
    for body in (told, CLOSING) if b"close" in scope["query_string"] else (told,):
        await send({"type": "http.response.body", "body": body, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def stream_of(session: str, then: str = "close") -> dict[str, Any]:
    query = f"session_hash={session}&{then}".encode()
    return {"type": "http", "method": "GET", "path": STREAM, "query_string": query}


JOINING = {"type": "http", "method": "POST", "path": "/en" + JOIN, "query_string": b""}


def event_of(session: str) -> Page:
    return Page(json.dumps({"data": [], "session_hash": session}).encode())


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_gradio_closes_a_stream_in_the_words_that_are_looked_for() -> None:
    assert CLOSE in CLOSING


def test_event_is_accepted_only_when_the_page_has_left_the_closed_stream() -> None:
    async def run() -> None:
        app = EventStream(gradio)
        stream, event, other = Page(), event_of(PAGE), event_of(OTHER)
        streaming = asyncio.create_task(app(stream_of(PAGE), stream.receive, stream.send))
        await settled()
        assert stream.sent[-1]["body"] == CLOSING
        joining = asyncio.create_task(app(JOINING, event.receive, event.send))
        await app(JOINING, other.receive, other.send)
        assert len(other.sent) == 2
        await settled()
        assert event.sent == []
        stream.hangs_up.set()
        await asyncio.gather(streaming, joining)
        assert len(event.sent) == 2
        assert stream.sent[-1]["body"] == b""

    asyncio.run(run())


def test_client_that_does_not_hang_up_is_waited_for_a_while_only() -> None:
    async def run() -> None:
        app = EventStream(gradio, longest_s=0.05)
        stream, event = Page(), event_of(PAGE)
        streaming = asyncio.create_task(app(stream_of(PAGE), stream.receive, stream.send))
        await settled()
        await app(JOINING, event.receive, event.send)
        assert len(event.sent) == 2
        await streaming

    asyncio.run(run())


def test_stream_that_ends_without_a_word_holds_nothing_up() -> None:
    async def run() -> None:
        app = EventStream(gradio)
        stream, event = Page(), event_of(PAGE)
        await app(stream_of(PAGE, "open"), stream.receive, stream.send)
        await app(JOINING, event.receive, event.send)
        assert len(event.sent) == 2

    asyncio.run(run())


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b'{"session_hash": ["a"]}'])
def test_event_of_no_page_goes_to_the_application_as_it_is(body: bytes) -> None:
    async def run() -> None:
        app = EventStream(gradio)
        stream, event = Page(), Page(body or b" ")
        streaming = asyncio.create_task(app(stream_of(PAGE), stream.receive, stream.send))
        await settled()
        await app(JOINING, event.receive, event.send)
        assert len(event.sent) == 2
        stream.hangs_up.set()
        await streaming

    asyncio.run(run())
