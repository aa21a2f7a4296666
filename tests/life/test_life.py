"""A minute of the life of an office; `tests.life.life` runs as long as one likes."""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import pytest

from tests.life.life import problems, run
from tests.life.office import BROKEN_EVERY, Checked, Office


@pytest.mark.slow
def test_a_minute_of_life_shows_no_error_and_only_what_files_say() -> None:
    result = run(argparse.Namespace(seconds=75.0, users=20, every=6.0, seed=1))
    print(result)
    assert problems(result, most_growth=0.2, most_lag_s=60) == []
    assert result["answers"] > 100
    assert result["citations"] > 50
    assert result["skipped"] > 0
    assert result["ingests"] > 2


def test_what_no_file_ever_said_is_told(tmp_path: Path) -> None:
    office = Office(tmp_path / "文書", random.Random(1))
    office.open()
    source = next(name for name in office.there if name.endswith(".md") and "/" not in name)
    [(digest, version)] = office.versions[source].items()
    at = version.text.index("円")
    cited = {
        "marker": 1, "source": source, "sha256": digest, "quote": version.text[:at], "spans": [[0, at]],
    }  # fmt: skip
    answer = {"status": "answered", "citations": [cited], "hits": []}
    for changed, n_wrong in (
        ({}, 0),
        ({"quote": "別の金額"}, 1),
        ({"sha256": "0" * 64}, 1),
        ({"source": "無い.md"}, 1),
    ):
        checked = Checked()
        checked.check({**answer, "citations": [cited | changed]}, office, asked=version.since, is_staff=False)
        assert len(checked.wrong) == n_wrong, changed


def test_every_tenth_change_is_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    office = Office(tmp_path / "文書", random.Random(1))
    office.open()
    for _ in range(5 * BROKEN_EVERY):
        office.change()
    assert office.n_broken == 5
    assert {path.name for path in office.folder.rglob("壊れた*")}
    on_disk = {p.relative_to(office.folder).as_posix() for p in office.folder.rglob("*.*")}
    assert office.there.keys() == {n for n in on_disk if n.endswith((".md", ".txt", ".html", ".csv"))}
