"""The files for installing: well-formed, and what they name exists."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ui.arguments import VERBS

DEPLOY = Path(__file__).parent.parent / "deploy"


@pytest.mark.parametrize("name", ["bundle.sh", "install.sh"])
def test_script_is_well_formed_and_stops_at_the_first_error(name: str) -> None:
    assert subprocess.run(["sh", "-n", str(DEPLOY / name)], check=False).returncode == 0
    assert "\nset -eu\n" in (DEPLOY / name).read_text(encoding="utf-8")


def test_every_verb_that_they_run_exists() -> None:
    texts = [path.read_text(encoding="utf-8") for path in DEPLOY.iterdir()]
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
