"""Walking folders: which files to read, and what is said about those left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import UnsupportedError

DECLARATIONS = "documents.toml"
PASSED_PREFIXES = ("~$", ".")
PASSED_SUFFIXES = (".tmp", ".temp", ".lock", ".part", ".crdownload", ".jsonl", "~")  # .jsonl: question sets
PASSED_NAMES = frozenset({"thumbs.db", "desktop.ini", DECLARATIONS})
MAGIC = (
    (b"{\\rtf", "リッチテキスト"),
    (b"\x89PNG\r\n\x1a\n", "画像"),
    (b"\xff\xd8\xff", "画像"),
    (b"GIF87a", "画像"),
    (b"GIF89a", "画像"),
    (b"II*\x00", "画像"),
    (b"MM\x00*", "画像"),
    (b"\x1f\x8b", "圧縮ファイル"),
    (b"7z\xbc\xaf\x27\x1c", "圧縮ファイル"),
    (b"Rar!\x1a\x07", "圧縮ファイル"),
    (b"SQLite format 3\x00", "データベース"),
)
HEAD_BYTES = 1024
CHECK_PERMISSION = "ファイルを読む権限があるか、管理者に確かめてください。"


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read.

    Attributes:
        root: The folder that was named, or the folder of the file that was.
        source: Path below the root, with `/`.
    """

    path: Path
    root: Path
    source: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that is left out.

    Attributes:
        source: Path below the root, with `/`, or as it was named.
        message: One Japanese sentence that says why.
        hint: What to do next, in Japanese.
    """

    source: str
    message: str
    hint: str


def find_files(paths: Iterable[Path], *, max_file_mb: float = 20) -> Iterator[Found | Skipped]:
    """Files below the paths, folder by folder in the order of their names, each once.

    Hidden, temporary and system files, `documents.toml` and question sets (`.jsonl`) in a folder are
    passed over in silence, so are links to what lies in the same folder anyway. Whatever else cannot
    be read is told as `Skipped`. The contents are not decoded here: any extension may be text.

    Args:
        paths: Folders and files.
        max_file_mb: Largest file, in units of 1,000,000 bytes.
    """
    seen: set[Path] = set()
    for path in paths:
        root = path if path.is_dir() else path.parent
        for item in _walk(path, root) if path.is_dir() else (_listed(path, root),):
            found = _checked(item, max_file_mb) if isinstance(item, Found) else item
            if isinstance(found, Skipped):
                yield found
            elif (resolved := found.path.resolve()) not in seen:
                seen.add(resolved)
                yield found


def unsupported_format(head: bytes) -> str | None:
    """What a file is by its first bytes, if it is of a format that is not read here; a Japanese name."""
    return next((name for magic, name in MAGIC if head.startswith(magic)), None)


def _walk(folder: Path, root: Path) -> Iterator[Found | Skipped]:
    """Everything below a folder; links to folders are not entered, so no loop can arise."""
    open_folders: list[Iterator[Path | Skipped]] = [_entries(folder, root)]
    while open_folders:
        entry = next(open_folders[-1], None)
        if entry is None:
            open_folders.pop()
        elif isinstance(entry, Skipped):
            yield entry
        elif entry.is_symlink():
            skipped = _link(entry, root)
            if skipped:
                yield skipped
        elif entry.is_dir():
            open_folders.append(_entries(entry, root))
        else:
            yield _listed(entry, root)


def _entries(folder: Path, root: Path) -> Iterator[Path | Skipped]:
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError:
        yield Skipped(_source(folder, root), "フォルダの中を見る権限がありません。", CHECK_PERMISSION)
        return
    for entry in entries:
        name = entry.name.lower()
        if not (name.startswith(PASSED_PREFIXES) or name.endswith(PASSED_SUFFIXES) or name in PASSED_NAMES):
            yield entry


def _link(entry: Path, root: Path) -> Skipped | None:
    """What is said about a link; nothing if it leads to what is read under its own name."""
    source = _source(entry, root)
    try:
        target = entry.resolve(strict=True)
    except (OSError, RuntimeError):  # a missing target, or a link to itself
        hint = "リンク先があるか確かめるか、元のファイルを入れてください。"
        return Skipped(source, "リンク先が見つからないか、リンクが循環しています。", hint)
    if target.is_relative_to(root.resolve()):
        return None
    hint = "必要なら、リンク先のファイルをこのフォルダに写してください。"
    return Skipped(source, "フォルダの外を指すリンクなので読みません。", hint)


def _listed(path: Path, root: Path) -> Found | Skipped:
    source = _source(path, root)
    printable = source.encode("utf-8", "backslashreplace").decode()
    if printable != source:
        return Skipped(printable, "ファイル名が文字として読めません。", "ファイル名を付け直してください。")
    return Found(path, root, source)


def _checked(found: Found, max_file_mb: float) -> Found | Skipped:
    """The file if its size and first bytes allow to read it as text."""
    try:
        if not found.path.is_file():
            exists = found.path.exists()
            message = "普通のファイルではないので読みません。" if exists else "ファイルが見つかりません。"
            return Skipped(found.source, message, "取り込むファイルの名前と場所を確かめてください。")
        size = found.path.stat().st_size
        if size > max_file_mb * 1_000_000:
            message = f"大きすぎます（{size / 1_000_000:,.1f} MB、上限 {max_file_mb:g} MB）。"
            return Skipped(found.source, message, "ファイルを分けるか、max_file_mb の値を上げてください。")
        with found.path.open("rb") as file:
            name = unsupported_format(file.read(HEAD_BYTES))
    except OSError:
        return Skipped(found.source, "ファイルを開けません（権限がないか、使用中です）。", CHECK_PERMISSION)
    if name:
        message = f"この形式にはまだ対応していません（{name}）。"
        return Skipped(found.source, message, UnsupportedError.hint)
    if found.path.suffix.lower() == ".jsonl":
        hint = "評価用の質問なら shirube eval に渡してください。"
        return Skipped(found.source, "JSON Lines は文書ではなくデータなので読みません。", hint)
    return found


def _source(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()
