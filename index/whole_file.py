"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PART = ".part"


@contextmanager
def whole_file(path: Path, *, keep_part: bool = False) -> Iterator[BinaryIO]:
    """A new file beside `path` that takes its name at the end, once it is on the disk.

    Only its owner may read it. Two processes may do so at once: each writes its own, the later one counts.

    Args:
        path: An existing file is replaced.
        keep_part: Whether what was written stays, see `parts_of`, if anything is raised. If the process is
            killed it does.

    Raises:
        OSError: If it cannot be written.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=PART)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            to_disk(file)
        part.replace(path)
    except BaseException:
        if not keep_part:
            part.unlink(missing_ok=True)
        raise


def to_disk(file: BinaryIO) -> None:
    """What was written to a file outlives the machine's power from here on."""
    file.flush()
    os.fsync(file.fileno())


def parts_of(path: Path) -> list[Path]:
    """What was begun for a file and has not taken its name."""
    return sorted(path.parent.glob(f"{path.name}.*{PART}"))
