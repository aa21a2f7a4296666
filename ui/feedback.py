"""Feedback: what users say of an answer, kept with all that is needed to judge it later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from ui.history import History, KeptTurn
from ui.history_file import HistoryFile, milliseconds, moment, packed, storable, unpacked
from ui.terminal import clean

COMMENT_CHARS = 500
LEFT_OUT = ("hits", "timings_s")  # of the answer: large, and no part of what was judged


class Verdict(StrEnum):
    """What a user can say of an answer."""

    USEFUL = "useful"  # 役に立った
    WRONG_ANSWER = "wrong_answer"  # 答えが違う
    WRONG_SOURCE = "wrong_source"  # 出典が違う


@dataclass(frozen=True, slots=True)
class Opinion:
    """A verdict and the line that the user wrote, "" if none."""

    verdict: Verdict
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """One opinion with the answer that it is about; nothing tells whose it is.

    Attributes:
        answer: As `ui.as_json.answer_json` made it, without hits and timings.
        day: On which it was given, in UTC.
    """

    opinion: Opinion
    answer: Mapping[str, Any]
    day: date


class FeedbackBook:
    """Opinions on kept answers, one per answer: a later one replaces it.

    Only who asked can give or see an opinion. The answer is taken from the history, never from the
    caller, so nobody can put words into it. Deleting a conversation deletes its feedback; what grows too
    old in the history leaves its feedback behind. Every method raises `HistoryError` if the file cannot
    be read or written.
    """

    def __init__(self, file: HistoryFile) -> None:
        self._file = file
        self._history = History(file)

    def put(
        self,
        user: str,
        turn_id: str,
        verdict: Verdict,
        comment: str = "",
        *,
        given_at: datetime | None = None,
    ) -> Opinion:
        """Keep what a user says of an answer; the comment becomes one line of at most 500 characters.

        Raises:
            NotKeptError: If the user has no such answer.
        """
        line = " ".join(storable(clean(comment)).split())[:COMMENT_CHARS]
        with self._file.transaction():
            turn = self._history.turn(user, turn_id)
            self._file.rows(
                "INSERT INTO feedback (turn_id, verdict, comment, answer, given_ms) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (turn_id) DO UPDATE SET"
                " verdict = excluded.verdict, comment = excluded.comment, given_ms = excluded.given_ms",
                (turn_id, verdict.value, line, _judged(turn), milliseconds(given_at or datetime.now(UTC))),
            )
        return Opinion(verdict, line)

    def get(self, user: str, turn_id: str) -> Opinion | None:
        """What the user said of an answer, `None` if nothing.

        Raises:
            NotKeptError: If the user has no such answer.
        """
        self._history.turn(user, turn_id)
        rows = self._file.rows("SELECT verdict, comment FROM feedback WHERE turn_id = ?", (turn_id,))
        return Opinion(Verdict(rows[0][0]), rows[0][1]) if rows else None

    def withdraw(self, user: str, turn_id: str) -> None:
        """Take an opinion back; none is no error.

        Raises:
            NotKeptError: If the user has no such answer.
        """
        with self._file.transaction():
            self._history.turn(user, turn_id)
            self._file.rows("DELETE FROM feedback WHERE turn_id = ?", (turn_id,))
        self._file.forget()

    def all(self) -> list[Feedback]:
        """Everybody's opinions without whose they are, in the order of their answers' questions.

        Only for an administrator. The order tells nothing of when they were given.
        """
        rows = self._file.rows("SELECT verdict, comment, answer, given_ms FROM feedback")
        found = [
            Feedback(Opinion(Verdict(verdict), comment), unpacked(answer), moment(given_ms).date())
            for verdict, comment, answer, given_ms in rows
        ]
        return sorted(found, key=lambda one: (one.answer["question"], one.day, one.opinion.verdict))


def _judged(turn: KeptTurn) -> bytes:
    return packed({name: value for name, value in turn.answer.items() if name not in LEFT_OUT})
