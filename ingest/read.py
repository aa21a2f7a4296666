"""One file in, one `Document` out: the reader is picked by content, the extension breaks ties."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from ingest.abbreviations import find_abbreviations, short_names
from ingest.content import ReadOptions
from ingest.document import Document
from ingest.errors import ReadError
from ingest.files import unsupported_format
from ingest.formats import FORMATS
from ingest.metadata import Declaration, find_metadata
from ingest.ocr import Ocr


def read(path: Path, *, root: Path, metadata: Sequence[Declaration] = (), ocr: Ocr | None = None) -> Document:
    """Read a file as a document with its blocks in reading order, none empty.

    Args:
        path: A file below `root`.
        root: The ingested folder; for a file that was named by itself, its folder.
        metadata: What `load_declarations(root)` gave.
        ocr: Reads pages that are pictures, `None` to leave them out.

    Raises:
        ReadError: If the file is missing, unreadable, empty, of another format or in no known encoding.
    """
    source = path.relative_to(root).as_posix()
    data = _read_bytes(path)
    name = unsupported_format(data)
    if name:
        raise ReadError(f"この形式にはまだ対応していません（{name}）。")
    options = ReadOptions(path.suffix.lower(), password=_password(source, metadata), ocr=ocr)
    found = next(form for form in FORMATS if form.claims(data, options.suffix))
    content = found.read(data, options)
    blocks = [replace(b, body=b.body.closed(content.text)) for b in content.blocks if b.text.strip()]
    if not blocks:
        raise ReadError("".join(content.warnings) or "ファイルに文章がありません（空か、空白だけです）。")
    known = find_metadata(
        content.text, blocks, source=source, declarations=metadata, page_title=content.title
    )
    abbreviations = find_abbreviations(blocks)
    own_names = short_names(abbreviations, (known.title, known.publisher))
    details = replace(
        known.details,
        aliases=tuple(dict.fromkeys((*known.details.aliases, *own_names))),
        is_source_text=content.is_source_text,
    )
    return Document(
        id=document_id(root, source),
        source=source,
        title=known.title,
        publisher=known.publisher,
        fiscal_years=known.fiscal_years,
        sha256=hashlib.sha256(data).hexdigest(),
        text=content.text,
        blocks=tuple(blocks),
        warnings=content.warnings,
        pages=content.pages,
        locators=content.locators,
        abbreviations=abbreviations,
        details=details,
    )


def _password(source: str, metadata: Sequence[Declaration]) -> str:
    """The last declared password of a file, "" if none is."""
    declared = [d.password for d in metadata if d.password and fnmatchcase(source, d.pattern)]
    return declared[-1] if declared else ""


def document_id(root: Path, source: str) -> str:
    """16 hexadecimal digits that stay the same for the same file of the same folder."""
    return hashlib.sha256(f"{root.resolve()}\0{source}".encode()).hexdigest()[:16]


def _read_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():  # a FIFO would wait for ever
            exists = path.exists()
            raise ReadError(
                "普通のファイルではないので読めません。" if exists else "ファイルが見つかりません。"
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ReadError("読んでいる間にファイルがなくなりました。") from error
    except PermissionError as error:
        raise ReadError("ファイルを読む権限がありません。") from error
    except OSError as error:
        raise ReadError(f"ファイルを読めません（{error.strerror or type(error).__name__}）。") from error
