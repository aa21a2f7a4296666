"""The child of `ui/ingest_process.py`: ingests or removes, and tells how far it is as one JSON event a line.

The request, one JSON value on standard input: `verb` ("ingest" or "remove"), `names`, `settings`. The events:
`progress` as `index.pipeline.Progress`, then `report` as `ui.as_json.report_json`, or `error` with the
`name` of its class and its `message`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import IO, Any

from index.build import ingest, remove
from index.pipeline import Progress, Stage
from index.update import IngestReport
from ingest.errors import ShirubeError
from ui.as_json import report_json
from ui.pipeline import guarded_pipeline
from ui.settings import Settings
from ui.wiring import build_embedder

TOLD_EVERY_S = 0.1  # progress of one stage; its first and last report are always told
NICENESS = 10  # answering questions comes first
NO_MEMORY = "メモリが足りません。大きなファイルを分けてください。"
INTERRUPTED = 130


class Teller:
    """Writes events to the parent."""

    def __init__(self, pipe: IO[str]) -> None:
        self._pipe = pipe
        self._stage: Stage | None = None
        self._told_at = 0.0

    def __call__(self, progress: Progress) -> None:
        """Tell about progress, unless it was told a moment ago."""
        is_edge = progress.stage is not self._stage or progress.done == progress.total
        if is_edge or monotonic() - self._told_at >= TOLD_EVERY_S:
            self._stage, self._told_at = progress.stage, monotonic()
            self.tell("progress", asdict(progress))

    def tell(self, event: str, content: Mapping[str, Any]) -> None:
        """Write one event at once.

        Raises:
            BrokenPipeError: If the parent is gone: what is not committed by then will not be.
        """
        self._pipe.write(json.dumps({"event": event, **content}) + "\n")
        self._pipe.flush()


def main() -> int:
    """Do what the request says."""
    request = json.loads(sys.stdin.buffer.read())
    teller = Teller(_private_output())
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    try:
        report = _run(request["verb"], request["names"], Settings.model_validate(request["settings"]), teller)
        teller.tell("report", report_json(report))
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:  # Ctrl-C in a terminal reaches the server and its children alike
        return INTERRUPTED
    except (ShirubeError, MemoryError, OSError) as error:
        teller.tell("error", {"name": type(error).__name__, "message": _message(error)})
        return 1
    return 0


def _run(verb: str, names: Sequence[str], settings: Settings, teller: Teller) -> IngestReport:
    embedder, pipeline = build_embedder(settings), guarded_pipeline(settings)
    if verb == "remove":
        return remove(
            names, index_dir=settings.index_dir, embedder=embedder, pipeline=pipeline, on_progress=teller
        )
    if verb != "ingest":
        raise ValueError(f"neither ingest nor remove: {verb!r}")
    paths = [Path(name) for name in names]
    return ingest(
        paths, index_dir=settings.index_dir, embedder=embedder, pipeline=pipeline, on_progress=teller
    )


def _message(error: Exception) -> str:
    match error:
        case ShirubeError():
            return error.message
        case MemoryError():
            return NO_MEMORY
    return f"読み書きができません（{getattr(error, 'strerror', None) or type(error).__name__}）。"


def _private_output() -> IO[str]:
    """Standard output for events alone: whatever a library prints goes to standard error."""
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return pipe


if __name__ == "__main__":
    sys.exit(main())
