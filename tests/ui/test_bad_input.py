"""Files and folders that go wrong: one clear Japanese line each, the others are indexed, nothing is lost."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.build import ingest
from index.lock import HOLDER_FILE, WriterLock
from ingest.document import Document
from ingest.files import Found
from tests.index.small_pipeline import DigestEmbedder
from tests.ui.conftest import SAMPLE, Outcome, Shirube
from ui.pipeline import build_pipeline
from ui.settings import Settings

ROOT = SAMPLE.parent
TEXT = "会議室の予約は、利用日の七日前までに総務課へ申し込む。取消しは前日の正午までとする。\n"
KANA = "これはテストのための文しょうです。すべてのひとがよめるようにしました。\n"
NOBODY = 65534
GOOD = {
    "utf8.txt": "備品の貸出しは、三日前までに庶務係へ申し込む。\n".encode(),
    "sjis.txt": TEXT.encode("cp932"),
    "eucjp.txt": "出張の旅費は、帰庁後七日以内に精算する。領収書を添えること。\n".encode("euc_jp"),
    "utf16.txt": "休暇の申請は、前日までに所属長へ届け出る。急病のときは電話でよい。\n".encode("utf-16"),
}
BAD = {  # name: content, and what is said about it
    "空.txt": (b"", "ファイルに文章がありません"),
    "空白.txt": (" 　\n\n\t\n".encode(), "ファイルに文章がありません"),
    "バイナリ.txt": (bytes(range(256)) * 40, "文字のファイルではありません"),
    "文字化け.txt": (
        (KANA * 3).encode().decode("cp932", "ignore").replace("\x80", "・").encode(),
        "文字化けした文章です",
    ),
    "実はPDF.txt": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF が壊れているか、途中で切れています。"),
    "大きい.txt": (b"a" * 1_000_001, "大きすぎます（1.0 MB、上限 1 MB）"),
    "失われた文字.txt": ("保存で失われた\ufffd\ufffd\ufffd文字".encode(), "置換文字"),
}


def skipped_lines(outcome: Outcome) -> dict[str, str]:
    lines = [line for line in outcome.out.splitlines() if line.startswith("とばしました: ")]
    return {line.split(": ")[1]: line for line in lines}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("混在")
    outside = tmp_path_factory.mktemp("外")
    for name, data in GOOD.items():
        (folder / name).write_bytes(data)
    for name, (data, _) in BAD.items():
        (folder / name).write_bytes(data)
    (outside / "外の文書.txt").write_text(TEXT, encoding="utf-8")
    with suppress(OSError):  # Windows lets only some users link
        (folder / "外へのリンク.txt").symlink_to(outside / "外の文書.txt")
        (folder / "切れたリンク.txt").symlink_to(folder / "どこにもない.txt")
    return folder


def test_bad_files_are_named_and_the_others_answer(shirube: Shirube, mixed: Path, tmp_path: Path) -> None:
    own = ("--index-dir", tmp_path / "索引")
    outcome = shirube("ingest", mixed, "--max-file-mb", "1", *own)
    assert (outcome.code, outcome.err) == (0, "")
    assert "追加 4件。" in outcome.out
    lines = skipped_lines(outcome)
    expected = {name: said for name, (_, said) in BAD.items()}
    if (mixed / "外へのリンク.txt").is_symlink():
        expected |= {
            "外へのリンク.txt": "フォルダの外を指すリンク",
            "切れたリンク.txt": "リンク先が見つからない",
        }
    assert set(lines) == set(expected)
    for name, said in expected.items():
        assert said in lines[name], lines[name]
        assert lines[name].endswith("ください。")  # the next step
    for question, source in (
        ("会議室の予約はいつまでですか", "sjis.txt"),
        ("出張の旅費はいつまでに精算しますか", "eucjp.txt"),
        ("休暇の申請はいつまでですか", "utf16.txt"),
    ):
        answer = json.loads(shirube("--json", question, *own).out)
        assert (answer["status"], answer["citations"][0]["source"]) == ("answered", source)


def test_folder_in_which_nothing_can_be_read_is_an_error(shirube: Shirube, tmp_path: Path) -> None:
    (tmp_path / "空.txt").write_bytes(b"")
    outcome = shirube("ingest", tmp_path / "空.txt", "--index-dir", tmp_path / "索引")
    assert outcome.code == 1
    assert "空.txt" in skipped_lines(outcome)
    assert outcome.err.startswith("エラー: 取り込める文書がありませんでした。")


def test_path_that_does_not_exist_leaves_the_index_alone(
    shirube: Shirube, index_dir: Path, tmp_path: Path
) -> None:
    outcome = shirube("ingest", tmp_path / "ない", "--index-dir", index_dir)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith(f"エラー: フォルダーまたはファイルがありません: {tmp_path / 'ない'}。")


def test_index_folder_that_is_a_file_is_told(shirube: Shirube, tmp_path: Path) -> None:
    (tmp_path / "索引").write_text("")
    for arguments in (["ingest", SAMPLE], ["status"], ["質問"]):
        outcome = shirube(*arguments, "--index-dir", tmp_path / "索引")
        assert (outcome.code, outcome.out) == (1, "")
        assert "索引を置く場所がフォルダーではありません" in outcome.err


def test_malformed_declarations_are_warned_of_and_the_files_read(shirube: Shirube, tmp_path: Path) -> None:
    folder = tmp_path / "文書"
    folder.mkdir()
    (folder / "予約.txt").write_text(TEXT, encoding="utf-8")
    (folder / "documents.toml").write_text("[[document]\nfile = ", encoding="utf-8")
    outcome = shirube("ingest", folder, "--index-dir", tmp_path / "索引")
    assert outcome.code == 0
    assert "追加 1件。" in outcome.out
    assert "注意: 予約.txt: documents.toml の書き方に誤りがあります" in outcome.out


def test_file_that_vanishes_while_it_is_read_leaves_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "文書"
    folder.mkdir()
    for name in ("消える.txt", "残る.txt"):
        (folder / name).write_text(name + TEXT, encoding="utf-8")
    pipeline = build_pipeline(Settings.model_validate({}))

    def read(found: Found) -> Document:
        if found.source == "消える.txt":
            found.path.unlink()
        return pipeline.read(found)

    report = ingest(
        [folder],
        index_dir=tmp_path / "索引",
        embedder=DigestEmbedder(),
        pipeline=replace(pipeline, read=read),
    )
    assert report.added == ("残る.txt",)
    (gone,) = report.skipped
    assert (gone.source, "ファイルが" in gone.message, bool(gone.hint)) == ("消える.txt", True, True)


def test_other_embedder_is_refused_and_rebuild_repairs_it(shirube: Shirube, tmp_path: Path) -> None:
    folder, index_dir = tmp_path / "文書", tmp_path / "索引"
    folder.mkdir()
    (folder / "予約.txt").write_text(TEXT, encoding="utf-8")
    ingest(
        [folder],
        index_dir=index_dir,
        embedder=DigestEmbedder(),
        pipeline=build_pipeline(Settings.model_validate({})),
    )
    outcome = shirube("会議室の予約は", "--index-dir", index_dir)
    assert (outcome.code, outcome.out) == (1, "")
    assert "埋め込みモデルが違います" in outcome.err
    assert "shirube ingest --rebuild" in outcome.err
    assert shirube("ingest", "--rebuild", "--index-dir", index_dir).code == 0
    assert "[1]" in shirube("会議室の予約はいつまでですか", "--index-dir", index_dir).out


def test_second_writer_is_told_who_writes(shirube: Shirube, documents: Path, tmp_path: Path) -> None:
    with WriterLock(tmp_path):
        outcome = shirube("ingest", documents, "--index-dir", tmp_path)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert f"ほかの取り込みが進行中です（プロセス {os.getpid()}、" in outcome.err
    assert "先の取り込みが終わってから" in outcome.err


def start(*arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "ui.cli", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", **options
    )


def wait_until_writing(index_dir: Path, pid: int) -> None:
    """Until the process has the lock, and a moment longer, in which it reads and embeds."""
    for _ in range(600):
        if json.loads((index_dir / HOLDER_FILE).read_text(encoding="utf-8") or "{}").get("pid") == pid:
            time.sleep(0.3)
            return
        time.sleep(0.1)


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to a child")
def test_interrupted_ingest_keeps_the_old_state(shirube: Shirube, tmp_path: Path) -> None:
    folder, index_dir = tmp_path / "文書", tmp_path / "索引"
    folder.mkdir()
    (folder / "予約.txt").write_text(TEXT, encoding="utf-8")
    assert shirube("ingest", folder, "--index-dir", index_dir).code == 0
    before = shirube("status", "--index-dir", index_dir).out
    (folder / "次.txt").write_text("".join(f"第{n}条 {TEXT}" for n in range(250)), encoding="utf-8")
    with start("ingest", folder, "--index-dir", index_dir) as process:
        wait_until_writing(index_dir, process.pid)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "中断しました。索引は前の状態のままです。\n"
    assert shirube("status", "--index-dir", index_dir).out == before
    assert "[1]" in shirube("会議室の予約はいつまでですか", "--index-dir", index_dir).out


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("setpriv"),
    reason="needs root and setpriv to become a user without permissions",
)
def test_file_without_permission_is_told_to_an_ordinary_user(tmp_path: Path) -> None:
    place = Path("/tmp") / f"shirube-test-{os.getpid()}"
    (place / "文書").mkdir(parents=True)
    try:
        (place / "文書" / "予約.txt").write_text(TEXT, encoding="utf-8")
        (place / "文書" / "秘密.txt").write_text(TEXT, encoding="utf-8")
        (place / "文書" / "秘密").mkdir()
        (place / "文書" / "秘密.txt").chmod(0o600)
        (place / "文書" / "秘密").chmod(0o700)
        (place / "索引").mkdir()
        os.chown(place / "索引", NOBODY, NOBODY)
        command = [
            "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", sys.executable, "-m", "ui.cli",
            "ingest", str(place / "文書"), "--index-dir", str(place / "索引"),
        ]  # fmt: skip
        env = os.environ | {"HOME": str(place / "索引"), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, encoding="utf-8", check=False)
        assert (done.returncode, done.stderr) == (0, "")
        assert "追加 1件。" in done.stdout
        told = skipped_lines(Outcome(0, done.stdout, ""))
        assert set(told) == {"秘密.txt", "秘密"}
        assert all("権限" in line and line.endswith("ください。") for line in told.values())
    finally:
        shutil.rmtree(place)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "小さなディスク"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a small tmpfs is not permitted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_full_disk_keeps_what_was_indexed(shirube: Shirube, small_disk: Path, tmp_path: Path) -> None:
    folder, index_dir = tmp_path / "文書", small_disk / "索引"
    folder.mkdir()
    (folder / "予約.txt").write_text(TEXT, encoding="utf-8")
    assert shirube("ingest", folder, "--index-dir", index_dir).code == 0
    before = shirube("status", "--index-dir", index_dir).out
    (small_disk / "ほかのデータ").write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 20_000))
    (folder / "次.txt").write_text("".join(f"第{n}条 {TEXT}" for n in range(120)), encoding="utf-8")
    outcome = shirube("ingest", folder, "--index-dir", index_dir)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert "索引の保存先に空き容量がありません" in outcome.err
    assert "これまでの索引はそのまま残っています" in outcome.err
    assert shirube("status", "--index-dir", index_dir).out == before
    assert "[1]" in shirube("会議室の予約はいつまでですか", "--index-dir", index_dir).out


MEASURED = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "ui.cli", *sys.argv[1:]])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
"""


@pytest.mark.slow
def test_200_megabytes_of_one_line_are_refused_by_the_default_limit(tmp_path: Path) -> None:
    pytest.importorskip("resource", reason="measures memory as Unix systems do")
    folder = tmp_path / "文書"
    folder.mkdir()
    with (folder / "一行.txt").open("w", encoding="utf-8") as file:
        for _ in range(2000):
            file.write(TEXT.strip() * 850)
    assert (folder / "一行.txt").stat().st_size > 200_000_000
    (folder / "予約.txt").write_text(TEXT, encoding="utf-8")
    command = [sys.executable, "-c", MEASURED, "ingest", str(folder), "--index-dir", str(tmp_path / "索引")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    (folder / "一行.txt").unlink()
    assert (done.returncode, done.stderr) == (0, "")
    *told, peak_kb = done.stdout.splitlines()
    assert told[0].startswith("追加 1件。")
    assert re.search(r"一行\.txt: 大きすぎます（2\d\d\.\d MB、上限 20 MB）", told[1])
    assert int(peak_kb) < 1_000_000
