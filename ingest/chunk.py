"""From a document's blocks to the passages that are retrieved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.calendar import era_label
from ingest.document import Block, BlockKind, Document
from ingest.passage import Passage
from ingest.sentences import sentence_bounds
from ingest.traced import Traced

TARGET_CHARS = 180  # small passages retrieve best; see docs/retrieval.md
MAX_CHARS = 280  # a single sentence may exceed it, up to LONGEST
LONGEST = 600  # beyond this even a sentence is cut
MOST_YEARS = 4  # a document about more years is about none of them
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-龠]")
HEAD_CHARS = 60  # of a long row's beginning that its later passages are found by


@dataclass(frozen=True, slots=True)
class _Piece:
    """What a passage is made of: a block, or a part of one that is too long for one passage."""

    body: Traced
    block: Block
    head: str = ""  # the beginning of the row that a later part belongs to


def chunk(document: Document) -> Iterator[Passage]:
    """The passages of a document in reading order; page furniture is in none of them.

    Neighbouring blocks of one section share a passage up to `TARGET_CHARS`; a heading opens one, a table
    row has its own; what is too long is cut between sentences or cells.
    """
    lines = _LineNumbers(document.text)
    for order, pieces in enumerate(_groups(document.blocks)):
        body = Traced.joined([piece.body for piece in pieces], "\n").closed(document.text)
        first = pieces[0]
        section = pieces[-1].block.section if first.block.kind is BlockKind.HEADING else first.block.section
        yield Passage(
            id=f"{document.id}-{order:05d}",
            document_id=document.id,
            order=order,
            kind=first.block.kind,
            body=body,
            sentences=tuple(_sentences(pieces)),
            context=_context(document, section, first),
            section=section,
            page=first.block.page,
            line=lines.at(body.start),
        )


def _context(document: Document, section: tuple[str, ...], first: _Piece) -> str:
    """What a reader knows before reading: the document, the section path, column headers, the row's head."""
    shown = first.body.text
    path = [title for title in section if title not in shown]
    headers = [header for header in first.block.headers if header]
    parts = (_about(document), " ".join(path), " ".join(headers), first.head)
    return "\n".join(part for part in parts if part)


def _about(document: Document) -> str:
    """Title, publisher and fiscal years; a title in which nothing is Japanese is only a file's name."""
    title = document.title if JAPANESE.search(document.title) else ""
    years = [f"{year}年度 {era_label(year)}年度" for year in document.fiscal_years[:MOST_YEARS]]
    return " ".join(part for part in (title, document.publisher, *years) if part)


def _groups(blocks: Sequence[Block]) -> Iterator[list[_Piece]]:
    """Pieces that make one passage each."""
    group: list[_Piece] = []
    size = 0
    for block in blocks:
        if block.kind is BlockKind.FURNITURE or not block.text.strip():
            continue
        for piece in _pieces(block):
            if group and _starts_passage(group, size, piece):
                yield group
                group, size = [], 0
            group.append(piece)
            size += len(piece.body)
    if group:
        yield group


def _starts_passage(group: Sequence[_Piece], size: int, piece: _Piece) -> bool:
    last = group[-1].block
    if piece.block.kind is BlockKind.HEADING:
        return last.kind is not BlockKind.HEADING
    if BlockKind.TABLE_ROW in (piece.block.kind, last.kind) and last.kind is not BlockKind.HEADING:
        return not _shares_table(last, piece.block) or size + len(piece.body) > TARGET_CHARS
    if last.kind is BlockKind.HEADING:
        return False
    return piece.block.section != last.section or size + len(piece.body) > TARGET_CHARS


def _shares_table(first: Block, second: Block) -> bool:
    """Whether two rows stand under the same column headers, so that short ones may share a passage."""
    return bool(first.headers) and first.headers == second.headers and first.section == second.section


def _sentences(pieces: Sequence[_Piece]) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences in the joined pieces; a whole row with column headers counts as one."""
    at = 0
    for piece in pieces:
        text = piece.body.text
        if piece.block.kind is BlockKind.TABLE_ROW and piece.block.headers and len(text) <= TARGET_CHARS:
            yield at, at + len(text)
        else:
            yield from ((at + start, at + end) for start, end in sentence_bounds(text))
        at += len(text) + 1


def _pieces(block: Block) -> Iterator[_Piece]:
    """The block, cut between its lines and sentences where it is too long for one passage."""
    if len(block.body) <= MAX_CHARS:
        yield _Piece(block.body, block)
        return
    head = " ".join(block.text.split())[:HEAD_CHARS]
    start = end = 0
    for left, right in _cuts(block.text):
        if end > start and right - start > TARGET_CHARS:
            yield _Piece(block.body[start:end].strip(), block, head if start else "")
            start = left
        end = right
    yield _Piece(block.body[start:end].strip(), block, head if start else "")


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    """Sentences, the overlong ones cut into stretches of `LONGEST` characters at most."""
    for start, end in sentence_bounds(text):
        for left in range(start, end, LONGEST):
            yield left, min(left + LONGEST, end)


class _LineNumbers:
    """1-based line numbers of ascending offsets, in one pass."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._offset = 0
        self._line = 1

    def at(self, offset: int) -> int:
        if offset < self._offset:
            self._offset, self._line = 0, 1
        self._line += self._text.count("\n", self._offset, offset)
        self._offset = offset
        return self._line
