"""What a page is made from beside the context: history, uploads and questions to try, as the settings say."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from assistant.suggest import suggest
from ingest.errors import SettingsError, ShirubeError
from ui.context import ServerContext
from ui.feedback import FeedbackBook
from ui.history import History
from ui.history_file import FILE_NAME, HistoryError, HistoryFile
from ui.page.keeping import Keeping
from ui.retention import purging
from ui.settings import Settings
from ui.uploads import Uploads

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PageParts:
    """What is missing is not offered.

    Attributes:
        suggest: At most n questions that the documents answer.
        root: Prefix below which a proxy shows the server, without a slash at its end.
        has_login: Whether there is something to log out of, at `/logout`.
    """

    keeping: Keeping | None = None
    uploads: Uploads | None = None
    suggest: Callable[[int], Sequence[str]] | None = None
    root: str = ""
    has_login: bool = False


@contextmanager
def open_parts(context: ServerContext) -> Iterator[PageParts]:
    """The parts that the settings ask for; a history that cannot be kept is logged and left out.

    Raises:
        SettingsError: If uploads are enabled without a folder that can be used.
    """
    settings = context.settings
    with ExitStack() as stack:
        keeping = None
        try:
            file = stack.enter_context(HistoryFile(settings.index_dir / FILE_NAME))
            stack.enter_context(purging(file, settings.history_days))
            keeping = Keeping(History(file), FeedbackBook(file))
        except HistoryError as error:
            logger.warning("%s%s", error.message, error.hint)
        yield PageParts(
            keeping=keeping,
            uploads=_uploads(settings),
            suggest=Suggestions(context),
            root=settings.root_path,
            has_login=context.users is not None,
        )


def _uploads(settings: Settings) -> Uploads | None:
    if not settings.enable_uploads:
        return None
    if settings.uploads_dir is None:
        raise SettingsError(
            "enable_uploads には、追加した文書を置くフォルダー uploads_dir の設定が必要です。"
        )
    return Uploads(settings.uploads_dir, settings, max_mb=settings.max_upload_mb)


class Suggestions:
    """Questions to try, drawn once from each state of the index: whoever comes first waits for them."""

    def __init__(self, context: ServerContext) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._generation = -1
        self._questions: dict[frozenset[str], list[str]] = {}  # by the documents that somebody may see

    def __call__(self, n: int) -> Sequence[str]:
        """At most `n` questions that are answered; none where nothing is indexed."""
        try:
            with self._lock, self._context.index.open() as index:
                if index.store.generation != self._generation:
                    self._generation = index.store.generation
                    self._questions.clear()
                seen = frozenset(index.documents)
                if len(self._questions.get(seen, ())) < n:
                    self._questions[seen] = suggest(index.store, n, index.assistant.quote)
                return self._questions[seen][:n]
        except ShirubeError:
            return []
