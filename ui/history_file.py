"""The one SQLite file that keeps what users asked and what they said of the answers.

Questions may name people, so the file is made for its owner's eyes only and what is deleted is overwritten.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ingest.errors import ShirubeError

FILE_NAME = "history.sqlite"
FORMAT = 1
COMPRESSION = 1  # the fastest: answers with their hits shrink to a third

SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE conversation (
  id TEXT PRIMARY KEY, user TEXT NOT NULL, title TEXT NOT NULL, search TEXT NOT NULL,
  created_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL);
CREATE INDEX conversation_user ON conversation (user, changed_ms);
CREATE TABLE turn (
  place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  question TEXT NOT NULL, answer BLOB NOT NULL, fingerprint TEXT NOT NULL, search TEXT NOT NULL,
  asked_ms INTEGER NOT NULL);
CREATE INDEX turn_conversation ON turn (conversation_id, place);
CREATE INDEX turn_asked ON turn (asked_ms);
CREATE TABLE feedback (
  place INTEGER PRIMARY KEY AUTOINCREMENT,
  -- NULL once the turn was too old to keep; a turn that its owner deletes takes its feedback along
  turn_id TEXT UNIQUE REFERENCES turn (id) ON DELETE CASCADE,
  verdict TEXT NOT NULL, comment TEXT NOT NULL, answer BLOB NOT NULL, given_ms INTEGER NOT NULL);
PRAGMA user_version = {FORMAT};
COMMIT;
"""


class HistoryError(ShirubeError):
    """The history cannot be read or written."""

    hint = "history.sqlite の場所の権限と空き容量を確かめてください。質問と回答はそのまま使えます。"


class NotKeptError(ShirubeError):
    """A conversation or an answer does not exist, or is another user's: nobody is told which."""

    hint = "削除されたか、保存期間が過ぎています。履歴の一覧から選び直してください。"


class HistoryFile:
    """The open file, for any number of threads; other processes may use it at the same time."""

    def __init__(self, path: Path) -> None:
        """Open the file; it and its folder are made if need be.

        Raises:
            HistoryError: If it cannot be opened, is damaged, or was written by a newer version.
        """
        self._path = path
        self._lock = threading.RLock()
        with self._errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)  # before SQLite makes it readable for all; its log takes over the mode
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        for pragma in (
            "journal_mode = WAL",
            "synchronous = NORMAL",  # a power cut may cost the last question, never the file
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            self.rows(f"PRAGMA {pragma}")
        version = self._version()
        if version == 0:
            self._create()
            version = self._version()
        if version != FORMAT:
            raise HistoryError(
                f"履歴の形式が違います: {self._path}（履歴は版 {version}、このプログラムは版 {FORMAT}）。"
            )

    def _version(self) -> int:
        return int(self.rows("PRAGMA user_version")[0][0])

    def _create(self) -> None:
        with self._lock, self._errors():
            try:
                self._connection.executescript(SCHEMA)
            except sqlite3.OperationalError:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                if self._version() == 0:  # else another process has made the tables meanwhile
                    raise

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run one statement; its rows, all at once.

        Raises:
            HistoryError: If the file cannot be read or written.
        """
        with self._lock, self._errors():
            return self._connection.execute(sql, parameters).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is committed together, or, if anything is raised, not at all."""
        with self._lock:
            self.rows("BEGIN IMMEDIATE")
            try:
                yield
                self.rows("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def forget(self) -> None:
        """Empty the log, in which deleted rows would stay readable; another reader may put it off."""
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Let go of the file; closing twice does nothing."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise HistoryError(f"履歴を読み書きできません: {self._path}（{error}）。") from error


def packed(value: object) -> bytes:
    """Any JSON value, compressed; halves of characters, which JSON may hold, are kept."""
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode("ascii"), COMPRESSION)


def unpacked(data: bytes) -> Any:
    """What `packed` wrote, read back."""
    return json.loads(zlib.decompress(data))


def storable(text: str) -> str:
    """The text with whatever no encoding takes replaced by 「?」."""
    return text.encode("utf-8", "replace").decode()


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970.

    Raises:
        ValueError: If the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return int(moment.timestamp() * 1000)


def moment(ms: int) -> datetime:
    """What `milliseconds` gave, in UTC."""
    return datetime.fromtimestamp(ms / 1000, UTC)
