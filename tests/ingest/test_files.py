from __future__ import annotations

import os
import socket
import sys
import tempfile
from pathlib import Path

import pytest

from ingest.files import Found, Skipped, find_files, unsupported_format


def found(*paths: Path, max_file_mb: float = 20) -> list[str]:
    return [item.source for item in find_files(paths, max_file_mb=max_file_mb) if isinstance(item, Found)]


def skipped(*paths: Path, max_file_mb: float = 20) -> dict[str, str]:
    items = find_files(paths, max_file_mb=max_file_mb)
    return {item.source: item.message for item in items if isinstance(item, Skipped)}


def write(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("本文", encoding="utf-8")


def link(place: Path, target: Path) -> None:
    try:
        place.symlink_to(target)
    except OSError:
        pytest.skip("this system lets ordinary users make no symbolic links")


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "a/z.md", "a/あ.csv", "c", "d.unknown")
    assert found(tmp_path) == ["a/z.md", "a/あ.csv", "b.txt", "c", "d.unknown"]
    assert skipped(tmp_path) == {}


def test_hidden_temporary_and_own_files_are_passed_over(tmp_path: Path) -> None:
    write(
        tmp_path, ".git/x", ".a.txt", "~$a.docx", "a.tmp", "documents.toml", "Thumbs.db", "a.txt~", "ok.txt"
    )
    assert found(tmp_path) == ["ok.txt"]
    assert skipped(tmp_path) == {}


def test_one_file_has_its_folder_as_root(tmp_path: Path) -> None:
    write(tmp_path, "a/b.txt")
    (item,) = find_files([tmp_path / "a" / "b.txt"])
    assert item == Found(tmp_path / "a" / "b.txt", tmp_path / "a", "b.txt")


def test_a_file_named_twice_comes_once(tmp_path: Path) -> None:
    write(tmp_path, "a.txt")
    assert found(tmp_path, tmp_path / "a.txt", tmp_path) == ["a.txt"]


def test_a_missing_path_is_told(tmp_path: Path) -> None:
    assert "見つかりません" in skipped(tmp_path / "nowhere.txt")["nowhere.txt"]


def test_a_link_out_of_the_folder_is_told_and_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "out/secret.txt", "in/a.txt")
    link(tmp_path / "in" / "file.txt", tmp_path / "out" / "secret.txt")
    link(tmp_path / "in" / "folder", tmp_path / "out")
    assert found(tmp_path / "in") == ["a.txt"]
    assert all("外" in message for message in skipped(tmp_path / "in").values())
    assert set(skipped(tmp_path / "in")) == {"file.txt", "folder"}


def test_links_inside_and_loops_end(tmp_path: Path) -> None:
    write(tmp_path, "a/b.txt")
    link(tmp_path / "a" / "up", tmp_path)
    link(tmp_path / "same.txt", tmp_path / "a" / "b.txt")
    link(tmp_path / "self", tmp_path / "self")
    link(tmp_path / "broken", tmp_path / "nowhere")
    assert found(tmp_path) == ["a/b.txt"]
    assert set(skipped(tmp_path)) == {"self", "broken"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFO on this system")
def test_what_is_no_regular_file_is_told_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket"))
        assert found(tmp_path) == []
        assert set(skipped(tmp_path)) == {"pipe", "socket"}


def test_a_large_file_is_told_with_the_limit(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a" * 1_500_000)
    assert found(tmp_path, max_file_mb=1) == []
    assert "1.5 MB、上限 1 MB" in skipped(tmp_path, max_file_mb=1)["a.txt"]
    assert found(tmp_path, max_file_mb=1.5) == ["a.txt"]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"{\\rtf1", "リッチテキスト"),
        (b"\xff\xd8\xff\xe0", "画像"),
    ],
)
def test_formats_are_told_by_content_whatever_the_name(tmp_path: Path, head: bytes, name: str) -> None:
    (tmp_path / "a.txt").write_bytes(head + b"rest")
    message = skipped(tmp_path)["a.txt"]
    assert "この形式にはまだ対応していません" in message
    assert name in message


def test_text_is_of_no_unsupported_format() -> None:
    assert unsupported_format("PKの説明".encode()) is None
    assert unsupported_format(b"") is None


def test_datasets_are_no_documents(tmp_path: Path) -> None:
    write(tmp_path, "questions.jsonl")
    assert found(tmp_path) == []
    assert skipped(tmp_path) == {}
    assert "JSON Lines" in skipped(tmp_path / "questions.jsonl")["questions.jsonl"]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text elsewhere")
def test_a_name_that_is_no_text_is_told(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.txt")).write_text("a")
    assert list(skipped(tmp_path).values()) == ["ファイル名が文字として読めません。"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="changes the user, needs root")
def test_files_and_folders_without_permission_are_told() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, "closed.txt", "folder/a.txt", "open.txt")
        folder.chmod(0o755)
        (folder / "closed.txt").chmod(0)
        (folder / "folder").chmod(0)
        os.seteuid(65534)
        try:
            sources = [(type(item).__name__, item.source) for item in find_files([folder])]
        finally:
            os.seteuid(0)
    assert sources == [("Skipped", "closed.txt"), ("Skipped", "folder"), ("Found", "open.txt")]
