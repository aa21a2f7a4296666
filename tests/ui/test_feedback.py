from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from eval.dataset import load_dataset
from tests.ui.kept import FIRST, TEXT, answer, history_file, not_found
from ui.feedback import COMMENT_CHARS, Feedback, FeedbackBook, Opinion, Verdict
from ui.feedback_export import Exported, export_feedback
from ui.history import History
from ui.history_file import HistoryFile, NotKeptError
from ui.retention import purge

NOW = datetime(2026, 4, 1, 9, 41, 27, tzinfo=UTC)
TEXTS = {"文書": TEXT}


@pytest.fixture
def file(tmp_path: Path) -> Iterator[HistoryFile]:
    with history_file(tmp_path) as opened:
        yield opened


@pytest.fixture
def history(file: HistoryFile) -> History:
    return History(file)


@pytest.fixture
def book(file: HistoryFile) -> FeedbackBook:
    return FeedbackBook(file)


def test_an_opinion_is_kept_with_the_answer_it_is_about(history: History, book: FeedbackBook) -> None:
    kept = history.add("佐藤", answer(), asked_at=NOW)
    book.put("佐藤", kept.id, Verdict.WRONG_SOURCE, "第3章では？", given_at=NOW)
    (one,) = book.all()
    assert one.opinion == Opinion(Verdict.WRONG_SOURCE, "第3章では？")
    assert one.day == NOW.date()
    said = {name: value for name, value in answer().items() if name not in ("hits", "timings_s")}
    assert one.answer == said


def test_a_later_opinion_replaces_the_first(history: History, book: FeedbackBook) -> None:
    kept = history.add("佐藤", answer())
    book.put("佐藤", kept.id, Verdict.USEFUL)
    book.put("佐藤", kept.id, Verdict.WRONG_ANSWER, "七日ではない")
    assert book.get("佐藤", kept.id) == Opinion(Verdict.WRONG_ANSWER, "七日ではない")
    assert len(book.all()) == 1


def test_an_opinion_can_be_taken_back(history: History, book: FeedbackBook) -> None:
    kept = history.add("佐藤", answer())
    book.put("佐藤", kept.id, Verdict.USEFUL)
    book.withdraw("佐藤", kept.id)
    book.withdraw("佐藤", kept.id)
    assert book.get("佐藤", kept.id) is None
    assert book.all() == []


def test_nobody_gives_or_sees_an_opinion_on_anothers_answer(history: History, book: FeedbackBook) -> None:
    kept = history.add("佐藤", answer())
    book.put("佐藤", kept.id, Verdict.USEFUL)
    for access in (book.get, book.withdraw, lambda user, turn: book.put(user, turn, Verdict.WRONG_ANSWER)):
        with pytest.raises(NotKeptError):
            access("鈴木", kept.id)
    assert book.get("佐藤", kept.id) == Opinion(Verdict.USEFUL)


def test_a_comment_is_one_short_clean_line(history: History, book: FeedbackBook) -> None:
    kept = history.add("佐藤", answer())
    given = book.put("佐藤", kept.id, Verdict.USEFUL, "\u202e一行目\n\x1b[2J 二行目\ud800" + "長" * 600)
    assert given.comment.startswith("一行目 [2J 二行目長")
    assert len(given.comment) == COMMENT_CHARS


def test_old_answers_leave_their_feedback_behind_deleted_ones_take_it_along(
    file: HistoryFile, history: History, book: FeedbackBook
) -> None:
    old = history.add("佐藤", answer("古い質問"), asked_at=NOW - timedelta(days=99))
    deleted = history.add("佐藤", answer("消す質問"), asked_at=NOW)
    for kept in (old, deleted):
        book.put("佐藤", kept.id, Verdict.USEFUL)
    purge(file, 30, now=NOW)
    history.delete("佐藤", deleted.conversation_id)
    assert [one.answer["question"] for one in book.all()] == ["古い質問"]
    assert file.rows("SELECT turn_id FROM feedback") == [(None,)]


def said(verdict: Verdict = Verdict.USEFUL, comment: str = "", **fields: Any) -> Feedback:
    return Feedback(Opinion(verdict, comment), answer(**fields), NOW.date())


def export(folder: Path, *feedback: Feedback, texts: dict[str, str] = TEXTS) -> Exported:
    return export_feedback(feedback, texts.__getitem__, folder / "koe.jsonl")


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_useful_answer_is_a_question_that_can_be_scored(tmp_path: Path) -> None:
    exported = export(tmp_path, said())
    (question,) = load_dataset(exported.path)
    assert question.question == "会議室はいつまでに予約しますか。"
    assert question.answerable
    assert question.key_facts == (("七日前まで",),)
    (evidence,) = question.evidence
    assert evidence.doc == "kitei.txt"
    assert evidence.quote == TEXT[slice(*FIRST)]  # as read, with its line break
    assert evidence.quote in TEXT
    assert (exported.n_complete, exported.n_todo, rows(exported.todo_path)) == (1, 0, [])


def test_an_export_names_nobody_and_tells_the_day_only(
    history: History, book: FeedbackBook, tmp_path: Path
) -> None:
    for user in ("佐藤花子", "鈴木一郎"):
        kept = history.add(user, answer(f"{user[-1]}の質問"), asked_at=NOW)
        book.put(user, kept.id, Verdict.USEFUL if user == "佐藤花子" else Verdict.WRONG_ANSWER, given_at=NOW)
    exported = export(tmp_path, *book.all())
    written = exported.path.read_text(encoding="utf-8") + exported.todo_path.read_text(encoding="utf-8")
    assert "2026-04-01" in written
    for secret in ("佐藤", "鈴木", "09:41", "/srv/", kept.id, kept.conversation_id):
        assert secret not in written


@pytest.mark.parametrize(
    ("feedback", "reason"),
    [
        (said(Verdict.WRONG_ANSWER, "五日前です"), "正しい答え"),
        (said(Verdict.WRONG_SOURCE), "正しい根拠"),
        (said(sentences=[{"text": "七日前", "citations": [1], "focus": None, "verified": True}]), "key_facts"),
        (said(sentences=[{"text": "七日前", "citations": [1], "focus": [0, 3], "verified": False}]), "確認できなかった"),
        (Feedback(Opinion(Verdict.USEFUL), not_found(), NOW.date()), "記載がない"),
    ],
    ids=["wrong answer", "wrong source", "no focus", "not verified", "not found"],
)  # fmt: skip
def test_what_a_person_has_to_complete_goes_to_a_list_of_its_own(
    tmp_path: Path, feedback: Feedback, reason: str
) -> None:
    exported = export(tmp_path, feedback)
    assert (exported.n_complete, exported.n_todo) == (0, 1)
    assert exported.path.read_bytes() == b""
    (row,) = rows(exported.todo_path)
    assert row["check"] is True
    assert reason in row["reason"]
    assert row["verdict"] == feedback.opinion.verdict
    assert row["comment"] == feedback.opinion.comment
    assert row["question"] == feedback.answer["question"]


@pytest.mark.parametrize("texts", [{}, {"文書": "改められた規程。" * 10}], ids=["gone", "changed"])
def test_evidence_that_no_longer_stands_there_is_not_evidence(tmp_path: Path, texts: dict[str, str]) -> None:
    exported = export(tmp_path, said(), texts=texts)
    (row,) = rows(exported.todo_path)
    assert "文書が変わった" in row["reason"]
    assert row["evidence"] == []


def test_a_question_with_contrary_opinions_is_checked_first(tmp_path: Path) -> None:
    exported = export(
        tmp_path, said(), said(Verdict.WRONG_ANSWER, question="会議室は　いつまでに予約しますか。")
    )
    assert (exported.n_complete, exported.n_todo) == (0, 2)


def test_the_same_opinion_of_many_is_one_row_with_the_same_id_each_time(tmp_path: Path) -> None:
    other_day = Feedback(Opinion(Verdict.USEFUL), answer(), NOW.date() - timedelta(days=3))
    ids = {
        rows(export(tmp_path, *given).path)[0]["id"] for given in ([said()], [said(), other_day], [other_day])
    }
    assert len(ids) == 1


def test_a_quote_around_page_furniture_is_several_pieces_of_evidence(tmp_path: Path) -> None:
    text = "前半の文が\n- 3 -\n頁をまたぐ。"
    citation = answer()["citations"][0] | {"quote": "前半の文が頁をまたぐ。", "spans": [[0, 5], [12, 18]]}
    (question,) = load_dataset(export(tmp_path, said(citations=[citation]), texts={"文書": text}).path)
    assert [evidence.quote for evidence in question.evidence] == ["前半の文が", "頁をまたぐ。"]


def test_a_cell_with_tags_inside_is_one_piece_of_evidence(tmp_path: Path) -> None:
    text = "昼の防災訓練を行う。<br>夜は図上で訓練を行い、翌朝に反省会を開く。"
    spans = [[0, 10], [14, len(text)]]
    citation = answer()["citations"][0] | {"quote": text.replace("<br>", "\n"), "spans": spans}
    (question,) = load_dataset(export(tmp_path, said(citations=[citation]), texts={"文書": text}).path)
    assert [evidence.quote for evidence in question.evidence] == [text]


def test_only_the_first_sentence_is_demanded_of_a_right_answer(tmp_path: Path) -> None:
    (focused,), (cited,) = answer()["sentences"], answer()["citations"]
    beside = {"text": "取消しは前日までとする。", "citations": [2], "focus": [4, 8], "verified": True}
    other = cited | {"marker": 2, "quote": beside["text"], "spans": [[28, 40]]}
    (question,) = load_dataset(
        export(tmp_path, said(sentences=[focused, beside], citations=[cited, other])).path
    )
    assert question.key_facts == (("七日前まで",),)
    assert [evidence.quote for evidence in question.evidence] == [TEXT[slice(*FIRST)]]

    (row,) = rows(
        export(
            tmp_path, said(sentences=[focused | {"focus": None}, beside], citations=[cited, other])
        ).todo_path
    )
    assert row["key_facts"] == [["前日まで"]]  # candidates
    assert len(row["evidence"]) == 2


def test_a_quote_of_html_is_evidence_as_it_stands_in_the_source(tmp_path: Path) -> None:
    citation = answer()["citations"][0] | {"quote": "A&B課", "spans": [[0, 8]]}
    (question,) = load_dataset(
        export(tmp_path, said(citations=[citation]), texts={"文書": "A&amp;B課です"}).path
    )
    assert question.evidence[0].quote == "A&amp;B課"


def test_an_export_that_fails_leaves_no_part_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="koe"):
        export(tmp_path / "ない", said())
    assert list(tmp_path.iterdir()) == []
