"""The catalog's connection: a reader's state stays, restricted or not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.database import Database


@pytest.mark.parametrize("is_restricted", [False, True])
def test_reader_goes_on_seeing_the_state_that_it_opened(tmp_path: Path, is_restricted: bool) -> None:
    writer = Database(tmp_path / "catalog.sqlite", writable=True)
    reader = Database(tmp_path / "catalog.sqlite", writable=False)
    if is_restricted:
        reader.restrict(["文書"])
    columns = len(writer.rows("PRAGMA table_info(root)"))
    writer.rows(f"INSERT INTO root VALUES ({','.join('?' * columns)})", ["場所"] * columns)
    assert reader.rows("SELECT count(*) FROM main.root") == [(0,)]
    assert writer.rows("SELECT count(*) FROM main.root") == [(1,)]
    reader.close()
    writer.close()
