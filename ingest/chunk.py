"""From a document's blocks to the passages that are retrieved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.calendar import era_label
from ingest.clauses import common_path, without_places
from ingest.document import Block, BlockKind, Document
from ingest.layout import unspaced_title
from ingest.passage import Cell, Passage
from ingest.passage_years import years_of
from ingest.pieces import MAX_CHARS, MOST_LINES, TARGET_CHARS, Piece, pieces_of
from ingest.sentences import sentence_bounds
from ingest.traced import Traced
from ingest.year_headers import UNTOLD

FAR_LINES = 3  # line breaks between two places of one passage at the most
MOST_YEARS = 4  # a document about more years is about none of them
JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-龠]")
ASIDE = re.compile(r"[（(][^（）()]{1,40}[）)]$")  # (2021年8月27日) says something of the line before it
HEADER_CHARS = 40  # of a line of column labels above a table


def chunk(document: Document) -> Iterator[Passage]:
    """The passages of a document in reading order; page furniture is in none of them.

    Neighbouring blocks of one section share a passage up to `TARGET_CHARS`; a heading opens one, a table
    row has its own; what is too long is cut between sentences or cells.
    """
    lines = _LineNumbers(document.text)
    for order, pieces in enumerate(_groups(document.text, document.blocks)):
        body = Traced.joined([piece.body for piece in pieces], "\n").closed(document.text)
        first = pieces[0]
        about = years_of(document, body.text, first.block.section, first.headers if first.has_column else ())
        section = _section(pieces)
        yield Passage(
            id=f"{document.id}-{order:05d}",
            document_id=document.id,
            order=order,
            kind=first.block.kind,
            body=body,
            sentences=tuple(_sentences(pieces)),
            context=_context(document, section, pieces),
            section=section,
            page=first.block.page,
            line=lines.at(body.start),
            years=about.years,
            years_from=about.source,
            remark=about.remark,
            rows=tuple(_rows(pieces)),
        )


def _section(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The path of what stands below the headings that open a passage, as far as all of it shares it."""
    below = [p.block.section for p in pieces if p.block.kind is not BlockKind.HEADING]
    path = common_path(below) if below else pieces[-1].block.section
    return tuple(map(unspaced_title, path))


def _context(document: Document, section: tuple[str, ...], pieces: Sequence[Piece]) -> str:
    """What a reader knows before reading: the document, the section path, column headers, the row's head.

    The headers are those of the first row: one may stand below the heading that opens the passage.
    """
    first = pieces[0]
    labels = next((piece.headers for piece in pieces if any(piece.headers)), ())
    shown = first.body.text
    path = [title for title in section if title not in shown]
    headers = [header.removesuffix(UNTOLD) for header in labels if header]
    parts = (_about(document, with_years=not first.has_column), " ".join(path), " ".join(headers), first.head)
    return "\n".join(part for part in parts if part)


def _about(document: Document, *, with_years: bool) -> str:
    """Title, publisher, their other names, years; a title in which nothing is Japanese is a file's name."""
    title = document.title if JAPANESE.search(document.title) else ""
    years = [f"{year}年度 {era_label(year)}年度" for year in document.fiscal_years[:MOST_YEARS] if with_years]
    return " ".join(part for part in (title, document.publisher, *document.details.aliases, *years) if part)


def _groups(text: str, blocks: Sequence[Block]) -> Iterator[list[Piece]]:
    """Pieces that make one passage each; what an unusual gap divides is never one."""
    group: list[Piece] = []
    size = 0
    for block in blocks:
        if block.kind is BlockKind.FURNITURE or not block.text.strip():
            continue
        for piece in pieces_of(block):
            if block.kind is BlockKind.TABLE_ROW and not any(map(str.isalnum, piece.body.text)):
                continue  # a mark whose column nothing tells
            if group and (
                _is_far(text, group[-1].body.end, piece.body.start) or _starts_passage(group, size, piece)
            ):
                yield group
                group, size = [], 0
            group.append(piece)
            size += len(piece.body)
    if group:
        yield group


def _is_far(text: str, end: int, start: int) -> bool:
    """Whether more than an empty line or two stand between two places: another page, box or paragraph."""
    return start > end and text.count("\n", end, start) > FAR_LINES


def _starts_passage(group: Sequence[Piece], size: int, piece: Piece) -> bool:
    last = group[-1].block
    if piece.has_column or group[-1].has_column:
        return True
    if (
        sum(part.n_lines for part in group) + piece.n_lines > MOST_LINES
        and last.kind is not BlockKind.HEADING
    ):
        return True
    if piece.block.kind is BlockKind.HEADING:
        return last.kind is not BlockKind.HEADING
    if BlockKind.TABLE_ROW in (piece.block.kind, last.kind) and last.kind is not BlockKind.HEADING:
        heads = _heads_table(last, piece.block)
        most = MAX_CHARS if heads or group[0].block.kind is not BlockKind.TABLE_ROW else TARGET_CHARS
        return not (heads or _shares_table(last, piece.block)) or size + len(piece.body) > most
    if last.kind is BlockKind.HEADING:
        return False
    if ASIDE.match(piece.body.text) and piece.block.kind is BlockKind.PARAGRAPH:
        return _is_elsewhere(piece.block, last) or size + len(piece.body) > MAX_CHARS
    return _is_elsewhere(piece.block, last) or size + len(piece.body) > TARGET_CHARS


def _is_elsewhere(block: Block, last: Block) -> bool:
    """Whether two blocks stand under different headings."""
    return without_places(block.section) != without_places(last.section)


def _shares_table(first: Block, second: Block) -> bool:
    """Whether two rows stand under the same column headers, so that short ones may share a passage."""
    if first.kind is not second.kind or first.section != second.section:
        return False
    in_lines = "\n" not in first.text and "\n" not in second.text  # rows of one table, some with fewer cells
    return first.headers == second.headers or in_lines


def _heads_table(line: Block, row: Block) -> bool:
    """Whether a short line right above a row stands in its table's header or caption."""
    is_line = line.kind is BlockKind.PARAGRAPH and len(line.text) <= HEADER_CHARS and "。" not in line.text
    return is_line and row.kind is BlockKind.TABLE_ROW and line.section == row.section


def _sentences(pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences in the joined pieces; a whole row with column headers counts as one."""
    at = 0
    for piece in pieces:
        text = piece.body.text
        if piece.block.kind is BlockKind.TABLE_ROW and piece.block.headers and len(text) <= TARGET_CHARS:
            yield at, at + len(text)
        else:
            yield from ((at + start, at + end) for start, end in sentence_bounds(text))
        at += len(text) + 1


def _rows(pieces: Sequence[Piece]) -> Iterator[tuple[Cell, ...]]:
    """The rows whose columns are known, in offsets into the joined pieces."""
    at = 0
    for piece in pieces:
        if piece.cells:
            yield tuple(Cell(at + cell.start, at + cell.end, cell.label) for cell in piece.cells)
        at += len(piece.body) + 1


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
