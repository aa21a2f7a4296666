"""`shirube ingest --plan`, `shirube embed` and `shirube ingest --vectors`, one after another."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.vector_file import VectorFile
from tests.ui.conftest import SAMPLE, Shirube

QUESTION = "会議室の予約は何日前までですか。"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "規程"
    folder.mkdir()
    (folder / "kashi.txt").write_text(
        "会議室の予約は、利用日の七日前までに総務課へ申し込む。\n\n鍵は守衛室で受け取る。\n", encoding="utf-8"
    )
    (folder / "ryohi.txt").write_text("旅費の精算は、帰庁後五日以内に行う。\n", encoding="utf-8")
    return folder


def test_two_machines_give_the_index_of_one(shirube: Shirube, folder: Path) -> None:
    told = json.loads(shirube("ingest", folder, "--plan", "仕事", "--json", "--index-dir", "i").out)
    assert (told["path"], told["n_texts"]) == ("仕事/texts.jsonl", 2)
    assert told["n_bytes"] == Path("仕事/texts.jsonl").stat().st_size
    assert "まだ文書が取り込まれていません" in shirube("status", "--index-dir", "i").err
    first = json.loads(shirube("embed", "仕事", "--shard", "1/2", "--json").out)
    assert (first["file"], first["shard"]) == ("仕事/1-of-2.vectors", "1/2")
    second = shirube("embed", "--shard", "2/2", "仕事", "--out", "別の機械")
    assert second.out.startswith("シャード 2/2: 別の機械/2-of-2.vectors（")
    assert "もう計算してありました" in shirube("embed", "仕事", "--shard", "1/2").out

    lacking = shirube("ingest", folder, "--vectors", "仕事", "--index-dir", "i")
    assert (lacking.code, lacking.out, lacking.err.count("\n")) == (1, "", 1)
    assert "シャード 2/2 のファイルがありません" in lacking.err
    Path("別の機械/2-of-2.vectors").rename("仕事/2-of-2.vectors")
    done = shirube("ingest", folder, "--vectors", "仕事", "--index-dir", "i")
    assert "ベクトルは、2 文がファイルから取り込まれました。" in done.out

    assert shirube("ingest", folder, "--index-dir", "j").code == 0
    here, there = (shirube("ask", QUESTION, "--json", "--index-dir", i).out for i in "ij")
    here, there = json.loads(here), json.loads(there)
    assert (here["status"], here["hits"], here["answer"]) == ("answered", there["hits"], there["answer"])
    assert shirube("doctor", "--index-dir", "i").out == "索引に問題はありません。\n"


def test_errors_are_one_line_with_the_next_step(shirube: Shirube, folder: Path) -> None:
    for arguments in (
        ["embed", "none"],
        ["ingest", folder, "--vectors", "none"],
        ["ingest", folder, "--vectors", folder],
    ):
        outcome = shirube(*arguments, "--index-dir", "i")
        assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
        assert outcome.err.startswith("エラー: ")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["embed"], "「WORK」がありません"),
        (
            ["embed", "w", "--shard", "0/8"],
            "3/8 のように、1 から始まる番号/個数で指定します（「0/8」ではなく）",
        ),
        (["embed", "w", "--shard", "9/8"], "「9/8」ではなく"),
        (["embed", "w", "--shard", "3"], "「3」ではなく"),
        (["embed", "w", "--shard", "1/99999999"], "ではなく"),
        (["ingest", "d", "--plan", "a", "--vectors", "a"], "--vectors と --plan は一緒に使えません"),
    ],
)
def test_wrong_usage_is_told(shirube: Shirube, given: list[str], told: str) -> None:
    outcome = shirube(*given)
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert told in outcome.err


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_killed_job_goes_on(shirube: Shirube, tmp_path: Path) -> None:
    """SIGKILL while it writes; blocks are made small so that there is something to go on with."""
    assert shirube("ingest", SAMPLE, "--plan", "仕事", "--index-dir", "i").code == 0
    told = (
        "import index.embed_shard; index.embed_shard.BLOCK = 20\n"
        "from ui.cli import main; main(['embed', '仕事', '--shard', '1/3'])"
    )
    environment = {**os.environ, "PYTHONPATH": str(SAMPLE.parent)}
    with subprocess.Popen([sys.executable, "-c", told], env=environment) as process:
        while sum(path.stat().st_size for path in Path("仕事").glob("*.part")) < 500_000:
            assert process.poll() is None
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
    assert list(Path("仕事").glob("*.vectors")) == []
    report = json.loads(shirube("embed", "仕事", "--shard", "1/3", "--json").out)
    assert 0 < report["n_embedded"] < report["n_texts"]
    assert [path.name for path in Path("仕事").iterdir() if path.suffix == ".part"] == []
    blocks = list(VectorFile.open(Path(report["file"])).blocks())
    assert sum(len(block.keys) for block in blocks) == report["n_texts"]
