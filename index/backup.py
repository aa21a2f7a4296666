"""Backup: one archive with a whole state of an index folder, and the way back.

The archive is a ZIP without compression: `shirube-backup.json`, which names every other file with its size
and SHA-256, then the catalog, the generation that belongs to it and, if there is one, the history of
conversations.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from index.generation import generation_dir, load_manifest
from index.lease import LEASE_FILE, Lease
from index.manifest import FileDigest
from ingest.catalog import FILE_NAME, Catalog
from ingest.database import is_no_space, storage_errors
from ingest.errors import DiskFullError, IndexMismatchError, IndexMissingError, ShirubeError

FORMAT = 1
HEADER = "shirube-backup.json"
HEADER_BYTES = 4 << 20
GENERATION = "generation"
HISTORY = "history.sqlite"
NAME = re.compile(
    rf"{re.escape(FILE_NAME)}|{re.escape(HISTORY)}|{GENERATION}(?:/\.?[A-Za-z0-9][\w.-]*){{1,3}}", re.A
)
ATTEMPTS = 5  # how often writers may move on between our reading of the pointer and of the files
CHUNK_BYTES = 1 << 20


class BackupError(ShirubeError):
    """An archive cannot be written, or is not what `backup` wrote."""

    hint = "shirube backup で作ったファイルか、途中で切れていないかを確かめてください。索引はそのままです。"


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What an archive holds; `n_bytes` counts what is in its files."""

    generation: int
    n_documents: int
    n_passages: int
    n_files: int
    n_bytes: int
    created: str


def backup(index_dir: Path, archive: Path) -> BackupReport:
    """Write the current state into one file; what is ingested meanwhile is not in it.

    An existing file is replaced once the new one is whole and on the disk.

    Raises:
        IndexMissingError: If nothing was ingested there.
        IndexMismatchError: If the index is damaged; nothing is written then.
        BackupError: If the file cannot be written.
        DiskFullError: If no space is left for it.
    """
    folder = archive.absolute().parent
    with (
        _target_errors(archive),
        tempfile.TemporaryDirectory(dir=folder, prefix=".shirube-backup-") as scratch,
        _snapshot(index_dir, Path(scratch)) as (files, report),
    ):
        part = Path(scratch, "archive")
        _write(part, files, report)
        part.replace(archive)
    return report


@contextmanager
def unpacked(archive: Path, scratch: Path) -> Iterator[BackupReport]:
    """Unpack an archive into the folder `scratch`, which must be new, checking every byte.

    Nothing but the files that the header names, and a header that names nothing but what a backup holds, is
    accepted; no name leads out of the folder, and nothing is decompressed. The folder goes at the end.

    Raises:
        BackupError: If it is no archive of ours, or damaged.
        DiskFullError: If there is no space for it.
    """
    try:
        with _target_errors(archive), ZipFile(archive) as opened:
            scratch.mkdir()
            report, files = _header(opened)
            _check_names(opened, files)
            if shutil.disk_usage(scratch).free < sum(digest.n_bytes for digest in files.values()):
                raise DiskFullError(f"索引の保存先に空き容量がありません: {scratch.parent}")
            for name, digest in files.items():
                _unpack(opened, name, digest, scratch / name)
        yield report
    except (BadZipFile, NotImplementedError, ValueError) as error:
        raise BackupError(f"バックアップのファイルではないか、壊れています: {archive}") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def _snapshot(index_dir: Path, scratch: Path) -> Iterator[tuple[dict[str, Path], BackupReport]]:
    """The files of one state by their name in the archive; they stay as they are inside the block."""
    for attempt in range(ATTEMPTS):
        with Catalog.open(index_dir / FILE_NAME) as catalog:
            pointer = catalog.pointer()
            if pointer is None:
                raise IndexMissingError(f"まだ文書が取り込まれていません: {index_dir}")
            folder = generation_dir(index_dir, pointer.generation)
            try:
                lease = Lease(folder)
            except FileNotFoundError as error:
                if attempt + 1 < ATTEMPTS:
                    continue
                raise IndexMismatchError(f"索引のファイルがありません: {folder}") from error
            try:
                load_manifest(index_dir, pointer).check_digests(folder)
                catalog.check()
                catalog.copy_to(scratch / FILE_NAME)
                files = {FILE_NAME: scratch / FILE_NAME}
                if (index_dir / HISTORY).exists():
                    _copy_history(index_dir / HISTORY, scratch / HISTORY)
                    files[HISTORY] = scratch / HISTORY
                for path in sorted(folder.rglob("*")):
                    if path.is_file() and (path.suffix != ".lock" or path.name == LEASE_FILE):
                        files[f"{GENERATION}/{path.relative_to(folder).as_posix()}"] = path
                counts = catalog.statistics()
                size = sum(path.stat().st_size for path in files.values())
                created = datetime.now(UTC).isoformat(timespec="seconds")
                yield (
                    files,
                    BackupReport(
                        pointer.generation, counts.n_documents, counts.n_passages, len(files), size, created
                    ),
                )
                return
            finally:
                lease.release()


def _copy_history(path: Path, target: Path) -> None:
    with (
        storage_errors(path.parent),
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")


def _write(part: Path, files: Mapping[str, Path], report: BackupReport) -> None:
    digests = {name: asdict(FileDigest.from_file(path)) for name, path in files.items()}
    header = {"format": FORMAT, "state": asdict(report), "files": digests}
    part.touch(mode=0o600)  # it may hold what people asked
    with ZipFile(part, "w", ZIP_STORED) as archive:
        archive.writestr(HEADER, json.dumps(header, ensure_ascii=False, indent=1, sort_keys=True))
        for name, path in files.items():
            archive.write(path, name)
    with part.open("r+b") as file:
        os.fsync(file.fileno())


def _header(archive: ZipFile) -> tuple[BackupReport, dict[str, FileDigest]]:
    try:
        if archive.getinfo(HEADER).file_size > HEADER_BYTES:
            raise ValueError("the header is too long")
        header = json.loads(archive.read(HEADER))
        if header["format"] != FORMAT:
            raise BackupError(f"このバックアップの形式（版 {header['format']}）は読めません。")
        files = {str(name): FileDigest(**digest) for name, digest in header["files"].items()}
        return BackupReport(**header["state"]), files
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("no header") from error


def _check_names(archive: ZipFile, files: Mapping[str, FileDigest]) -> None:
    infos = archive.infolist()
    if sorted(info.filename for info in infos) != sorted([HEADER, *files]):
        raise ValueError("other files than the header names")
    for info in infos:
        if info.compress_type != ZIP_STORED or info.flag_bits & 1:
            raise ValueError("compressed or encrypted")
        if info.filename != HEADER and not NAME.fullmatch(info.filename):
            raise ValueError(f"a name that no backup has: {info.filename!r}")
        if info.filename != HEADER and info.file_size != files[info.filename].n_bytes:
            raise ValueError(f"another size: {info.filename!r}")


def _unpack(archive: ZipFile, name: str, digest: FileDigest, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(name) as source, target.open("xb") as file:
        shutil.copyfileobj(source, file, CHUNK_BYTES)
    if FileDigest.from_file(target) != digest:
        raise ValueError(f"another content: {name!r}")


@contextmanager
def _target_errors(archive: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if is_no_space(error):
            raise DiskFullError(f"空き容量がありません: {archive.absolute().parent}") from error
        raise BackupError(
            f"バックアップのファイルを読み書きできません: {archive}（{error.strerror or error}）"
        ) from error
