"""Repair of text extracted from PDFs, from its lines alone: what belongs together is joined again.

Nothing here changes a character. Lines are cut out of the original as `Traced` text, white space
between them is dropped or put in, and every repair is a judgement about neighbouring lines only, so
that clean prose passes through untouched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.tokenizer import Tokenizer
from ingest.traced import Traced

STOP = re.compile(r"[。！？!?．]$")
STOP_IN_BRACKETS = re.compile(r"[。！？!?．][\"'’”」』）)】\]]+$")
ITEM_START = re.compile(
    r"[・•‣◦●○〇◎■□◆◇▲△▼▽★☆※➢⇒→＊❶-❿①-⑳⑴-⒇㋐-㋾]|[-*]\s"
    r"|[(（]?[0-9０-９]{1,2}[)）．.、:：]\s*(?![0-9０-９])|[(（][一-十ア-ンa-zA-Z]{1,3}[)）]"
    r"|[0-9０-９]{1,2}\u3000(?=[^\W\d_])|[一二三四五六七八九十]{1,3}\u3000(?=[^\W\d_])"
    r"|[０-９]{1,2} (?=[^\W\d_]{2})(?!(?:か[国所月年]|団体|時間|日間|年度|千円|万円))"
    r"|[＜<〈《【［\[〔].{1,40}[＞>〉》】］\]〕]|第[0-9０-９一二三四五六七八九十]+[編章節款条回部期]"
)
ANNEX = re.compile(
    r"(?:附[ \u3000]*則|(?:別[表記紙添]|様式)(?:第?[0-9０-９一二三四五六七八九十]+号?)?)"
    r"(?:[（(][^（）()]+[）)])?$"
)
LINE = re.compile(r"[^\n\r\f\x85\u2028\u2029]+")
BREAK = re.compile(r"\r\n|[\n\r\f\x85\u2028\u2029]")
SPACED_OUT = re.compile(r"\S(?:[ 　]\S){3,}$")
WORD_BREAK = re.compile(r"[ぁ-んァ-ヶー一-龠々a-zA-Zａ-ｚＡ-Ｚ、，・」）]$")
LATIN_EDGE = re.compile(r"[0-9A-Za-z,.;:!?)\]’'”]$")
LATIN_START = re.compile(r"[0-9A-Za-z(\[‘'“]")
PLAIN_NUMBER = re.compile(r"[△▲±+-]?[0-9０-９,，.．:：%％]+$")
LABEL = re.compile(r"[^\W\d][^\s:：、。「」（）()]{0,11}(?<!\d)[:：](?!//)\s?\S")
NUMBER_CELL = re.compile(r"(?:[△▲±+-]?[0-9０-９][0-9０-９,，.．:：]*[%％]?|[-－―–])[一-龠]{0,2}$")
CODE = re.compile(
    r"[;{}]$|; |^[$#] |\w\(.*\)[:;]?$|(?:^| )[-+*/:]?=[=>]?(?: |$)|^</?\w+[^<>]*>|^\[\w+\]$|\w+\([^()]*$"
)
CODE_WORD = re.compile(
    r"(?:async|class|const|def|elif|else|except|export|for|from|function|if|import|let|return|try|var|while|with"
    r"|SELECT|FROM|WHERE|GROUP|ORDER|INSERT|UPDATE|cp|ls|mv|rm|cd|echo)\b.*[^.,]$"
)
AMOUNT = re.compile(r"[0-9０-９][0-9０-９,，.．]*[ \u3000]?(?:[一-龠]{1,2}|[%％])?$")
MIN_PAGE_STARTS = 3  # lines with one space in front, in a file that does not indent, that tell page starts
MIN_RUN = 3  # characters, one a line, that make a vertical run
MIN_FULL = 12  # characters; shorter lines of one length are labels as often as wrapped text
MIN_PART = 3  # characters of a line that grammar can judge
MAX_CELL = 14  # characters of a cell in a row of words
MAX_CODE = 200  # characters of a line of a program
MAX_JOINED = 2000  # characters; a longer line is no paragraph of a page


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


def join_wrapped(lines: Sequence[Line], tokenizer: Tokenizer) -> Iterator[Line]:
    """Lines that a page's width broke become one line again.

    A line goes on in the next if the file's own habit says so (`Line.open`), or else if it fills its
    column, or if grammar says so: a word stands across the break, or one side cannot stand alone.
    """
    held: Line | None = None
    part = ""
    columns = _columns(lines)
    for n, line in enumerate(lines):
        if held is not None and _goes_on(part, held, line, columns[n - 1], tokenizer):
            glue = " " if LATIN_EDGE.search(part) and LATIN_START.match(line.text) else ""
            body = Traced.joined([held.body, line.body], glue)
            held = Line(body, held.gap, line.open, held.page, held.starts_page)
        else:
            if held is not None:
                yield held
            held = line
        part = line.text
    if held is not None:
        yield held


@dataclass(frozen=True, slots=True)
class _Column:
    width: int  # characters of the widest line around
    double_spaced: bool  # whether an empty line stands between all lines around


def _columns(lines: Sequence[Line]) -> list[_Column]:
    """What the lines around each line look like, at most 4 away and no larger gap between."""
    sizes = [len(line.text) for line in lines]
    out = []
    for n in range(len(lines)):
        low, high = n, n
        while low > 0 and n - low < 4 and lines[low].gap <= 1:
            low -= 1
        while high + 1 < len(lines) and high - n < 4 and lines[high + 1].gap <= 1:
            high += 1
        inner = lines[low + 1 : high + 1]
        out.append(_Column(max(sizes[low : high + 1]), bool(inner) and all(line.gap == 1 for line in inner)))
    return out


def _goes_on(part: str, held: Line, line: Line, column: _Column, tokenizer: Tokenizer) -> bool:
    """Whether `line` continues `held`, whose last physical line is `part`."""
    if STOP.search(part) or ANNEX.match(part) or ITEM_START.match(line.text) or len(held.text) > MAX_JOINED:
        return False
    if (
        cells(line.text)
        or cells(part)
        or _are_rows(part, line.text)
        or (LABEL.match(part) and LABEL.match(line.text))
        or _is_code(part, line.text)
    ):
        return False
    if STOP_IN_BRACKETS.search(part):  # （以下「○○」という。）を … goes on, （…した。） does not
        return line.gap <= 1 and _needs_more(part[-12:], line.text[:12], tokenizer, wrapped=False)
    if held.open is not None:
        return held.open and line.gap <= 2
    if line.gap > 1 or line.starts_page or _is_value(part) or line.text.isdecimal():
        return False
    wrapped = line.gap == 0 or column.double_spaced
    if wrapped and len(part) >= MIN_FULL and len(part) >= 0.8 * column.width:
        return True
    if not WORD_BREAK.search(part) or len(part) < MIN_PART:
        return False
    if line.gap == 1 and len(part) >= MIN_FULL and _ends_in_particle(part[-12:], tokenizer):
        return True
    return _needs_more(part[-12:], line.text[:12], tokenizer, wrapped=wrapped)


def _is_value(text: str) -> bool:
    """Whether a line is a number, one with its unit (80 名), or a row of cells that ends with a number."""
    return bool(AMOUNT.match(text)) or (text[-1:].isdecimal() and len(text.split()) > 1)


def _ends_in_particle(text: str, tokenizer: Tokenizer) -> bool:
    """Whether a line breaks off after の, を and the like, so that it goes on even below an empty line."""
    return text[-1] in "のをにがはと" and tokenizer.words(text)[-1][1] == "助詞"


def cells(text: str) -> tuple[str, ...]:
    """The cells of a line such as 「汐町 52 35 10」, whose last two at least are numbers; else none."""
    parts = tuple(text.split())
    is_row = len(parts) >= 3 and parts[0][0].isalnum() and all(NUMBER_CELL.match(part) for part in parts[-2:])
    return parts if is_row and not PLAIN_NUMBER.match(parts[0]) else ()


def _are_rows(one: str, other: str) -> bool:
    """Whether two lines are of as many short words side by side, three or more, as rows of a table are."""
    rows = one.split(), other.split()
    return len(rows[0]) == len(rows[1]) >= 3 and all(
        len(cell) <= MAX_CELL and not cell.endswith(("。", "、")) for row in rows for cell in row
    )


def _is_code(one: str, other: str) -> bool:
    """Whether two neighbouring lines are of a program: each has signs or a word that programs have."""
    if max(len(one), len(other)) > MAX_CODE:
        return False
    signs = [bool(CODE.search(text)) and _latin(text) for text in (one, other)]
    words = [bool(CODE_WORD.match(text)) and _latin(text) for text in (one, other)]
    return all(sign or word for sign, word in zip(signs, words, strict=True))


def _latin(text: str) -> bool:
    return sum(char < "\x7f" for char in text) >= 0.7 * len(text)


def _needs_more(left: str, right: str, tokenizer: Tokenizer, *, wrapped: bool) -> bool:
    """Whether grammar joins the two: a word across the break, or a side that cannot stand alone."""
    left, right = "".join(left.split()), "".join(right.split())
    words = tokenizer.words(left + right)
    at = 0
    for n, (surface, _) in enumerate(words):
        if at < len(left) < at + len(surface):
            return len(surface) > 1
        at += len(surface)
        if at == len(left):
            last, first = words[n][1], words[n + 1][1] if n + 1 < len(words) else ""
            leads = first in ("助詞", "助動詞") and "ぁ" <= right[0] <= "ん"
            return leads or (wrapped and (last in ("助詞", "接頭辞") or left[-1] in "、，・・たなる"))
    return False


def mask_digits(text: str) -> str:
    """The text with each run of digits as `#`, so that 「3頁」 and 「12頁」 are one."""
    return re.sub(r"[0-9０-９]+", "#", text)
