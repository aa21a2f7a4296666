"""Reading files in a process of its own, within limits of memory and time for each.

Whatever a file does to what reads it, an endless loop, a crash of a library or a gigabyte of memory, costs
this one file: the child is ended, the file is told, and the next one gets a new child.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
import weakref
from pathlib import Path

import ingest.errors
from ingest.document import Document
from ingest.errors import DamagedError, ReadError, TooLargeError
from ingest.files import Found
from ingest.stored_whole import LENGTH, decode_document
from ui.pipeline import build_pipeline
from ui.settings import Settings

CHILD = "ui.reader_child"
CHUNK_BYTES = 1 << 20
MOST_BYTES = 2 << 30  # of an answer
NO_MEMORY = "読むのにメモリが要りすぎます（上限 {} MB）。"
NO_TIME = "読むのに時間がかかりすぎます（上限 {} 秒）。"
DIED = "読んでいる途中で、読み取りの部品が止まりました。"


class ReaderProcess:
    """Reads one file after another; not for several threads at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._end = None

    def read(self, found: Found) -> Document:
        """A file as a document.

        Raises:
            ReadError: If it cannot be read, or not within the limits.
        """
        try:
            process = self._running()
        except OSError:  # no process may be started here; no file can bring that about
            return build_pipeline(self._settings).read(found)
        request = {"path": os.fsencode(found.path).hex(), "root": os.fsencode(found.root).hex()}
        try:
            if process.stdin is not None:
                process.stdin.write(json.dumps({**request, "source": found.source}).encode() + b"\n")
                process.stdin.flush()
            answer = self._answer(process)
        except (BrokenPipeError, EOFError) as error:
            self.close()
            raise DamagedError(DIED) from error
        except BaseException:
            self.close()
            raise
        kind, content = answer[:1], answer[1:]
        if kind == b"d":
            return decode_document(content)
        name, message = json.loads(content)
        if name == MemoryError.__name__:
            self.close()  # what it has taken may not come back
            raise TooLargeError(NO_MEMORY.format(self._settings.max_read_memory_mb))
        error_class = getattr(ingest.errors, name, ReadError)
        raise error_class(message)

    def close(self) -> None:
        """End the child; the next file gets another."""
        if self._end is not None:
            self._end()
        self._process = self._end = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            command = [sys.executable, "-m", CHILD, self._settings.model_dump_json()]
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
            self._end = weakref.finalize(self, _end, self._process)  # type: ignore[assignment]
        return self._process

    def _answer(self, process: subprocess.Popen[bytes]) -> bytes:
        """What the child says of one file, waiting no longer than allowed."""
        pipe = process.stdout
        if pipe is None:
            raise EOFError
        until = time.monotonic() + self._settings.max_read_seconds
        data, wanted = bytearray(), LENGTH.size
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while len(data) < wanted:
                left_s = until - time.monotonic()
                if left_s <= 0 or not selector.select(left_s):
                    raise TooLargeError(NO_TIME.format(self._settings.max_read_seconds))
                chunk = os.read(pipe.fileno(), min(CHUNK_BYTES, wanted - len(data)))
                if not chunk:
                    raise EOFError
                data += chunk
                if wanted == LENGTH.size == len(data):
                    wanted += min(LENGTH.unpack(data)[0], MOST_BYTES)
        return bytes(data[LENGTH.size :])


def path_of(name: str) -> Path:
    """A path as `ReaderProcess` sends it."""
    return Path(os.fsdecode(bytes.fromhex(name)))


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()
