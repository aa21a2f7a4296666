"""IndexHolder: keeps the index open for all requests and follows what is ingested meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from assistant.ask import Assistant
from index.retrieve import Retriever
from index.store import Store
from ingest.document_record import DocumentRecord
from ingest.errors import ShirubeError
from ui.lines import Places
from ui.wiring import Open

CHECK_S = 1.0
WARM_UP = "会議"  # the first question loads the model; this is it
Opener = Callable[[], AbstractContextManager[Open]]


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """One whole state of the index, with what answers from it."""

    store: Store
    retriever: Retriever
    assistant: Assistant
    documents: Mapping[str, DocumentRecord]

    def places(self) -> Places:
        """What finds paths and lines in this state, for one thread."""
        return Places(self.store)


@dataclass(slots=True, eq=False)
class _Lent:
    """An open index and how many use it; it is closed when it is retired and nobody does."""

    index: OpenIndex
    closing: AbstractContextManager[Open]
    n_users: int = 0
    is_retired: bool = False


class IndexHolder:
    """Lends the newest state that could be opened; whoever has borrowed an older one keeps it to the end.

    Safe from several threads. Nothing is opened before the first use or `start`.
    """

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._lock = threading.Lock()  # guards what is lent
        self._opening = threading.Lock()  # one thread opens, the others wait
        self._lent: _Lent | None = None
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None

    @contextmanager
    def open(self) -> Iterator[OpenIndex]:
        """Borrow the index for one question.

        Raises:
            IndexMissingError: If nothing has been ingested.
            IndexMismatchError: If it was built by something else than what would read it.
        """
        lent = self._borrow()
        try:
            yield lent.index
        finally:
            with self._lock:
                lent.n_users -= 1
            self._close_idle(lent)

    def start(self) -> None:
        """Open the index, load the model and follow changes, all in a thread of its own."""
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="index-watcher", daemon=True)
            self._watcher.start()

    def refresh(self) -> bool:
        """Open the newest state if it is not the one lent; whether there is a new one.

        Raises:
            ShirubeError: If it cannot be opened; what was lent before goes on being lent.
        """
        with self._opening:
            current = self._lent
            if current is not None and current.index.store.is_current():
                return False
            self._replace(self._open_newest())
            return True

    def close(self) -> None:
        """Stop following and let go of the index as soon as nobody uses it."""
        self._stop.set()
        if self._watcher is not None:
            self._watcher.join()
        with self._opening:
            self._replace(None)

    def _borrow(self) -> _Lent:
        while True:
            with self._lock:
                if self._lent is not None:
                    self._lent.n_users += 1
                    return self._lent
            with self._opening:
                if self._lent is None:
                    self._replace(self._open_newest())

    def _open_newest(self) -> _Lent:
        closing = self._opener()
        opened = closing.__enter__()
        documents = {record.id: record for record in opened.store.documents()}
        index = OpenIndex(opened.store, opened.retriever, opened.assistant, documents)
        return _Lent(index, closing)

    def _replace(self, newest: _Lent | None) -> None:
        with self._lock:
            retired, self._lent = self._lent, newest
            if retired is not None:
                retired.is_retired = True
        if retired is not None:
            self._close_idle(retired)

    def _close_idle(self, lent: _Lent) -> None:
        with self._lock:
            is_last = lent.is_retired and lent.n_users == 0
            if is_last:
                lent.is_retired = False  # so that it is closed once
        if is_last:
            lent.closing.__exit__(None, None, None)

    def _watch(self) -> None:
        """Keep the newest state open; errors wait for a question, which tells them to its asker."""
        is_warm = False
        while not self._stop.is_set():
            try:
                self.refresh()
                if not is_warm:
                    with self.open() as index:
                        index.retriever.retrieve(WARM_UP, k=1)
                    is_warm = True
            except ShirubeError:
                pass
            self._stop.wait(CHECK_S)
