from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.conftest import SAMPLE, Shirube
from ui.demo import draw_questions
from ui.settings import Settings
from ui.wiring import open_index


def test_three_questions_are_drawn_and_always_the_same(index_dir: Path, documents: Path) -> None:
    with open_index(Settings.model_validate({"index_dir": index_dir})) as opened:
        drawn = draw_questions(opened.store, documents, opened.assistant.ask)
        assert drawn == draw_questions(opened.store, documents, opened.assistant.ask)
        answers = [opened.assistant.ask(question) for question in drawn]
    assert len(set(drawn)) == 3
    assert all(answer.status == "answered" for answer in answers)
    assert len({answer.citations[0].document_id for answer in answers}) == 3


def test_demo_prints_questions_with_cited_answers(shirube: Shirube, documents: Path, tmp_path: Path) -> None:
    outcome = shirube("demo", documents / "kyokai_faq.md", "--index-dir", tmp_path / "i")
    assert outcome.code == 0
    assert outcome.out.count("\n質問: ") == 3
    assert outcome.out.count("\n[1] ") == 3


def test_demo_asks_the_question_given(shirube: Shirube, documents: Path, tmp_path: Path) -> None:
    out = shirube(
        "demo", documents / "kyokai_faq.md", "--question", "宛名は", "--index-dir", tmp_path / "i"
    ).out
    assert out.count("\n質問: ") == 1
    assert "\n質問: 宛名は\n" in out


def test_folder_without_headings_asks_for_a_question(shirube: Shirube, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("会議室は七日前から予約する。\n", encoding="utf-8")
    outcome = shirube("demo", tmp_path / "a.txt", "--index-dir", tmp_path / "i")
    assert outcome.code == 0
    assert "--question で質問を指定" in outcome.err


@pytest.mark.slow
def test_demo_over_the_whole_sample(shirube: Shirube, tmp_path: Path) -> None:
    outcome = shirube("demo", SAMPLE, "--index-dir", tmp_path / "i")
    assert (outcome.code, outcome.out.count("\n質問: "), outcome.out.count("\n[1] ")) == (0, 3, 3)
