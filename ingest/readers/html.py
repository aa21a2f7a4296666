"""HTML: the page as one linear text without markup, and the blocks that are ranges of it.

Parsed by selectolax (lexbor): it repairs broken markup as browsers do, is typed, needs nothing else
and is the fastest of its kind; lxml's HTML parser knows HTML 4 only and html5lib is slow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.decode import decode
from ingest.document import Block, BlockKind
from ingest.errors import ReadError
from ingest.readers.csv import check_size, row_block
from ingest.readers.html_table import children, column_labels, count_heads, is_data_table, label, read_grid
from ingest.readers.linear import LinearWriter, squeezed
from ingest.traced import Traced

DROPPED = frozenset(
    {
        "script",
        "style",
        "head",
        "template",
        "noscript",
        "svg",
        "iframe",
        "object",
        "select",
        "textarea",
        "math",
    }
    | {"audio", "video", "canvas", "rt", "rp", "rtc"}
)
FURNITURE_TAGS = frozenset({"nav", "footer"})
FURNITURE_ROLES = frozenset({"navigation", "contentinfo", "search", "menu"})
INLINE = frozenset(
    {
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "button",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
    }
    | {
        "i",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rb",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
    }
    | {"strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTED = frozenset({"li", "dt", "dd"})
CAPTIONS = frozenset({"caption", "figcaption", "legend"})
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
CHARSET = re.compile(rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
NESTING_TAG = re.compile(
    r"<(/?)(?!(?:a|p|li|dt|dd|t[dhr]|t(?:body|head|foot)|option|br|hr|img|input|meta|link|area|col|param|wbr|base|embed"
    r"|source|track)\b)[a-z][a-z0-9]*",
    re.IGNORECASE,
)
MAX_DEPTH = 5_000


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A page's linear text, its `<title>` ("" if none), and its blocks in reading order."""

    text: str
    title: str
    blocks: tuple[Block, ...]


def read_html(data: bytes) -> HtmlPage:
    """Read a page from its bytes; the charset that it declares settles a tie only.

    Raises:
        ReadError: If its encoding cannot be told, or it is nested or large beyond all reason.
    """
    declared = CHARSET.search(data[:4096])
    return read_html_text(decode(data, declared=declared[1].decode("ascii") if declared else None).text)


def read_html_text(source: str) -> HtmlPage:
    """Read a page from its decoded source.

    White space is collapsed as browsers do it, but for a line break between two wide characters,
    which vanishes. Readings of ruby, hidden parts, scripts and comments are left out; navigation and
    footer are furniture. A merged cell stands in the text once and is cited by each of its rows.

    Raises:
        ReadError: If elements are nested beyond all reason, or its tables are too large.
    """
    _check_depth(source)
    page = LexborHTMLParser(source)
    check_size(len(page.css("td, th")))
    writer = LinearWriter()
    if page.root is not None:
        _write(page.root, writer)
    writer.flush()
    title = page.css_first("title")
    return HtmlPage("".join(writer.text), squeezed(title.text() if title else ""), tuple(writer.blocks))


def _check_depth(source: str) -> None:
    """Refuse nesting that no page has and that takes the parser quadratic time."""
    depth = 0
    for tag in NESTING_TAG.finditer(source):
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        if depth > MAX_DEPTH:
            raise ReadError(f"HTML の要素の入れ子が深すぎます（上限 {MAX_DEPTH:,} 段）。")


def _write(root: LexborNode, writer: LinearWriter) -> None:
    """Write a subtree, without recursion, since broken pages nest thousands deep."""
    stack = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        tag = node.tag or ""
        if leaving:
            _leave(node, tag, writer)
        elif node.is_text_node:
            writer.add(node.text_content or "")
        elif not node.is_comment_node and not _is_dropped(node):
            if tag == "table" and is_data_table(node):
                _write_table(node, writer)
                continue
            _enter(node, tag, writer)
            stack.append((node, True))
            stack.extend((child, False) for child in reversed(list(children(node))))


def _enter(node: LexborNode, tag: str, writer: LinearWriter) -> None:
    if tag == "br":
        writer.break_line()
    if tag in INLINE or tag == "br":
        return
    if tag == "dd" and writer.kinds[-1] is BlockKind.LIST_ITEM:
        writer.break_line()  # a definition stays with its term
    else:
        writer.flush()
    writer.furniture += _is_furniture(node, tag)
    writer.preformatted += tag == "pre"
    kind = writer.kinds[-1]
    if tag in HEADINGS:
        kind, writer.level = BlockKind.HEADING, HEADINGS[tag]
    elif tag in LISTED or tag == "dl":
        kind = BlockKind.LIST_ITEM
    elif tag in CAPTIONS:
        kind = BlockKind.CAPTION
    writer.kinds.append(kind)


def _leave(node: LexborNode, tag: str, writer: LinearWriter) -> None:
    if tag in INLINE or tag == "br":
        return
    if tag != "dt":
        writer.flush()
    writer.kinds.pop()
    writer.furniture -= _is_furniture(node, tag)
    writer.preformatted -= tag == "pre"


def _write_table(table: LexborNode, writer: LinearWriter) -> None:
    """Write a table of data: its caption, its header rows as furniture, its rows with their labels."""
    writer.flush()
    path = writer.section
    caption = table.css_first("caption")
    if caption is not None and (lines := _lines_in(caption)):
        body = writer.place_lines(lines)
        writer.emit(BlockKind.CAPTION, body)
        path += (body.text.replace("\n", " "),)
    rows = [
        row
        for row in read_grid(table, _is_dropped, lambda cell: writer.place_lines(_lines_in(cell)))
        if any(cell.body for cell in row)
    ]
    n_heads = count_heads(rows)
    labels = column_labels(rows[:n_heads])
    for n, row in enumerate(rows):
        if n < n_heads or writer.furniture:
            filled = [cell.body for cell in row if cell.body]
            writer.blocks.append(Block(BlockKind.FURNITURE, Traced.joined(filled, "\n"), path))
        else:
            row_labels = [label(cell, labels) for cell in row]
            writer.blocks.append(row_block([cell.body for cell in row], row_labels, path))
    writer.space()


def _lines_in(node: LexborNode) -> list[str]:
    """The lines of a cell, whatever blocks it is made of."""
    writer = LinearWriter()
    for child in children(node):
        _write(child, writer)
    writer.flush()
    return [line for line in "".join(writer.text).split("\n") if line]


def _is_dropped(node: LexborNode) -> bool:
    if node.tag in DROPPED:
        return True
    attributes = node.attributes
    return "hidden" in attributes or bool(HIDDEN_STYLE.search(attributes.get("style") or ""))


def _is_furniture(node: LexborNode, tag: str) -> bool:
    return tag in FURNITURE_TAGS or (node.attributes.get("role") or "") in FURNITURE_ROLES
