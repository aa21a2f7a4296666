"""Pictures of the pages of ingested files, made when they are looked at; the last ones are kept in memory."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from fnmatch import fnmatchcase
from pathlib import Path

from ingest.document_record import DocumentRecord
from ingest.errors import ReadError
from ingest.metadata import load_declarations

KEPT = 24  # pictures of some 200 kB each

_drawing = threading.Lock()  # PDFium draws for one thread at a time


class ChangedFileError(ReadError):
    """The file is not the one that was ingested."""


class PagePictures:
    """Renders pages for several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()

    def picture(self, record: DocumentRecord, number: int) -> bytes:
        """A page of an ingested file as PNG.

        Raises:
            KeyError: If the format has no pictures, or the file no such page.
            ChangedFileError: If the file was changed since it was ingested.
            OSError: If it cannot be opened.
            ReadError: If it is damaged.
        """
        key = (record.sha256, number)
        with _drawing:
            found = self._kept.pop(key, None)
            if found is None:
                found = self._drawn(record, number)
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return found

    def _drawn(self, record: DocumentRecord, number: int) -> bytes:
        from ingest.readers.pdf_picture import pdf_pictures  # only who looks at a page needs what draws it

        data = record.path.read_bytes()
        if hashlib.sha256(data).hexdigest() != record.sha256:
            raise ChangedFileError("元のファイルは、取り込んだあとで変わりました。")
        if b"%PDF-" not in data[:1024]:
            raise KeyError(number)
        with pdf_pictures(data, declared_password(Path(record.root), record.source)) as pictures:
            return pictures.picture(number)


def declared_password(root: Path, source: str) -> str:
    """What `documents.toml` below a folder says opens a file, "" if nothing or if it cannot be read."""
    try:
        declarations = load_declarations(root)
    except ReadError:
        return ""
    found = [d.password for d in declarations if d.password and fnmatchcase(source, d.pattern)]
    return found[-1] if found else ""
