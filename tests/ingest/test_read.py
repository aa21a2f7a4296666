from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from ingest.document import BlockKind
from ingest.errors import ReadError
from ingest.metadata import Declaration
from ingest.read import document_id, read

PROSE = "令和３年度の計画です。窓口の受付は午前９時からです。\n"


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.txt", PROSE, BlockKind.PARAGRAPH),
        ("a.txt", "課名\t電話\n総務課\t1\n人事課\t2\n", BlockKind.TABLE_ROW),
        ("a.txt", "<!DOCTYPE html><p>本文</p>", BlockKind.PARAGRAPH),
        ("a.txt", "# 題\n\n- 甲\n\n# 次\n", BlockKind.LIST_ITEM),
        ("a.html", "<p>甲<ul><li>乙</ul>", BlockKind.LIST_ITEM),
        ("a.html", PROSE, BlockKind.PARAGRAPH),
        ("a.csv", "課名,電話\n総務課,1\n", BlockKind.TABLE_ROW),
        ("a.csv", PROSE, BlockKind.PARAGRAPH),
        ("a.md", "# 題\n\n本文\n", BlockKind.HEADING),
        ("名前だけ", PROSE, BlockKind.PARAGRAPH),
    ],
)
def test_the_reader_is_picked_by_content_then_by_extension(
    tmp_path: Path, name: str, content: str, kind: BlockKind
) -> None:
    document = read(write(tmp_path, name, content), root=tmp_path)
    assert kind in {block.kind for block in document.blocks}
    assert "<" not in "".join(block.text for block in document.blocks)


def test_a_document_knows_its_file(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    path = write(tmp_path, "sub/a.txt", PROSE.replace("\n", "\r\n"))
    declared = Declaration("sub/*", title="題", publisher="市", fiscal_years=(2020,))
    document = read(path, root=tmp_path, metadata=[declared])
    assert document.source == "sub/a.txt"
    assert document.text == PROSE.replace("\n", "\r\n")
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (document.title, document.publisher, document.fiscal_years) == ("題", "市", (2020,))
    digest = hashlib.sha256(f"{tmp_path.resolve()}\0sub/a.txt".encode()).hexdigest()
    assert document.id == document_id(tmp_path, "sub/a.txt") == digest[:16]


def test_the_same_name_in_another_folder_is_another_document(tmp_path: Path) -> None:
    assert document_id(tmp_path, "a.txt") != document_id(tmp_path / "b", "a.txt")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "iso2022_jp", "utf-16", "utf-16-le"]
)
def test_every_encoding_gives_the_same_text(tmp_path: Path, encoding: str) -> None:
    assert read(write(tmp_path, "a.txt", PROSE.encode(encoding)), root=tmp_path).text == PROSE


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "文章がありません"),
        (b" \r\n\t \n", "文章がありません"),
        (b"<html><body></body></html>", "文章がありません"),
        (b"%PDF-1.7 ...", "PDF が壊れているか、途中で切れています。"),
        (b"\x7fELF" + bytes(500), "バイナリ"),
        (PROSE.encode().decode("cp932", "ignore").encode(), "文字化け"),
        ("ｱｲｳｴ".encode("cp932"), "一つに決められません"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        read(write(tmp_path, "a.txt", content), root=tmp_path)
    assert (
        caught.value.message.count("。") == caught.value.message.endswith("。")
        or "避けました" in caught.value.message
    )
    assert caught.value.hint


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="見つかりません"):
        read(tmp_path / "nowhere.txt", root=tmp_path)
    with pytest.raises(ReadError, match="普通のファイルではない"):
        read(tmp_path, root=tmp_path.parent)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFO on this system")
def test_a_fifo_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ReadError, match="普通のファイルではない"):
        read(tmp_path / "pipe", root=tmp_path)
