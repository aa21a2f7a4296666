"""WriterLock: one writer per index folder, by a lock that dies with its process."""

from __future__ import annotations

import json
import os
import socket
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import filelock

from ingest.database import storage_errors
from ingest.errors import LockedError

LOCK_FILE = "writer.lock"
HOLDER_FILE = "writer.json"


class WriterLock:
    """Held inside `with`. The operating system lets go of it when the process ends, however it ends."""

    def __init__(self, index_dir: Path) -> None:
        self._index_dir = index_dir
        self._holder = index_dir / HOLDER_FILE
        self._lock = filelock.FileLock(index_dir / LOCK_FILE, timeout=0)

    def __enter__(self) -> Self:
        """Take the lock, at once or not at all; makes the folder if need be.

        Raises:
            LockedError: If another process, or another lock in this one, holds it; says who.
            CatalogError: If the folder cannot be written.
        """
        with storage_errors(self._index_dir):
            self._index_dir.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire()
            except filelock.Timeout as error:
                raise LockedError(f"ほかの取り込みが進行中です（{self._who()}）。") from error
            # A file of its own: on Windows nobody can read a file that is locked.
            self._holder.write_text(
                json.dumps(
                    {
                        "pid": os.getpid(),
                        "host": socket.gethostname(),
                        "since": datetime.now().astimezone().isoformat(timespec="seconds"),
                    }
                ),
                encoding="utf-8",
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()

    def _who(self) -> str:
        try:
            holder = json.loads(self._holder.read_text(encoding="utf-8"))
            return f"プロセス {holder['pid']}、{holder['host']}、{holder['since']} から"
        except (OSError, ValueError, KeyError, TypeError):  # its writer has only just begun
            return "相手は不明"
