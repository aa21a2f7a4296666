from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.kept import answer, history_file
from ui.history import TITLE_CHARS, History, KeptTurn
from ui.history_file import FILE_NAME, HistoryError, HistoryFile, NotKeptError
from ui.retention import delete_any, kept_conversations, purge, purging

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[HistoryFile]:
    with history_file(tmp_path) as opened:
        yield opened


@pytest.fixture
def history(file: HistoryFile) -> History:
    return History(file)


def titles(history: History, user: str, query: str = "") -> list[str]:
    return [conversation.title for conversation in history.conversations(user, query=query)]


def test_a_turn_survives_a_restart_with_its_id(tmp_path: Path) -> None:
    with history_file(tmp_path) as file:
        kept = History(file).add("佐藤", answer(), asked_at=NOW)
    with history_file(tmp_path) as file:
        again = History(file).turn("佐藤", kept.id)
    assert again == kept
    assert again.answer == answer()
    assert again.asked_at == NOW


def test_ids_tell_nothing_and_never_repeat(history: History) -> None:
    kept = [history.add("佐藤", answer()) for _ in range(20)]
    ids = {turn.id for turn in kept} | {turn.conversation_id for turn in kept}
    assert len(ids) == 40
    assert min(map(len, ids)) >= 22  # 128 bits


def test_a_conversation_goes_on_and_comes_first(history: History) -> None:
    first = history.add("佐藤", answer("一つめ"), asked_at=NOW)
    history.add("佐藤", answer("二つめ"), asked_at=NOW + timedelta(minutes=1))
    history.add(
        "佐藤", answer("続き"), conversation_id=first.conversation_id, asked_at=NOW + timedelta(minutes=2)
    )
    assert titles(history, "佐藤") == ["一つめ", "二つめ"]
    assert [turn.question for turn in history.turns("佐藤", first.conversation_id)] == ["一つめ", "続き"]
    assert [c.n_turns for c in history.conversations("佐藤")] == [2, 1]


def test_conversations_of_the_same_moment_are_listed_newest_first(history: History) -> None:
    for question in ("一", "二", "三"):
        history.add("佐藤", answer(question), asked_at=NOW)
    assert titles(history, "佐藤") == ["三", "二", "一"]


def test_a_list_has_pages(history: History) -> None:
    for n in range(5):
        history.add("佐藤", answer(f"質問{n}"), asked_at=NOW + timedelta(minutes=n))
    pages = [history.conversations("佐藤", limit=2, offset=offset) for offset in (0, 2, 4)]
    assert [[c.title for c in page] for page in pages] == [["質問4", "質問3"], ["質問2", "質問1"], ["質問0"]]


Access = Callable[[History, KeptTurn], object]


@pytest.mark.parametrize(
    "access",
    [
        lambda history, kept: history.turn("鈴木", kept.id),
        lambda history, kept: history.turns("鈴木", kept.conversation_id),
        lambda history, kept: history.conversation("鈴木", kept.conversation_id),
        lambda history, kept: history.rename("鈴木", kept.conversation_id, "わたしのもの"),
        lambda history, kept: history.delete("鈴木", kept.conversation_id),
        lambda history, kept: history.add("鈴木", answer(), conversation_id=kept.conversation_id),
    ],
    ids=["turn", "turns", "conversation", "rename", "delete", "add"],
)
def test_what_is_anothers_is_not_there(history: History, access: Access) -> None:
    kept = history.add("佐藤", answer())
    with pytest.raises(NotKeptError) as refused:
        access(history, kept)
    with pytest.raises(NotKeptError) as unknown:
        history.delete("鈴木", "そのようなidはない")
    assert refused.value.message.split("は")[1:] == unknown.value.message.split("は")[1:]
    assert titles(history, "佐藤") == ["会議室はいつまでに予約しますか。"]
    assert history.turns("佐藤", kept.conversation_id) == [kept]


def test_lists_and_searches_show_ones_own_only(history: History) -> None:
    history.add("佐藤", answer())
    assert titles(history, "鈴木") == []
    assert titles(history, "鈴木", "会議室") == []
    assert titles(history, "佐藤%") == []


def test_deleting_all_leaves_the_others(history: History) -> None:
    history.add("佐藤", answer())
    history.add("佐藤", answer())
    history.add("鈴木", answer())
    assert history.delete_all("佐藤") == 2
    assert (titles(history, "佐藤"), len(titles(history, "鈴木"))) == ([], 1)


def test_nobody_has_no_history(history: History) -> None:
    with pytest.raises(ValueError, match="nobody"):
        history.conversations("")
    with pytest.raises(ValueError, match="nobody"):
        history.add("", answer())


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("会議室", True),
        ("　七日前 総務課", True),  # both in the answer
        ("ｶｲｷﾞ", True),  # half-width in the query, full-width in the question
        ("abc", True),  # ＡＢＣ in the question
        ("会議室 食堂", False),
        ("%", False),
        ("_", False),
        ("\0", True),  # says nothing, so all are listed
    ],
)
def test_a_search_finds_words_in_any_width_and_case(history: History, query: str, is_found: bool) -> None:
    history.add("佐藤", answer("会議室（カイギシツ）ＡＢＣはいつまで？"))
    assert bool(titles(history, "佐藤", query)) == is_found


def test_a_search_finds_what_a_later_turn_says_and_the_new_title(history: History) -> None:
    kept = history.add("佐藤", answer("一つめ"))
    history.add("佐藤", answer("防災訓練はいつ"), conversation_id=kept.conversation_id)
    history.rename("佐藤", kept.conversation_id, "年度末の準備")
    assert titles(history, "佐藤", "防災 年度末") == ["年度末の準備"]


def test_a_title_is_one_short_line(history: History) -> None:
    kept = history.add("佐藤", answer("長い質問。\n" * 40 + "\x1b[31m\u202e"))
    title = history.conversation("佐藤", kept.conversation_id).title
    assert len(title) <= TITLE_CHARS
    assert title.endswith("…")
    assert history.rename("佐藤", kept.conversation_id, " 予\u202e約\n一覧 ").title == "予約 一覧"
    assert history.rename("佐藤", kept.conversation_id, " \u200b ").title == "予約 一覧"


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=[]), max_size=30))
def test_any_text_can_be_asked_kept_and_searched(text: str) -> None:
    with TemporaryDirectory() as folder, history_file(Path(folder)) as file:
        history = History(file)
        kept = history.add("佐藤", answer(text))
        assert kept.answer["question"] == text
        assert history.conversations("佐藤", query=text)[0].id == kept.conversation_id


def test_an_administrator_sees_no_words_and_deletes_any(file: HistoryFile, history: History) -> None:
    kept = history.add("佐藤", answer(), asked_at=NOW)
    history.add("鈴木", answer(), asked_at=NOW)
    first, _ = kept_conversations(file)
    assert (first.user, first.id, first.n_turns, first.oldest_at) == ("佐藤", kept.conversation_id, 1, NOW)
    delete_any(file, kept.conversation_id)
    assert [one.user for one in kept_conversations(file)] == ["鈴木"]
    with pytest.raises(NotKeptError):
        delete_any(file, kept.conversation_id)


def test_purging_deletes_old_answers_and_emptied_conversations(file: HistoryFile, history: History) -> None:
    old = history.add("佐藤", answer("古い"), asked_at=NOW - timedelta(days=31))
    mixed = history.add("佐藤", answer("続いている"), asked_at=NOW - timedelta(days=40))
    history.add(
        "佐藤", answer("先週"), conversation_id=mixed.conversation_id, asked_at=NOW - timedelta(days=7)
    )
    assert purge(file, 30, now=NOW) == 2
    assert titles(history, "佐藤") == ["続いている"]
    assert [turn.question for turn in history.turns("佐藤", mixed.conversation_id)] == ["先週"]
    with pytest.raises(NotKeptError):
        history.turn("佐藤", old.id)
    assert purge(file, 30, now=NOW) == 0


def test_keeping_less_than_a_day_is_refused(file: HistoryFile) -> None:
    with pytest.raises(ValueError, match="keep_days"):
        purge(file, 0)


def test_purging_runs_at_once_and_again(file: HistoryFile, history: History) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=9)
    history.add("佐藤", answer(), asked_at=long_ago)
    with purging(file, 7, every_s=0.01):
        assert titles(history, "佐藤") == []
        history.add("佐藤", answer(), asked_at=long_ago)
        gone = threading.Event()
        for _ in range(500):
            if not titles(history, "佐藤"):
                gone.set()
                break
            gone.wait(0.01)
    assert gone.is_set()


def test_what_is_deleted_is_no_longer_in_the_files(tmp_path: Path) -> None:
    with history_file(tmp_path) as file:
        history = History(file)
        kept = history.add("佐藤", answer("部外秘の相談"))
        history.delete("佐藤", kept.conversation_id)
        stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert "部外秘".encode() not in stored


def test_threads_ask_at_once(history: History) -> None:
    kept = history.add("佐藤", answer())

    def ask(user: str) -> None:
        for _ in range(10):
            own = kept.conversation_id if user == "佐藤" else None
            history.add(user, answer(), conversation_id=own)
            history.conversations(user, query="会議室")

    threads = [threading.Thread(target=ask, args=(user,)) for user in ("佐藤", "佐藤", "鈴木", "高橋")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert history.conversation("佐藤", kept.conversation_id).n_turns == 21
    assert len(titles(history, "鈴木")) == len(titles(history, "高橋")) == 10


def test_two_processes_may_have_it_open(tmp_path: Path) -> None:
    with history_file(tmp_path) as server, history_file(tmp_path) as command:
        kept = History(server).add("佐藤", answer())
        assert History(command).turn("佐藤", kept.id) == kept


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_others_of_the_machine_cannot_read_the_file(
    file: HistoryFile, history: History, tmp_path: Path
) -> None:
    history.add("佐藤", answer())
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(HistoryError, match="版 99"):
        HistoryFile(tmp_path / FILE_NAME)


def test_a_damaged_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 100)
    with pytest.raises(HistoryError, match="履歴を読み書きできません"):
        HistoryFile(tmp_path / FILE_NAME)


def test_a_failed_addition_leaves_no_empty_conversation(history: History) -> None:
    with pytest.raises(TypeError):
        history.add("佐藤", answer(citations=object()))
    assert titles(history, "佐藤") == []
