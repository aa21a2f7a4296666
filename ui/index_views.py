"""IndexViews: lends each user the index as far as they may see it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from index.access import EVERYTHING, Access
from ui.acting import current_access
from ui.index_holder import IndexHolder, OpenIndex
from ui.wiring import Open

MOST_VIEWS = 16  # kept open, one for each set of groups that sees something else

AccessOpener = Callable[[Access], AbstractContextManager[Open]]


class IndexViews:
    """The whole index for who may see it all, and a view of its own for each other set of groups.

    Who acts is what `ui.acting` says; without a login, everybody may see everything. Safe from several
    threads.
    """

    def __init__(self, opener: AccessOpener, *, has_login: bool) -> None:
        self._opener = opener
        self._has_login = has_login
        self._whole = IndexHolder(partial(opener, EVERYTHING))
        self._views: OrderedDict[Access, IndexHolder] = OrderedDict()
        self._lock = threading.Lock()

    @contextmanager
    def open(self) -> Iterator[OpenIndex]:
        """Borrow what the acting user may see, for one question.

        Raises:
            IndexMissingError: If nothing has been ingested.
            IndexMismatchError: If it was built by something else than what would read it.
        """
        access = current_access() if self._has_login else EVERYTHING
        if access != EVERYTHING:
            with self._whole.open() as whole:
                access = access.narrowed(whole.documents.values())
        if access == EVERYTHING:
            with self._whole.open() as index:
                yield index
            return
        view = self._view(access)
        view.refresh()
        with view.open() as index:
            yield index

    def hides(self, document_ids: Iterable[str]) -> bool:
        """Whether one of these documents exists, but not for the acting user."""
        with self._whole.open() as whole, self.open() as index:
            return any(i in whole.documents and i not in index.documents for i in document_ids)

    def start(self) -> None:
        """Open the index, load the model and follow changes, all in a thread of its own."""
        self._whole.start()

    def refresh(self) -> bool:
        """Open the newest state if it is not the one lent; whether there is a new one."""
        return self._whole.refresh()

    def close(self) -> None:
        """Stop following and let go of everything as soon as nobody uses it."""
        self._whole.close()
        with self._lock:
            for view in self._views.values():
                view.close()
            self._views.clear()

    def _view(self, access: Access) -> IndexHolder:
        with self._lock:
            view = self._views.pop(access, None) or IndexHolder(partial(self._opener, access))
            self._views[access] = view
            oldest = self._views.popitem(last=False)[1] if len(self._views) > MOST_VIEWS else None
        if oldest is not None:
            oldest.close()
        return view
