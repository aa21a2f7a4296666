"""The steps from a folder to search entries, built from settings. Nothing that only asks needs them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from index.pipeline import Pipeline
from index.retrieve import embed_texts, lexical_fields
from ingest.chunk import chunk
from ingest.document import Document
from ingest.errors import ReadError
from ingest.files import DECLARATIONS, Found, Skipped, find_files
from ingest.metadata import Declaration, load_declarations
from ingest.ocr import Ocr, TesseractOcr
from ingest.read import read
from ingest.tokenizer import Tokenizer, default_tokenizer
from ui.engine import build_engine
from ui.settings import Settings

NOBODY = "!"  # no group can be named like that


def guarded_pipeline(settings: Settings) -> Pipeline:
    """The same steps, but files are read in a process of its own within limits: for files of others."""
    from ui.reader_process import ReaderProcess

    return replace(build_pipeline(settings), read=ReaderProcess(settings).read)


def build_pipeline(settings: Settings) -> Pipeline:
    """The steps from a folder to search entries; what is declared is read anew for each pipeline."""
    _declarations.cache_clear()  # of an earlier ingest of this process: groups may have changed since
    tokenizer = default_tokenizer()
    ocr = build_ocr(settings)

    def find(path: Path) -> Iterator[Found | Skipped]:
        return find_files([path], max_file_mb=settings.max_file_mb)

    def read_found(found: Found) -> Document:
        declarations, warning = _declarations(found.root)
        document = read(found.path, root=found.root, metadata=declarations, ocr=ocr)
        return replace(document, warnings=(*document.warnings, warning)) if warning else document

    return Pipeline(
        signature="/".join(
            [source_digest("ingest"), Tokenizer.signature, *([ocr.signature] if ocr is not None else [])]
        ),
        analyser=Tokenizer.signature,
        find=find,
        read=read_found,
        chunk=chunk,
        embed_texts=embed_texts,
        lexical_fields=lambda passage: lexical_fields(passage, tokenizer),
        read_signature=lambda found: _declared(found),
        engine=build_engine(settings),
    )


def build_ocr(settings: Settings) -> Ocr | None:
    """The engine that the settings name, `None` if none.

    Raises:
        ReadError: If it is not installed.
    """
    return TesseractOcr() if settings.ocr == "tesseract" else None


@cache
def source_digest(package: str) -> str:
    """Digest of a package's own source: a changed reader reads every file again by itself."""
    digest = hashlib.sha256()
    for path in sorted(Path(str(files(package))).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=64)
def _declarations(root: Path) -> tuple[tuple[Declaration, ...], str]:
    """What `documents.toml` declares below a folder, or why it cannot be used: the files are read anyway."""
    try:
        return load_declarations(root), ""
    except ReadError as error:
        # Where groups may have been meant, nobody but an administrator sees the files until that is mended.
        return (Declaration("*", groups=(NOBODY,)),) if _names_groups(root) else (), error.message


def _names_groups(root: Path) -> bool:
    for path in root.rglob(DECLARATIONS):
        try:
            if b"groups" in path.read_bytes():
                return True
        except OSError:
            return True
    return False


def _declared(found: Found) -> str:
    """Digest of what is declared of a file, so that a changed declaration has it read again."""
    declarations, warning = _declarations(found.root)
    own = [repr(d) for d in declarations if fnmatchcase(found.source, d.pattern)]
    return hashlib.sha256("\n".join([*own, warning]).encode()).hexdigest()[:12] if own or warning else ""
