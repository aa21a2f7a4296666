"""Markdown: blocks with section paths; the text is the file itself, markers are left out of the blocks.

markdown-it-py tells the lines of a block but not the places of its words; these are found again by
going through the block's source once, left to right, with the parsed pieces.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.document import Block, BlockKind
from ingest.markup import lines_of
from ingest.readers.csv import row_block
from ingest.readers.linear import WIDE
from ingest.traced import Traced

NEWLINE = re.compile(r"\r\n?|\n")
FRONT_MATTER = re.compile(
    r"\A---[ \t]*(?:\r\n?|\n)(?:(?!---|\.\.\.)[^\r\n]*+(?:\r\n?|\n))*+(?:---|\.\.\.)[ \t]*(?=[\r\n]|\Z)"
)
LINK_END = re.compile(
    r"\](?:\(\s*+(?:<[^<>\n]*+>|[^\s()]*+(?:\([^\s()]*+\)[^\s()]*+)*+)"  # destination
    r"""(?:\s++(?:"[^"]*+"|'[^']*+'|\([^()]*+\)))?\s*+\)|\[[^\[\]]*+\])?"""  # title, or a reference
)
PIPE = re.compile(r"(?<!\\)\|")
ROW_PREFIX = re.compile(r"[\s>]*\|?")
LINE_TAG = re.compile(r"</?(?:br|p|div|li)\b", re.IGNORECASE)


def read_markdown(text: str) -> list[Block]:
    """Blocks of a Markdown text in reading order; front matter is furniture."""
    front = FRONT_MATTER.match(text)
    blocks: list[Block] = []
    source = text
    if front:
        blocks.append(Block(BlockKind.FURNITURE, Traced.from_original(text, 0, front.end())))
        source = re.sub(r"[^\r\n]", "", front[0]) + text[front.end() :]
    parser = MarkdownIt("commonmark").enable("table").disable("text_join")
    return blocks + list(_Reader(text).blocks(parser.parse(source)))


class _Reader:
    """Turns the tokens of one text into blocks."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in NEWLINE.finditer(text)), len(text)]
        self._path: list[tuple[int, str]] = []

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        """Blocks in order, none empty."""
        level = n_lists = n = 0
        while n < len(tokens):
            token = tokens[n]
            if token.type == "table_open":
                stop = next(m for m in range(n, len(tokens)) if tokens[m].type == "table_close")
                yield from self._table(tokens[n:stop])
                n = stop
            elif token.type in ("list_item_open", "list_item_close"):
                n_lists += token.nesting
            elif token.type == "heading_open":
                level = int(token.tag[1])
            elif token.type == "heading_close":
                level = 0
            elif token.type == "inline":
                body = self._paragraph(token)
                if body and level:
                    self._path = [*(entry for entry in self._path if entry[0] < level), (level, body.text)]
                if body:
                    paragraph = BlockKind.LIST_ITEM if n_lists else BlockKind.PARAGRAPH
                    yield Block(BlockKind.HEADING if level else paragraph, body, self._section())
            elif token.type in ("fence", "code_block", "html_block"):
                yield from self._verbatim(token)
            n += 1

    def _section(self) -> tuple[str, ...]:
        return tuple(title for _, title in self._path)

    def _table(self, tokens: Sequence[Token]) -> Iterator[Block]:
        labels: list[str] = []
        in_head = False
        row: list[Traced] = []
        cells: list[tuple[int, int]] = []
        for token in tokens:
            if token.type in ("thead_open", "thead_close"):
                in_head = token.nesting > 0
            elif token.type == "tr_open":
                row, cells = [], self._cells(token.map[0] if token.map else 0)
            elif token.type == "inline":
                start, end = cells[len(row)] if len(row) < len(cells) else (0, 0)
                cell = _Pieces(self._text, start, end).joined(token.children or [])
                row.append(Traced.from_original(self._text, start, end).strip() if cell is None else cell)
            elif token.type == "tr_close" and any(row):
                if in_head:
                    labels = [cell.text for cell in row]
                    heads = Traced.joined([cell for cell in row if cell], "\n")
                    yield Block(BlockKind.FURNITURE, heads, self._section())
                else:
                    yield row_block(row, labels, self._section())

    def _cells(self, line: int) -> list[tuple[int, int]]:
        """Where the cells of a table line stand, without the pipes."""
        start, end = self._line(line)
        prefix = ROW_PREFIX.match(self._text, start, end)
        at = prefix.end() if prefix else start
        pipes = [match.start() for match in PIPE.finditer(self._text, at, end)]
        return list(zip([at, *(pipe + 1 for pipe in pipes)], [*pipes, end], strict=True))

    def _verbatim(self, token: Token) -> Iterator[Block]:
        if token.map is None:
            return
        first = token.map[0] + (token.type == "fence")
        contents = token.content.rstrip("\n").split("\n")
        lines = [self._ending(first + n, content) for n, content in enumerate(contents)]
        lines = [line for line in lines if line.strip()]
        body = Traced.joined(lines, "\n")
        if token.type == "html_block":
            body = Traced.joined(lines_of(body), "\n")
        if body:
            yield Block(BlockKind.PARAGRAPH, body, self._section())

    def _paragraph(self, token: Token) -> Traced:
        """The words of a paragraph or heading without their markers; with them if a word cannot be placed."""
        first, last = token.map or (0, 0)
        parts: list[Traced] = []
        contents = token.content.split("\n")
        children: list[Token] = []
        breaks = False
        at = self._ending(first, contents[0]).start
        end = self._line(last - 1)[1]
        for child in [*(token.children or []), None]:
            if child is not None and child.type not in ("softbreak", "hardbreak"):
                children.append(child)
                continue
            pieces = _Pieces(self._text, max(at, 0), end)
            part = pieces.joined(children)
            if part is None:
                return Traced.from_original(self._text, self._line(first)[0], end).strip()
            if part and parts:
                parts.append(Traced.inserted("\n" if breaks else _gap(parts[-1].text, part.text)))
            parts += [part] if part else []
            children, breaks = [], child is not None and child.type == "hardbreak"
            line = bisect_right(self._starts, pieces.at)  # the line after the one reached
            if child is not None and 0 <= line - first < len(contents):
                at = self._ending(line, contents[line - first]).start
        return Traced.joined(parts)

    def _line(self, n: int) -> tuple[int, int]:
        """Where a line stands, without its newline."""
        n = min(max(n, 0), len(self._starts) - 2)
        start, end = self._starts[n], self._starts[n + 1]
        return start, start + len(self._text[start:end].rstrip("\r\n"))

    def _ending(self, n: int, content: str) -> Traced:
        """What a line says after the markers of the quotes and lists around it."""
        start, end = self._line(n)
        content = content.strip()
        at = self._text.rfind(content, start, end)
        return Traced.from_original(self._text, start if at < 0 else at, end if at < 0 else at + len(content))


class _Pieces:
    """Finds parsed pieces again in a stretch of the text, left to right."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._end = end
        self.at = start

    def joined(self, children: Sequence[Token]) -> Traced | None:
        """The pieces' words; `None` if one of them cannot be found."""
        parts: list[Traced] = []
        for child in children:
            part = self._part(child)
            if part is None:
                return None
            parts.append(part)
        return Traced.joined(parts).strip()

    def _part(self, child: Token) -> Traced | None:
        if child.type == "link_close" and child.markup != "autolink":
            bracket = self._text.find("]", self.at, self._end)
            end = LINK_END.match(self._text, bracket, self._end) if bracket >= 0 else None
            self.at = end.end() if end else self.at
        elif child.type == "text_special":
            return self._special(child)
        elif child.type == "html_inline":
            self.at = max(self._text.find(child.content, self.at, self._end) + len(child.content), self.at)
            return Traced.inserted("\n" if LINE_TAG.match(child.content) else "")
        elif child.type == "image":
            found = self._find(child.content)
            bracket = self._text.find("]", self.at, self._end)
            end = LINK_END.match(self._text, bracket, self._end) if bracket >= 0 else None
            self.at = end.end() if end else self.at
            return found
        elif child.content:
            return self._find(child.content)
        return Traced.inserted("")

    def _special(self, child: Token) -> Traced | None:
        """An escape, which is its second character, or an entity, which is decoded."""
        start = self._text.find(child.markup, self.at, self._end)
        if start < 0:
            return None
        self.at = start + len(child.markup)
        if child.info == "escape":
            return Traced.from_original(self._text, start + 1, self.at)
        return Traced.decoded(child.content, start, self.at)

    def _find(self, content: str) -> Traced | None:
        """The next place of the content; failing that, of its words one by one."""
        start = self._text.find(content, self.at, self._end)
        if start >= 0:
            self.at = start + len(content)
            return Traced.from_original(self._text, start, self.at)
        words: list[Traced] = []
        for word in re.split(r"\s+|(?=\|)", content):  # a pipe in a table cell is escaped
            start = self._text.find(word, self.at, self._end)
            if start < 0:
                return None
            self.at = start + len(word)
            words.append(Traced.from_original(self._text, start, self.at))
        return Traced.joined(words, "" if "|" in content else " ")


def _gap(before: str, after: str) -> str:
    """What a line break inside a paragraph stands for."""
    return "" if WIDE.match(before[-1]) and WIDE.match(after[0]) else " "
