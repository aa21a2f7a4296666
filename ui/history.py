"""History: each user's conversations, kept across restarts and for no other user to see."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unicodedata import normalize

from ui.history_file import HistoryFile, NotKeptError, milliseconds, moment, packed, storable, unpacked
from ui.terminal import clean

TITLE_CHARS = 60
ID_BYTES = 16  # of chance: an address that nobody guesses
MAX_WORDS = 8  # of one search
LISTED = "c.id, c.title, c.created_ms, c.changed_ms, (SELECT count(*) FROM turn WHERE conversation_id = c.id)"
TOLD = "t.id, t.conversation_id, t.question, t.answer, t.fingerprint, t.asked_ms"
HOLDS = (
    "(instr(c.search, ?) OR EXISTS"
    " (SELECT 1 FROM turn WHERE conversation_id = c.id AND instr(turn.search, ?)))"
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a list of conversations shows; times are in UTC."""

    id: str
    title: str
    created_at: datetime
    changed_at: datetime
    n_turns: int


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One question and its answer.

    Attributes:
        id: Permanent, for a link to this answer.
        answer: As `ui.as_json.answer_json` made it.
        asked_at: In UTC.
    """

    id: str
    conversation_id: str
    question: str
    answer: Mapping[str, Any]
    fingerprint: str
    asked_at: datetime


class History:
    """Conversations by user. What belongs to another user does not exist: `NotKeptError` either way.

    Every method raises `HistoryError` if the file cannot be read or written, and `ValueError` for an
    empty user.
    """

    def __init__(self, file: HistoryFile) -> None:
        self._file = file

    def add(
        self,
        user: str,
        answer: Mapping[str, Any],
        *,
        conversation_id: str | None = None,
        asked_at: datetime | None = None,
    ) -> KeptTurn:
        """Keep a question with its answer.

        Args:
            user: Who asked.
            answer: As `ui.as_json.answer_json` made it.
            conversation_id: The conversation that goes on; a new one, named after the question, if left out.
            asked_at: Now, if left out.

        Raises:
            NotKeptError: If the user has no such conversation.
        """
        asked_at = asked_at or datetime.now(UTC)
        question = storable(str(answer["question"]))
        turn_id, now = secrets.token_urlsafe(ID_BYTES), milliseconds(asked_at)
        said = searchable(f"{question}\n{answer['answer']}")
        with self._file.transaction():
            if conversation_id is None:
                conversation_id = self._start(user, question, now)
            else:
                self.conversation(user, conversation_id)
            self._file.rows(
                "INSERT INTO turn (id, conversation_id, question, answer, fingerprint, search, asked_ms)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (turn_id, conversation_id, question, packed(answer), answer["fingerprint"], said, now),
            )
            self._file.rows(
                "UPDATE conversation SET changed_ms = max(changed_ms, ?) WHERE id = ?", (now, conversation_id)
            )
        return self.turn(user, turn_id)

    def _start(self, user: str, question: str, now: int) -> str:
        conversation_id, title = secrets.token_urlsafe(ID_BYTES), shortened(question)
        self._file.rows(
            "INSERT INTO conversation (id, user, title, search, created_ms, changed_ms)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (conversation_id, _known(user), title, searchable(title), now, now),
        )
        return conversation_id

    def conversations(
        self, user: str, *, query: str = "", limit: int = 50, offset: int = 0
    ) -> list[Conversation]:
        """The user's conversations, the one that was used last first.

        Args:
            user: Whose.
            query: Words that must all occur in the title, the questions or the answers; 全角 and 半角,
                upper and lower case are one. All conversations if it says nothing.
            limit: Most conversations to return.
            offset: How many to leave out at the start, for the next page of a list.
        """
        words = words_of(query)
        conditions = "".join(f" AND {HOLDS}" for _ in words)
        rows = self._file.rows(
            f"SELECT {LISTED} FROM conversation c WHERE c.user = ?{conditions}"  # noqa: S608 - constants
            " ORDER BY c.changed_ms DESC, c.rowid DESC LIMIT ? OFFSET ?",
            (_known(user), *(word for word in words for _ in range(2)), limit, offset),
        )
        return [_conversation(row) for row in rows]

    def conversation(self, user: str, conversation_id: str) -> Conversation:
        """One conversation.

        Raises:
            NotKeptError: If the user has no such conversation.
        """
        rows = self._file.rows(
            f"SELECT {LISTED} FROM conversation c WHERE c.user = ? AND c.id = ?",  # noqa: S608 - constant
            (_known(user), conversation_id),
        )
        if not rows:
            raise NotKeptError("この会話は履歴にありません。")
        return _conversation(rows[0])

    def turns(self, user: str, conversation_id: str) -> list[KeptTurn]:
        """The questions and answers of one conversation, as they were asked.

        Raises:
            NotKeptError: If the user has no such conversation.
        """
        self.conversation(user, conversation_id)
        rows = self._file.rows(
            f"SELECT {TOLD} FROM turn t JOIN conversation c ON c.id = t.conversation_id"  # noqa: S608
            " WHERE c.user = ? AND c.id = ? ORDER BY t.place",
            (user, conversation_id),
        )
        return [_turn(row) for row in rows]

    def turn(self, user: str, turn_id: str) -> KeptTurn:
        """One question and its answer, by its permanent id.

        Raises:
            NotKeptError: If the user has no such turn.
        """
        rows = self._file.rows(
            f"SELECT {TOLD} FROM turn t JOIN conversation c ON c.id = t.conversation_id"  # noqa: S608
            " WHERE c.user = ? AND t.id = ?",
            (_known(user), turn_id),
        )
        if not rows:
            raise NotKeptError("この回答は履歴にありません。")
        return _turn(rows[0])

    def rename(self, user: str, conversation_id: str, title: str) -> Conversation:
        """Give a conversation another title, on one line and shortened; a blank one changes nothing.

        Raises:
            NotKeptError: If the user has no such conversation.
        """
        with self._file.transaction():
            kept = self.conversation(user, conversation_id)
            new = shortened(title) if clean(title).strip() else kept.title
            self._file.rows(
                "UPDATE conversation SET title = ?, search = ? WHERE user = ? AND id = ?",
                (new, searchable(new), user, conversation_id),
            )
        return self.conversation(user, conversation_id)

    def delete(self, user: str, conversation_id: str) -> None:
        """Delete one conversation, its answers and what was said of them.

        Raises:
            NotKeptError: If the user has no such conversation.
        """
        with self._file.transaction():
            self.conversation(user, conversation_id)
            self._file.rows("DELETE FROM conversation WHERE user = ? AND id = ?", (user, conversation_id))
        self._file.forget()

    def delete_all(self, user: str) -> int:
        """Delete all that a user has, as its owner or when the account is removed; how many conversations."""
        with self._file.transaction():
            (n,) = self._file.rows("SELECT count(*) FROM conversation WHERE user = ?", (_known(user),))[0]
            self._file.rows("DELETE FROM conversation WHERE user = ?", (user,))
        self._file.forget()
        return int(n)


def shortened(text: str) -> str:
    """The text on one line, cut to the length of a title."""
    line = " ".join(storable(clean(text)).split())
    return line if len(line) <= TITLE_CHARS else f"{line[: TITLE_CHARS - 1]}…"


def searchable(text: str) -> str:
    """What a search compares: NFKC, without case, NUL left out as it would end the text for SQLite."""
    return normalize("NFKC", storable(text)).casefold().replace("\0", "")


def words_of(query: str) -> list[str]:
    """What a search looks for, each word once; none if it says nothing."""
    return list(dict.fromkeys(searchable(query).split()))[:MAX_WORDS]


def _known(user: str) -> str:
    if not user:
        raise ValueError("a history belongs to a user, not to nobody")
    return user


def _conversation(row: tuple[Any, ...]) -> Conversation:
    conversation_id, title, created_ms, changed_ms, n_turns = row
    return Conversation(conversation_id, title, moment(created_ms), moment(changed_ms), n_turns)


def _turn(row: tuple[Any, ...]) -> KeptTurn:
    turn_id, conversation_id, question, answer, fingerprint, asked_ms = row
    return KeptTurn(turn_id, conversation_id, question, unpacked(answer), fingerprint, moment(asked_ms))
