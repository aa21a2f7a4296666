"""Where a citation stands in the file that a user would open: `path:line`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ingest.traced import Span

# The text as read of these is not the file itself, so its line numbers would mislead.
WITHOUT_LINES = frozenset({".html", ".htm", ".xhtml"})


class Places:
    """Finds paths and line numbers; each document's text is read at most once."""

    def __init__(self, text_of: Callable[[str], str], path_of: Callable[[str], Path]) -> None:
        self._text_of = text_of
        self._path_of = path_of
        self._texts: dict[str, str] = {}

    def line(self, document_id: str, spans: Sequence[Span]) -> int | None:
        """1-based line of the first range, `None` for files that are not read line by line."""
        if not spans or self._path_of(document_id).suffix.lower() in WITHOUT_LINES:
            return None
        if document_id not in self._texts:
            self._texts[document_id] = self._text_of(document_id)
        text = self._texts[document_id][: spans[0].start]
        return text.count("\n") + text.count("\r") - text.count("\r\n") + 1

    def place(self, document_id: str, spans: Sequence[Span]) -> str:
        """`path:line`, the path as short as the current folder allows."""
        line = self.line(document_id, spans)
        path = _short(self._path_of(document_id))
        return path if line is None else f"{path}:{line}"


def _short(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
