"""Watch: keeps an index up to date with folders while their files change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.errors import ShirubeError
from ingest.files import PASSED_PREFIXES, PASSED_SUFFIXES
from ui.ingest_process import IngestProcess
from ui.settings import Settings

QUIET_MS = 500  # without another change, before a group of changes counts as done
MOST_MS = 10_000  # after which changes that go on and on are taken in all the same
LOOK_AGAIN_MS = 60_000  # a shared drive tells of no change: looked at anyway
POLL_MS = 2000
MISSING = "フォルダーが見つからないか空です: {}（外れた共有ドライブかもしれないため、索引はそのままにします）"
EMPTY_HINT = "本当に空にしたのなら、shirube ingest でそのフォルダーを取り込んでください。"

Ingest = Callable[[Sequence[Path]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Told:
    """What one look at the folders gave: a report as `ui.as_json.report_json`, or why there is none."""

    report: Mapping[str, Any]
    error: str = ""
    hint: str = ""


def ingest_in_child(settings: Settings) -> Ingest:
    """An ingest in a process of its own each time: whatever a file does to its reader, watching goes on."""

    def run(paths: Sequence[Path]) -> Mapping[str, Any]:
        process = IngestProcess("ingest", paths, settings)
        for _ in process:
            pass
        return process.report

    return run


def follow(paths: Sequence[Path], ingest: Ingest, ticks: Iterable[object]) -> Iterator[Told]:
    """Ingest at once, then after every tick; what fails is told and tried again at the next.

    Files that cannot be read are in the report and stop nothing. A folder that is gone or empty is left out,
    so that a drive that was taken off empties no index.

    Args:
        paths: Folders and files.
        ingest: Brings the index up to date with some of them.
        ticks: Yields whenever it is time to look.
    """
    yield from _look(paths, ingest)
    for _ in ticks:
        yield from _look(paths, ingest)


def changes(paths: Sequence[Path], *, ignore: Path, poll: bool, stop: Any = None) -> Iterator[object]:
    """Yields after each group of changes below the paths, and every minute.

    Args:
        paths: Folders and files; those that are gone are looked for every minute.
        ignore: A folder whose changes are our own: the index.
        poll: Whether to look at all files every two seconds, where the system tells of no change.
        stop: An event that ends it.
    """
    from watchfiles import watch

    ignored = str(ignore.resolve())

    def counts(_change: object, name: str) -> bool:
        path = Path(name)
        is_passed = path.name.startswith(PASSED_PREFIXES) or path.name.lower().endswith(PASSED_SUFFIXES)
        return not is_passed and not path.is_relative_to(ignored)

    while stop is None or not stop.is_set():
        there = [path for path in paths if path.exists()]
        if not there:
            _wait(stop)
            yield None
            continue
        for _ in watch(
            *there, watch_filter=counts, debounce=MOST_MS, step=QUIET_MS, rust_timeout=LOOK_AGAIN_MS,
            yield_on_timeout=True, stop_event=stop, force_polling=poll or None, poll_delay_ms=POLL_MS,
            ignore_permission_denied=True,
        ):  # fmt: skip
            yield None
            if [path for path in paths if path.exists()] != there:
                break  # one has come back or gone: watch what there is now


def _look(paths: Sequence[Path], ingest: Ingest) -> Iterator[Told]:
    there = [path for path in paths if path.is_file() or (path.is_dir() and any(path.iterdir()))]
    for path in paths:
        if path not in there:
            yield Told({}, MISSING.format(path), EMPTY_HINT)
    if not there:
        return
    try:
        yield Told(ingest(there))
    except (ShirubeError, OSError) as error:
        message = error.message if isinstance(error, ShirubeError) else str(error)
        yield Told({}, message, getattr(error, "hint", ""))


def _wait(stop: Any) -> None:
    import threading

    (stop or threading.Event()).wait(LOOK_AGAIN_MS / 1000)
