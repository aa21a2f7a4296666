"""用語集 and はじめての方へ: what the documents define, and a first look at each, with its places."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from assistant.glossary import Entry, Glossary, Meaning
from assistant.guide import Guide, Line, editions
from assistant.visible import visible_line
from index.store import Store
from ingest.document import Document
from ingest.document_record import DocumentRecord
from ingest.errors import ShirubeError
from ingest.locator import Page
from ingest.traced import Span
from ui.context import ServerContext
from ui.newcomer_commands import guides_of
from ui.page.ask import ON_CLICKS, told
from ui.page.element import button, element, note
from ui.page.frame import Frame
from ui.page.keeping import acting_for
from ui.page.panel import path_of
from ui.page.place import DIGEST_CHARS, Place
from ui.page.turn import one_line
from ui.page_name import PageName

MOST_ENTRIES = 200  # shown at once; the search finds the others
MOST_DOCUMENTS = 50
MAX_WORDS_CHARS = 100
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class FirstLooks:
    """What is drawn from one state of the index."""

    glossary: Glossary
    guides: tuple[Guide, ...]
    records: Mapping[str, DocumentRecord]
    pages: Mapping[str, tuple[Page, ...]]


class Newcomers:
    """Draws terms and guides once from each state of the index; whoever comes first waits for them."""

    def __init__(self, context: ServerContext) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._generation = -1
        self._drawn: dict[frozenset[str], FirstLooks] = {}  # by the documents that somebody may see

    def first_looks(self) -> FirstLooks:
        """What is indexed now, as far as the acting user may see it.

        Raises:
            ShirubeError: If nothing is indexed.
        """
        with self._lock, self._context.index.open() as index:
            if self._generation != index.store.generation:
                self._generation = index.store.generation
                self._drawn.clear()
            seen = frozenset(index.documents)
            if seen not in self._drawn:
                records = dict(index.documents)
                pages: dict[str, tuple[Page, ...]] = {}
                glossary = Glossary.of(_noting_pages(index.store, records, pages))
                guides = guides_of(index.store, list(records)[:MOST_DOCUMENTS])
                self._drawn[seen] = FirstLooks(glossary, tuple(guides), records, pages)
            return self._drawn[seen]


def _noting_pages(
    store: Store, document_ids: Iterable[str], pages: dict[str, tuple[Page, ...]]
) -> Iterator[Document]:
    """The documents one by one; of each only its pages are kept."""
    for document_id in document_ids:
        document = store.document(document_id)
        pages[document_id] = document.pages
        yield document


class GlossaryPage:
    """Builds the list of terms with its search box."""

    def __init__(self, newcomers: Newcomers, frame: Frame) -> None:
        self._newcomers = newcomers
        self._texts = frame.texts

    def build(self) -> None:
        """Create the components inside the block that is open, and wire them."""
        texts = self._texts
        gr.HTML(element("h2", texts("glossary_title")), js_on_load=None, elem_classes="part")
        self.words = gr.Textbox(
            label=texts("glossary_search"), max_length=MAX_WORDS_CHARS, max_lines=1, elem_id="glossary-search"
        )
        self.list = gr.HTML("", elem_id="glossary", js_on_load=ON_CLICKS, elem_classes="part")
        gr.on([self.words.submit, self.words.change], self.list_html, [self.words], [self.list], **QUIET)

    def list_html(self, words: str, request: gr.Request) -> str:
        """The entries that hold the words, all for ""."""
        texts = self._texts
        try:
            with acting_for(request):
                looks = self._newcomers.first_looks()
        except ShirubeError as error:
            return note(error.message + error.hint)
        found = looks.glossary.search(words[:MAX_WORDS_CHARS])
        if not found:
            return note(texts("glossary_nothing" if words.strip() else "glossary_empty"))
        count = element("p", texts("glossary_count", n=len(found)), role="status")
        return count + element("dl", *(self._entry(e, looks) for e in found[:MOST_ENTRIES]))

    def _entry(self, entry: Entry, looks: FirstLooks) -> str:
        term = element("dt", visible_line(entry.term))
        return term + "".join(self._meaning(entry, meaning, looks) for meaning in entry.meanings)

    def _meaning(self, entry: Entry, meaning: Meaning, looks: FirstLooks) -> str:
        texts, record = self._texts, looks.records[meaning.document_id]
        page = PageName.of(meaning.page, looks.pages[meaning.document_id], (), meaning.spans)
        kind = element("span", texts(f"term_{meaning.kind.name.lower()}"), class_="kind")
        year = f" ({texts('fiscal_year', year=meaning.year)})" if meaning.year else ""
        path = path_of(record.title, meaning.section, page, texts) + year
        opening = opening_button(record, meaning.spans, path, about=entry.term)
        return element("dd", kind, " ", visible_line(one_line(meaning.text)), element("p", opening))


class GuidePage:
    """Builds a first look at each document."""

    def __init__(self, newcomers: Newcomers, frame: Frame) -> None:
        self._newcomers = newcomers
        self._texts = frame.texts

    def build(self) -> None:
        """Create the components inside the block that is open."""
        gr.HTML(element("h2", self._texts("guide_title")), js_on_load=None, elem_classes="part")
        self.list = gr.HTML("", elem_id="guide", js_on_load=ON_CLICKS, elem_classes="part")

    def list_html(self, request: gr.Request) -> str:
        """Each document's purpose, outline and questions, then what are editions of one document."""
        try:
            with acting_for(request):
                looks = self._newcomers.first_looks()
        except ShirubeError as error:
            return note(error.message + error.hint)
        parts = [self._guide(guide, looks.records[guide.document_id]) for guide in looks.guides]
        return "".join(parts) + self._editions(editions(list(looks.records.values())))

    def _guide(self, guide: Guide, record: DocumentRecord) -> str:
        texts = self._texts
        questions = "".join(
            element(
                "li",
                button(visible_line(line.text), data_action="ask", data_question=line.text),
                " ",
                opening_button(record, line.spans, texts("guide_place"), about=line.text),
            )
            for line in guide.questions
        )
        body = (
            self._lines("guide_purpose", guide.purpose, record),
            element("h3", texts("guide_questions")) + element("ul", questions) if questions else "",
            self._lines("guide_outline", guide.outline, record),
        )
        return element("details", element("summary", visible_line(record.title)), *body, class_="guide")

    def _lines(self, name: str, lines: Sequence[Line], record: DocumentRecord) -> str:
        if not lines:
            return ""
        items = "".join(
            element("li", opening_button(record, line.spans, one_line(line.text)), data_level=str(line.level))
            for line in lines
        )
        return element("h3", self._texts(name)) + element("ul", items)

    def _editions(self, groups: Sequence[Sequence[DocumentRecord]]) -> str:
        texts = self._texts
        if not groups:
            return ""
        rows = "".join(element("ul", *(self._edition(record) for record in group)) for group in groups)
        return element("h3", texts("guide_editions")) + rows

    def _edition(self, record: DocumentRecord) -> str:
        comma = self._texts("list_comma")
        years = comma.join(self._texts("fiscal_year", year=year) for year in record.fiscal_years)
        about = f" ({years})" if years else ""
        return element("li", visible_line(record.title + about))


def opening_button(record: DocumentRecord, spans: Sequence[Span], content: str, *, about: str = "") -> str:
    """A button that opens a place of a document in the source panel."""
    place = Place(record.id, tuple(spans), record.sha256[:DIGEST_CHARS])
    label = f"{content}: {about}" if about else None
    return button(
        visible_line(content), data_action="cite", data_place=place.link, class_="link", aria_label=label
    )


def is_opening(event: gr.EventData) -> bool:
    """Whether a click asks for something that the first tab shows: a source, or an answer."""
    return told(event).get("action") in ("cite", "ask")
