"""Lease: a reader's word that it reads a generation, so that no writer removes it meanwhile.

It is a shared lock of the operating system on a file of the generation's folder, which ends with its process
however that ends. Windows removes no file that is open, and knows no such lock.
"""

from __future__ import annotations

import os
import sys
import weakref
from pathlib import Path

if sys.platform != "win32":
    import fcntl

LEASE_FILE = "reader.lock"


class Lease:
    """Held from its making until `release`; a reader's disk may be read-only."""

    def __init__(self, folder: Path) -> None:
        """Take it.

        Raises:
            FileNotFoundError: If the folder is gone, or went while the lock was being taken.
        """
        path = folder / LEASE_FILE
        handle = os.open(path, os.O_RDONLY)
        self._release = weakref.finalize(self, os.close, handle)
        if sys.platform != "win32":
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError as error:  # a writer is about to remove it
                self.release()
                raise FileNotFoundError(path) from error
            if not os.fstat(handle).st_nlink:
                self.release()
                raise FileNotFoundError(path)

    def release(self) -> None:
        """Let go; twice does nothing."""
        self._release()


def end_leases(folder: Path) -> bool:
    """Make the generation in this folder impossible to open; false, and nothing done, if it is read."""
    try:
        handle = os.open(folder / LEASE_FILE, os.O_RDONLY)
    except OSError:
        return True
    try:
        if sys.platform != "win32":
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        (folder / LEASE_FILE).unlink(missing_ok=True)
    except OSError:  # somebody holds the lock or, on Windows, has the file open
        return False
    finally:
        os.close(handle)
    return True
