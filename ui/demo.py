"""Questions to show what the documents of a folder can answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from assistant.answer import Answer
from assistant.suggest import suggest
from index.filters import Filters
from index.store import Store

N_QUESTIONS = 3


def draw_questions(store: Store, folder: Path, ask: Callable[[str], Answer]) -> list[str]:
    """Three answered questions over the documents of a folder, or of all if none came from there.

    The same documents always give the same ones: a demonstration, no measure. There may be fewer than three.
    """
    root = str(folder.resolve())
    own = frozenset(record.id for record in store.documents() if record.root == root)
    return suggest(store, N_QUESTIONS, ask, filters=Filters(documents=own))
