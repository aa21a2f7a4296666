"""Documents: what is indexed; adding files with progress and cancel, removing them after a confirmation."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.visible import visible_line
from index.pipeline import Progress, Stage
from ingest.document_record import DocumentRecord
from ingest.errors import ShirubeError
from ingest.overview import DocumentOverview
from ui.context import ServerContext
from ui.page.ask import ON_CLICKS, said, told
from ui.page.element import button, element, link, note
from ui.page.frame import Frame
from ui.page.keeping import acting_for
from ui.page.updating import updating
from ui.uploads import DocumentJob, UploadError, Uploads

CHUNK_BYTES = 1 << 20
MAX_ROWS = 500
COLUMNS = ("title", "publisher", "years", "pages", "passages", "since", "warnings")
STAGE_NAMES = {
    Stage.FIND: "stage_find",
    Stage.READ: "stage_read",
    Stage.EMBED: "stage_embed",
    Stage.INDEX: "stage_index",
}


class DocumentsPage:
    """Builds the list of documents and, where uploads are enabled, what adds and removes them."""

    def __init__(self, context: ServerContext, frame: Frame, *, uploads: Uploads | None = None) -> None:
        self._context = context
        self._frame = frame
        self._texts = frame.texts
        self._uploads = uploads
        self._jobs: dict[str, DocumentJob] = {}  # by the session that runs it
        self._lock = threading.Lock()

    def build(self) -> None:
        """Create the components inside the block that is open, and wire them."""
        texts = self._texts
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        gr.HTML(element("h2", texts("documents_title")), js_on_load=None, elem_classes="part")
        if self._uploads:
            self.files = gr.File(
                file_count="multiple", label=texts("add_files"), elem_id="add-files", height=140
            )
        self.progress = gr.HTML("", elem_id="job", js_on_load=ON_CLICKS, elem_classes="part")
        self.table = gr.HTML("", elem_id="documents", js_on_load=ON_CLICKS, elem_classes="part")
        if self._uploads:
            shown = [self.progress, self.table, self.files]
            self.files.upload(updating(self.add), [self.files], shown, concurrency_limit=4, **quiet)
            self.table.click(updating(self.remove), None, shown, concurrency_limit=4, **quiet)
            self.progress.click(self.cancel, None, None, queue=False, **quiet)

    def add(self, files: list[str] | None, request: gr.Request) -> Iterator[tuple[Any, Any, Any]]:
        """Take files in one after another, telling how far each is."""
        notes: list[str] = []
        for file in files or []:
            path = Path(file)
            try:
                for step in self._add_one(path, request.session_hash or ""):
                    yield self.progress_html(path.name, step), gr.skip(), gr.skip()
                notes.append(self._texts("file_added", file=path.name))
            except ShirubeError as error:
                notes.append(f"{path.name}: {error.message}{error.hint}")
            finally:
                _discard(path)
        yield "".join(map(said, notes)), self.table_html(request), None

    def _add_one(self, path: Path, session: str) -> Iterator[Progress]:
        if self._uploads is None:
            raise UploadError(self._texts("uploads_off"))
        yield Progress(Stage.FIND, 0, None)
        place = self._uploads.receive(path.name, _chunks(path), n_bytes=path.stat().st_size)
        yield from self._run(self._uploads.add(place), session)

    def remove(self, event: gr.EventData, request: gr.Request) -> Iterator[tuple[Any, Any, Any]]:
        """Take a document out, which the browser has had confirmed."""
        data = told(event)
        document_id = str(data.get("document", ""))
        with acting_for(request):
            record = self._records().get(document_id)
        if data.get("action") != "remove" or self._uploads is None or record is None:
            yield gr.skip(), self.table_html(request), gr.skip()
            return
        note = self._texts("document_removed", title=record.title)
        try:
            for step in self._run(self._uploads.remove(document_id), request.session_hash or ""):
                yield self.progress_html(record.title, step), gr.skip(), gr.skip()
        except ShirubeError as error:
            note = f"{record.title}: {error.message}{error.hint}"
        yield said(note), self.table_html(request), gr.skip()

    def cancel(self, request: gr.Request) -> None:
        """Stop what this session has running."""
        with self._lock:
            job = self._jobs.get(request.session_hash or "")
        if job is not None:
            job.cancel()

    def _run(self, job: DocumentJob, session: str) -> Iterator[Progress]:
        with self._lock:
            self._jobs[session] = job
        try:
            yield from job
        finally:
            with self._lock:
                self._jobs.pop(session, None)
            with suppress(ShirubeError):  # nothing is left to open when the last document was removed
                self._context.index.refresh()

    def progress_html(self, name: str, step: Progress) -> str:
        """A bar with its stage, and the button that cancels."""
        texts = self._texts
        known = {} if step.total is None else {"max": str(max(step.total, 1)), "value": str(step.done)}
        count = "" if step.total is None else f" {step.done}/{step.total}"
        label = f"{visible_line(name)} {texts(STAGE_NAMES[step.stage])}{count} "
        bar = element("label", label, element("progress", **known))
        return element("div", bar, button(texts("cancel"), data_action="cancel"), class_="job shown")

    def table_html(self, request: gr.Request) -> str:
        """What is indexed now."""
        texts = self._texts
        try:
            with acting_for(request), self._context.index.open() as index:
                records, overviews = list(index.documents.values()), index.store.overviews()
        except ShirubeError as error:
            return note(error.message + error.hint)
        names = [f"column_{name}" for name in COLUMNS] + (["column_remove"] if self._uploads else [])
        head = "".join(element("th", texts(name), scope="col") for name in names)
        rows = "".join(self._row(record, overviews.get(record.id)) for record in records[:MAX_ROWS])
        content = element("thead", element("tr", head)) + element("tbody", rows)
        table = element("table", content, class_="documents")
        n_passages = sum(overview.n_passages for overview in overviews.values())
        counts = element("p", texts("documents_count", n=len(records), n_passages=f"{n_passages:,}"))
        more = texts("documents_more", n=len(records) - MAX_ROWS) if len(records) > MAX_ROWS else ""
        told = {"class_": "scroll", "tabindex": "0", "role": "region", "aria_label": texts("documents_title")}
        return counts + element("div", table, **told) + element("p", more)

    def _row(self, record: DocumentRecord, overview: DocumentOverview | None) -> str:
        overview = overview or DocumentOverview(0, None, None)
        file = link(visible_line(record.source), self._frame.file_url(record.id), download=True)
        warnings = "".join(element("li", visible_line(warning)) for warning in record.warnings)
        values = (
            visible_line(record.publisher),
            self._texts("list_comma").join(
                self._texts("fiscal_year", year=year) for year in record.fiscal_years
            ),
            "–" if overview.n_pages is None else str(overview.n_pages),
            f"{overview.n_passages:,}",
            _since(record, overview),
            element("ul", warnings) if warnings else self._texts("no_warnings"),
            *([self._remove_button(record)] if self._uploads else []),
        )
        look = link(
            self._texts("inspect"), self._frame.inspection_url(record.id), target="_blank", rel="noopener"
        )
        named = element("small", file, " ", look)
        title = element("th", visible_line(record.title), "<br>", named, scope="row")
        return element("tr", title, *(element("td", value) for value in values))

    def _remove_button(self, record: DocumentRecord) -> str:
        texts = self._texts
        return button(
            texts("remove"), data_action="remove", data_document=record.id,
            data_confirm=texts("remove_question", title=record.title),
            aria_label=f"{texts('remove')}: {record.title}",
        )  # fmt: skip

    def _records(self) -> Mapping[str, DocumentRecord]:
        try:
            return self._context.records()
        except ShirubeError:
            return {}


def _since(record: DocumentRecord, overview: DocumentOverview) -> str:
    """When its folder was ingested; a file that was added by itself is as old as its copy."""
    try:
        since = overview.ingested_at or datetime.fromtimestamp(record.path.stat().st_mtime, UTC)
    except OSError:
        return ""
    return since.astimezone().strftime("%Y-%m-%d %H:%M")


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _discard(path: Path) -> None:
    """Remove the copy that Gradio has received, and its folder if that is empty then."""
    with suppress(OSError):
        path.unlink()
        path.parent.rmdir()
