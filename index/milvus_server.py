"""MilvusServer: the one connection to Milvus, its errors told in Japanese, what may pass tried again.

`pymilvus` is an extra (`pip install 'shirube[milvus]'`), imported when the first call is made.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ingest.errors import (
    EngineError,
    EngineFileError,
    EngineMissingError,
    EngineRefusedError,
    IndexMismatchError,
    ShirubeError,
)

if TYPE_CHECKING:
    from pymilvus import MilvusClient

CONNECT_S = 10.0
ANSWER_S = 10.0  # how long a question waits for a server that is away
WRITE_S = 120.0  # how long an ingest does
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0
NOT_FOUND, NOT_LOADED, RATE_LIMIT = 100, 101, 8  # codes of Milvus
REFUSING = ("UNAUTHENTICATED", "PERMISSION_DENIED", "INVALID_ARGUMENT", "UNIMPLEMENTED", "RESOURCE_EXHAUSTED")
AWAY = ("UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "Fail connecting", "Retry timeout")
CLOSED = "closed channel"  # by another thread that found the server away
LOGGERS = ("pymilvus", "pymilvus.milvus_client", "milvus_lite")

Connect = Callable[[str, str, float], Any]
"""Makes a client of a place, a token and the seconds that it may take."""


def client_class() -> Any:
    """The client of pymilvus, imported when it is first needed.

    Raises:
        EngineMissingError: If that is not installed.
    """
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise EngineMissingError("Milvus につなぐためのパッケージ（pymilvus）が入っていません。") from error
    return MilvusClient


def connect(uri: str, token: str, timeout_s: float) -> MilvusClient:
    """A client of pymilvus.

    Raises:
        EngineMissingError: If that is not installed.
    """
    client = client_class()
    for name in LOGGERS:  # which print a traceback of each error that is told here
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return client(uri=uri, token=token, timeout=timeout_s, dedicated=True)


class MilvusServer:
    """Connects at the first call. Safe from several threads."""

    def __init__(
        self, uri: str, *, token: str = "", patience_s: float = WRITE_S, connect: Connect = connect
    ) -> None:
        """Remember where the server is.

        Args:
            uri: `http://host:19530`, or a path that ends in `.db` for milvus-lite within this process.
            token: `user:password` or an API key.
            patience_s: How long a call that writes goes on trying.
            connect: What makes a client.
        """
        self.uri = uri
        self.patience_s = patience_s
        self._token = token
        self._connect = connect
        self._client: MilvusClient | None = None
        self._lock = threading.Lock()

    def ask(self, name: str, **arguments: Any) -> Any:
        """A call that somebody waits for; see `call`."""
        return self.call(name, patience_s=min(ANSWER_S, self.patience_s), **arguments)

    def call(self, name: str, *, patience_s: float | None = None, **arguments: Any) -> Any:
        """Call a method of `MilvusClient`, again while the server is away: all of those may be repeated.

        Raises:
            EngineError: If the server stays away.
            EngineRefusedError: If it answers, but refuses.
            IndexMismatchError: If it does not know the collection.
        """
        patience_s = self.patience_s if patience_s is None else patience_s
        ends, pause = time.monotonic() + patience_s, FIRST_PAUSE_S
        must_load = False
        while True:
            try:
                if must_load:  # a server that was started again knows its collections, but has none in memory
                    self._once("load_collection", ends, {"collection_name": arguments["collection_name"]})
                return self._once(name, ends, arguments)
            except EngineError:
                raise
            except _errors() as error:
                must_load = _code(error) == NOT_LOADED and "collection_name" in arguments
                if not must_load and not _may_pass(error):
                    raise self._told(error) from error
                if time.monotonic() + pause >= ends:
                    raise EngineError(f"Milvus につながりません（{self.uri}）。") from error
                if not must_load:
                    # A connection that failed tries again ever more rarely; a new one does so at once.
                    self.close()
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    def once(self, read: Callable[[], Any]) -> Any:
        """The next part of something that is read piece by piece, which cannot be tried again.

        Raises:
            EngineError: If the server is away or refuses.
        """
        try:
            return read()
        except _errors() as error:
            if not _may_pass(error):
                raise self._told(error) from error
            self.close()
            raise EngineError(f"Milvus につながりません（{self.uri}）。") from error

    def close(self) -> None:
        """Let go of the connection; the next call makes another."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = None

    def _once(self, name: str, ends: float, arguments: dict[str, Any]) -> Any:
        left_s = max(ends - time.monotonic(), 0.1)
        with self._lock:
            if self._client is None:
                self._client = self._connect(self.uri, self._token, min(CONNECT_S, left_s))
            client = self._client
        return getattr(client, name)(timeout=left_s, **arguments)

    def _told(self, error: Exception) -> Exception:
        """The error as users read it; a wrong argument is a bug and stays what it is."""
        if isinstance(error, ValueError):
            return error
        text = " ".join((getattr(error, "message", "") or str(error)).split())[:200]
        known: dict[str, ShirubeError] = {
            "milvus-lite is required": EngineMissingError("パッケージ milvus-lite が入っていません。"),
            "Open local milvus failed": EngineFileError(
                f"milvus-lite のファイルを開けません（{self.uri}）。"
            ),
            "UNAUTHENTICATED": EngineRefusedError(f"Milvus にログインできません（{self.uri}）。"),
            "auth check failure": EngineRefusedError(f"Milvus にログインできません（{self.uri}）。"),
        }
        found = next((told for sign, told in known.items() if sign in f"{text} {error}"), None)
        if found is None and _code(error) == NOT_FOUND:
            return IndexMismatchError(f"Milvus に索引がありません（{self.uri}）。")
        return found or EngineRefusedError(f"Milvus が受け付けません（{self.uri}、{text}）。")


def _errors() -> tuple[type[Exception], ...]:
    """What a client raises; asked for only when something was raised."""
    from grpc import RpcError
    from pymilvus.exceptions import MilvusException

    return (MilvusException, RpcError, ValueError)


def _code(error: Exception) -> int:
    code = getattr(error, "code", None)
    return code if isinstance(code, int) else 0


def _may_pass(error: Exception) -> bool:
    """Whether the server did not answer; what it says is an answer, unless it asks to try again."""
    text = str(error)
    if isinstance(error, ValueError):
        return CLOSED in text
    if getattr(error, "retriable", False) or _code(error) == RATE_LIMIT:
        return True
    return not any(sign in text for sign in REFUSING) and any(sign in text for sign in AWAY)
