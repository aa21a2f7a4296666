"""The one event loop in which all chat models are asked.

The packages keep connections open from one request to the next, and a connection belongs to the loop that
opened it: a loop of its own for each request made every second one fail.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any

_lock = threading.Lock()
_loops: dict[int, asyncio.AbstractEventLoop] = {}  # by the process: a fork has none of its parent's threads


def start(request: Coroutine[Any, Any, None]) -> Future[None]:
    """Run a request beside the caller; cancelling what is returned ends it."""
    return asyncio.run_coroutine_threadsafe(request, _loop())


def _loop() -> asyncio.AbstractEventLoop:
    with _lock:
        loop = _loops.get(os.getpid())
        if loop is None:
            loop = asyncio.new_event_loop()
            _loops[os.getpid()] = loop
            threading.Thread(target=loop.run_forever, name="chat-models", daemon=True).start()
        return loop
