"""Who acts: the user on whose behalf something runs now, and what the index shows to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from index.access import EVERYTHING, Access
from ui.accounts import User

_acting: ContextVar[User | None] = ContextVar("acting", default=None)


@contextmanager
def acting(user: User | None) -> Iterator[None]:
    """Let all that runs inside see what this user may see; no `yield` to elsewhere may stand inside."""
    token = _acting.set(user)
    try:
        yield
    finally:
        _acting.reset(token)


def acting_name() -> str:
    """The name of whoever acts, "" where nobody is known to."""
    user = _acting.get()
    return user.name if user else ""


def current_access() -> Access:
    """What whoever acts may see; where nobody is known to act, only what everybody may."""
    user = _acting.get()
    if user is None:
        return Access(frozenset())
    return EVERYTHING if user.is_admin else Access(user.groups)
