"""One document as bytes, to be handed to another process: what the catalog keeps apart, in one piece."""

from __future__ import annotations

import struct

from ingest.document import Document
from ingest.stored import (
    decode_abbreviations,
    decode_blocks,
    decode_details,
    decode_json,
    decode_text,
    encode_abbreviations,
    encode_blocks,
    encode_details,
    encode_json,
    encode_text,
)
from ingest.stored_places import decode_locators, decode_pages, encode_locators, encode_pages

LENGTH = struct.Struct(">Q")
N_PIECES = 7


def encode_document(document: Document) -> bytes:
    """The whole document; each piece stands behind its length."""
    head = [
        document.id, document.source, document.title, document.publisher, document.fiscal_years,
        document.sha256, document.warnings,
    ]  # fmt: skip
    pieces = (
        encode_json(head),
        encode_text(document.text),
        encode_blocks(document.blocks),
        encode_pages(document.pages),
        encode_locators(document.locators),
        encode_abbreviations(document.abbreviations),
        encode_details(document.details),
    )
    return b"".join(LENGTH.pack(len(piece)) + piece for piece in pieces)


def decode_document(data: bytes) -> Document:
    """What `encode_document` wrote, read back.

    Raises:
        ValueError: If it is cut off.
    """
    pieces, at = [], 0
    for _ in range(N_PIECES):
        if at + LENGTH.size > len(data):
            raise ValueError("a document that is cut off")
        (length,) = LENGTH.unpack_from(data, at)
        pieces.append(data[at + LENGTH.size : at + LENGTH.size + length])
        at += LENGTH.size + length
    if at != len(data):
        raise ValueError("a document that is cut off")
    head, text, blocks, pages, locators, abbreviations, details = pieces
    i, source, title, publisher, years, sha256, warnings = decode_json(head)
    return Document(
        i, source, title, publisher, tuple(years), sha256, decode_text(text), decode_blocks(blocks),
        tuple(warnings), decode_pages(pages), decode_locators(locators), decode_abbreviations(abbreviations),
        decode_details(details),
    )  # fmt: skip
