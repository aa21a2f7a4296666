"""Where a citation stands in the file that a user would open: `path:line`, and under which columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from index.store import Store
from ingest.document import Block, Document
from ingest.locator import Locator, PageKind
from ingest.traced import Span
from ui.page_name import PageName


class Places:
    """Finds paths, line numbers, names of pages and column headers; each document is read at most once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        records = store.documents()
        self._paths = {record.id: record.path for record in records}
        self._by_line = {record.id for record in records if record.details.is_source_text}
        self._texts: dict[str, str] = {}
        self._rows: dict[str, list[Block]] = {}
        self._documents: dict[str, Document] = {}
        self._locators: dict[str, tuple[Locator, ...]] = {}

    def line(self, document_id: str, spans: Sequence[Span]) -> int | None:
        """1-based line of the first range, `None` where the text as read is not the file itself."""
        if not spans or document_id not in self._by_line:
            return None
        if document_id not in self._texts:
            self._texts[document_id] = self._store.text(document_id)
        text = self._texts[document_id][: spans[0].start]
        return text.count("\n") + text.count("\r") - text.count("\r\n") + 1

    def place(self, document_id: str, spans: Sequence[Span]) -> str:
        """`path:line`, the path as short as the current folder allows."""
        line = self.line(document_id, spans)
        path = _short(self._paths[document_id])
        return path if line is None else f"{path}:{line}"

    def columns(self, document_id: str, spans: Sequence[Span]) -> tuple[str, ...]:
        """The headers of the columns that the ranges touch in the table row that they begin in."""
        if document_id not in self._rows:
            blocks = self._document(document_id).blocks
            self._rows[document_id] = [block for block in blocks if any(block.headers)]
        for block in self._rows[document_id]:
            own = block.spans
            if own and spans and own[0].start <= spans[0].start < own[-1].end:
                return _touched(block, spans)
        return ()

    def page(self, document_id: str, page: int | None, spans: Sequence[Span]) -> PageName | None:
        """What the page, slide or cells are called, `None` for documents without pages."""
        if page is None:
            return None
        pages = self._document(document_id).pages
        if document_id not in self._locators:
            is_sheet = any(known.kind is PageKind.SHEET for known in pages)
            self._locators[document_id] = self._store.locators(document_id) if is_sheet else ()
        return PageName.of(page, pages, self._locators[document_id], spans)

    def _document(self, document_id: str) -> Document:
        if document_id not in self._documents:
            self._documents[document_id] = self._store.document(document_id)
        return self._documents[document_id]


def _touched(block: Block, spans: Sequence[Span]) -> tuple[str, ...]:
    """The headers of the cells that the ranges touch; all of them where cells and headers do not pair up."""
    if len(block.cells) != len(block.headers):
        return block.headers
    cells = [block.body[start:end].spans() for start, end in pairwise((0, *block.cells))]
    pairs = zip(block.headers, cells, strict=True)
    touched = tuple(name for name, own in pairs if any(_meet(one, other) for one in own for other in spans))
    return touched if any(touched) else ()


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _short(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
