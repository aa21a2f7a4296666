"""The same evaluation on both engines: the sample is answered alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.compare import compare, load_run
from tests.index.milvus_lite_engine import require_milvus
from tests.ui.conftest import SAMPLE, Shirube

IN_CHARACTERS = ("answer_chars", "line_chars", "quote_chars")


@pytest.mark.slow
def test_sample_is_answered_alike_on_both_engines(
    shirube: Shirube, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_milvus()
    where = ("--index-dir", tmp_path / "index")
    assert shirube("ingest", SAMPLE, *where).code == 0
    for engine in ("local", "milvus"):
        monkeypatch.setenv("SHIRUBE_MILVUS_URI", str(tmp_path / "milvus.db"))
        assert shirube("migrate", engine, *where).code == 0
        monkeypatch.setenv("SHIRUBE_ENGINE", engine)
        assert shirube("eval", SAMPLE / "questions.jsonl", "--out", tmp_path / engine, *where).code == 0
    both = compare(load_run(tmp_path / "local"), load_run(tmp_path / "milvus"))
    assert both.n_common == 70
    for name, told in both.measures.items():
        assert told.p >= 0.05, name
        assert name in IN_CHARACTERS or abs(told.difference) <= 0.03, name
