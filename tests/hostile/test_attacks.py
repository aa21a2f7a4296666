"""Hostile files: refused in one line or read without harm, within limits of time and memory, one after another."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import ReadError
from ingest.files import Found, Skipped, find_files
from tests.hostile.attacks import SECRET, attacks
from ui.reader_process import ReaderProcess
from ui.settings import Settings

LEAST = 60
MEMORY_MB = 2500
SECONDS = 10  # of one file; what is over is refused
SLACK_S = 15


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    made = ReaderProcess(Settings(max_read_memory_mb=MEMORY_MB, max_read_seconds=SECONDS, max_file_mb=100))
    yield made
    made.close()


def secret_file(folder: Path) -> Path:
    path = folder / "secret.txt"
    path.write_text(f"{SECRET}\n<!ENTITY a '{SECRET}'>\n", encoding="utf-8")
    return path


@pytest.mark.slow
def test_every_attack_is_refused_in_one_line_or_does_no_harm(tmp_path: Path, reader: ReaderProcess) -> None:
    secret = secret_file(tmp_path)
    folder = tmp_path / "文書"
    folder.mkdir()
    outcomes: dict[str, str] = {}
    slowest = ("", 0.0)
    for name, (file, data) in attacks(str(secret)):
        path = folder / file
        path.write_bytes(data)
        begun = time.monotonic()
        try:
            document = reader.read(Found(path, folder, file))
        except ReadError as error:
            outcomes[name] = error.message if error.hint else ""
        else:
            assert SECRET not in document.text, name
            outcomes[name] = "read"
        took = time.monotonic() - begun
        assert took < SECONDS + SLACK_S, name
        slowest = max(slowest, (name, took), key=lambda pair: pair[1])
        print(f"{name}: {outcomes[name]} ({took:.1f} s)", flush=True)
        path.unlink()
    peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    n_read = sum(outcome == "read" for outcome in outcomes.values())
    print(f"{len(outcomes)} attacks, {n_read} read without harm, slowest {slowest}, peak {peak_mb:.0f} MB")
    assert len(outcomes) >= LEAST
    refused = [outcome for outcome in outcomes.values() if outcome != "read"]
    assert [told for told in refused if "\n" in told or not told.endswith("。")] == []
    assert {path.name for path in tmp_path.iterdir()} == {"secret.txt", "文書"}
    good = folder / "規程.txt"
    good.write_text("会議室は九時に開く。\n", encoding="utf-8")
    assert reader.read(Found(good, folder, good.name)).text == "会議室は九時に開く。\n"


@pytest.mark.parametrize(
    "name",
    [
        "\u202etxt.exe.txt",
        "a\u2066b\u2069.txt",
        "改\n行.txt",
        "bell\x07.txt",
        "-rf.txt",
        "$(id).txt",
        "a;b|c.txt",
    ],
)
def test_odd_file_names_are_shown_as_harmless_text(tmp_path: Path, name: str) -> None:
    from ui.terminal import clean

    (tmp_path / name).write_text("会議室は九時に開く。\n", encoding="utf-8")
    [found] = find_files([tmp_path])
    assert isinstance(found, Found)
    shown = clean(found.source)
    assert not any(ord(c) < 32 or 0x202A <= ord(c) <= 0x202E or 0x2066 <= ord(c) <= 0x2069 for c in shown)


def test_links_and_pipes_lead_nowhere(tmp_path: Path) -> None:
    secret = secret_file(tmp_path)
    folder = tmp_path / "文書"
    (folder / "内").mkdir(parents=True)
    (folder / "外.txt").symlink_to(secret)
    (folder / "上").symlink_to(tmp_path)
    (folder / "輪.txt").symlink_to(folder / "輪.txt")
    (folder / "系.txt").symlink_to("/proc/self/environ")
    (folder / "内" / "戻.txt").symlink_to("../../secret.txt")
    os.mkfifo(folder / "管.txt")
    found = list(find_files([folder]))
    assert len(found) == 6
    assert all(isinstance(one, Skipped) and one.hint for one in found)


def test_reader_that_takes_too_long_is_ended_and_the_next_file_is_read(tmp_path: Path) -> None:
    slow = ReaderProcess(Settings(max_read_seconds=1))
    (tmp_path / "a.csv").write_bytes(b"a,b\n" + b"1,2\n" * 240_000)
    try:
        with pytest.raises(ReadError, match="時間"):
            slow.read(Found(tmp_path / "a.csv", tmp_path, "a.csv"))
    finally:
        slow.close()


def test_reader_that_dies_is_told_and_the_next_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("会議室は九時に開く。\n", encoding="utf-8")
    found = Found(tmp_path / "a.txt", tmp_path, "a.txt")
    made = ReaderProcess(Settings())
    try:
        assert made.read(found).source == "a.txt"
        assert made._process
        made._process.kill()
        made._process.wait()
        assert made.read(found).source == "a.txt"
    finally:
        made.close()
