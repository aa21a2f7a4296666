"""Repair of text extracted from PDFs, from its lines alone: what belongs together is joined again.

Nothing here changes a character. Lines are cut out of the original as `Traced` text, white space
between them is dropped or put in, and every repair is a judgement about neighbouring lines only, so
that clean prose passes through untouched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.traced import Traced

STOP = re.compile(r"[。！？!?．]$")
ITEM_START = re.compile(
    r"[・•‣◦●○〇◎■□◆◇▲△▼▽★☆※➢⇒→＊❶-❿①-⑳⑴-⒇㋐-㋾]|[-*]\s"
    r"|[(（]?[0-9０-９]{1,2}[)）．.、:：]\s*(?![0-9０-９])|[(（][一-十ア-ンa-zA-Z]{1,3}[)）]"
    r"|[0-9０-９]{1,2}\u3000(?=[^\W\d_])|[一二三四五六七八九十]{1,3}\u3000(?=[^\W\d_])"
    r"|[０-９]{1,2} (?=[^\W\d_]{2})(?!(?:か[国所月年]|団体|時間|日間|年度|千円|万円))"
    r"|[＜<〈《【［\[〔].{1,40}[＞>〉》】］\]〕]|第[0-9０-９一二三四五六七八九十]+[編章節款条回部期]"
)
ANNEX_NAME = r"(?:別[表記紙添]|様式)(?:第?[0-9０-９一二三四五六七八九十]+号?)?"
ANNEX = re.compile(
    rf"(?:附[ \u3000]*則|{ANNEX_NAME})(?:[（(][^（）()]+[）)])?$"
    rf"|[【〔［\[]{ANNEX_NAME}[】〕］\]](?:[ \u3000]*$|[ \u3000]+[^。、]{{1,40}}$)"  # 【様式１】 参加申込書
)
LINE = re.compile(r"[^\n\r\f\x85\u2028\u2029]+")
BREAK = re.compile(r"\r\n|[\n\r\f\x85\u2028\u2029]")
SPACED_OUT = re.compile(r"\S(?:[ 　]\S){3,}$")
SPACED_KANJI = re.compile(r"(?![上中下大小有無東西南北男女 　]+$)[一-龠々](?:[ 　]{1,2}[一-龠々]){2,5}$")
PLAIN_NUMBER = re.compile(r"[△▲±+-]?[0-9０-９,，.．:：%％]+$")
NUMBER_CELL = re.compile(r"(?:[△▲±+-]?[0-9０-９][0-9０-９,，.．:：]*[%％]?|[-－―–])[一-龠]{0,2}$")
MIN_PAGE_STARTS = 3  # lines with one space in front, in a file that does not indent, that tell page starts
MIN_RUN = 3  # characters, one a line, that make a vertical run


@dataclass(frozen=True, slots=True)
class Line:
    """One line that says something.

    Attributes:
        body: The line without white space at its ends.
        gap: Empty lines before it.
        open: Whether it ended without the trailing space that this file puts at a paragraph's end;
            `None` where the file shows no such habit.
        page: 1-based page counted by form feeds, `None` if the file has none: a wrong page is worse.
        starts_page: Whether it is the first line of its page.
    """

    body: Traced
    gap: int
    open: bool | None = None
    page: int | None = None
    starts_page: bool = False

    @property
    def text(self) -> str:
        """The line's text."""
        return self.body.text


def split_lines(original: str) -> list[Line]:
    """Cut the original into its lines; lines of white space only become the next line's `gap`.

    A page starts at a form feed, or where a file that never indents otherwise has a line with one
    space in front right after another line (what some extractors leave of a form feed).
    """
    rows = [(m.start(), m[0]) for m in LINE.finditer(original) if m[0].strip()]
    texts = [text for _, text in rows]
    before = [
        original[end:start] for end, start in zip(_ends(rows), (start for start, _ in rows), strict=False)
    ]
    marks_ends = _marks_paragraph_ends(texts)
    indented = sum(text[:2].strip() == "" for text in texts)
    lone = [text[0] == " " and text[1:2].strip() != "" for text in texts]
    counted = "\f" in original
    paged = counted or (sum(lone) >= MIN_PAGE_STARTS and indented <= len(texts) / 10)
    out: list[Line] = []
    page = 1
    for n, (start, text) in enumerate(rows):
        gap = max(0, _breaks(before[n]) - 1) if n else _breaks(before[n])
        page += before[n].count("\f")
        starts_page = paged and (n == 0 or "\f" in before[n] or (lone[n] and gap == 0))
        left = start + len(text) - len(text.lstrip())
        body = Traced.from_original(original, left, start + len(text.rstrip()))
        is_open = text == text.rstrip() if marks_ends else None
        out.append(Line(_unspaced(body), gap, is_open, page if counted else None, starts_page))
    return out


def _ends(rows: Sequence[tuple[int, str]]) -> list[int]:
    """Where the row before each one ends."""
    return [0, *(start + len(text) for start, text in rows)]


def _breaks(between: str) -> int:
    """Line breaks in what stands between two rows; a page break is one too."""
    return len(BREAK.findall(between))


def _marks_paragraph_ends(lines: Sequence[str]) -> bool:
    """Whether a trailing space tells a paragraph's last line, as in PDFs made by word processors."""
    if len(lines) < 20:
        return False
    trailing = [text != text.rstrip() for text in lines]
    full_stops = [mark for mark, text in zip(trailing, lines, strict=True) if text.rstrip().endswith("。")]
    share = sum(trailing) / len(lines)
    return 0.2 <= share <= 0.95 and len(full_stops) >= 3 and sum(full_stops) / len(full_stops) > 0.7


def _unspaced(body: Traced) -> Traced:
    """Letters spaced out to fill a line (人　事　課) pulled together."""
    text = body.text
    if not SPACED_OUT.match(text) or text.isascii():
        return body
    return Traced.joined([body[n : n + 1] for n in range(len(text)) if not text[n].isspace()])


def unspaced_lines(body: Traced) -> Traced:
    """A text whose lines of few kanji that are set apart (製　造　業) are pulled together."""
    lines, start = [], 0
    for line in body.text.split("\n"):
        part = body[start : start + len(line)]
        if SPACED_KANJI.match(line):
            part = Traced.joined([part[n : n + 1] for n in range(len(line)) if not line[n].isspace()])
        lines.append(part)
        start += len(line) + 1
    return Traced.joined(lines, "\n")


def unspaced_title(text: str) -> str:
    """A heading or label, pulled together likewise."""
    return "".join(text.split()) if SPACED_KANJI.match(text) else text


def join_vertical(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines of one character each, one under another, become one line."""
    run: list[Line] = []
    for line in lines:
        if (
            len(line.text) == 1
            and not line.text.isdecimal()
            and not (run and (line.gap > 1 or line.starts_page))
        ):
            run.append(line)
            continue
        yield from _as_one(run)
        run = []
        if len(line.text) == 1 and not line.text.isdecimal():
            run.append(line)
        else:
            yield line
    yield from _as_one(run)


def _as_one(run: Sequence[Line]) -> Iterator[Line]:
    symbols = all(not line.text.isalnum() for line in run)
    if len(run) < MIN_RUN or symbols or len({line.text for line in run}) == 1:
        yield from run
        return
    first = run[0]
    body = Traced.joined([line.body for line in run])
    is_open = False if first.open is not None else None
    yield Line(body, first.gap, is_open, first.page, first.starts_page)


def cells(text: str) -> tuple[str, ...]:
    """The cells of a line such as 「汐町 52 35 10」, whose last two at least are numbers; else none."""
    parts = tuple(text.split())
    is_row = len(parts) >= 3 and parts[0][0].isalnum() and all(NUMBER_CELL.match(part) for part in parts[-2:])
    return parts if is_row and not PLAIN_NUMBER.match(parts[0]) else ()


def mask_digits(text: str) -> str:
    """The text with each run of digits as `#`, so that 「3頁」 and 「12頁」 are one."""
    return re.sub(r"[0-9０-９]+", "#", text)
