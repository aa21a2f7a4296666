"""Keeping: where questions, answers and opinions are kept, and whose they are."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from ui.acting import acting
from ui.feedback import FeedbackBook
from ui.history import Conversation, History, KeptTurn, searchable, words_of
from ui.index_views import IndexViews

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


def may_be_shown(index: IndexViews, turn: KeptTurn) -> bool:
    """Whether the acting user may still see every document that a kept answer quotes or found."""
    found = [*turn.answer.get("citations", ()), *turn.answer.get("hits", ())]
    return not index.hides(str(one.get("document_id", "")) for one in found)


def found_by(index: IndexViews, history: History, user: str, query: str, *, limit: int) -> list[Conversation]:
    """The conversations that a search finds by what the acting user may still be shown, all for an empty one.

    A word that stands only in an answer which is no longer shown must not tell that it stands there.
    """
    found, words = history.conversations(user, query=query, limit=limit), words_of(query)
    return [one for one in found if not words or _holds(index, history, user, one, words)]


def _holds(index: IndexViews, history: History, user: str, found: Conversation, words: list[str]) -> bool:
    turns = history.turns(user, found.id)
    said = [found.title, *(turn.question for turn in turns)]
    said += [str(turn.answer["answer"]) for turn in turns if may_be_shown(index, turn)]
    text = searchable("\n".join(said))
    return all(word in text for word in words)


def acting_for(request: Request) -> AbstractContextManager[None]:
    """Let what runs inside see what the sender may see: Gradio runs events apart from their requests."""
    return acting(getattr(request.state, "user", None))


def user_of(request: Request) -> str:
    """The name of whoever sent a request or an event."""
    return str(getattr(getattr(request.state, "user", None), "name", "")) or NOBODY
