"""Reads files one after another in a process with limits, and tells of each as one JSON line on standard output.

Names of files come one a line on standard input. An exception that is none of ours is told, not raised.
Seconds are those of the processor, so that a busy machine does not count.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

from ingest.errors import ReadError
from ingest.read import read

MAX_ADDRESSES = 3_000_000_000  # of all memory that is mapped; what is used is told apart


def limit() -> None:
    """Bound memory where the system can."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_ADDRESSES, MAX_ADDRESSES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def used_mb() -> float:
    """The most memory that this process used so far; where only `getrusage` tells it, its parent's counts too."""
    if sys.platform == "win32":
        return 0.0
    status = Path("/proc/self/status")
    if status.is_file():
        found = re.search(r"VmHWM:\s*(\d+) kB", status.read_text("ascii"))
        return int(found[1]) / 1000 if found else 0.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def outcome(path: Path) -> dict[str, str]:
    """How reading a file ends."""
    try:
        document = read(path, root=path.parent)
    except ReadError as error:
        return {"end": "refused", "said": error.message}
    except BaseException as error:
        return {"end": "raised", "said": f"{type(error).__name__}: {error}"[:300]}
    return {"end": "read", "said": " ".join(document.warnings)}


def main() -> None:
    """Read until there are no more names."""
    limit()
    for line in sys.stdin:
        path = Path(line.rstrip("\n"))
        start = time.process_time()
        found = outcome(path)
        seconds = round(time.process_time() - start, 3)
        print(json.dumps({**found, "seconds": seconds, "mb": round(used_mb())}), flush=True)


if __name__ == "__main__":
    main()
