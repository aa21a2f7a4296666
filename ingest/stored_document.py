"""One document as the catalog holds it, read back."""

from __future__ import annotations

from ingest.database import Database
from ingest.document import Document
from ingest.stored import decode_abbreviations, decode_blocks, decode_details, decode_json, decode_text
from ingest.stored_places import decode_pages


def read_document(database: Database, document_id: str) -> Document:
    """One document with its text, blocks and pages, but without its locators.

    Raises:
        KeyError: If there is none with this id.
    """
    rows = database.rows(
        "SELECT source, title, publisher, fiscal_years, sha256, text, blocks, warnings, pages,"
        " abbreviations, details FROM document WHERE id = ?",
        (document_id,),
    )
    if not rows:
        raise KeyError(document_id)
    source, title, publisher, years, sha256, text, blocks, warnings, *more = rows[0]
    pages, abbreviations, details = more
    return Document(
        id=document_id,
        source=source,
        title=title,
        publisher=publisher,
        fiscal_years=tuple(decode_json(years)),
        sha256=sha256,
        text=decode_text(text),
        blocks=decode_blocks(blocks),
        warnings=tuple(decode_json(warnings)),
        pages=decode_pages(pages),
        abbreviations=decode_abbreviations(abbreviations),
        details=decode_details(details),
    )
