"""Keeping: where questions, answers and opinions are kept, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from ui.feedback import FeedbackBook
from ui.history import History

NOBODY = "local"  # whose history it is where nobody logs in


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a page writes to and reads from; every method of both takes the user."""

    history: History
    feedback: FeedbackBook


class Request(Protocol):
    """A request of FastAPI or an event of Gradio."""

    @property
    def state(self) -> Any:
        """What the guard found out."""
        ...


def user_of(request: Request) -> str:
    """The name of whoever sent a request or an event."""
    return str(getattr(getattr(request.state, "user", None), "name", "")) or NOBODY
