"""MilvusServer: the one connection to Milvus, its errors told in Japanese, what may pass tried again.

`pymilvus` is an extra (`pip install 'shirube[milvus]'`), imported when the first call is made.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any

from ingest.errors import EngineError, EngineRefusedError, IndexMismatchError

if TYPE_CHECKING:
    from pymilvus import MilvusClient

CONNECT_S = 10.0
ANSWER_S = 10.0  # how long a question waits for a server that is away
WRITE_S = 120.0  # how long an ingest does
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 5.0
NOT_LOADED = 101  # codes of Milvus
NOT_FOUND = 100
REFUSING = ("UNAUTHENTICATED", "PERMISSION_DENIED", "INVALID_ARGUMENT", "UNIMPLEMENTED", "RESOURCE_EXHAUSTED")
AWAY = ("UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "Fail connecting", "Retry timeout", "Channel")
CLOSED = "closed channel"
LOGGERS = ("pymilvus", "pymilvus.milvus_client", "milvus_lite")


class MilvusServer:
    """Connects at the first call. Safe from several threads."""

    def __init__(self, uri: str, *, token: str = "", patience_s: float = WRITE_S) -> None:
        """Remember where the server is.

        Args:
            uri: `http://host:19530`, or a path that ends in `.db` for milvus-lite within this process.
            token: `user:password` or an API key.
            patience_s: How long a call that writes goes on trying.
        """
        self.uri = uri
        self.patience_s = patience_s
        self._token = token
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
        while True:
            try:
                return self._once(name, ends, arguments)
            except EngineError:
                raise
            except Exception as error:  # of pymilvus and grpc, which are imported only when they are used
                if not self._may_pass(error, arguments):
                    raise self._told(error) from error
                if time.monotonic() + pause >= ends:
                    raise EngineError(f"Milvus につながりません（{self.uri}）。") from error
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    def _once(self, name: str, ends: float, arguments: dict[str, Any]) -> Any:
        left_s = max(ends - time.monotonic(), 0.1)
        return getattr(self._connected(left_s), name)(timeout=left_s, **arguments)

    def _connected(self, left_s: float) -> MilvusClient:
        with self._lock:
            if self._client is None:
                self._client = _connect(self.uri, self._token, min(CONNECT_S, left_s))
            return self._client

    def _may_pass(self, error: Exception, arguments: dict[str, Any]) -> bool:
        """Whether the same call may succeed soon."""
        if _code(error) == NOT_FOUND:
            return False
        if _code(error) == NOT_LOADED and "collection_name" in arguments:  # after a restart
            self._connected(CONNECT_S).load_collection(arguments["collection_name"])
            return True
        if not _is_away(error):
            return False
        # A connection that failed tries again ever more rarely, for up to minutes; a new one does so at once.
        self.close()
        return True

    def _told(self, error: Exception) -> Exception:
        if isinstance(error, ValueError | TypeError):
            return error
        if _code(error) == NOT_FOUND:
            return IndexMismatchError(f"Milvus に索引がありません（{self.uri}）。")
        text = " ".join((getattr(error, "message", "") or str(error)).split())[:200]
        if "UNAUTHENTICATED" in text.upper() or "auth check failure" in text:
            return EngineRefusedError(f"Milvus にログインできません（{self.uri}）。")
        return EngineRefusedError(f"Milvus が受け付けません（{self.uri}、{text}）。")

    def close(self) -> None:
        """Let go of the connection; the next call makes another."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = None


def _connect(uri: str, token: str, timeout_s: float) -> MilvusClient:
    try:
        from pymilvus import MilvusClient
    except ImportError as error:
        raise EngineRefusedError("Milvus につなぐには pip install 'shirube[milvus]' が要ります。") from error
    for name in LOGGERS:  # which print a traceback of each error that is told here
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return MilvusClient(uri=uri, token=token, timeout=timeout_s, dedicated=True)


def _code(error: Exception) -> int:
    code = getattr(error, "code", None)
    return code if isinstance(code, int) else 0


def _is_away(error: Exception) -> bool:
    """Whether the server did not answer; what it says itself is an answer, unless it asks to try again."""
    if getattr(error, "retriable", False):
        return True
    text = str(error)
    if isinstance(error, ValueError | TypeError):
        return CLOSED in text  # by another thread that found the server away
    if any(name in text for name in REFUSING):
        return False
    return any(sign in text for sign in AWAY)
