"""Restore: bring an index folder to the state that an archive holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from index.backup import GENERATION, HISTORY, BackupReport, unpacked
from index.generation import generation_dir, next_number, remove_stale, sync
from index.manifest import FILE_NAME as MANIFEST_FILE
from index.manifest import Manifest
from index.writing import SCRATCH, writing
from ingest.catalog import FILE_NAME, Catalog
from ingest.database import storage_errors
from ingest.document_record import Pointer
from ingest.errors import IndexMismatchError


def restore(archive: Path, *, index_dir: Path) -> BackupReport:
    """Replace the state of an index by that of an archive, in one step: readers see the one or the other.

    Killed at whatever moment, the folder holds the old or the new state. The history of conversations comes
    back only where there is none: what people asked since then is not thrown away.

    Returns:
        What the archive holds, with the number of the generation that it became.

    Raises:
        BackupError: If it is no archive of ours, or damaged.
        IndexMismatchError: If the archive was made by a version whose index this one does not read.
        LockedError: If another process is writing.
        DiskFullError: If no space is left.
        CatalogError: If the index folder cannot be written.
    """
    with writing(index_dir, may_reset=True, thorough=True) as catalog:
        scratch = index_dir / SCRATCH
        with unpacked(archive, scratch) as report:
            number = next_number(index_dir)
            pointer = _checked(scratch, number)
            with storage_errors(index_dir):
                folder = generation_dir(index_dir, number)
                folder.parent.mkdir(exist_ok=True)
                (scratch / GENERATION).rename(folder)
                sync(folder)
                if (scratch / HISTORY).exists() and not (index_dir / HISTORY).exists():
                    (scratch / HISTORY).rename(index_dir / HISTORY)
            with Catalog.open(scratch / FILE_NAME) as copy:
                copy.copy_into(catalog)
            remove_stale(index_dir, pointer.generation)
    return replace(report, generation=pointer.generation)


def _checked(scratch: Path, number: int) -> Pointer:
    """Let the unpacked catalog point at the generation under its new number, once all fits together."""
    with Catalog.open(scratch / FILE_NAME, writable=True) as copy:
        copy.check()
        before = copy.pointer()
        folder = scratch / GENERATION
        if before is None or not (folder / MANIFEST_FILE).is_file():
            raise IndexMismatchError("バックアップの中に、台帳が指す索引がありません。")
        data = (folder / MANIFEST_FILE).read_bytes()
        pointer = Pointer.of(number, data)
        if pointer.manifest != before.manifest:
            raise IndexMismatchError("バックアップの中の索引と台帳が合いません。")
        Manifest.from_json(data.decode("utf-8", "replace")).check_digests(folder)
        copy.set_pointer(pointer)
    return pointer
