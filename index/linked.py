"""Files of an earlier generation that stay as they are: the same file under a second name."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection
from pathlib import Path


def link_file(path: Path, target: Path) -> None:
    """Give one file a second name; where the file system has no such links, copy it."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)


def point_file(path: Path, target: Path) -> None:
    """Make a file that stands for another as long as that is there, on whatever disk; else copy it."""
    try:
        target.symlink_to(path.absolute())
    except OSError:
        shutil.copyfile(path, target)


def link_files(
    source: Path,
    target: Path,
    *,
    leave_out: Collection[str] = (),
    link: Callable[[Path, Path], None] = link_file,
) -> None:
    """Give each file of a folder, locks aside, a second name in another folder, made if need be."""
    target.mkdir(parents=True, exist_ok=True)
    for path in source.iterdir():
        if path.is_file() and path.suffix != ".lock" and path.name not in leave_out:
            link(path, target / path.name)
