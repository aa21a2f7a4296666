"""Two hundred times the power goes while an index is being changed and four processes read it."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from index.backup import backup
from index.doctor import Part, examine
from index.generation import FOLDER
from tests.index.small_pipeline import run_ingest, small_pipeline, texts_in, write_files

KILLS = 200
READERS = 4
LEAST_S = 0.1  # in which to kill, besides some times what an ingest takes here
VERBS = ("ingest", "remove", "watch", "restore")
REPOSITORY = Path(__file__).parents[2]
State = Mapping[str, str]


def a_state(chance: random.Random) -> dict[str, str]:
    """Some files that all states have, and some that differ."""
    common = {f"共通{n}.txt": f"第{n}条 共通の定め。\n" * 2 for n in range(2)}
    mark = chance.randrange(10**9)
    return common | {
        f"規則{n}.txt": "".join(f"{mark}号の第{n}の{m}項。\n" for m in range(12))
        for n in chance.sample(range(6), 4)
    }


def put(folder: Path, texts: State) -> None:
    for path in folder.glob("*.txt"):
        if path.name not in texts:
            path.unlink()
    write_files(folder, texts)


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "tests.index.storm", *map(str, arguments)]


def kill_in(writers: subprocess.Popen[str], verb: str, index_dir: Path, given: str, wait_s: float) -> bool:
    """Have a process do it and SIGKILL it after a moment; whether it was still at it."""
    assert writers.stdin
    assert writers.stdout
    writers.stdin.write(json.dumps([verb, str(index_dir), given]) + "\n")
    writers.stdin.flush()
    pid = int(writers.stdout.readline())
    time.sleep(wait_s)
    with suppress(ProcessLookupError):  # it has ended by itself
        os.kill(pid, signal.SIGKILL)
    return int(writers.stdout.readline()) != 0


@contextmanager
def forking() -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    with subprocess.Popen(command("fork"), stdin=pipe, stdout=pipe, text=True, cwd=REPOSITORY) as process:
        yield process
        assert process.stdin
        process.stdin.close()


@contextmanager
def reading(index_dir: Path, states: Path, stop: Path) -> Iterator[list[subprocess.Popen[str]]]:
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                subprocess.Popen(
                    command("read", index_dir, states, stop),
                    stdout=subprocess.PIPE,
                    text=True,
                    cwd=REPOSITORY,
                )
            )
            for _ in range(READERS)
        ]


def damage(index_dir: Path) -> list[str]:
    """What the doctor finds, but for what the next writer clears away and for originals that are gone."""
    found = examine(index_dir, embedder="digest/1", pipeline=small_pipeline())
    return [finding.message for finding in found if finding.part not in (Part.LEFTOVERS, Part.FILES)]


@pytest.mark.slow
def test_storm_of_kills_loses_nothing_and_no_reader_sees_anything_wrong(tmp_path: Path) -> None:
    folder, index_dir = tmp_path / "文書", tmp_path / "索引"
    states, stop, archive = tmp_path / "states", tmp_path / "stop", tmp_path / "控え.zip"
    chance = random.Random(20261127)
    folder.mkdir()
    now = a_state(chance)
    put(folder, now)
    run_ingest(folder, index_dir=index_dir)
    backup(index_dir, archive)
    kept, done = dict(now), dict.fromkeys(VERBS, 0)
    states.write_text(json.dumps(now) + "\n", encoding="utf-8")

    def announce(state: State) -> None:
        with states.open("a", encoding="utf-8") as file:
            file.write(json.dumps(state) + "\n")

    begun = time.monotonic()
    put(folder, now := a_state(chance))
    announce(now)
    run_ingest(folder, index_dir=index_dir)
    longest_s = LEAST_S + 1.5 * (time.monotonic() - begun)
    n_killed = 0
    with forking() as writers, reading(index_dir, states, stop) as readers:
        for n in range(4 * KILLS):
            if n_killed == KILLS:  # who had ended before was not killed
                break
            verb = VERBS[n % len(VERBS)]
            new = dict(now)
            given: str | Path = folder
            if verb == "remove":
                given = chance.choice(sorted(now))
                new.pop(str(given))
            elif verb == "restore":
                new, given = dict(kept), archive
            else:
                new = a_state(chance)
                put(folder, new)
            announce(new)
            n_killed += kill_in(writers, verb, index_dir, str(given), chance.uniform(0, longest_s))
            found = texts_in(index_dir)
            assert found in (now, new), f"kill {n} in {verb}"
            assert damage(index_dir) == [], f"kill {n} in {verb}"
            done[verb] += found == new
            now = found
            if n % 20 == 19:  # another archive, made beside the readers
                backup(index_dir, archive)
                kept = dict(now)
        stop.touch()
        told = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]
    print(n_killed, done, longest_s, [{**one, "wrong": len(one["wrong"])} for one in told])
    assert [one["wrong"] for one in told] == [[]] * READERS
    assert all(one["n_states"] > 5 and one["worst_s"] < 2 for one in told)
    assert all(done.values())
    assert n_killed == KILLS
    final = a_state(chance)
    put(folder, final)
    run_ingest(folder, index_dir=index_dir)
    assert texts_in(index_dir) == final
    assert examine(index_dir, embedder="digest/1", pipeline=small_pipeline()) == []
    assert len(list((index_dir / FOLDER).iterdir())) == 1
    shutil.rmtree(index_dir)
