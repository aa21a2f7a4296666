"""From the placed lines and tables of a PDF to blocks: paragraphs, headings, rows, furniture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.clauses import Place, find_marks
from ingest.document import Block, BlockKind
from ingest.headings import (
    ENDS_AS_TEXT,
    INNER_STYLES,
    MAX_CHARS,
    NUMBERED,
    SYMBOL_RANK,
    marker,
)
from ingest.layout import ITEM_START, STOP
from ingest.readers.pdf_outline import DECIMAL, Outline
from ingest.readers.pdf_rows import TableRows
from ingest.readers.pdf_text import PlacedLine, PlacedTable
from ingest.readers.pdf_unruled import find_unruled
from ingest.traced import Span, Traced

LARGER = 1.12  # of the body's size; smaller differences are chance
SIMILAR = 0.13  # share by which the sizes of two lines of one paragraph may differ
LINE_GAP = 1.3  # em between two lines of one paragraph
INDENT = 0.6  # em
FIRST_INDENT = 1.3  # em of a paragraph's first line
HANGING = 1.6  # em that the lines of an item may be set in, where they go on in the next column
FULL = 1.7  # em that a full line may lack at its end: what may not begin a line is carried over
FULL_STOP = 0.7  # em, where it ends with a full stop
KANJI_ITEM = re.compile(r"(?:[一二三四五六七八九十]{1,3}(?:の[一二三四五六七八九十]{1,3})?|[ア-ンｱ-ﾝ])[ 　]")
DATED = re.compile(
    r"(?:令和|平成|昭和|大正|明治|[12][0-9]{3})\s*[0-9０-９元〇一二三四五六七八九十]*\s*年"
    r"\s*[0-9０-９一二三四五六七八九十]+\s*月"
)
DATED_CHARS = 25  # a longer line that begins with a date may be a heading
BULLET = re.compile(r"[・•‣◦※＊*➢⇒→]|[-－]\s")
BOX_CHARS = 12  # of a line in a narrow box; shorter ones are labels
ENDS_ALONE = re.compile(r"[。！？!?．」』】）)]$|(?:する|ます|です|こと)$")
CONNECTS = re.compile(r"[、をがはにのでとへもや](?<!こと)$|[ょっゃゅ]$")
GOES_ON = re.compile(
    r"[をんっゃゅょぁ-ぉー]|(?:は|が|に|と|で|の|も|へ|け|せ|れ|ら|り|る|く|う)(?=[ぁ-ん一-龠、])"
)
NO_HEADING = re.compile(
    r"^[＝=＋×÷≒∴]|(?:Tel|TEL|ＴＥＬ|電話|内線|FAX|Fax)[.．:：\s（(]*[0-9０-９]|https?:|@"
)
MAX_HEADING_LINES = 3
CAPTION = re.compile(
    r"[【〔［\[(（]?(?:図表?|表|写真|グラフ|資料)[\s　]*"
    r"[-－0-9０-９一二三四五六七八九十]+(?![年月日％%円人件])"
)
UNIT_NOTE = re.compile(
    r"[〔（(\[［【].{0,20}単位\s*[:：・]?\s*([^〕）)\]］】、，]{1,12})[〕）)\]］】]|単位\s*[:：]\s*(\S{1,12})$"
)
LEADER = re.compile(r"[.．・…‥･]{4,}|[─―-]{6,}")
LATIN_END = re.compile(r"[0-9A-Za-z,.;:!?)\]’'”]$")
LATIN_START = re.compile(r"[0-9A-Za-z(\[‘'“]")
RANKS = {name: n for n, (name, _) in enumerate(NUMBERED)}
ARTICLE_LEVEL = (1.0, -1.0, float(RANKS["条"]))
INNER_RANK = 100.0  # of a place within a heading

Element = PlacedLine | PlacedTable


@dataclass(slots=True)
class _Paragraph:
    lines: list[PlacedLine]
    text: str = ""
    rows: PlacedTable | None = None
    is_furniture: bool = False


def make_blocks(
    text: str, elements: Sequence[Element], furniture: set[int], bookmarks: dict[tuple[int, str], int]
) -> Iterator[Block]:
    """The blocks of a document in reading order.

    Args:
        text: All of it, as written.
        elements: Lines and tables in reading order.
        furniture: Indices of those that are page furniture.
        bookmarks: Levels of the file's own outline by page and title without white space.
    """
    paragraphs = list(_paragraphs(elements, furniture))
    body = _body_size(paragraphs)
    texts = [paragraph.text for paragraph in paragraphs]
    aside = [p.rows is not None or p.is_furniture for p in paragraphs]
    outline, rows = Outline(), TableRows(text)
    unit = caption = ""
    marks = find_marks(texts, in_table=aside)
    for paragraph, (style, article, inner) in zip(paragraphs, marks, strict=True):
        if paragraph.rows is not None:
            path = (*outline.path, caption) if caption else outline.path
            yield from rows.blocks(paragraph.rows, path, unit)
            unit = caption = ""
            continue
        if paragraph.is_furniture:
            yield _block(BlockKind.FURNITURE, text, paragraph, ())
            continue
        _enter_article(outline, article, inner)
        level = _level(paragraph, style, body, bookmarks)
        note = UNIT_NOTE.search(paragraph.text)
        if note and len(paragraph.text) < MAX_CHARS:
            unit = note[1] or note[2]
            yield _block(BlockKind.PARAGRAPH, text, paragraph, outline.path)
            continue
        if CAPTION.match(paragraph.text) and len(paragraph.text) <= MAX_CHARS:
            caption = paragraph.text
            yield _block(BlockKind.CAPTION, text, paragraph, outline.path)
            continue
        if level is not None:
            outline.enter(level, paragraph.text)
            kind = BlockKind.HEADING
        else:
            kind = BlockKind.LIST_ITEM if _is_item(paragraph.text) else BlockKind.PARAGRAPH
        unit = caption = ""
        yield _block(kind, text, paragraph, outline.path)


def _enter_article(outline: Outline, article: str, places: Sequence[Place]) -> None:
    """Go under an article that begins, and the places within it."""
    if article:
        outline.enter(ARTICLE_LEVEL, article)
    for style, title in places:
        outline.enter((9.0, 0.0, INNER_RANK + INNER_STYLES.index(style)), title)


def _paragraphs(elements: Sequence[Element], furniture: set[int]) -> Iterator[_Paragraph]:
    """Lines that belong together; what interrupts them at the edge of a page comes after them."""
    extents = _extents(elements)
    held: list[PlacedLine] = []
    waiting: list[_Paragraph] = []

    def done() -> Iterator[_Paragraph]:
        nonlocal held
        if held:
            yield _Paragraph(held, _joined_text(held))
        yield from waiting
        waiting.clear()
        held = []

    tables = find_unruled(elements, furniture)
    until = 0
    for n, element in enumerate(elements):
        if n < until:
            continue
        if n in tables:
            until, element = tables[n]
        if isinstance(element, PlacedTable):
            yield from done()
            yield _Paragraph([], rows=element)
        elif n in furniture:
            waiting.append(_Paragraph([element], element.text, is_furniture=True))
        elif held and _goes_on(held, element, extents):
            held.append(element)
        else:
            yield from done()
            held = [element]
    yield from done()


def _extents(elements: Sequence[Element]) -> dict[int, tuple[float, float]]:
    """Where the lines of each region begin and end."""
    out: dict[int, tuple[float, float]] = {}
    for line in elements:
        if isinstance(line, PlacedLine):
            first, last = out.get(line.region, (line.first, line.last))
            out[line.region] = (min(first, line.first), max(last, line.last))
    return out


def _goes_on(held: Sequence[PlacedLine], line: PlacedLine, extents: dict[int, tuple[float, float]]) -> bool:
    """Whether a line goes on with the paragraph: the one before is full, and it is not set apart itself."""
    last = held[-1]
    em = last.size
    if len(last.parts) > 1 or len(line.parts) > 1 or last.is_vertical != line.is_vertical:
        return False
    if abs(last.size - line.size) > SIMILAR * em or LEADER.search(last.text) or LEADER.search(line.text):
        return False
    begin, end = extents[last.region]
    lacking = end - last.last
    is_full = lacking <= (FULL_STOP if STOP.search(last.text) else FULL) * em
    if not is_full and not _fills_box(held, line):
        return False
    if line.region != last.region:
        other = extents[line.region]
        alike = abs((other[1] - other[0]) - (end - begin)) < 0.15 * (end - begin)
        is_open = not STOP.search(last.text) and len(last.text) > 8
        reach = HANGING if _is_item(held[0].text) else INDENT
        starts = line.first - other[0] < reach * em and not _is_item(line.text)
        return alike and is_open and starts and 0 <= line.page - last.page <= 1
    if not -0.5 * em <= line.before - last.after <= LINE_GAP * em:
        return False
    opening = held[0].text
    is_item = _is_item(opening)
    if line.first - last.first > INDENT * em and not (len(held) == 1 and is_item):
        return False
    if _is_item(line.text):
        same = marker(line.text) == marker(opening)
        return not (same or STOP.search(last.text) or last.text[-1] in "：:" or line.first - last.first > 1)
    return True


def _fills_box(held: Sequence[PlacedLine], line: PlacedLine) -> bool:
    """Whether a line in a box narrower than its region is full, and the next one goes on with it.

    Both begin at one edge. Either two neighbours end at one edge, as justified lines do, or the line ends
    with a word that only connects, or the next begins with what never begins a sentence.
    """
    last = held[-1]
    reach = FULL * last.size
    inner = INDENT * last.size
    indented = len(held) == 1 and inner < last.first - line.first <= FIRST_INDENT * last.size
    if last.region != line.region or not (indented or abs(line.first - last.first) <= inner):
        return False
    if len(last.text) < BOX_CHARS or ENDS_ALONE.search(last.text) or line.last - last.last > reach:
        return False
    before = held[-2].last if len(held) > 1 else line.last
    if abs(last.last - before) <= reach or abs(last.last - line.last) <= reach:
        return True
    return CONNECTS.search(last.text) is not None or GOES_ON.match(line.text) is not None


def _is_item(text: str) -> bool:
    return ITEM_START.match(text) is not None or KANJI_ITEM.match(text) is not None


def _joined_text(lines: Sequence[PlacedLine]) -> str:
    out = lines[0].text
    for line in lines[1:]:
        out += _glue(out, line.text) + line.text
    return out


def _glue(left: str, right: str) -> str:
    return " " if LATIN_END.search(left) and LATIN_START.match(right) else ""


def _body_size(paragraphs: Sequence[_Paragraph]) -> float:
    """The size in which most characters are set."""
    sizes: Counter[float] = Counter()
    for paragraph in paragraphs:
        for line in paragraph.lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _level(
    paragraph: _Paragraph, style: str | None, body: float, bookmarks: dict[tuple[int, str], int]
) -> tuple[float, ...] | None:
    """How deep a heading stands: by the file's outline, then by size, then by its numbering."""
    text = paragraph.text
    known = bookmarks.get((paragraph.lines[0].page, "".join(text.split())))
    if known is not None:
        return (0.0, float(known), 0.0)
    if any(len(line.parts) > 1 for line in paragraph.lines):
        return None
    if len(paragraph.lines) > MAX_HEADING_LINES or LEADER.search(text) or style == "page":
        return None
    if BULLET.match(text) or (DATED.match(text) and len(text) <= DATED_CHARS):
        return None
    if style == "part":  # tells nothing that the size of the letters does not
        style = None
    size = max(line.size for line in paragraph.lines)
    is_large = size >= LARGER * body
    reads_so = len(text) <= MAX_CHARS and not ENDS_AS_TEXT.search(text) and any(c.isalpha() for c in text)
    reads_so = reads_so and not NO_HEADING.search(text)
    if style is None and not (is_large and reads_so and len(text) > 1):
        return None
    style = style or marker(text)  # a number right below another one is no list where it is set large
    rank = RANKS.get(style, SYMBOL_RANK) if style else -1.0
    if style == "1" and (parts := DECIMAL.match(text)):
        rank += 0.1 * parts[0].rstrip(".．").replace("．", ".").count(".")
    return (1.0, -round(size / body, 1) if is_large else -1.0, rank)


def _block(kind: BlockKind, text: str, paragraph: _Paragraph, section: tuple[str, ...]) -> Block:
    lines = paragraph.lines
    parts = [_traced(text, lines[0].span)]
    for one, other in pairwise(lines):
        glue = _glue(one.text, other.text)
        if glue:
            parts.append(Traced.inserted(glue))
        parts.append(_traced(text, other.span))
    return Block(kind, Traced.joined(parts), section, page=lines[0].page)


def _traced(text: str, span: Span) -> Traced:
    return Traced.from_original(text, span.start, span.end)
