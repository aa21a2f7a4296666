from __future__ import annotations

from pathlib import Path

import pytest

from index.shard import Shard
from index.whole_file import parts_of, whole_file
from index.work_list import FILE_NAME, OtherModelError, WorkListError, read_work_list, write_work_list
from ingest.document_record import text_key

TEXTS = {
    text_key(text): text for text in [*(f"届出{n}。\n期限は{n}日。" for n in range(40)), "\ud800\u2028𠮷", ""]
}
WHOLE = Shard(1, 1)


def written(folder: Path) -> Path:
    write_work_list(folder, TEXTS, embedder="e/1", dim=8)
    return folder / FILE_NAME


def test_texts_come_back_by_ascending_key(tmp_path: Path) -> None:
    written(tmp_path / "仕事")
    work, texts = read_work_list(tmp_path / "仕事", WHOLE, embedder="e/1")
    assert (work.n_texts, work.dim) == (42, 8)
    assert texts == TEXTS
    assert list(texts) == sorted(TEXTS)
    assert (tmp_path / "仕事" / FILE_NAME).stat().st_mode & 0o077 == 0


def test_shards_together_are_the_list(tmp_path: Path) -> None:
    written(tmp_path)
    parts = [read_work_list(tmp_path, Shard(i, 5), embedder="e/1")[1] for i in range(1, 6)]
    assert sum(map(len, parts)) == len(TEXTS)
    assert {key: text for part in parts for key, text in part.items()} == TEXTS


def test_list_of_the_same_texts_is_the_same_file(tmp_path: Path) -> None:
    data = written(tmp_path).read_bytes()
    write_work_list(tmp_path, dict(reversed(TEXTS.items())), embedder="e/1", dim=8)
    assert (tmp_path / FILE_NAME).read_bytes() == data


def test_other_embedder_is_refused(tmp_path: Path) -> None:
    written(tmp_path)
    with pytest.raises(OtherModelError, match=r"e/1.*e/2"):
        read_work_list(tmp_path, WHOLE, embedder="e/2")


def test_missing_list_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkListError, match="開けません"):
        read_work_list(tmp_path, WHOLE, embedder="e/1")


def test_every_way_of_damage_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    lines = path.read_bytes().splitlines(keepends=True)
    damaged = {
        "cut": b"".join(lines)[:-20],
        "without its last line": b"".join(lines[:-1]),
        "without its header": b"".join(lines[1:]),
        "with a line twice": b"".join([*lines, lines[-1]]),
        "in another order": b"".join([lines[0], lines[2], lines[1], *lines[3:]]),
        "with another text": b"".join(lines).replace("期限は7日".encode(), "期限は8日".encode()),
        "of another format": b"".join(lines).replace(b'"format":1', b'"format":9'),
        "no list": b"[1]\n",
        "empty": b"",
    }
    for what, data in damaged.items():
        assert data != b"".join(lines), what
        path.write_bytes(data)
        with pytest.raises(WorkListError):
            read_work_list(tmp_path, WHOLE, embedder="e/1")


def test_file_that_is_not_finished_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    for keep_part in (False, True):
        with pytest.raises(TypeError), whole_file(path, keep_part=keep_part) as file:
            file.writelines([b"new", "text"])  # type: ignore[list-item]
        assert (path.read_bytes(), len(parts_of(path))) == (b"old", int(keep_part))
