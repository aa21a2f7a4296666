"""Uploads: files that users add on the page, from their safe name to their place in the index.

A file is received into a hidden part file, judged by its first bytes, moved to its name in one step and
ingested by a child process. If that fails or is cancelled, the file is gone again, so that folder and index
tell the same. Nothing is ever unpacked into the folder: the child reads what is in an office file, within
limits, and archives that are none are refused.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from time import time
from typing import IO, Any

from index.access import EVERYTHING
from index.pipeline import Progress, Stage
from ingest.catalog import FILE_NAME, Catalog
from ingest.containers import is_zip, zip_container
from ingest.database import is_no_space
from ingest.document_record import DocumentRecord
from ingest.errors import IndexMissingError, ReadError, SettingsError, ShirubeError, UnsupportedError
from ingest.files import HEAD_BYTES, PASSED_NAMES, PASSED_SUFFIXES, unsupported_format
from ingest.readers.office_file import check_zip
from ui.acting import current_access
from ui.file_name import free_place, safe_name
from ui.ingest_process import IngestProcess
from ui.settings import Settings
from ui.terminal import clean

MEGABYTE = 1_000_000
PART = ".upload-{}.part"  # hidden, and passed over by every ingest
STALE_S = 60 * 60
WAIT_S = 0.5  # between two signs of life while another file is ingested


class UploadError(ShirubeError):
    """A file is not taken in; the index and the folder are as before.

    Attributes:
        hint: What to do next with this very file.
    """

    hint = "ファイルを確かめてから、もう一度追加してください。"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        if hint:
            vars(self)["hint"] = hint  # what reading the file said is to be done


class DocumentJob:
    """An addition or a removal under way: iterate to run it, `cancel` from any thread to stop it.

    It yields `Progress`; while another job runs, 0 files found twice a second. Leaving the iteration early
    cancels. Raises `ShirubeError` if it fails, `IngestCancelledError` if it was cancelled in time; a
    cancel that comes too late is none.

    Attributes:
        warnings: Japanese sentences about what was read badly, once it is done.
    """

    def __init__(self, process: IngestProcess, turn: threading.Lock, settle: Callable[[], bool]) -> None:
        """Prepare a job.

        Args:
            process: The child that does it.
            turn: Held while it runs.
            settle: Makes folder and index agree when the child has ended, however it did; whether the
                index is as it was meant to be.
        """
        self._process = process
        self._turn = turn
        self._settle = settle
        self.warnings: tuple[str, ...] = ()

    def cancel(self) -> None:
        """Stop; nothing happens if it is done."""
        self._process.cancel()

    def __iter__(self) -> Iterator[Progress]:
        """Run it to its end."""
        try:
            yield from self._run()
        except (ShirubeError, GeneratorExit):
            if not self._settle():
                raise
        else:
            if not self._settle():
                raise _refusal(self._process.report)
        self.warnings = tuple(self._process.report.get("warnings", ()))

    def _run(self) -> Iterator[Progress]:
        while not self._turn.acquire(timeout=WAIT_S):
            if self._process.is_cancelled:
                break  # the child will not start
            yield Progress(Stage.FIND, 0, None)
        else:
            try:
                yield from self._process
            finally:
                self._turn.release()
            return
        yield from self._process


def _refusal(report: Mapping[str, Any]) -> UploadError:
    """Why the child did nothing although nothing went wrong."""
    for skipped in report["skipped"]:
        return UploadError(skipped["message"], skipped["hint"])
    return UploadError("索引がほかの処理で変わりました。")


class Uploads:
    """The folder of uploaded files and the way from there into the index, one file at a time."""

    def __init__(self, folder: Path, settings: Settings, *, max_mb: float) -> None:
        """Make the folder if need be and clear away what an ended server left half received.

        Args:
            folder: Where the files are kept, outside the index folder.
            settings: Of this server; its `max_file_mb` holds for uploads too.
            max_mb: Largest file, in units of 1,000,000 bytes.

        Raises:
            SettingsError: If the folder cannot be made, or lies in the index folder, which no ingest reads.
        """
        self._folder = folder.resolve()
        self._settings = settings
        self._max_bytes = int(min(max_mb, settings.max_file_mb) * MEGABYTE)
        self._turn = threading.Lock()
        if self._folder.is_relative_to(settings.index_dir.resolve()):
            raise SettingsError(f"追加した文書の置き場所は、索引のフォルダーの外にしてください: {folder}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for part in self._folder.glob(PART.format("*")):
                if time() - part.stat().st_mtime > STALE_S:
                    part.unlink(missing_ok=True)
        except OSError as error:
            raise SettingsError(
                f"追加した文書の置き場所を使えません: {folder}（{error.strerror}）"
            ) from error

    def receive(self, name: str, chunks: Iterable[bytes], *, n_bytes: int | None = None) -> Path:
        """Take in a file as it arrives; it is in the folder then, not yet in the index.

        Args:
            name: As the browser tells it; what is unsafe in it is replaced.
            chunks: The content. No more of it is read than is allowed.
            n_bytes: Its size as announced, to refuse it before it is sent.

        Raises:
            UploadError: If it is too large, empty, of another format, there already, or cannot be stored.
        """
        target = safe_name(name)
        _check_name(target)
        if n_bytes is not None:
            self._check_size(n_bytes)
        part = self._folder / PART.format(secrets.token_hex(8))
        try:
            with part.open("xb") as file:
                digest = self._store(chunks, file)
            _check_archive(part)
            self._check_new(digest)
            place = free_place(self._folder, target)
            try:
                part.replace(place)
            except OSError:
                place.unlink(missing_ok=True)
                raise
        except OSError as error:
            message = "空き容量がありません。" if is_no_space(error) else "ファイルを保存できません。"
            raise UploadError(
                message, "管理者に、保存先の空き容量と権限を確かめてもらってください。"
            ) from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        return place

    def add(self, place: Path) -> DocumentJob:
        """Ingest a file that `receive` gave; unless that succeeds, the file is removed again."""

        def settle() -> bool:
            record = self.document_at(place)
            if record is not None and record.sha256 == digest:
                return True
            place.unlink(missing_ok=True)
            return False

        with place.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()

        return DocumentJob(IngestProcess("ingest", [place], self._settings), self._turn, settle)

    def remove(self, document_id: str) -> DocumentJob:
        """Take a document out of the index, and its file out of the folder if it was uploaded.

        A file that came from elsewhere stays where it is, and comes back when its folder is ingested again.
        """
        known = next((record for record in self._records() if record.id == document_id), None)

        def settle() -> bool:
            if any(record.id == document_id for record in self._records()):
                return False
            if known is not None and known.path.parent == self._folder:
                known.path.unlink(missing_ok=True)
            return known is not None

        return DocumentJob(IngestProcess("remove", [document_id], self._settings), self._turn, settle)

    def document_at(self, place: Path) -> DocumentRecord | None:
        """The document that was made of a file of the folder, `None` if it is not in the index."""
        return next((record for record in self._records() if record.path == place), None)

    def _store(self, chunks: Iterable[bytes], file: IO[bytes]) -> str:
        """Write what arrives, as long as it may; its digest."""
        digest, size, head = hashlib.sha256(), 0, b""
        for chunk in chunks:
            size += len(chunk)
            self._check_size(size)
            if len(head) < HEAD_BYTES:
                head += chunk[:HEAD_BYTES]
                _check_format(head)
            digest.update(chunk)
            file.write(chunk)
        if not size:
            raise UploadError("ファイルが空です。")
        return digest.hexdigest()

    def _check_size(self, n_bytes: int) -> None:
        if n_bytes > self._max_bytes:
            raise UploadError(
                f"ファイルが大きすぎます（上限 {self._max_bytes / MEGABYTE:g} MB）。",
                "ファイルを分けるか、管理者に上限を確かめてください。",
            )

    def _check_new(self, digest: str) -> None:
        # A document that is hidden from who uploads does not exist for them: the same content is new.
        has_login = self._settings.users_file is not None or bool(self._settings.trusted_proxy_header)
        access = current_access() if has_login else EVERYTHING
        for record in self._records():
            if record.sha256 == digest and access.may_see(record):
                raise UploadError(
                    f"同じ内容の文書が、もう取り込まれています（{clean(record.source)}）。",
                    "文書の一覧で確かめてください。",
                )

    def _records(self) -> list[DocumentRecord]:
        try:
            with Catalog.open(self._settings.index_dir / FILE_NAME) as catalog:
                return catalog.documents()
        except IndexMissingError:
            return []


def _check_name(name: str) -> None:
    """Refuse what an ingest passes over: `documents.toml` would even change what is told of other files."""
    if name.lower() in PASSED_NAMES or name.lower().endswith(PASSED_SUFFIXES):
        raise UploadError(
            f"この名前のファイルは文書として取り込めません: {name}",
            "文書なら、名前を変えて追加してください。",
        )


def _check_archive(part: Path) -> None:
    """Refuse an archive that is no office file, before a child is started for it."""
    with part.open("rb") as file:
        head = file.read(HEAD_BYTES)
        try:
            if is_zip(head):
                check_zip(zip_container(file))
        except ReadError as error:
            raise UploadError(error.message, error.hint) from error


def _check_format(head: bytes) -> None:
    name = unsupported_format(head)
    if name:
        raise UploadError(
            f"この形式にはまだ対応していません（{name}）。",
            UnsupportedError.hint,
        )
