"""Offer: a question that a document's own words suggest, and the place that should answer it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from assistant.topic import has_topic
from ingest.document import Block, BlockKind, Document
from ingest.tokenizer import default_tokenizer

TITLE_CHARS = range(4, 25)
SECTION_CHARS = 40  # of a section that has something to say about its heading
QUESTION_CHARS = 45  # of a question that somebody may want to read

TERM = "[一-鿿々ァ-ヺーA-Za-zＡ-Ｚａ-ｚ0-9０-９・]"
DEFINED = re.compile(
    rf"「([^「」、。\n]{{3,25}})」(?:とは、|（以下「)"
    rf"|(?<!{TERM})({TERM}{{5,25}})（以下「"
    r"|^【([^【】\n]{3,20})】(?=\s*\S{15})"
    rf"|(?:^|(?<=[。\n]))[・※＊*]?\s*({TERM}{{3,20}})とは、"
)
NUMBERING = re.compile(
    r"^(?:[\s◆◇■□●○〇◎▼▶＜<【《〔\[]"
    r"|第?[0-9０-９一二三四五六七八九十]+(?:[.．\-－の][0-9０-９]+)*[章節条編款項部.．、)）\s]"
    r"|[A-ZＡ-Ｚa-z]?[-－][0-9０-９]+\s|[A-ZＡ-Ｚ]\s|[（(][0-9０-９一-十ア-ンA-Za-z]{1,3}[)）]"
    r"|[①-⑳❶-❿Ⅰ-Ⅻⅰ-ⅻ][.．、]?)+"
    r"|[】＞>》〕\]]$"
)
QUESTION_LIKE = re.compile(r"[?？]$|(?:です|ます|でしょう)か[。？?]?$")
ARTICLE = re.compile(r"^[（(]([^（）()\n]{4,20})[)）](?:\n|$)")  # the title of an article of a law
TELLS_NOTHING = re.compile(
    r"^(?:関連リンク|お?問い?合わせ先?|はじめに|おわりに|まえがき|あとがき|目次|附則|概要|構成|役割|背景|目的"
    r"|その他|参考(?:資料|文献)?|備考|凡例|出典|索引|資料\d*|(?:表|図|別表|様式|別紙|資料)[\d０-９\s\-－].*)$"
    r"|^(?:今回|本日|上記|次の|以下|前述|同上|ここ)"  # says something on its own page only
    r"|^[\W\d_元年月日現在時点度令和平成昭和]+$|^第?[\W\d]+[回号期版]$"  # dates and bare numbers
    r"|[0-9０-９]+月\s*[0-9０-９]+日|[0-9０-９]+日|[0-9０-９][年月日]?[現時][在点]|[pPｐＰ][.．]\s?\d"
    r"|[①-⑳❶-❿○◯×%％…→＝=：:、。]|\s\S+\s"  # signs, lists
    r"|^[^「]*」|「[^」]*$|^[^（(]*[)）]|[（(][^）)]*$|^[（(].*[)）]$"  # halves, remarks
)
CHAIN = " › "  # between a header and those above it
REMARK = re.compile(r"[（(][^（）()]*[)）]$")
ASKED_BY = (  # the word that asks for what stands under a header
    (r"(?:料金|費用?|金額|価格|単価|額)$", "いくら"),
    (r"(?:数|人数|件数)$", "いくつ"),
    (r"(?:日|年月日?|日時|時期|期限|年度)$", "いつ"),
    (r"(?:課|部署|場所|会場|所在地|窓口|所)$", "どこ"),
    ("", "何"),
)
CASES = frozenset("でがをはも")
ENDS_A_NAME = frozenset({"名詞", "接尾辞", "記号", "形状詞"})
CLOSES = frozenset("」』）)")


class Kind(IntEnum):
    """What a question was drawn from, the best first."""

    ASKED = 0  # a heading that is a question
    DEFINITION = 1
    HEADING = 2
    SHORTENED = 3  # a name with its short form, which says less than a definition
    ROW = 4


@dataclass(frozen=True, slots=True)
class Offer:
    """A question and the half-open range of the document's text that should answer it.

    Attributes:
        words: Those of the document that it was drawn from.
    """

    kind: Kind
    question: str
    words: str
    document_id: str
    start: int
    end: int


def offers(document: Document, seen: Counter[str]) -> Iterator[Offer]:
    """The questions that a document suggests, in reading order, none twice.

    Args:
        document: With its blocks.
        seen: How often each heading occurs over all documents; one that occurs twice tells nothing.
    """
    blocks = [block for block in document.blocks if block.kind is not BlockKind.FURNITURE]
    offered: set[str] = set()
    for block, end in zip(blocks, _section_ends(blocks, len(document.text)), strict=True):
        start = block.spans[0].start
        for kind, question, words in _questions(block, document.title, seen):
            is_section = kind in (Kind.ASKED, Kind.HEADING)
            stop = end if is_section else block.spans[-1].end
            is_empty = is_section and stop - block.spans[-1].end < SECTION_CHARS
            if question not in offered and len(question) <= QUESTION_CHARS and not is_empty:
                offered.add(question)
                yield Offer(kind, question, words, document.id, start, stop)


def titles(blocks: Sequence[Block]) -> Iterator[str]:
    """Headings, and the titles of articles, without their numbers."""
    for block in blocks:
        article = ARTICLE.match(block.text)
        if block.kind is BlockKind.HEADING and "\n" not in block.text:
            yield NUMBERING.sub("", block.text).strip()
        elif article and block.kind is not BlockKind.TABLE_ROW:
            yield article[1]


def _questions(block: Block, title: str, seen: Counter[str]) -> Iterator[tuple[Kind, str, str]]:
    for found in DEFINED.finditer(block.text):
        term = found[1] or found[2] or found[3] or found[4]
        if is_telling(term):
            yield Kind.SHORTENED if found[2] else Kind.DEFINITION, f"「{term}」とは何ですか。", term
    if block.kind is BlockKind.TABLE_ROW:
        yield from _about_cells(block)
    for words in titles([block]):
        if seen[words] > 1 or words == title:
            continue
        if QUESTION_LIKE.search(words):
            if has_topic(words):
                yield Kind.ASKED, words, words
        elif len(words) in TITLE_CHARS and is_telling(words) and _is_name(words):
            yield Kind.HEADING, f"{words}について教えてください。", words


def _about_cells(block: Block) -> Iterator[tuple[Kind, str, str]]:
    """One question: the first cell that has a header, of the row that its first cell names."""
    starts = (0, *block.cells)
    cells = [block.text[start:end].strip() for start, end in zip(starts, block.cells, strict=False)]
    name = NUMBERING.sub("", cells[0]) if cells else ""
    if len(name) not in TITLE_CHARS or "\n" in name or not is_telling(name) or not _is_name(name):
        return
    for label, cell in list(zip(block.headers, cells, strict=False))[1:]:
        header = REMARK.sub("", NUMBERING.sub("", label.rsplit(CHAIN, 1)[-1])).strip()
        if cell and len(header) in range(2, 16) and "\n" not in header and _is_name(header):
            asked = next(word for pattern, word in ASKED_BY if re.search(pattern, header))
            yield Kind.ROW, f"{name}の{header}は{asked}ですか。", name
            return


def is_telling(words: str) -> bool:
    """Whether words name something that can be asked about away from their page."""
    return not TELLS_NOTHING.search(words) and has_topic(words)


def _is_name(text: str) -> bool:
    """Whether a heading can stand before 「について」: it ends in a noun and is no piece of a sentence."""
    if "。" in text or not any(char.isalpha() for char in text):
        return False
    if text[-1] in CLOSES:
        return True
    words = default_tokenizer().words(text)
    cases = [n for n, (word, kind) in enumerate(words) if kind == "助詞" and word in CASES]
    needs_verb = bool(cases) and all(kind != "動詞" for _, kind in words[cases[-1] :])
    return bool(words) and words[-1][1] in ENDS_A_NAME and not needs_verb


def _section_ends(blocks: Sequence[Block], end: int) -> list[int]:
    """For each block, where the next heading starts."""
    ends = []
    for block in reversed(blocks):
        ends.append(end)
        if any(True for _ in titles([block])):
            end = block.spans[0].start
    return ends[::-1]
