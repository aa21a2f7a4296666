"""How often something may be done: a token bucket for each user or address."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable

from ingest.errors import ShirubeError

MOST_KEYS = 10_000  # buckets kept; beyond it full ones are forgotten, then the longest unused


class TooOftenError(ShirubeError):
    """Asked or tried too often; `wait_s` says when to come back."""

    hint = "しばらく待ってから、もう一度試してください。"
    retryable = True

    def __init__(self, message: str, *, wait_s: float) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class Limit:
    """At most `times` at once, refilled evenly over `per_s` seconds. Safe from several threads."""

    def __init__(self, times: int, *, per_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        if times < 1 or per_s <= 0:
            raise ValueError(f"a limit allows something in some time: {times}, {per_s}")
        self._times = times
        self._rate = times / per_s
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: dict[Hashable, tuple[float, float]] = {}  # what is left, and when that was so

    def spend(self, key: Hashable) -> float:
        """Take one from the key's bucket: 0.0, or if it is empty the seconds until one may be taken."""
        with self._lock:
            now = self._clock()
            left = self._left(key, now)
            self._buckets.pop(key, None)  # put back at the end: the order is that of use
            self._buckets[key] = (left - 1 if left >= 1 else left, now)
            if len(self._buckets) > MOST_KEYS:
                self._forget(now)
            return 0.0 if left >= 1 else (1 - left) / self._rate

    def give_back(self, key: Hashable) -> None:
        """Undo one `spend`, for what turned out not to count."""
        with self._lock:
            now = self._clock()
            self._buckets[key] = (min(self._left(key, now) + 1, self._times), now)

    def _left(self, key: Hashable, now: float) -> float:
        left, since = self._buckets.get(key, (float(self._times), now))
        return min(left + (now - since) * self._rate, float(self._times))

    def _forget(self, now: float) -> None:
        for key in [key for key in self._buckets if self._left(key, now) >= self._times]:
            del self._buckets[key]
        for key in list(self._buckets)[: max(0, len(self._buckets) - MOST_KEYS)]:
            del self._buckets[key]
