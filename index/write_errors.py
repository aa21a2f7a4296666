"""WriteErrors: what went wrong while tantivy wrote, as Python says it."""

from __future__ import annotations

import errno
import re
from pathlib import Path

from ingest.database import is_nearly_full

WORKER_DIED = "error occurred in a thread"
OS_ERROR = re.compile(r"os error (\d+)")


class WriteErrors:
    """Give tantivy's write errors, which are plain `ValueError`s with a text, back their kind."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        text = str(error) if isinstance(error, ValueError) else ""
        code = OS_ERROR.search(text)
        if code:  # the number is an errno, or on Windows, where the last argument counts, a winerror
            raise OSError(int(code[1]), text, str(self._path), int(code[1])) from error
        if WORKER_DIED in text:  # tantivy's threads take the reason with them
            number = errno.ENOSPC if is_nearly_full(self._path) else errno.EIO
            raise OSError(number, text, str(self._path)) from error
