"""Audit log: who was shown which sections, when; and what the server says of itself, one JSON object a line.

Neither holds words of a question or of a document, unless `log_questions` asks for the question.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from ingest.errors import SettingsError

MOST_BYTES = 10_000_000  # of one file, before the next is begun
NAME = "shirube.audit"


class JsonLines(logging.Formatter):
    """Each record as one JSON object: time, level, logger, event and what belongs to it."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        about = getattr(record, "about", {})
        at = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")
        head = {"at": at, "level": record.levelname, "logger": record.name, "event": record.getMessage()}
        if record.exc_info and record.exc_info[0]:
            head["error"] = record.exc_info[0].__name__
        return json.dumps({**head, **about}, ensure_ascii=False)


class _PrivateFile(RotatingFileHandler):
    """A file for its owner's eyes only, a new one included."""

    def _open(self) -> Any:
        os.close(os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        return super()._open()


class AuditLog:
    """Tells the log of the server, and the audit log where there is one. Safe from several threads."""

    def __init__(self, path: Path | None = None, *, n_files: int = 20, with_questions: bool = False) -> None:
        """Open the file, and begin a new one each 10 MB.

        Raises:
            SettingsError: If it cannot be written.
        """
        self._with_questions = with_questions
        self._server = logging.getLogger("shirube.server")
        self._audit: logging.Logger | None = None
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                handler = _PrivateFile(path, maxBytes=MOST_BYTES, backupCount=n_files - 1, encoding="utf-8")
            except OSError as error:
                raise SettingsError(f"監査ログを書けません: {path}（{error.strerror}）") from error
            handler.setFormatter(JsonLines())
            self._audit = logging.Logger(NAME)
            self._audit.addHandler(handler)

    def shown(self, event: str, user: str, question: str, result: Mapping[str, Any]) -> None:
        """Write down an answer or a search: `result` is what was sent."""
        hits = result.get("hits", [])
        about: dict[str, Any] = {"user": user, "status": result.get("status"), "n_hits": len(hits)}
        if self._with_questions:
            about["question"] = question
        self._server.info(event, extra={"about": about | {"timings_s": result.get("timings_s")}})
        if self._audit:
            self._audit.info(event, extra={"about": about | {"sections": _sections(hits)}})

    def opened(self, event: str, user: str, document_id: str) -> None:
        """Write down that a document was looked into."""
        if self._audit:
            self._audit.info(event, extra={"about": {"user": user, "document_id": document_id}})

    def alarm(self, sentence: str) -> None:
        """Warn an administrator."""
        self._server.warning(sentence)

    def close(self) -> None:
        """Let go of the file."""
        for handler in self._audit.handlers if self._audit else ():
            handler.close()


def _sections(hits: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each section once, in the order shown; `section` is the headings that the viewer shows."""
    found = {
        (hit["document_id"], tuple(hit.get("section", ())), hit.get("page")): hit.get("source")
        for hit in hits
    }
    return [
        {"document_id": i, "source": source, "section": list(section), "page": page}
        for (i, section, page), source in found.items()
    ]
