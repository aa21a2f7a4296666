"""Ingesting in a process of its own, so that the server never loads what reads and embeds in bulk.

The parent writes one JSON request to the child's standard input and reads one JSON event a line from its
standard output: progress, then either a report or an error. The child is `ui/ingest_child.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import ingest.errors
from index.pipeline import Progress, Stage
from ingest.errors import ShirubeError
from ui.settings import Settings

CHILD = "ui.ingest_child"
PATIENCE_S = 10  # until a child that was asked to end is made to
CANCELLED = "取り消しました。索引は前の状態のままです。"
ENDED = "取り込みの処理が途中で止まりました。索引は前の状態のままです。"


class IngestProcessError(ShirubeError):
    """The child ended without a result, or told of an error that is none of ours."""

    hint = "空きメモリを確かめてから、もう一度試してください。"


class IngestCancelledError(ShirubeError):
    """The user cancelled, and the previous state stays."""

    hint = "続けるには、もう一度追加してください。"


class IngestProcess:
    """One ingest or removal in a child process; cancelling leaves the previous state of the index.

    Iterate over it to run it: it yields `Progress` and afterwards `report` holds what
    `ui.as_json.report_json` gives. Leaving the iteration early cancels.
    """

    def __init__(self, verb: str, names: Sequence[str | Path], settings: Settings) -> None:
        """Prepare a child; nothing runs yet.

        Args:
            verb: "ingest" or "remove".
            names: Files and folders to ingest, or ids of documents to remove.
            settings: Those of this process, whatever the environment or a file says by then.
        """
        self._request = json.dumps(
            {
                "verb": verb,
                "names": [str(name) for name in names],
                "settings": settings.model_dump(mode="json"),
            }
        )
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self.is_cancelled = False
        self.report: Mapping[str, Any] = {}

    def __iter__(self) -> Iterator[Progress]:
        """Run the child to its end.

        Raises:
            IngestCancelledError: If `cancel` was called.
            ShirubeError: What the child met, as `index.build.ingest` raises it.
            IngestProcessError: If the child died or could not be started.
        """
        process = self._start()
        events = process.stdout
        try:
            if events is not None:
                yield from self._read(events)
        except GeneratorExit:
            self.cancel()
            raise
        finally:
            _end(process)
        if not self.report:
            if self.is_cancelled:
                raise IngestCancelledError(CANCELLED)
            raise IngestProcessError(ENDED)

    def cancel(self) -> None:
        """End the child, from any thread; nothing happens if it has ended or has not begun."""
        with self._lock:
            self.is_cancelled = True
            if self._process is not None:
                self._process.terminate()

    def _start(self) -> subprocess.Popen[str]:
        with self._lock:
            if self.is_cancelled:
                raise IngestCancelledError(CANCELLED)
            if self._process is not None:
                raise ValueError("a child process runs once")
            try:
                self._process = process = subprocess.Popen(  # noqa: S603 - our own module
                    [sys.executable, "-m", CHILD],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    encoding="utf-8",
                )
            except OSError as error:
                raise IngestProcessError("取り込みの処理を始められません。") from error
        with suppress(BrokenPipeError):  # it has died already, which its lack of a result tells
            _send(process.stdin, self._request)
        return process

    def _read(self, events: IO[str]) -> Iterator[Progress]:
        for line in events:
            if not line.endswith("\n"):  # the child died while it wrote
                return
            event = json.loads(line)
            match event.pop("event"):
                case "progress":
                    yield Progress(Stage(event.pop("stage")), **event)
                case "report":
                    self.report = event
                case _:
                    raise _told_error(**event)


def _send(pipe: IO[str] | None, request: str) -> None:
    if pipe is not None:
        with pipe:
            pipe.write(request)


def _told_error(name: str, message: str) -> ShirubeError:
    """The child's error as one of this process, with its hint."""
    kind = getattr(ingest.errors, name, None)
    if isinstance(kind, type) and issubclass(kind, ShirubeError):
        return kind(message)
    return IngestProcessError(message)


def _end(process: subprocess.Popen[str]) -> None:
    """Wait for a child that has closed its output or was told to end."""
    if process.stdout is not None:
        process.stdout.close()
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
