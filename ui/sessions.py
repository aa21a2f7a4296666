"""Logins that are still good: what a cookie stands for, kept in memory only."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

MOST_PER_USER = 20  # further logins end the oldest


@dataclass(frozen=True, slots=True)
class Session:
    """One login.

    Attributes:
        stamp: What the account's password digest was; a changed password ends the login.
        expires: On the clock of the store, in seconds.
    """

    user: str
    stamp: str
    expires: float


class Sessions:
    """Logins by the secret in their cookie. Safe from several threads.

    Only digests of the secrets are kept. A login ends a fixed time after it began, whatever is done with it,
    and with the process: after a restart people log in again.
    """

    def __init__(self, *, hours: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = hours * 3600
        self._clock = clock
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}  # in the order of their beginning, so of their end too

    def begin(self, user: str, *, stamp: str) -> str:
        """Begin a login; the secret for its cookie."""
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._forget_expired()
            own = [key for key, session in self._sessions.items() if session.user == user]
            for key in own[: max(0, len(own) + 1 - MOST_PER_USER)]:
                del self._sessions[key]
            self._sessions[_key(secret)] = Session(user, stamp, self._clock() + self.seconds)
        return secret

    def find(self, secret: str) -> Session | None:
        """The login of this secret, `None` if it ended or never was."""
        with self._lock:
            session = self._sessions.get(_key(secret))
            if session is not None and session.expires <= self._clock():
                self._forget_expired()
                return None
            return session

    def end(self, secret: str) -> None:
        """End a login; an unknown one is none."""
        with self._lock:
            self._sessions.pop(_key(secret), None)

    def __len__(self) -> int:
        with self._lock:
            return len(self._sessions)

    def _forget_expired(self) -> None:
        now = self._clock()
        for key in [key for key, session in self._sessions.items() if session.expires <= now]:
            del self._sessions[key]


def _key(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
