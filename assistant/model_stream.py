"""ModelStream: a chat model's answer as it comes, within time limits, stopped when nobody listens."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Generator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.runnables import Runnable

from assistant.model_loop import start

RETRYABLE = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
RETRY_AFTER_S = 1.0
HUNG_UP = frozenset({"RemoteProtocolError", "ConnectionResetError", "BrokenPipeError"})
TICK_S = 0.5


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds until the first words, and until the whole answer."""

    first_s: float = 30.0
    whole_s: float = 120.0


class ModelFailure(Exception):  # noqa: N818 - it is told to the reader of an answer, not raised to a user
    """The model gave no answer; its message is the reason, in Japanese."""


class ModelStream:
    """Runs one request beside its reader, so that a silent model can be left at any moment.

    Attributes:
        first_s: Seconds until its first words, `None` so far.
        n_tokens: Of its answer, as far as it tells.
    """

    def __init__(
        self, model: Runnable[Any, Any], messages: Sequence[BaseMessage], limits: TimeLimits
    ) -> None:
        self._model = model
        self._messages = list(messages)
        self._limits = limits
        self._queue: queue.Queue[str | Exception | None] = queue.Queue()
        self._request: Future[None] | None = None
        self._refused: Exception | None = None  # what the first try ended with
        self._stopped = threading.Event()
        self._started = time.perf_counter()
        self.first_s: float | None = None
        self.n_tokens = 0

    def pieces(self) -> Generator[str, None, None]:
        """The text piece by piece; leaving the loop, or closing this iterator, stops the request.

        While the model is silent, "" comes every `TICK_S` seconds, so that who reads may leave.

        Raises:
            ModelFailure: If the model fails, is silent or takes too long.
        """
        self._request = start(self._ask())
        try:
            while (piece := self._next()) is not None:
                if piece and self.first_s is None:
                    self.first_s = time.perf_counter() - self._started
                yield piece
        finally:
            self.stop()

    def stop(self) -> None:
        """End the request, also one that is waiting for the model's first word."""
        self._stopped.set()
        if self._request is not None:
            self._request.cancel()

    def _next(self) -> str | None:
        spent = time.perf_counter() - self._started
        limit = (
            self._limits.whole_s
            if self.first_s is not None
            else min(self._limits.first_s, self._limits.whole_s)
        )
        left = max(0.001, limit - spent)
        try:
            said = self._queue.get(timeout=min(left, TICK_S))
        except queue.Empty:
            if left > TICK_S:
                return ""
            if self._refused is not None:
                raise ModelFailure(reason_of(self._refused)) from self._refused
            late = "途中で止まりました" if self.first_s is not None else "答え始めませんでした"
            raise ModelFailure(f"モデルが {limit:g} 秒のうちに{late}。") from None
        if isinstance(said, Exception):
            raise ModelFailure(reason_of(said)) from said
        return said

    async def _ask(self) -> None:
        for attempt in (1, 2):
            try:
                await self._listen()
            except Exception as error:  # a partner package may raise anything: it becomes the reason
                if attempt == 1 and self._queue.empty() and self.first_s is None and is_retryable(error):
                    self._refused = error
                    await asyncio.sleep(0 if is_stale(error) else RETRY_AFTER_S)
                    continue
                self._queue.put(error)
                return
            self._queue.put(None)
            return

    async def _listen(self) -> None:
        async for chunk in self._model.astream(self._messages):
            if isinstance(chunk, AIMessageChunk) and chunk.usage_metadata:
                self.n_tokens = max(self.n_tokens, chunk.usage_metadata["output_tokens"])
            text = chunk if isinstance(chunk, str) else str(chunk.text)
            if self._stopped.is_set():
                return
            if text:
                self._queue.put(text)


def is_retryable(error: Exception) -> bool:
    """Whether the error itself says that another try may succeed."""
    return getattr(error, "status_code", None) in RETRYABLE or is_stale(error)


def is_stale(error: BaseException) -> bool:
    """Whether the server had hung up on a connection kept from an earlier request."""
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and cause not in causes:
        causes.append(cause)
    return any(type(one).__name__ in HUNG_UP for one in causes)


def reason_of(error: Exception) -> str:
    """What went wrong, for a reader: no text of the error, which may hold a key or an address."""
    status = getattr(error, "status_code", None)
    name = type(error).__name__.lower()
    if status in (401, 403):
        return "モデルが鍵を受け付けませんでした。"
    if status == 404:
        return "その名前のモデルがありません。"
    if status == 429:
        return "モデルが混み合っています。"
    if status in (400, 413, 422):
        return "モデルが質問を受け付けませんでした（資料が長すぎるか、設定が合いません）。"
    if "timeout" in name:
        return "モデルが時間のうちに答えませんでした。"
    if "connect" in name:
        return "モデルにつながりません。"
    return "モデルが途中で失敗しました。"
