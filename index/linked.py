"""Files of an earlier generation that stay as they are: the same file under a second name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from pathlib import Path


def link_files(source: Path, target: Path, *, leave_out: Collection[str] = ()) -> None:
    """Give each file of a folder, locks aside, a second name in another folder, made if need be.

    Where the file system has no such links, it is copied.
    """
    target.mkdir(parents=True, exist_ok=True)
    for path in source.iterdir():
        if path.is_file() and path.suffix != ".lock" and path.name not in leave_out:
            link_file(path, target / path.name)


def link_file(path: Path, target: Path) -> None:
    """Give one file a second name."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)
