"""HTML left over inside table cells: tags dropped, block tags turned into line breaks, entities decoded."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ingest.traced import Traced

BREAKING = frozenset(
    {
        "p",
        "br",
        "div",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "form",
    }
    | {
        "table",
        "thead",
        "tbody",
        "tfoot",
        "tr",
        "td",
        "th",
        "caption",
        "center",
        "section",
        "article",
        "address",
    }
    | {"blockquote"}
)
INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "big",
        "code",
        "em",
        "font",
        "i",
        "img",
        "input",
        "label",
        "mark",
        "nobr",
        "q",
        "s",
        "small",
    }
    | {"span", "strike", "strong", "sub", "sup", "tt", "u", "wbr", "ruby", "rb", "rp", "rt", "o:p"}
)
TOKEN = re.compile(
    r"(?P<comment><!--)"
    r"|<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:]{0,15})(?P<rest>(?:[\s/][^<>]*+)?)(?P<end>>|\Z)"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<newline>[\r\n\v\f\x85\u2028\u2029]+)"
    r"|(?P<bullet>(?<=\s)(?=[・○●◎◇◆■□※]\s*\S))"
)
ATTRIBUTE = re.compile(r"[A-Za-z-]+\s*=")


def lines_of(cell: Traced) -> list[Traced]:
    """The lines of a cell without its markup, stripped, none empty.

    Only known HTML tags are tags: `A < B`, `<5>` and `＜講演＞` stay. A tag cut off by the end of the
    cell is dropped as well. A bullet after white space starts a line, since exports flatten lists.
    """
    if TOKEN.search(cell.text) is None:
        line = cell.strip()
        return [line] if line else []
    lines: list[list[Traced]] = [[]]
    for piece in _pieces(cell):
        if piece is None:
            lines.append([])
        else:
            lines[-1].append(piece)
    stripped = (Traced.joined(line).strip() for line in lines)
    return [line for line in stripped if line]


def _pieces(cell: Traced) -> Iterator[Traced | None]:
    """Runs of text in order, `None` where a line ends."""
    text = cell.text
    at = scan = 0
    last_comment_end = text.rfind("-->")
    while token := TOKEN.search(text, scan):
        start, end, kind = token.start(), token.end(), _kind(token)
        if kind == "none" or (kind == "comment" and end > last_comment_end):
            scan = start + 1
            continue
        if start > at:
            yield cell[at:start]
        if kind == "comment":
            end = text.index("-->", end) + 3
        elif kind == "entity":
            yield _decoded(cell, start, end)
        elif kind == "break":
            yield None
        at, scan = end, max(end, start + 1)
    if at < len(text):
        yield cell[at:]


def _kind(token: re.Match[str]) -> str:
    """One of comment, entity, break, inline, none."""
    if token["name"] is None:
        return token.lastgroup if token.lastgroup in ("comment", "entity") else "break"
    if not _is_tag(token):
        return "none"
    return "break" if token["name"].lower() in BREAKING else "inline"


def _is_tag(token: re.Match[str]) -> bool:
    """Whether it is HTML: a known name and, where it could be a comparison (`a <b and c> d`), attributes."""
    name, rest = token["name"].lower(), token["rest"].strip(" \t\r\n/")
    if name not in BREAKING and name not in INLINE:
        return False
    has_attributes = ATTRIBUTE.match(rest) is not None
    if token["end"]:
        return not rest or has_attributes or len(name) > 1
    return has_attributes or (not rest and (token["close"] == "/" or len(name) > 1))


def _decoded(cell: Traced, start: int, end: int) -> Traced:
    """The character that an entity stands for, citing the entity; an unknown one as it is."""
    source = cell[start:end]
    text = html.unescape(source.text)
    if text == source.text:
        return source
    ranges = source.spans()
    return Traced.decoded(text, ranges[0].start, ranges[-1].end)
