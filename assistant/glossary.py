"""Glossary: terms, short names, programmes and bodies, where the documents define or list them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from assistant.offer import NUMBERING, is_telling
from assistant.topic import Phrase
from ingest.document import Abbreviation, Block, BlockKind, Document
from ingest.sentences import sentence_bounds
from ingest.traced import Span

TERM = "[一-鿿々ァ-ヺーA-Za-zＡ-Ｚａ-ｚ0-9０-９・]"
QUOTED = re.compile(r"[「『]([^「」『』、。\n]{2,40})[」』](?:\s*[（(][^（）()\n]{1,30}[）)])?とは、?")
BARE = re.compile(rf"^[・※＊*○●]?\s*({TERM}{{2,30}})(?:\s*[（(][^（）()\n]{{1,30}}[）)])?とは、")
SAYS_WHAT = re.compile(
    r"(?:い[うい]|言[うい]|呼[ぶび]|指す|指し|意味する|意味し|総称|略称?|こと|もの|制度|組織|団体|仕組み|であ?る|です)"
    r"(?:ます|である|です|であり)?[。．]?(?:[）)」』]*)$"
)
LABELLED = re.compile(r"^【([^【】\n]{2,30})】\s*(?=\S.{14})", re.S)
WITH_COLON = re.compile(
    rf"^[・※＊*○●]?\s*\**({TERM}{{2,30}}(?:[（(][^（）()\n]{{1,30}}[）)])?)\**\s*[:：]\s*(?=\S.{{14}})"
)
NAMED = re.compile(
    rf"^[・※＊*○●]?\s*({TERM}{{3,30}})(?:\s*[（(][^（）()\n]{{1,30}}[）)])?は、(?=.*"
    r"(?:機関|団体|組織|法人|制度|事業|施設|会議体?|プログラム|プロジェクト|計画|方針|総称)(?:である|です|であり)?[。．]?$)",
    re.S,
)
IS_NAME = re.compile(
    r"(?:事業|施策|制度|プロジェクト|プログラム|計画|方針|戦略|構想|基金|機構|協会|委員会|会議|協議会|連盟|財団"
    r"|センター|ネットワーク|サミット|フォーラム|アワード|イニシアティブ)(?:[（(][^（）()]{2,30}[）)])?$"
)
IS_SENTENCE = re.compile(r"^(?![\d０-９/]).*[ぁ-ん].*(?:。|[一-鿿]|こと|もの)$", re.S)
NO_TERM = re.compile(  # labels of remarks and of questions
    r"^(?:設問|問|質問|[QＱ]|様式|例|注)[ 　]*[0-9０-９]"
    r"|(?:コメント|参考情報|現状課題|様式例|記[入載]例|留意事項|注意事項|注意点|特記事項)$"
)
LISTING = re.compile(
    r"用語(?:の?(?:解説|説明|定義|集|一覧|意義))?$|に関する用語$|^定義$|略[語称](?:一覧|表)?$"
)
TERM_HEADER = re.compile(r"^(?:用語|略[語称]|名称|語句?|キーワード)$")
MEANING_HEADER = re.compile(r"説明|意味|定義|解説|正式名称|内容")
NAME_HEADER = re.compile(
    r"(?:事業|施策|制度|プロジェクト|プログラム|団体|機関|組織|部署|施設|講座|会議)(?:の?名称?)$"
)
SEPARATED = re.compile(r"\s*[:：\t　]\s*|\s{2,}|\n")
HIRAGANA = re.compile("[ぁ-ん]")  # labels have none
MIN_CHARS = 20  # of a sentence below a name that tells something about it
MEANING_CHARS = 300  # of one meaning
TERM_CHARS = range(2, 41)


class TermKind(IntEnum):
    """How a document says what a term is, the most telling first."""

    DEFINITION = 0  # 「…とは、…をいう」, a label or a colon before what it means
    LISTED = 1  # in a list or table of terms
    ABBREVIATION = 2  # a short name, with its full one
    NAME = 3  # a programme or a body, with the row that it stands in


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one document says of a term, and where.

    Attributes:
        text: The words of the document.
        spans: Ranges of `Document.text` that say so, ascending, none overlapping.
        year: The latest fiscal year that the document is about, 0 if unknown.
    """

    kind: TermKind
    text: str
    document_id: str
    section: tuple[str, ...]
    page: int | None
    spans: tuple[Span, ...]
    year: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A term and what the documents say of it: the most telling kind first, of one kind the newest first."""

    term: str
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """The entries by term, in the order of their characters."""

    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Glossary:
        """Every term that the documents define or list; the same words in the same document count once."""
        names: dict[str, str] = {}
        found: dict[str, dict[tuple[str, str], Meaning]] = defaultdict(dict)
        for document in documents:
            for term, meaning in terms_of(document):
                key = term_key(term)
                names.setdefault(key, term)
                found[key].setdefault((meaning.document_id, term_key(meaning.text)), meaning)
        entries = [Entry(names[key], tuple(sorted(found[key].values(), key=_rank))) for key in sorted(found)]
        return cls(tuple(entries))

    def look_up(self, term: str) -> Entry | None:
        """The entry of exactly this term, however it is written; `None` if there is none."""
        key = term_key(term)
        return next((entry for entry in self.entries if term_key(entry.term) == key), None)

    def search(self, words: str) -> list[Entry]:
        """The entries whose term holds the words, then those whose meaning does; all for ""."""
        key = term_key(words)
        in_term = [entry for entry in self.entries if key in term_key(entry.term)]
        in_meaning = [
            entry
            for entry in self.entries
            if entry not in in_term and any(key in term_key(meaning.text) for meaning in entry.meanings)
        ]
        return in_term + in_meaning


def term_key(term: str) -> str:
    """What two spellings of one term share."""
    return "".join(unicodedata.normalize("NFKC", term).lower().split())


def terms_of(document: Document) -> Iterator[tuple[str, Meaning]]:
    """Each term that a document defines or lists, in reading order."""
    year = max(document.fiscal_years, default=0)
    heading: Block | None = None
    for block in document.blocks:
        if block.kind is BlockKind.FURNITURE:
            continue
        if heading and block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
            yield from _under_name(document, heading, block)
        heading = block if block.kind is BlockKind.HEADING else None
        if heading:
            continue
        for kind, term, start, end in _in_block(block):
            end = min(end, start + MEANING_CHARS)
            body = block.body[start:end].strip()
            name = NUMBERING.sub("", term).strip()
            if len(name) in TERM_CHARS and body and not NO_TERM.search(name):
                yield (
                    name,
                    Meaning(kind, body.text, document.id, block.section, block.page, body.spans(), year),
                )
    if document.abbreviations:
        blocks = sorted(
            (block for block in document.blocks if block.body), key=lambda block: block.body.start
        )
        for pair in document.abbreviations:
            yield pair.short.text, _abbreviated(document, blocks, pair)


def _under_name(document: Document, heading: Block, block: Block) -> Iterator[tuple[str, Meaning]]:
    """A heading that is a name, or stands in a list of terms, with what is said first below it."""
    name = NUMBERING.sub("", heading.text).strip()
    above = (document.title, *heading.section[:-1])
    is_listed = any(LISTING.search(NUMBERING.sub("", title).strip()) for title in above)
    is_name = is_listed or (IS_NAME.search(name) is not None and is_telling(name))
    bounds = sentence_bounds(block.text)
    if len(name) not in TERM_CHARS or not is_name or LISTING.search(name) or not bounds:
        return
    start, end = (0, len(block.text)) if is_listed else bounds[0]
    body = block.body[start : min(end, start + MEANING_CHARS)].strip()
    if end - start >= MIN_CHARS and HIRAGANA.search(body.text):
        year = max(document.fiscal_years, default=0)
        kind = TermKind.LISTED if is_listed else TermKind.NAME
        yield name, Meaning(kind, body.text, document.id, block.section, block.page, body.spans(), year)


def _abbreviated(document: Document, blocks: Sequence[Block], pair: Abbreviation) -> Meaning:
    """What a short name stands for, at its place; `blocks` are in the order in which they begin."""
    spans = tuple(sorted({*pair.full.spans(), *pair.short.spans()}))
    n_before = bisect_right(blocks, spans[0].start, key=lambda block: block.body.start)
    section, page = (blocks[n_before - 1].section, blocks[n_before - 1].page) if n_before else ((), None)
    year = max(document.fiscal_years, default=0)
    return Meaning(TermKind.ABBREVIATION, pair.full.text, document.id, section, page, spans, year)


def _in_block(block: Block) -> Iterator[tuple[TermKind, str, int, int]]:
    """Kind, term, and the half-open range of the block's text that tells what it is."""
    text = block.text
    if block.kind is BlockKind.TABLE_ROW:
        yield from _in_row(block)
        return
    if block.section and LISTING.search(NUMBERING.sub("", block.section[-1]).strip()):
        separated = SEPARATED.search(text)
        if separated and len(text) - separated.end() >= 8:
            yield TermKind.LISTED, text[: separated.start()].strip("・ 　"), separated.end(), len(text)
            return
    labelled = LABELLED.match(text) or WITH_COLON.match(text)
    if (
        labelled
        and IS_SENTENCE.search(text[labelled.end() :])
        and is_telling(labelled[1])
        and not Phrase(0, 1, (labelled[1],)).is_attribute
    ):
        yield TermKind.DEFINITION, labelled[1], labelled.end(), len(text)
        return
    for start, end in sentence_bounds(text):
        sentence = text[start:end]
        quoted, bare = QUOTED.search(sentence), BARE.match(sentence)
        term = quoted or (bare if SAYS_WHAT.search(sentence) else NAMED.match(sentence))
        if term and len(sentence) > term.end() + 10 and not re.search(r"[か?？]。?$", sentence):
            yield TermKind.DEFINITION, term[1], start, end


def _in_row(block: Block) -> Iterator[tuple[TermKind, str, int, int]]:
    """What a row says where it is known under which header each of its cells stands."""
    if len(block.headers) != len(block.cells) or not block.cells:
        return
    starts = (0, *block.cells[:-1])
    headers = [term_key(header) for header in block.headers]
    first = block.text[: block.cells[0]].strip()
    if not first or "\n" in first:
        return
    if TERM_HEADER.search(headers[0]):
        for start, end, header in zip(starts[1:], block.cells[1:], headers[1:], strict=True):
            if MEANING_HEADER.search(header):
                yield TermKind.LISTED, first, start, end
                return
    if NAME_HEADER.search(headers[0]) and is_telling(first):
        yield TermKind.NAME, first, 0, len(block.text)


def _rank(meaning: Meaning) -> tuple[int, int]:
    return meaning.kind, -meaning.year
