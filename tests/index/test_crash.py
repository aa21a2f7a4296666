from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.generation import FOLDER
from ingest.catalog import FILE_NAME, Catalog
from tests.index.small_pipeline import run_ingest, texts_in, write_files

KILLS = 50
REPOSITORY = Path(__file__).parents[2]
LONGEST_DELAY_S = 0.1  # after the last report of progress: commit, sync, flip and cleaning up take less
INGEST = """
import sys
from pathlib import Path
from tests.index.small_pipeline import run_ingest
run_ingest(Path(sys.argv[1]), index_dir=Path(sys.argv[2]), on_progress=lambda p: print(p.stage, flush=True))
"""


def a_state(name: str) -> dict[str, str]:
    """Some files that both states have, some that differ, and some that only one has."""
    common = {f"共通{n}.txt": f"第{n}条 共通の定め。\n" * 5 for n in range(3)}
    own = {f"規則{n}.txt": "".join(f"{name}の第{m}項。\n" for m in range(30)) for n in range(4)}
    return {**common, **own, f"{name}だけ.txt": f"{name}だけの定め。\n"}


def put(folder: Path, texts: dict[str, str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    write_files(folder, texts)


def kill_while_ingesting(folder: Path, index_dir: Path, *, after: int, delay_s: float) -> int:
    """SIGKILL a real ingest after so many reports of progress; how many it made in all."""
    command = [sys.executable, "-c", INGEST, str(folder), str(index_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as process:
        assert process.stdout
        seen = 0
        while seen < after and process.stdout.readline():
            seen += 1
        time.sleep(delay_s)
        process.kill()
        return seen + len(process.stdout.readlines())


@pytest.mark.slow
def test_killed_ingest_leaves_the_old_or_the_new_state(tmp_path: Path) -> None:
    folder, index_dir = tmp_path / "文書", tmp_path / "索引"
    states = [a_state("甲"), a_state("乙")]
    put(folder, states[0])
    run_ingest(folder, index_dir=index_dir)
    put(folder, states[1])
    n_reports = kill_while_ingesting(folder, index_dir, after=10**6, delay_s=0)
    assert texts_in(index_dir) == states[1]

    moments = random.Random(20250401)
    outcomes = []
    old = states[1]
    for n in range(KILLS):
        new = states[n % 2] if old != states[n % 2] else states[1 - n % 2]
        put(folder, new)
        # Half of the kills strike around the flip, which is over in a moment.
        after = n_reports if n % 2 else moments.randrange(n_reports)
        kill_while_ingesting(folder, index_dir, after=after, delay_s=moments.uniform(0, LONGEST_DELAY_S))
        found = texts_in(index_dir)
        assert found in (old, new), f"kill {n} after report {after}"
        outcomes.append(found == new)
        old = found
    assert any(outcomes)
    assert not all(outcomes)

    put(folder, states[0])
    run_ingest(folder, index_dir=index_dir)
    assert texts_in(index_dir) == states[0]
    assert len(list((index_dir / FOLDER).iterdir())) <= 2
    with Catalog.open(index_dir / FILE_NAME) as catalog:
        catalog.check()


@pytest.mark.slow
def test_killed_first_ingest_leaves_nothing_or_all(tmp_path: Path) -> None:
    folder = tmp_path / "文書"
    put(folder, a_state("甲"))
    moments = random.Random(7)
    for n in range(8):
        index_dir = tmp_path / f"索引{n}"
        kill_while_ingesting(
            folder, index_dir, after=moments.randrange(1, 60), delay_s=moments.uniform(0, LONGEST_DELAY_S)
        )
        report = run_ingest(folder, index_dir=index_dir)
        assert len(report.added) + len(report.unchanged) == len(a_state("甲"))
        assert texts_in(index_dir) == a_state("甲")
