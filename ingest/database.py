"""One SQLite file: opening it, its schema, and what its errors mean to a user."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from ingest.errors import CatalogError, DiskFullError, IndexMismatchError, IndexMissingError, LockedError
from ingest.stored import decode_text

FORMAT = 6
FETCH = 1000  # rows per fetch while streaming
NEARLY_FULL = 1 << 20  # free bytes below which an unexplained write error is put down to a full disk
NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC})
WINDOWS_NO_SPACE = frozenset({39, 112})  # ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL

SCHEMA = f"""
BEGIN;
CREATE TABLE root (path TEXT PRIMARY KEY, ingested_at TEXT NOT NULL);
CREATE TABLE document (
  id TEXT PRIMARY KEY, root TEXT NOT NULL, source TEXT NOT NULL, title TEXT NOT NULL,
  publisher TEXT NOT NULL, fiscal_years BLOB NOT NULL, sha256 TEXT NOT NULL, warnings BLOB NOT NULL,
  read_by TEXT NOT NULL, prepared_by TEXT NOT NULL, n_chars INTEGER NOT NULL,
  text BLOB NOT NULL, blocks BLOB NOT NULL, pages BLOB NOT NULL,
  abbreviations BLOB NOT NULL, details BLOB NOT NULL);
CREATE TABLE locators (
  document_id TEXT PRIMARY KEY REFERENCES document (id) ON DELETE CASCADE, content BLOB NOT NULL);
CREATE TABLE passage (
  id INTEGER PRIMARY KEY AUTOINCREMENT, -- never given twice, so a stale id finds nothing, not another passage
  document_id TEXT NOT NULL REFERENCES document (id) ON DELETE CASCADE,
  place INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, content BLOB NOT NULL, terms BLOB NOT NULL,
  UNIQUE (document_id, place));
CREATE TABLE embedded (
  passage_id INTEGER NOT NULL REFERENCES passage (id) ON DELETE CASCADE,
  place INTEGER NOT NULL, key BLOB NOT NULL, PRIMARY KEY (passage_id, place)) WITHOUT ROWID;
CREATE INDEX embedded_key ON embedded (key);
CREATE TABLE vector (
  embedder TEXT NOT NULL, key BLOB NOT NULL, data BLOB NOT NULL, tokens BLOB, PRIMARY KEY (embedder, key));
CREATE TABLE pointer (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1), generation INTEGER NOT NULL, manifest TEXT NOT NULL);
PRAGMA user_version = {FORMAT};
COMMIT;
"""

# What an ingest has read waits here, private to the writer and gone with it, so that vectors can be
# committed one batch after another while the documents still wait for their one commit.
STAGING = """
CREATE TEMP TABLE staged_document AS SELECT * FROM document WHERE 0;
CREATE TEMP TABLE staged_locators AS SELECT * FROM locators WHERE 0;
CREATE TEMP TABLE staged_passage AS SELECT document_id, place, name, content, terms FROM passage WHERE 0;
CREATE TEMP TABLE staged_embedded (document_id TEXT, passage INTEGER, place INTEGER, key BLOB);
CREATE INDEX temp.staged_embedded_document ON staged_embedded (document_id, passage);
"""

# Names without a schema mean the views from then on: no query can forget to look whether it may. With a `+`
# a row that is found otherwise is looked at; without, SQLite would begin with all documents that are visible.
VISIBLE = """
CREATE TEMP TABLE visible (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP VIEW document AS SELECT * FROM main.document WHERE +id IN (SELECT id FROM visible);
CREATE TEMP VIEW locators AS SELECT * FROM main.locators WHERE +document_id IN (SELECT id FROM visible);
CREATE TEMP VIEW passage AS SELECT * FROM main.passage WHERE +document_id IN (SELECT id FROM visible);
CREATE TEMP VIEW embedded AS SELECT * FROM main.embedded e WHERE EXISTS
  (SELECT 1 FROM main.passage p WHERE p.id = e.passage_id AND +p.document_id IN (SELECT id FROM visible));
CREATE TEMP VIEW vector AS SELECT * FROM main.vector v WHERE EXISTS
  (SELECT 1 FROM main.embedded e JOIN main.passage p ON p.id = e.passage_id
    WHERE e.key = v.key AND +p.document_id IN (SELECT id FROM visible));
CREATE TEMP VIEW root AS SELECT * FROM main.root WHERE path IN (SELECT root FROM temp.document);
"""


def is_no_space(error: OSError) -> bool:
    """Whether the operating system says that the disk, or the user's share of it, is full."""
    return error.errno in NO_SPACE or getattr(error, "winerror", None) in WINDOWS_NO_SPACE


@contextmanager
def storage_errors(folder: Path) -> Iterator[None]:
    """Turn what SQLite and the file system say about the index folder into errors for its user."""
    try:
        yield
    except sqlite3.Error as error:
        raise _from_sqlite(error, folder) from error
    except OSError as error:
        if is_no_space(error):
            raise DiskFullError(f"索引の保存先に空き容量がありません: {folder}") from error
        raise CatalogError(
            f"索引の保存先を読み書きできません: {folder}（{error.strerror or error}）"
        ) from error


def _from_sqlite(error: sqlite3.Error, folder: Path) -> CatalogError | IndexMismatchError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary code; the rest tells variants apart
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and is_nearly_full(folder)):
        return DiskFullError(f"索引の保存先に空き容量がありません: {folder}")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LockedError(f"ほかの処理が索引の台帳を使っています: {folder}")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return IndexMismatchError(f"索引の台帳が壊れています: {folder}")
    return CatalogError(f"索引の台帳を読み書きできません: {folder}（{error}）")


def is_nearly_full(folder: Path) -> bool:
    """Whether so little space is left that an unexplained write error is put down to it."""
    try:
        return shutil.disk_usage(folder).free < NEARLY_FULL
    except OSError:
        return False


def _connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    uri = f"{path.resolve().as_uri()}?mode={'rwc' if writable else 'ro'}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=5)
    connection.text_factory = decode_text
    return connection


class Database:
    """A connection that several threads may read through, one statement at a time.

    A reader holds one read transaction from opening to closing: whatever a writer commits meanwhile,
    it goes on seeing the state that it opened.
    """

    def __init__(self, path: Path, *, writable: bool) -> None:
        """Open the file; a writer creates it, and its folder, if need be.

        Raises:
            IndexMissingError: If a reader finds no file, or one without content.
            IndexMismatchError: If the file is damaged or of another format.
            CatalogError: If the place cannot be read or written.
        """
        self.folder = path.parent
        self._lock = threading.RLock()
        with storage_errors(self.folder):
            if writable:
                self.folder.mkdir(parents=True, exist_ok=True)
            elif not path.exists():
                raise IndexMissingError(f"索引がありません: {self.folder}")
            self._connection = _connect(path, writable=writable)
        try:
            self._prepare(writable=writable)
        except CatalogError:
            self._connection.close()
            if writable:
                raise
            self._connection = self._copy(path)
        except BaseException:
            self._connection.close()
            raise
        self._check_version()
        if writable:
            self._script(STAGING)

    def _copy(self, path: Path) -> sqlite3.Connection:
        """The file in memory: SQLite itself cannot even read beside a log where it can write nothing at all.

        Taken only while no log holds anything and nobody writes, so that it is one whole state.
        """
        log = path.with_name(path.name + "-wal")
        with storage_errors(self.folder):
            before = path.stat()
            data = bytearray(path.read_bytes())
            after = path.stat()
            if (log.exists() and log.stat().st_size) or before.st_mtime_ns != after.st_mtime_ns:
                raise CatalogError(
                    f"索引の保存先に書き込めないため、書きかけの索引を読めません: {self.folder}"
                )
            data[18:20] = b"\1\1"  # "no log": memory has none
            connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            connection.text_factory = decode_text
            connection.deserialize(bytes(data))
        return connection

    def _prepare(self, *, writable: bool) -> None:
        if writable:
            if self.rows("PRAGMA journal_mode = WAL") != [("wal",)]:
                raise CatalogError(f"この場所には索引を置けません（共有ドライブなど）: {self.folder}")
            self.rows("PRAGMA synchronous = FULL")
            self.rows("PRAGMA foreign_keys = ON")
            if self.rows("PRAGMA user_version") == [(0,)]:
                self._script(SCHEMA)
        else:
            self.rows("PRAGMA temp_store = MEMORY")  # of what `restrict` makes; not to be changed after BEGIN
            self.rows("BEGIN")
            self.rows("PRAGMA user_version")  # the first look takes the snapshot

    def _check_version(self) -> None:
        version = self.rows("PRAGMA user_version")[0][0]
        if version == 0:
            self.close()
            raise IndexMissingError(f"索引がまだ作られていません: {self.folder}")
        if version != FORMAT:
            self.close()
            raise IndexMismatchError(
                f"索引の形式が違います: {self.folder}（索引は版 {version}、このプログラムは版 {FORMAT}）"
            )

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run one statement; its rows, all at once."""
        with self._lock, storage_errors(self.folder):
            return self._connection.execute(sql, parameters).fetchall()

    def stream(self, sql: str, parameters: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Run one query; its rows one by one. Nothing may change the tables that it reads meanwhile."""
        with self._lock, storage_errors(self.folder):
            cursor = self._connection.execute(sql, parameters)
        while True:
            with self._lock, storage_errors(self.folder):
                rows = cursor.fetchmany(FETCH)
            if not rows:
                return
            yield from rows

    def write_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row; outside a transaction, all rows in one of their own."""
        if self._connection.in_transaction:
            with self._lock, storage_errors(self.folder):
                self._connection.executemany(sql, rows)
            return
        with self.transaction():
            self.write_many(sql, rows)

    def _script(self, sql: str) -> None:
        with self._lock, storage_errors(self.folder):
            self._connection.executescript(sql)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is committed together, or, if anything is raised, not at all."""
        self.rows("BEGIN IMMEDIATE")
        try:
            yield
            self.rows("COMMIT")
        finally:
            if self._connection.in_transaction:  # SQLite itself rolls back after some errors
                self.rows("ROLLBACK")

    def restrict(self, document_ids: Iterable[str]) -> None:
        """Hide every other document from this connection, by views that stand before the tables."""
        for statement in VISIBLE.split(";\n"):  # a script would end the reader's transaction
            self.rows(statement)
        with self._lock, storage_errors(self.folder):
            self._connection.executemany("INSERT INTO visible VALUES (?)", [(i,) for i in document_ids])

    def copy_to(self, path: Path) -> None:
        """Write what this connection sees into a new file, which needs no log beside it."""
        with self._lock, storage_errors(path.parent), closing(sqlite3.connect(path)) as copy:
            self._connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")

    def copy_into(self, other: Database) -> None:
        """Replace what is in another database, in one transaction of its own."""
        with self._lock, other._lock, storage_errors(other.folder):
            self._connection.backup(other._connection)

    def close(self) -> None:
        """Let go of the file; closing twice does nothing."""
        with self._lock:
            self._connection.close()
