"""A small real index over some of the sample documents, built once, and the command line run in this process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ui.cli import main

SAMPLE = Path(__file__).parents[2] / "sample"
DOCUMENTS = ("kyokai_faq.md", "yogoshu.txt", "bosai_gomi.html", "令和5年度予算_国際交流関係.csv")


@dataclass(frozen=True, slots=True)
class Outcome:
    code: int
    out: str
    err: str


Shirube = Callable[..., Outcome]


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("文書")
    for name in (*DOCUMENTS, "documents.toml"):
        shutil.copy(SAMPLE / name, folder)
    return folder


@pytest.fixture(scope="session")
def index_dir(documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """To be read only."""
    folder = tmp_path_factory.mktemp("索引")
    assert main(["ingest", str(documents), "--index-dir", str(folder)]) == 0
    return folder


@pytest.fixture
def shirube(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shirube:
    """Run a command in an empty folder; wrong usage gives its exit code too."""
    place = tmp_path / "作業"
    place.mkdir()
    monkeypatch.chdir(place)

    def run(*arguments: str | Path) -> Outcome:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        return Outcome(code, told.out, told.err)

    return run
