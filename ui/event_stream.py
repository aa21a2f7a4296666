"""The page's stream of events, closed so that no question that is asked meanwhile goes unheard.

Gradio's page (6.x) opens a stream when it sends an event and none is open. The server closes it when the last
event that it knows of is done. An event that arrives just after that, and is accepted before the page has
read that its stream is closed, leaves the page waiting on a stream that is none: a question asked while the
page still loads its suggestions never gets an answer.

So an event is accepted only once the page has read it. The page hangs up when it has, which the server sees.
"""

from __future__ import annotations

import asyncio
import json
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

JOIN = "/gradio_api/queue/join"
STREAM = "/gradio_api/queue/data"
CLOSE = b'"msg":"close_stream"'  # no text of an event looks so: in JSON, its quotation marks are escaped
# That a hang-up is waited for: a page that has just sent a file hangs up another request instead. After this,
# the word that the stream is closed has long been read before what is sent then.
LONGEST_S = 1.0


class EventStream:
    """Pure ASGI middleware between the guard and the page; see the module."""

    def __init__(self, app: ASGIApp, *, longest_s: float = LONGEST_S) -> None:
        self._app = app
        self._longest_s = longest_s
        self._closing: dict[str, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; a stream ends when its page hangs up, before the next event is accepted."""
        path = scope["path"] if scope["type"] == "http" else ""
        if path.endswith(STREAM):
            await self._stream(scope, receive, send)
        elif path.endswith(JOIN) and scope["method"] == "POST":
            await self._join(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        (session,) = parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", [""])[:1]
        closed: asyncio.Event | None = None

        async def send_in_turn(message: Message) -> None:
            nonlocal closed
            if CLOSE in message.get("body", b""):
                closed = self._closing[session] = asyncio.Event()
            elif closed and not message.get("more_body", False):
                await self._hung_up(receive)
            await send(message)

        try:
            await self._app(scope, receive, send_in_turn)
        finally:
            if closed:
                closed.set()
                if self._closing.get(session) is closed:
                    del self._closing[session]

    async def _hung_up(self, receive: Receive) -> None:
        try:
            async with asyncio.timeout(self._longest_s):
                while (await receive())["type"] != "http.disconnect":
                    pass
        except TimeoutError:
            return

    async def _join(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()

        async def receive_and_keep() -> Message:
            message = await receive()
            body.extend(message.get("body", b""))
            return message

        async def send_in_turn(message: Message) -> None:
            closed = self._closing.get(_session_of(bytes(body)))
            if closed:
                await closed.wait()
            await send(message)

        await self._app(scope, receive_and_keep, send_in_turn)


def _session_of(body: bytes) -> str:
    """The page that sends an event; "" where the body does not say."""
    try:
        return str(json.loads(body)["session_hash"])
    except (ValueError, KeyError, TypeError):
        return ""
