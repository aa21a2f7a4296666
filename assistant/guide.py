"""A first look at a document for somebody new: what it is for, its headings, questions to begin with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.offer import NUMBERING, offers, titles
from ingest.document import Block, BlockKind, Document
from ingest.document_record import DocumentRecord
from ingest.sentences import sentence_bounds
from ingest.traced import Span

PURPOSE_HEADING = re.compile(r"^(?:.{0,12}の)?(?:目的|趣旨|ねらい|位置[づ付]け)(?:と.{1,10})?$")
SAYS_PURPOSE = re.compile(
    r"(?:目的|趣旨|ねらい)(?:と(?:する|して|した|します)|は、)"
    r"|(?:ため|ために|よう)、?[^。]{0,60}(?:定める|定めた|策定|まとめ|取りまとめ|作成)"
)
OF_ITSELF = re.compile(
    r"(?:本|この|当)(?:書|計画|方針|報告書?|要綱|要領|規程|規則|条例|手引き?|ハンドブック|ガイド(?:ライン)?|資料|用語集|戦略|指針)"
)
FIRST_PART = 0.15  # of the blocks, where a document says what it is for
MOST_PURPOSES = 2
MOST_HEADINGS = 60
MOST_LEVELS = 2
MOST_QUESTIONS = 3
MIN_CHARS = 20  # of a sentence that says what a document is for
MOST_TIMES = 2
EDITION = re.compile(
    r"[（(【\[](?:[^（）()]*(?:案|版|改[定訂]|中間|最終|概要)[^（）()]*)[）)】\]]|(?:素案|原案|改[定訂]版?|第[\d０-９一二三四五]+版)"
    r"|(?:令和|平成)?[\d０-９元]{1,4}年度?(?:版|改[定訂])?"
)


@dataclass(frozen=True, slots=True)
class Line:
    """Words of a document, or a question drawn from them, and the ranges of `Document.text` they rest on.

    Attributes:
        level: Of a heading, the outermost being 0.
    """

    text: str
    spans: tuple[Span, ...]
    page: int | None = None
    level: int = 0


@dataclass(frozen=True, slots=True)
class Guide:
    """What somebody new should see of one document; every line has its place.

    Attributes:
        purpose: The sentences that say what it is for, none if it does not.
        outline: Its headings in reading order.
        questions: Some that it answers.
    """

    document_id: str
    purpose: tuple[Line, ...]
    outline: tuple[Line, ...]
    questions: tuple[Line, ...]

    @classmethod
    def of(cls, document: Document, seen: Counter[str] | None = None) -> Guide:
        """The guide to a document.

        Args:
            document: With its blocks.
            seen: How often each heading occurs over all documents; counted in this one if left out.
        """
        seen = Counter(titles(document.blocks)) if seen is None else seen
        purposes = sorted(_purposes(document.blocks), key=lambda found: found[0])[:MOST_PURPOSES]
        return cls(
            document.id,
            tuple(line for _, line in sorted(purposes, key=lambda found: found[1].spans[0])),
            tuple(_headings(document))[:MOST_HEADINGS],
            tuple(_questions(document, seen)),
        )


def editions(records: Sequence[DocumentRecord]) -> list[tuple[DocumentRecord, ...]]:
    """Documents that are editions of one another (案, 改定, years), newest first, one group each.

    Their titles differ in nothing but the edition; the fiscal years that they are about tell which is newer.
    A document that has no other edition is left out.
    """
    groups: dict[str, list[DocumentRecord]] = {}
    for record in records:
        groups.setdefault("".join(EDITION.sub("", record.title).split()), []).append(record)
    newest = {record.id: max(record.fiscal_years, default=0) for record in records}
    return [
        tuple(sorted(group, key=lambda record: -newest[record.id]))
        for name, group in groups.items()
        if len(group) > 1 and name
    ]


def _purposes(blocks: Sequence[Block]) -> Iterator[tuple[int, Line]]:
    """Sentences that may say what the document is for, the smaller number the surer."""
    for n, block in enumerate(blocks):
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
            continue
        headings = [NUMBERING.sub("", title).strip() for title in block.section[-1:]]
        is_under = any(PURPOSE_HEADING.match(heading) for heading in headings)
        for start, end in sentence_bounds(block.text):
            body = block.body[start:end]
            if len(body) >= MIN_CHARS and (
                is_under
                or (n < FIRST_PART * len(blocks) and SAYS_PURPOSE.search(body.text))
                or (OF_ITSELF.search(body.text) and SAYS_PURPOSE.search(body.text))
            ):
                yield 0 if is_under else 1, Line(body.text, body.spans(), block.page)


def _headings(document: Document) -> Iterator[Line]:
    """The upper headings; one that comes back again and again is the label of something."""
    times = Counter(block.text for block in document.blocks if block.kind is BlockKind.HEADING)
    for block in document.blocks:
        level = max(0, len(block.section) - 1)
        is_own = block.text != document.title and times[block.text] <= MOST_TIMES
        if block.kind is BlockKind.HEADING and level < MOST_LEVELS and is_own:
            yield Line(" ".join(block.text.split()), block.spans, block.page, level)


def _questions(document: Document, seen: Counter[str]) -> Iterator[Line]:
    places = {block.spans[0].start: block for block in document.blocks if block.spans}
    for offer in sorted(offers(document, seen), key=lambda offer: offer.kind)[:MOST_QUESTIONS]:
        block = places[offer.start]
        yield Line(offer.question, block.spans, block.page)
