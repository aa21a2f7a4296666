"""Survey: what has changed in the folders since they were last ingested."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.pipeline import OnProgress, Pipeline, Progress, Stage
from ingest.document_record import DocumentRecord
from ingest.files import Found, Skipped


@dataclass(slots=True)
class Survey:
    """What an ingest has to do.

    Attributes:
        to_read: New and changed files, with the record of the document that each replaces.
        unchanged: Documents whose file is as it was.
        gone: Documents to remove: their file is no longer there.
        skipped: Files that could not be looked at.
        kept: Documents that stay although their file could not be looked at.
        emptied: Folders in which nothing is left of what was ingested from them.
    """

    to_read: list[tuple[Found, DocumentRecord | None]] = field(default_factory=list)
    unchanged: list[DocumentRecord] = field(default_factory=list)
    gone: list[DocumentRecord] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    kept: list[DocumentRecord] = field(default_factory=list)
    emptied: list[Path] = field(default_factory=list)


def survey(
    paths: Sequence[Path],
    known: Iterable[DocumentRecord],
    pipeline: Pipeline,
    *,
    reread: bool,
    ignore: Path,
    on_progress: OnProgress,
) -> Survey:
    """Compare folders and files with the documents that were made of them.

    Files are compared by the digest of their bytes. Times and sizes are not trusted: copying and
    synchronising tools set them as they like, a stale citation is worse than a second of reading, and a
    desk PC digests a gigabyte in about two seconds.

    Args:
        paths: Absolute folders, which are mirrored, and files, which are only added or changed.
        known: All documents of the catalog.
        pipeline: Finds the files.
        reread: Whether to read the unchanged files too.
        ignore: An absolute folder that is not looked into: the index itself may lie among the documents.
        on_progress: Told once a file.
    """
    result = Survey()
    by_path = {record.path: record for record in known}
    seen: set[Path] = set()
    n_files = 0
    for path in paths:
        n_before, blocked = len(seen), []
        for item in pipeline.find(path):
            if isinstance(item, Skipped):
                place = _base(path) / item.source
                if not place.is_relative_to(ignore):
                    result.skipped.append(item)
                    blocked.append(place)
                continue
            place = Path(item.root, item.source)
            if place in seen or place.is_relative_to(ignore):
                continue
            n_files += 1
            on_progress(Progress(Stage.FIND, n_files, None, item.source))
            if _sort_in(item, by_path.get(place), pipeline, result, reread=reread):
                seen.add(place)
            else:
                blocked.append(place)
        if path.is_dir():
            lost = [r for p, r in by_path.items() if p not in seen and p.is_relative_to(path)]
            _sort_out(lost, blocked, result)
            if lost and len(seen) == n_before and not blocked:
                result.emptied.append(path)
    return result


def _sort_in(
    found: Found, record: DocumentRecord | None, pipeline: Pipeline, result: Survey, *, reread: bool
) -> bool:
    """Whether the file can be read at all."""
    try:
        with found.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        result.skipped.append(unreadable(found, error))
        return False
    if (
        record
        and not reread
        and (record.sha256, record.read_by, record.root) == (digest, pipeline.read_by(found), str(found.root))
    ):
        result.unchanged.append(record)
    else:
        result.to_read.append((found, record))
    return True


def unreadable(found: Found, error: OSError) -> Skipped:
    """Say why the system does not hand out a file."""
    if isinstance(error, FileNotFoundError):
        return Skipped(
            found.source,
            "読もうとしたときには、ファイルがなくなっていました。",
            "もう一度取り込んでください。",
        )
    if isinstance(error, PermissionError):
        return Skipped(
            found.source,
            "ファイルを読む権限がありません。",
            "読取り権限を付けてから、もう一度取り込んでください。",
        )
    reason = error.strerror or str(error)
    return Skipped(
        found.source, f"ファイルを読めません（{reason}）。", "ファイルを開けるか確かめてください。"
    )


def _sort_out(lost: Iterable[DocumentRecord], blocked: Sequence[Path], result: Survey) -> None:
    """What was passed over, or lies below a folder that was, is not gone: nobody could look."""
    for record in lost:
        if any(record.path.is_relative_to(place) for place in blocked):
            result.kept.append(record)
        else:
            result.gone.append(record)


def _base(path: Path) -> Path:
    """What the sources of a folder, or of a single file, are relative to."""
    return path if path.is_dir() else path.parent
