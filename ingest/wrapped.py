"""Lines that a page's width broke, joined again by the file's habit, the width of its columns and grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from ingest.layout import ANNEX, ITEM_START, STOP, Line, cells
from ingest.tokenizer import Tokenizer
from ingest.traced import Traced

STOP_IN_BRACKETS = re.compile(r"[。！？!?．][\"'’”」』）)】\]]+$")
WORD_BREAK = re.compile(r"[ぁ-んァ-ヶー一-龠々a-zA-Zａ-ｚＡ-Ｚ、，・」）]$")
LATIN_EDGE = re.compile(r"[0-9A-Za-z,.;:!?)\]’'”]$")
LATIN_START = re.compile(r"[0-9A-Za-z(\[‘'“]")
WORD_END = re.compile(r"[A-Za-z],?$")
WORD_START = re.compile(r"[A-Za-z]")
QUOTATION = (("「", "」"), ("『", "』"))
LABEL = re.compile(r"[^\W\d][^\s:：、。「」（）()]{0,11}(?<!\d)[:：](?!//)\s?\S")
CODE = re.compile(
    r"[;{}]$|; |^[$#] |\w\(.*\)[:;]?$|(?:^| )[-+*/:]?=[=>]?(?: |$)|^</?\w+[^<>]*>|^\[\w+\]$|\w+\([^()]*$"
)
CODE_WORD = re.compile(
    r"(?:async|class|const|def|elif|else|except|export|for|from|function|if|import|let|return|try|var|while|with"
    r"|SELECT|FROM|WHERE|GROUP|ORDER|INSERT|UPDATE|cp|ls|mv|rm|cd|echo)\b.*[^.,]$"
)
AMOUNT = re.compile(r"[0-9０-９][0-9０-９,，.．]*[ \u3000]?(?:[一-龠]{1,2}|[%％])?$")
FULL = 0.8  # of its column, from which a line is full
MIN_FULL = 12  # characters; shorter lines of one length are labels as often as wrapped text
MIN_PART = 3  # characters of a line that grammar can judge
MAX_CELL = 14  # characters of a cell in a row of words
MAX_CODE = 200  # characters of a line of a program
MAX_JOINED = 2000  # characters; a longer line is no paragraph of a page


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
    n_chars: int  # of the longest line around
    width: int  # of the widest, see `_width`
    double_spaced: bool  # whether an empty line stands between all lines around


def _columns(lines: Sequence[Line]) -> list[_Column]:
    """What the lines around each line look like, at most 4 away and no larger gap between."""
    sizes = [len(line.text) for line in lines]
    widths = [_width(line.text) for line in lines]
    out = []
    for n in range(len(lines)):
        low, high = n, n
        while low > 0 and n - low < 4 and lines[low].gap <= 1:
            low -= 1
        while high + 1 < len(lines) and high - n < 4 and lines[high + 1].gap <= 1:
            high += 1
        inner = lines[low + 1 : high + 1]
        double_spaced = bool(inner) and all(line.gap == 1 for line in inner)
        out.append(_Column(max(sizes[low : high + 1]), max(widths[low : high + 1]), double_spaced))
    return out


def _width(text: str) -> int:
    """How wide a line is printed, in halves of a kanji."""
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)


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
    if _quotes_on(part, line.text):
        return line.gap <= 2
    # Between words in Latin letters a blank tells nothing of the file's habit, and grammar nothing of a word.
    are_words = bool(WORD_END.search(part) and WORD_START.match(line.text))
    if held.open is not None and not are_words:
        return held.open and line.gap <= 2
    if line.gap > 1 or line.starts_page or _is_value(part) or line.text.isdecimal():
        return False
    if are_words:
        is_full = len(part) >= MIN_FULL and _width(part) >= FULL * column.width
        return is_full or (held.open is None and _reads_on(part, line, column, tokenizer))
    return _reads_on(part, line, column, tokenizer)


def _reads_on(part: str, line: Line, column: _Column, tokenizer: Tokenizer) -> bool:
    """Whether a line that fills its column, or grammar, makes the next go on, where no habit tells."""
    wrapped = line.gap == 0 or column.double_spaced
    if wrapped and len(part) >= MIN_FULL and len(part) >= FULL * column.n_chars:
        return True
    if not WORD_BREAK.search(part) or len(part) < MIN_PART:
        return False
    if line.gap == 1 and len(part) >= MIN_FULL and _ends_in_particle(part[-12:], tokenizer):
        return True
    return _needs_more(part[-12:], line.text[:12], tokenizer, wrapped=wrapped)


def _quotes_on(part: str, line: str) -> bool:
    """Whether a quotation that is open at a line's end is closed in the next."""
    for opening, closing in QUOTATION:
        if part.rfind(opening) > part.rfind(closing):
            before = line.partition(closing)
            return bool(before[1]) and opening not in before[0]
    return False


def _is_value(text: str) -> bool:
    """Whether a line is a number, one with its unit (80 名), or a row of cells that ends with a number."""
    return bool(AMOUNT.match(text)) or (text[-1:].isdecimal() and len(text.split()) > 1)


def _ends_in_particle(text: str, tokenizer: Tokenizer) -> bool:
    """Whether a line breaks off after の, を and the like, so that it goes on even below an empty line."""
    return text[-1] in "のをにがはと" and tokenizer.words(text)[-1][1] == "助詞"


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
