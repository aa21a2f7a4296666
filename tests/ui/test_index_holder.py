from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.errors import IndexMissingError
from tests.ui.served import ingest_into, open_small, settings_of, write_documents
from ui.index_holder import IndexHolder
from ui.settings import Settings
from ui.wiring import Open


class Opener:
    """Opens the small index and counts what is open."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.n_opened = 0
        self.n_closed = 0

    @contextmanager
    def __call__(self) -> Iterator[Open]:
        with open_small(self.settings) as opened:
            self.n_opened += 1
            try:
                yield opened
            finally:
                self.n_closed += 1


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_of(tmp_path)
    ingest_into(settings, write_documents(tmp_path / "documents"))
    return settings


def add_document(settings: Settings, name: str) -> None:
    folder = settings.index_dir.parent / "documents"
    (folder / name).write_text(f"# {name}\n\n追加した文書です。\n", encoding="utf-8")
    ingest_into(settings, folder)


def test_index_is_opened_once_for_all_and_closed_at_the_end(settings: Settings) -> None:
    opener = Opener(settings)
    holder = IndexHolder(opener)
    with ThreadPoolExecutor(8) as pool:
        for n_documents in pool.map(lambda _: n_documents_of(holder), range(50)):
            assert n_documents == 2
    assert (opener.n_opened, opener.n_closed) == (1, 0)
    holder.close()
    assert opener.n_closed == 1


def n_documents_of(holder: IndexHolder) -> int:
    with holder.open() as index:
        assert len(index.store.documents()) == len(index.documents)
        return len(index.documents)


def test_who_borrowed_the_older_state_keeps_it_to_the_end(settings: Settings) -> None:
    opener = Opener(settings)
    holder = IndexHolder(opener)
    with holder.open() as older:
        assert not holder.refresh()
        add_document(settings, "new.md")
        assert holder.refresh()
        assert n_documents_of(holder) == 3
        assert len(older.store.documents()) == 2
        assert (opener.n_opened, opener.n_closed) == (2, 0)
    assert opener.n_closed == 1
    holder.close()
    assert opener.n_closed == 2


def test_change_is_seen_within_two_seconds_while_questions_go_on(settings: Settings) -> None:
    opener = Opener(settings)
    holder = IndexHolder(opener)
    holder.start()
    ended, failures, seen = threading.Event(), [], set()

    def ask() -> None:
        while not ended.is_set():
            try:
                with holder.open() as index:
                    seen.add(len(index.documents))
                    index.assistant.ask("会議室の予約は何日前までですか。")
            except Exception as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for n in range(3):
            add_document(settings, f"{n}.md")
            since = time.monotonic()
            while n_documents_of(holder) < 3 + n or max(seen, default=0) < 3 + n:
                assert time.monotonic() - since < 10  # two seconds on an idle machine
                assert failures == []
                time.sleep(0.02)
    finally:
        ended.set()
        for thread in threads:
            thread.join()
        holder.close()
    assert failures == []
    assert seen >= {2, 5}
    assert opener.n_opened == opener.n_closed


def test_missing_index_is_told_until_there_is_one(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    holder = IndexHolder(Opener(settings))
    with pytest.raises(IndexMissingError), holder.open():
        pass
    ingest_into(settings, write_documents(tmp_path / "documents"))
    assert n_documents_of(holder) == 2
    holder.close()


def test_index_that_cannot_be_opened_any_more_goes_on_being_lent(settings: Settings) -> None:
    opener = Opener(settings)
    holder = IndexHolder(opener)
    assert n_documents_of(holder) == 2
    add_document(settings, "new.md")
    opener.settings = settings_of(settings.index_dir.parent / "nowhere")
    with pytest.raises(IndexMissingError):
        holder.refresh()
    assert n_documents_of(holder) == 2
    holder.close()
    assert (opener.n_opened, opener.n_closed) == (1, 1)
