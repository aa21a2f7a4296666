"""How documents and passages are written into the catalog: compact JSON, exact to the last character."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from ingest.document import Abbreviation, Block, BlockKind, Details
from ingest.passage import Cell, Passage, YearSource
from ingest.traced import Traced

COMPRESSION = 1  # the fastest: text shrinks to a third, and more effort saves little


def encode_text(text: str) -> bytes:
    """UTF-8 that also holds lone surrogates, which odd file names and some PDFs contain."""
    return text.encode("utf-8", "surrogatepass")


def decode_text(data: bytes) -> str:
    """What `encode_text` wrote, read back."""
    return data.decode("utf-8", "surrogatepass")


def encode_json(value: object) -> bytes:
    """Compact JSON."""
    return encode_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def decode_json(data: bytes) -> Any:
    """What `encode_json` wrote, read back; tuples come back as lists."""
    return json.loads(decode_text(data))


def encode_blocks(blocks: Sequence[Block]) -> bytes:
    """The blocks of one document, compressed."""
    rows = [[b.kind.value, b.body.text, b.body.runs(), b.section, b.page, b.headers, b.cells] for b in blocks]
    return zlib.compress(encode_json(rows), COMPRESSION)


def decode_blocks(data: bytes) -> tuple[Block, ...]:
    """What `encode_blocks` wrote, read back."""
    return tuple(
        Block(
            kind=BlockKind(kind),
            body=Traced.from_runs(text, runs),
            section=tuple(section),
            page=page,
            headers=tuple(headers),
            cells=tuple(cells),
        )
        for kind, text, runs, section, page, headers, cells in decode_json(zlib.decompress(data))
    )


def encode_abbreviations(abbreviations: Sequence[Abbreviation]) -> bytes:
    """The abbreviations of one document."""
    return encode_json(
        [[a.short.text, a.short.runs(), a.full.text, a.full.runs(), a.is_declared] for a in abbreviations]
    )


def decode_abbreviations(data: bytes) -> tuple[Abbreviation, ...]:
    """What `encode_abbreviations` wrote, read back."""
    return tuple(
        Abbreviation(Traced.from_runs(short, runs), Traced.from_runs(full, full_runs), is_declared)
        for short, runs, full, full_runs, is_declared in decode_json(data)
    )


def encode_details(details: Details) -> bytes:
    """What else is known of a document."""
    return encode_json(
        [
            details.aliases,
            details.edition,
            details.issued,
            details.url,
            [list(x) for x in details.confidence],
            details.is_source_text,
            details.groups,
        ]
    )


def decode_details(data: bytes) -> Details:
    """What `encode_details` wrote, read back."""
    aliases, edition, issued, url, confidence, is_source_text, groups = decode_json(data)
    trusted = tuple((name, trust) for name, trust in confidence)
    return Details(tuple(aliases), edition, issued, url, trusted, is_source_text, tuple(groups))


def encode_passage(passage: Passage) -> bytes:
    """One passage without its document id, which its row holds."""
    return encode_json(
        [
            passage.id,
            passage.order,
            passage.kind.value,
            passage.body.text,
            passage.body.runs(),
            passage.sentences,
            passage.context,
            passage.section,
            passage.page,
            passage.line,
            passage.years,
            passage.years_from.value,
            passage.remark,
            [[[cell.start, cell.end, cell.label] for cell in row] for row in passage.rows],
        ]
    )


def decode_passage(document_id: str, data: bytes) -> Passage:
    """What `encode_passage` wrote, read back."""
    name, order, kind, text, runs, sentences, context, section, page, line, *about = decode_json(data)
    years, years_from, remark, rows = about
    return Passage(
        id=name,
        document_id=document_id,
        order=order,
        kind=BlockKind(kind),
        body=Traced.from_runs(text, runs),
        sentences=tuple((start, end) for start, end in sentences),
        context=context,
        section=tuple(section),
        page=page,
        line=line,
        years=tuple(years),
        years_from=YearSource(years_from),
        remark=remark,
        rows=tuple(tuple(Cell(*cell) for cell in row) for row in rows),
    )


def encode_terms(terms: Mapping[str, Sequence[str]]) -> bytes:
    """Search terms by field, compressed: they repeat a lot."""
    return zlib.compress(encode_json({field: list(words) for field, words in terms.items()}), COMPRESSION)


def decode_terms(data: bytes) -> dict[str, list[str]]:
    """What `encode_terms` wrote, read back."""
    terms: dict[str, list[str]] = decode_json(zlib.decompress(data))
    return terms
