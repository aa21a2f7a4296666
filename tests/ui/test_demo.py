from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.conftest import SAMPLE, Shirube
from ui.demo import NUMBERING, TELLS_NOTHING, draw_questions
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


@pytest.mark.parametrize(
    ("heading", "bare"),
    [
        ("第２章 事業の実施状況", "事業の実施状況"),
        ("（１）窓口の運営", "窓口の運営"),
        ("① 相談件数", "相談件数"),
        ("＜重点的に取り組んだ事項＞", "重点的に取り組んだ事項"),
        ("A-1 派遣の申込み", "派遣の申込み"),
        ("2.1 タブレットの起動", "タブレットの起動"),
        ("一般会計の予算", "一般会計の予算"),
        ("二次元コードの使い方", "二次元コードの使い方"),
    ],
)
def test_number_of_a_heading_is_left_out(heading: str, bare: str) -> None:
    assert NUMBERING.sub("", heading).strip() == bare


@pytest.mark.parametrize(
    "heading", ["令和5年4月1日現在", "※※※", "目次", "お問い合わせ先", "①中止 ②縮小", "2024.3"]
)
def test_heading_that_tells_nothing_gives_no_question(heading: str) -> None:
    assert TELLS_NOTHING.search(heading)


@pytest.mark.slow
def test_demo_over_the_whole_sample(shirube: Shirube, tmp_path: Path) -> None:
    outcome = shirube("demo", SAMPLE, "--index-dir", tmp_path / "i")
    assert (outcome.code, outcome.out.count("\n質問: "), outcome.out.count("\n[1] ")) == (0, 3, 3)
