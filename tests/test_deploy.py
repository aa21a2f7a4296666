"""The files for installing: well-formed, and what they name exists."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.shard import Shard
from ui.arguments import VERBS, parse_arguments

DEPLOY = Path(__file__).parent.parent / "deploy"


@pytest.mark.parametrize("name", ["bundle.sh", "install.sh", "embed.slurm"])
def test_script_is_well_formed_and_stops_at_the_first_error(name: str) -> None:
    assert subprocess.run(["sh", "-n", str(DEPLOY / name)], check=False).returncode == 0
    assert "\nset -eu\n" in (DEPLOY / name).read_text(encoding="utf-8")


def test_every_verb_that_they_run_exists() -> None:
    texts = [path.read_text(encoding="utf-8") for path in DEPLOY.iterdir() if path.is_file()]
    verbs = {verb for text in texts for verb in re.findall(r'bin/shirube"?,? "?([a-z]+)\b', text)}
    assert {"demo", "doctor", "serve"} <= verbs <= set(VERBS)


def test_damaged_bundle_installs_nothing(tmp_path: Path) -> None:
    shutil.copy(DEPLOY / "install.sh", tmp_path)
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  ./install.sh\n", encoding="utf-8")
    run = subprocess.run(
        ["sh", "install.sh", str(tmp_path / "target")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "壊れている" in run.stderr
    assert not (tmp_path / "target").exists()


def shards_of(script: str, *arguments: str, tmp_path: Path, **variables: str) -> list[str]:
    """What a script of a batch system would call `shirube` with."""
    (tmp_path / "shirube").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    (tmp_path / "shirube").chmod(0o755)
    script = script.replace("/opt/shirube/venv/bin/shirube", str(tmp_path / "shirube"))
    command = ["sh", "-c", script, "sh", *arguments]
    done = subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_slurm_job_computes_its_shard(tmp_path: Path) -> None:
    script = (DEPLOY / "embed.slurm").read_text(encoding="utf-8")
    variables = {"SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "8"}
    told = shards_of(script, "仕事 1", tmp_path=tmp_path, **variables)
    assert told == ["embed", "仕事 1", "--shard", "3/8", "--json"]
    assert parse_arguments(told).shard == Shard(3, 8)


def test_kubernetes_job_computes_its_shard(tmp_path: Path) -> None:
    yaml = pytest.importorskip("yaml")
    job = yaml.safe_load((DEPLOY / "embed-job.yaml").read_text(encoding="utf-8"))["spec"]
    (container,) = job["template"]["spec"]["containers"]
    (script,) = container["args"]
    told = shards_of(script, tmp_path=tmp_path, JOB_COMPLETION_INDEX="7")
    assert parse_arguments(told).shard == Shard(8, job["completions"])


@pytest.mark.slow
def test_ray_computes_every_shard(tmp_path: Path) -> None:
    """Two workers on this machine, if Ray is installed."""
    pytest.importorskip("ray", reason="Ray is no dependency")
    (tmp_path / "a.txt").write_text("会議室の予約は七日前まで。\n\n鍵は守衛室にある。\n", encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(DEPLOY.parent), "RAY_USAGE_STATS_ENABLED": "0"}
    ingest = [sys.executable, "-m", "ui.cli", "ingest", "a.txt", "--plan", "仕事"]
    ray = [sys.executable, str(DEPLOY / "embed_ray.py"), "仕事", "--shards", "3"]
    for command in (ingest, ray):
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "仕事").glob("*.vectors")) == [
        f"{n}-of-3.vectors" for n in (1, 2, 3)
    ]
