"""What happens to histories without their owners: answers grow too old, an administrator tidies up.

Nothing here is reachable for a user; nothing here hands out a word of what was asked.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ui.history_file import HistoryError, HistoryFile, NotKeptError, milliseconds, moment

DAY_S = 24 * 60 * 60.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """What an administrator sees of a conversation: whose it is and how old, none of its words.

    Attributes:
        oldest_at: When its first question that is still kept was asked, in UTC; `None` if none is.
    """

    user: str
    id: str
    n_turns: int
    oldest_at: datetime | None


def kept_conversations(file: HistoryFile) -> list[KeptConversation]:
    """Everybody's conversations, by user and age, the oldest first.

    Raises:
        HistoryError: If the file cannot be read.
    """
    rows = file.rows(
        "SELECT c.user, c.id, count(t.id), min(t.asked_ms)"
        " FROM conversation c LEFT JOIN turn t ON t.conversation_id = c.id"
        " GROUP BY c.id ORDER BY c.user, c.created_ms, c.rowid"
    )
    return [
        KeptConversation(user, name, n_turns, None if ms is None else moment(ms))
        for user, name, n_turns, ms in rows
    ]


def delete_any(file: HistoryFile, conversation_id: str) -> None:
    """Delete a conversation with what was said of its answers, whoever owns it.

    Raises:
        NotKeptError: If nobody has such a conversation.
        HistoryError: If the file cannot be written.
    """
    with file.transaction():
        if not file.rows("SELECT 1 FROM conversation WHERE id = ?", (conversation_id,)):
            raise NotKeptError("この会話は履歴にありません。")
        file.rows("DELETE FROM conversation WHERE id = ?", (conversation_id,))
    file.forget()


def purge(file: HistoryFile, keep_days: int, *, now: datetime | None = None) -> int:
    """Delete the answers older than so many days, and the conversations that are empty then.

    Feedback on them stays, without a trace of who gave it.

    Returns:
        How many answers were deleted.

    Raises:
        ValueError: If less than one day is to be kept.
        HistoryError: If the file cannot be written.
    """
    if keep_days < 1:
        raise ValueError(f"keep_days must be at least 1, not {keep_days}")
    limit = (milliseconds((now or datetime.now(UTC)) - timedelta(days=keep_days)),)
    with file.transaction():
        ((n,),) = file.rows("SELECT count(*) FROM turn WHERE asked_ms < ?", limit)
        file.rows(
            "UPDATE feedback SET turn_id = NULL WHERE turn_id IN (SELECT id FROM turn WHERE asked_ms < ?)",
            limit,
        )
        file.rows("DELETE FROM turn WHERE asked_ms < ?", limit)
        file.rows("DELETE FROM conversation WHERE id NOT IN (SELECT conversation_id FROM turn)")
    if n:
        file.forget()
    return int(n)


@contextmanager
def purging(file: HistoryFile, keep_days: int, *, every_s: float = DAY_S) -> Iterator[None]:
    """Purge now and, while the block runs, once a day.

    Raises:
        HistoryError: If the first time fails; later failures are logged and tried again the next day.
        ValueError: If less than one day is to be kept.
    """
    purge(file, keep_days)
    ended = threading.Event()

    def again() -> None:
        while not ended.wait(every_s):
            try:
                purge(file, keep_days)
            except HistoryError as error:
                logger.warning("%s", error.message)

    thread = threading.Thread(target=again, name="purge", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
