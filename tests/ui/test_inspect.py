from __future__ import annotations

import json
from pathlib import Path

from tests.ui.conftest import SAMPLE, Shirube

PLAN = SAMPLE / "pdf" / "tabunka_keikaku.pdf"


def test_a_page_with_pictures_is_written_and_told(shirube: Shirube, tmp_path: Path) -> None:
    outcome = shirube("inspect", PLAN, "--out", tmp_path / "out")
    assert outcome.code == 0
    assert outcome.out.strip() == str(tmp_path / "out" / "index.html")
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert [path.name for path in sorted((tmp_path / "out").glob("*.png"))] == [
        "page-0001.png", "page-0002.png", "page-0003.png",
    ]  # fmt: skip
    assert page.count("<img") == 3
    assert "実績 令和5年度 （人）" in page
    assert "紙面の番号 4" in page
    assert "<script" not in page


def test_the_folder_is_named_after_the_file_by_default(shirube: Shirube) -> None:
    outcome = shirube("inspect", SAMPLE / "yogoshu.txt", "--json")
    told = json.loads(outcome.out)
    assert Path(told["page"]) == Path("yogoshu-inspect") / "index.html"
    assert told["n_blocks"] > 10
    assert told["pages"] == []
    assert Path(told["page"]).read_text(encoding="utf-8").count("<article") > 10


def test_what_cannot_be_read_is_told_in_one_sentence(shirube: Shirube, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 ...")
    outcome = shirube("inspect", tmp_path / "a.pdf")
    assert outcome.code == 1
    assert "壊れているか、途中で切れています" in outcome.err


def test_a_place_that_is_a_file_is_refused(shirube: Shirube, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    outcome = shirube("inspect", PLAN, "--out", tmp_path / "out")
    assert outcome.code == 1
    assert "書けません" in outcome.err
