"""Runs broken files through the readers in guarded processes: `python -m tests.mutation.guard 5000`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.mutation.mutate import Mutant, mutants

ROOT = Path(__file__).parents[2]
TIMEOUT_S = 20  # of the processor
PATIENCE_S = 150  # by the clock, on a machine that has much else to do
MAX_MB = 1000
PER_PROCESS = 150  # files; then a fresh one, so that peaks of memory are told apart


@dataclass(frozen=True, slots=True)
class Ending:
    """How reading one mutant ended: "read", "refused", "raised", "crashed" or "hung"."""

    mutant: str
    end: str
    said: str
    seconds: float
    mb: float

    @property
    def is_fault(self) -> bool:
        """Whether it is none of what may happen to a broken file."""
        is_clear = self.end == "read" or (
            self.end == "refused" and self.said.endswith("。") and "\n" not in self.said
        )
        return not is_clear or self.seconds > TIMEOUT_S or self.mb > MAX_MB


class _Reading:
    """A process that reads."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.mutation.reading"], cwd=ROOT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8",
        )  # fmt: skip

    def read(self, path: Path) -> dict[str, Any]:
        """What it told, or how it went down."""
        assert self.process.stdin
        assert self.process.stdout
        hung = threading.Event()

        def stop() -> None:
            hung.set()
            self.process.kill()

        timer = threading.Timer(PATIENCE_S, stop)
        timer.start()
        try:
            self.process.stdin.write(f"{path}\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        timer.cancel()
        if line:
            told: dict[str, Any] = json.loads(line)
            return told
        end = "hung" if hung.is_set() else "crashed"
        return {"end": end, "said": f"exit {self.process.wait()}", "seconds": PATIENCE_S, "mb": 0}

    def close(self) -> None:
        """End it."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(PATIENCE_S)
        if self.process.stdout:
            self.process.stdout.close()


def endings(n: int, *, seed: int = 0, keep: Path | None = None) -> Iterator[Ending]:
    """How each of so many broken files is read; faults are kept in a folder, if one is named."""
    with tempfile.TemporaryDirectory() as folder:
        reading: _Reading | None = None
        for number, mutant in enumerate(mutants(n, seed=seed)):
            if reading is None or number % PER_PROCESS == 0:
                if reading is not None:
                    reading.close()
                reading = _Reading()
            path = Path(folder) / f"file{mutant.suffix}"
            path.write_bytes(mutant.data)
            ending = Ending(mutant.name, **reading.read(path))
            if ending.end in ("hung", "crashed"):
                reading.close()
                reading = None
            if ending.is_fault and keep is not None:
                _keep(mutant, keep)
            yield ending
        if reading is not None:
            reading.close()


def _keep(mutant: Mutant, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{mutant.name}{mutant.suffix}").write_bytes(mutant.data)


def main() -> None:
    """Tell how many files ended how, by format, and each fault."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    keep = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    counts: dict[str, Counter[str]] = {}
    slowest, largest = (0.0, ""), 0.0
    for ending in endings(n, keep=keep):
        counts.setdefault(Path(ending.mutant).suffix, Counter())[ending.end] += 1
        slowest, largest = max(slowest, (ending.seconds, ending.mutant)), max(largest, ending.mb)
        if ending.is_fault:
            print(
                f"{ending.mutant}: {ending.end} {ending.said} ({ending.seconds} s, {ending.mb} MB)",
                flush=True,
            )
    for suffix, found in sorted(counts.items()):
        print(f"{suffix:6} " + "  ".join(f"{end} {found[end]}" for end in sorted(found)))
    print(f"slowest {slowest[0]:.1f} s ({slowest[1]}), most memory {largest:.0f} MB")


if __name__ == "__main__":
    main()
