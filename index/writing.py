"""Writing: the one way to change an index folder, under its lock and with what a crash left cleared away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.generation import remove_stale
from index.lock import WriterLock
from ingest.catalog import FILE_NAME, Catalog
from ingest.database import storage_errors
from ingest.errors import IndexMismatchError

SCRATCH = "restoring"


@contextmanager
def writing(index_dir: Path, *, may_reset: bool, thorough: bool) -> Iterator[Catalog]:
    """The catalog, opened for writing while this process holds the lock.

    Args:
        index_dir: The index folder, made if need be.
        may_reset: Whether a catalog that is damaged or of another format is thrown away.
        thorough: Whether damage is looked for in the whole file.

    Raises:
        LockedError: If another process is writing.
        IndexMismatchError: If the catalog is damaged or of another format, and may not be reset.
        CatalogError: If the folder cannot be written.
    """
    with WriterLock(index_dir):
        path = index_dir / FILE_NAME
        try:
            catalog = Catalog.open(path, writable=True)
            if thorough:
                catalog.check()
        except IndexMismatchError:
            if not may_reset:
                raise
            with storage_errors(index_dir):
                for end in ("-wal", "-shm", ""):
                    path.with_name(path.name + end).unlink(missing_ok=True)
            catalog = Catalog.open(path, writable=True)
        with catalog:
            pointer = catalog.pointer()
            shutil.rmtree(index_dir / SCRATCH, ignore_errors=True)
            remove_stale(index_dir, pointer.generation if pointer else 0)
            yield catalog
