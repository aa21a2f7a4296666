from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.errors import DiskFullError, LockedError
from tests.index.small_pipeline import run_ingest, texts_in, write_files
from ui.as_json import report_json
from ui.watch import Told, changes, follow


def ingesting(index_dir: Path) -> Any:
    def ingest(paths: Sequence[Path]) -> Mapping[str, Any]:
        return report_json(run_ingest(*paths, index_dir=index_dir))

    return ingest


def test_follows_changes_and_leaves_out_what_cannot_be_read(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "文書", {"a.txt": "一。\n"})

    def ticks() -> Any:
        write_files(folder, {"b.txt": "二。\n"})
        (folder / "bad.txt").write_bytes(b"\xff\xfe\xfd")
        yield
        (folder / "a.txt").unlink()
        yield

    first, second, third = follow([folder], ingesting(tmp_path / "索引"), ticks())
    assert first.report["added"] == ["a.txt"]
    assert second.report["added"] == ["b.txt"]
    assert [skipped["source"] for skipped in second.report["skipped"]] == ["bad.txt"]
    assert third.report["removed"] == ["a.txt"]
    assert texts_in(tmp_path / "索引") == {"b.txt": "二。\n"}


def test_folder_that_is_gone_or_emptied_empties_no_index(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "文書", {"a.txt": "一。\n"})
    other = write_files(tmp_path / "別", {"c.txt": "三。\n"})

    def ticks() -> Any:
        (folder / "a.txt").unlink()
        yield
        folder.rmdir()
        yield

    told = list(follow([folder, other], ingesting(tmp_path / "索引"), ticks()))
    assert [one.error != "" for one in told] == [False, True, False, True, False]
    assert str(folder) in told[1].error
    assert texts_in(tmp_path / "索引") == {"a.txt": "一。\n", "c.txt": "三。\n"}


def test_errors_of_an_ingest_are_told_and_it_is_tried_again(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "文書", {"a.txt": "一。\n"})
    outcomes = [
        LockedError("先の取り込みがあります。"),
        DiskFullError("空きがありません。"),
        {"added": ["a.txt"]},
    ]

    def ingest(_paths: Sequence[Path]) -> Mapping[str, Any]:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    told = list(follow([folder], ingest, [None, None]))
    assert [one.error for one in told] == ["先の取り込みがあります。", "空きがありません。", ""]
    assert told[0].hint
    assert told[2] == Told({"added": ["a.txt"]})


def test_change_is_noticed_soon_and_the_index_and_hidden_files_are_not(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "文書", {"a.txt": "一。\n"})
    index_dir, stop, seen = folder / "索引", threading.Event(), []
    index_dir.mkdir()

    def watch() -> None:
        seen.extend(time.monotonic() for _ in changes([folder], ignore=index_dir, poll=False, stop=stop))

    thread = threading.Thread(target=watch)
    thread.start()
    time.sleep(0.5)
    write_files(index_dir, {"catalog.sqlite": "x"})
    write_files(folder, {".hidden": "x", "~$a.docx": "x"})
    time.sleep(1.2)
    assert seen == []
    changed = time.monotonic()
    for n in range(5):  # one group
        write_files(folder, {f"b{n}.txt": "二。\n"})
    while not seen and time.monotonic() - changed < 10:
        time.sleep(0.05)
    stop.set()
    thread.join()
    assert len(seen) == 1
    assert seen[0] - changed < 3
