"""What one open page knows of its conversation, and what one event of it asks."""

from __future__ import annotations

from dataclasses import dataclass

from index.filters import NO_FILTERS, Filters
from ui.page.turn import Turn


@dataclass(frozen=True, slots=True)
class Session:
    """What one open page knows of its conversation."""

    turns: tuple[Turn, ...] = ()
    conversation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What one event asks.

    Attributes:
        filters: Only documents that match are searched.
        form: "quote" for quotes only, else prose where a model is set.
    """

    question: str
    session: Session = Session()
    filters: Filters = NO_FILTERS
    form: str = "prose"
