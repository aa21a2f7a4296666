"""ServerContext: what the page and the programs' endpoints share. All of them ask through it."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from assistant.answer import Answer
from assistant.events import Checked, Words
from assistant.followup import Turn
from assistant.mode import Mode
from index.filters import NO_FILTERS, Filters
from ingest.document import Document
from ingest.document_record import DocumentRecord
from ingest.errors import ShirubeError
from ingest.locator import Locator
from ui.acting import acting_name
from ui.as_json import answer_json, hit_json, sentence_json, status_json
from ui.audit import AuditLog
from ui.index_views import IndexViews
from ui.limits import Limit, TooOftenError
from ui.metrics import Metrics
from ui.sessions import Sessions
from ui.settings import Settings
from ui.users import Users


@dataclass(frozen=True, slots=True)
class ServerContext:
    """Asks and looks up in the current state of the index; every call may come from another thread.

    Attributes:
        users: `None` where nobody logs in: one person on their own machine, or a proxy that knows the users.
        questions: How often one user may ask or search.
        metrics: What is counted.
        audit: Where it is written down who was shown what.
    """

    settings: Settings
    index: IndexViews
    users: Users | None
    sessions: Sessions
    questions: Limit
    metrics: Metrics
    audit: AuditLog

    def ask(
        self, question: str, *, user: str, filters: Filters = NO_FILTERS, history: Sequence[Turn] = ()
    ) -> Answer:
        """The answer to a question of this user.

        Raises:
            TooOftenError: If they asked too many.
            IndexMissingError: If nothing has been ingested.
        """
        self.spend_question(user)
        with self.index.open() as index:
            return index.assistant.ask(question, filters=filters, history=history)

    def answer(
        self, question: str, *, user: str, filters: Filters = NO_FILTERS,
        history: Sequence[Turn] = (), mode: Mode | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """What `ask` gives, as `shirube ask --json` prints it.

        Raises:
            TooOftenError: If they asked too many.
            IndexMissingError: If nothing has been ingested.
        """
        self.spend_question(user)
        with self._counting(), self.index.open() as index:
            answer = index.assistant.ask(question, filters=filters, history=history, mode=mode)
            result = answer_json(answer, index.documents, index.places())
        self._shown(user, question, result)
        return result

    def stream(
        self, question: str, *, user: str, filters: Filters = NO_FILTERS,
        history: Sequence[Turn] = (), mode: Mode | None = None,
    ) -> Generator[dict[str, Any], None, None]:  # fmt: skip
        """`words` and checked `sentence` as a model writes them, at last the `answer` that `answer` gives.

        Leaving the iterator stops the model.

        Raises:
            TooOftenError: If they asked too many.
            IndexMissingError: If nothing has been ingested.
        """
        self.spend_question(user)
        with self._counting(), self.index.open() as index:
            events = index.assistant.stream(question, filters=filters, history=history, mode=mode)
            for event in events:
                if isinstance(event, Words):
                    yield {"words": event.text}
                elif isinstance(event, Checked):
                    yield {"sentence": sentence_json(event.sentence)}
                else:
                    result = answer_json(event.answer, index.documents, index.places())
                    self._shown(user, question, result)
                    yield {"answer": result}

    def search(self, query: str, *, user: str, k: int, filters: Filters = NO_FILTERS) -> dict[str, Any]:
        """The nearest passages, as `shirube search --json` prints them.

        Raises:
            TooOftenError: If they asked too many.
            IndexMissingError: If nothing has been ingested.
        """
        self.spend_question(user)
        with self._counting(), self.index.open() as index:
            hits = index.retriever.retrieve(query, k=k, filters=filters)
            places = index.places()
            result: dict[str, Any] = {
                "query": query,
                "hits": [hit_json(hit, index.documents, places) for hit in hits],
            }
        self.metrics.count_search(result["hits"])
        self._tell("search", user, query, result)
        return result

    def status(self) -> dict[str, Any]:
        """What is indexed, as `shirube status --json` prints it.

        Raises:
            IndexMissingError: If nothing has been ingested.
        """
        with self.index.open() as index:
            return status_json(
                list(index.documents.values()), index_dir=str(self.settings.index_dir),
                generation=index.store.generation, n_passages=index.store.statistics().n_passages,
            )  # fmt: skip

    def records(self) -> Mapping[str, DocumentRecord]:
        """Every document by id.

        Raises:
            IndexMissingError: If nothing has been ingested.
        """
        with self.index.open() as index:
            return index.documents

    def document(self, document_id: str) -> Document:
        """One document with its text, blocks and pages.

        Raises:
            KeyError: If there is none with this id.
            IndexMissingError: If nothing has been ingested.
        """
        with self.index.open() as index:
            document = index.store.document(document_id)
        self.audit.opened("read", acting_name(), document_id)
        return document

    def locators(self, document_id: str) -> tuple[Locator, ...]:
        """Where the ranges of a document's text stand on its pages; none if it, or its format, has none.

        Raises:
            IndexMissingError: If nothing has been ingested.
        """
        with self.index.open() as index:
            return index.store.locators(document_id)

    @contextmanager
    def _counting(self) -> Iterator[None]:
        try:
            yield
        except ShirubeError as error:
            self.metrics.count_problem(type(error).__name__)
            raise

    def _shown(self, user: str, question: str, result: dict[str, Any]) -> None:
        self.metrics.count_answer(result)
        self._tell("ask", user, question, result)

    def _tell(self, event: str, user: str, question: str, result: dict[str, Any]) -> None:
        self.audit.shown(event, user, question, result)
        for sentence in self.metrics.alarms():
            self.audit.alarm(sentence)

    def spend_question(self, user: str) -> None:
        """Count one question or search of this user.

        Raises:
            TooOftenError: If they asked too many.
        """
        wait_s = self.questions.spend(user)
        if wait_s:
            raise TooOftenError("質問が続いたため、少しのあいだ受け付けません。", wait_s=wait_s)
