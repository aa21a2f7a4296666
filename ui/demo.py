"""Questions to show what the documents can answer, drawn from the documents themselves."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from assistant.answer import Answer, AnswerStatus
from index.store import Store
from ingest.document import Block, BlockKind, Document

N_QUESTIONS = 3
MOST_DOCUMENTS = 30  # are looked at
MOST_TRIES = 10  # questions of one document
TITLE_CHARS = range(4, 25)
MORE_CHARS = 15  # that an answer must say beyond the words of the heading

TERM = "[一-鿿々ァ-ヺーA-Za-zＡ-Ｚａ-ｚ0-9０-９・]"
DEFINED = re.compile(
    rf"「([^「」、。\n]{{3,25}})」(?:とは、|（以下「)"
    rf"|({TERM}{{5,25}})（以下「"
    r"|^【([^【】\n]{3,20})】(?=\s*\S{15})"
)
NUMBERING = re.compile(
    r"^(?:[\s◆◇■□●○◎▼▶＜<【《〔\[]|第?[0-9０-９一二三四五六七八九十]+(?:[.．\-－の][0-9０-９]+)*[章節条編款項部.．、)）\s]"
    r"|[A-ZＡ-Ｚa-z]?[-－][0-9０-９]+\s|[A-ZＡ-Ｚ]\s|[（(][0-9０-９一-十ア-ンA-Za-z]{1,3}[)）]|[①-⑳❶-❿Ⅰ-Ⅻⅰ-ⅻ][.．、]?)+"
    r"|[】＞>》〕\]]$"
)
QUESTION_LIKE = re.compile(r"[?？]$|(?:です|ます|でしょう)か[。？?]?$")
ARTICLE = re.compile(r"^[（(]([^（）()\n]{4,20})[)）](?:\n|$)")  # the title of an article of a law
TELLS_NOTHING = re.compile(
    r"^(?:関連リンク|お?問い?合わせ先?|はじめに|おわりに|目次|附則|概要|構成|役割|背景|目的|その他|参考(?:資料)?|備考|資料\d*)$"
    r"|^[\W\d_元年月日現在時点令和平成昭和]+$|[①-⑳❶-❿○◯×%％…]|\s\S+\s"  # dates, signs, lists in one line
)


class Kind(IntEnum):
    """What a question was drawn from, the best first."""

    ASKED = 0  # a heading that is a question
    DEFINITION = 1
    HEADING = 2
    SHORTENED = 3  # a name with its short form, which says less than a definition
    ROW = 4


@dataclass(frozen=True, slots=True)
class Offer:
    """A question and the half-open range of the document's text that should answer it."""

    kind: Kind
    question: str
    words: str
    document_id: str
    start: int
    end: int


def draw_questions(store: Store, folder: Path, ask: Callable[[str], Answer]) -> list[str]:
    """Three questions over the documents of a folder, each of another document as far as possible.

    The same documents always give the same ones. Only questions are taken whose answer begins at the
    place that they were drawn from: a demonstration, no measure. There may be fewer than three.
    """
    root = str(folder.resolve())
    records = [record for record in store.documents() if record.root == root] or store.documents()
    documents = [store.document(record.id) for record in records[:MOST_DOCUMENTS]]
    seen = Counter(title for document in documents for title in _titles(document.blocks))
    offers = [sorted(_offers(document, seen), key=lambda offer: offer.kind) for document in documents]
    offers.sort(key=lambda own: own[0].kind if own else len(Kind))
    turns = deque(_answered(own, ask) for own in offers)
    drawn: list[str] = []
    while turns and len(drawn) < N_QUESTIONS:
        turn = turns.popleft()
        question = next(turn, None)
        if question is not None:
            turns.append(turn)
            drawn += [question] if question not in drawn else []
    return drawn


def _answered(offers: Sequence[Offer], ask: Callable[[str], Answer]) -> Iterator[str]:
    """The questions of one document that are answered, asked one by one as they are needed."""
    for offer in offers[:MOST_TRIES]:
        if _is_answered(offer, ask(offer.question)):
            yield offer.question


def _is_answered(offer: Offer, answer: Answer) -> bool:
    """Whether the answer begins where the question was drawn, and says more than its words."""
    if answer.status is not AnswerStatus.ANSWERED:
        return False
    first = answer.citations[0]
    overlaps = any(span.start < offer.end and offer.start < span.end for span in first.spans)
    says_more = len(first.quote) >= len(offer.words) + MORE_CHARS or offer.kind is Kind.ROW
    return first.document_id == offer.document_id and overlaps and says_more


def _offers(document: Document, seen: Counter[str]) -> Iterator[Offer]:
    blocks = [block for block in document.blocks if block.kind is not BlockKind.FURNITURE]
    ends = _section_ends(blocks, len(document.text))
    for block, end in zip(blocks, ends, strict=True):
        start = block.spans[0].start
        for kind, question, words in _questions(block, document.title, seen):
            stop = end if kind in (Kind.ASKED, Kind.HEADING) else block.spans[-1].end
            yield Offer(kind, question, words, document.id, start, stop)


def _questions(block: Block, title: str, seen: Counter[str]) -> Iterator[tuple[Kind, str, str]]:
    for found in DEFINED.finditer(block.text):
        term = found[1] or found[2] or found[3]
        yield Kind.SHORTENED if found[2] else Kind.DEFINITION, f"「{term}」とは何ですか。", term
    if block.kind is BlockKind.TABLE_ROW:
        yield from _about_cells(block)
    for words in _titles([block]):
        if seen[words] > 1 or words == title or TELLS_NOTHING.search(words):
            continue
        if QUESTION_LIKE.search(words):
            yield Kind.ASKED, words, words
        elif len(words) in TITLE_CHARS:
            yield Kind.HEADING, f"{words}について教えてください。", words


def _about_cells(block: Block) -> Iterator[tuple[Kind, str, str]]:
    """One question: the cell in the second column that has a header, of the row that the first cell names."""
    starts = (0, *block.cells)
    cells = [block.text[start:end].strip() for start, end in zip(starts, block.cells, strict=False)]
    name = NUMBERING.sub("", cells[0]) if cells else ""
    if len(name) not in TITLE_CHARS or "\n" in name or TELLS_NOTHING.search(name):
        return
    for header, cell in list(zip(block.headers, cells, strict=False))[1:]:
        if header and cell and len(header) in range(2, 16) and "\n" not in header:
            yield Kind.ROW, f"{name}の{header}は何ですか。", name
            return


def _titles(blocks: Sequence[Block]) -> Iterator[str]:
    """Headings, and the titles of articles, without their numbers."""
    for block in blocks:
        article = ARTICLE.match(block.text)
        if block.kind is BlockKind.HEADING and "\n" not in block.text:
            yield NUMBERING.sub("", block.text).strip()
        elif article and block.kind is not BlockKind.TABLE_ROW:
            yield article[1]


def _section_ends(blocks: Sequence[Block], end: int) -> list[int]:
    """For each block, where the next heading starts."""
    ends = []
    for block in reversed(blocks):
        ends.append(end)
        if any(True for _ in _titles([block])):
            end = block.spans[0].start
    return ends[::-1]
