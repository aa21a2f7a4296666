from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.index.milvus_lite_engine import require_milvus
from tests.ui.conftest import Shirube

ROOT = Path(__file__).parents[2]


def test_backup_restore_and_doctor_from_the_command_line(shirube: Shirube, documents: Path) -> None:
    assert shirube("ingest", documents / "kyokai_faq.md", "--index-dir", "i").code == 0
    told = json.loads(shirube("backup", "控え.zip", "--index-dir", "i", "--json").out)
    assert (told["n_documents"], told["file"]) == (1, "控え.zip")
    assert Path("控え.zip").stat().st_mode & 0o077 == 0
    assert shirube("remove", "kyokai_faq.md", "--index-dir", "i").code == 0
    assert "1 文書" in shirube("restore", "控え.zip", "--index-dir", "i").out
    assert "kyokai_faq.md" in shirube("status", "--index-dir", "i").out
    assert shirube("doctor", "--index-dir", "i").out == "索引に問題はありません。\n"
    next(Path("i").glob("generations/*/dense.faiss")).unlink()
    broken = shirube("doctor", "--index-dir", "i")
    assert broken.code == 1
    assert "--repair" in broken.out
    mended = json.loads(shirube("doctor", "--repair", "--json", "--index-dir", "i").out)
    assert mended["findings"] == []
    assert [finding["part"] for finding in mended["repaired"]] == ["manifest"]


def test_errors_are_one_line_with_the_next_step(shirube: Shirube) -> None:
    for arguments in (["backup", "b.zip"], ["doctor"], ["restore", "none.zip"]):
        outcome = shirube(*arguments, "--index-dir", "none")
        assert outcome.code == 1
        assert outcome.err.startswith("エラー: ")
        assert outcome.err.count("\n") == 1


def test_index_is_moved_there_and_back_from_the_command_line(
    shirube: Shirube, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_milvus()
    where = ("--index-dir", "i")
    assert shirube("ingest", documents / "kyokai_faq.md", *where).code == 0
    answer = shirube("search", "会費", *where).out
    assert "milvus_uri" in shirube("migrate", "milvus", *where).err
    monkeypatch.setenv("SHIRUBE_MILVUS_URI", str(Path("milvus.db").absolute()))
    moved = shirube("migrate", "milvus", *where)
    assert "local から milvus に移しました（1 文書" in moved.out
    assert 'engine = "milvus"' in moved.err

    refused = shirube("search", "会費", *where)
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "shirube migrate" in refused.err
    monkeypatch.setenv("SHIRUBE_ENGINE", "milvus")
    assert shirube("search", "会費", *where).out.splitlines()[0] == answer.splitlines()[0]
    assert shirube("doctor", *where).out == "索引に問題はありません。\n"
    assert "もう milvus にあります" in shirube("migrate", "milvus", *where).out

    assert shirube("backup", "控え.zip", *where).code == 0
    assert shirube("restore", "控え.zip", "--index-dir", "別").code == 0
    assert shirube("search", "会費", "--index-dir", "別").out == shirube("search", "会費", *where).out
    told = json.loads(shirube("migrate", "local", *where, "--json").out)
    assert (told["source"], told["target"], told["warnings"]) == ("milvus", "local", [])
    lost = shirube("search", "会費", "--index-dir", "別")
    assert (lost.code, lost.err.count("\n")) == (1, 1)
    assert shirube("doctor", "--repair", "--index-dir", "別").code == 0
    assert shirube("search", "会費", "--index-dir", "別").out.splitlines()[0] == answer.splitlines()[0]


def test_watch_follows_a_folder_until_interrupted(tmp_path: Path) -> None:
    folder = tmp_path / "文書"
    folder.mkdir()
    (folder / "a.txt").write_text("会議室は九時に開く。\n", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "ui.cli",
        "watch",
        str(folder),
        "--index-dir",
        str(tmp_path / "i"),
        "--json",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert json.loads(process.stdout.readline())["report"]["added"] == ["a.txt"]
        (folder / "b.txt").write_text("図書室は十時に開く。\n", encoding="utf-8")
        assert json.loads(process.stdout.readline())["report"]["added"] == ["b.txt"]
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
