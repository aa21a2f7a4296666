from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index.generation import FOLDER
from index.lease import LEASE_FILE, Lease, end_leases
from tests.index.small_pipeline import open_store, run_ingest, write_files

HOLD = """
import sys, time
from pathlib import Path
from index.lease import Lease
lease = Lease(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def generations(index_dir: Path) -> list[str]:
    return sorted(path.name for path in (index_dir / FOLDER).iterdir())


def test_generation_that_is_read_stays_until_nobody_reads_it(tmp_path: Path) -> None:
    folder, index_dir = tmp_path / "文書", tmp_path / "索引"
    run_ingest(write_files(folder, {"a.txt": "一。\n"}), index_dir=index_dir)
    with open_store(index_dir), open_store(index_dir) as second:
        for n in range(3):
            run_ingest(write_files(folder, {"a.txt": f"{n}。\n"}), index_dir=index_dir)
        assert generations(index_dir) == ["000001", "000004"]
        second.close()
        second.close()
        run_ingest(write_files(folder, {"a.txt": "二。\n"}), index_dir=index_dir)
        assert generations(index_dir) == ["000001", "000005"]
    run_ingest(write_files(folder, {"a.txt": "三。\n"}), index_dir=index_dir)
    assert generations(index_dir) == ["000006"]


def test_lease_of_another_process_counts_and_dies_with_it(tmp_path: Path) -> None:
    (tmp_path / LEASE_FILE).touch()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        assert not end_leases(tmp_path)
        process.kill()
    assert end_leases(tmp_path)
    with pytest.raises(FileNotFoundError):
        Lease(tmp_path)
