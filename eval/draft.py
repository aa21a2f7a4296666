"""Draft: questions proposed from the documents' own words, for people to check.

Nothing here is a measure yet: what is drawn says what the document says, in its own words. A person decides
whether somebody would ask it, puts it in their words and confirms the key facts.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from assistant.offer import Kind, Offer, offers, titles
from eval.text import states
from ingest.document import Block, BlockKind, Document
from ingest.sentences import sentence_bounds

TYPES = {
    Kind.ASKED: "faq",
    Kind.DEFINITION: "definition",
    Kind.HEADING: "explain",
    Kind.SHORTENED: "definition",
    Kind.ROW: "row",
}
NUMBER = "number"
QUANTITY = re.compile(
    r"(?<![0-9０-９,，.．第])[0-9０-９][0-9０-９,，]*(?:[.．][0-9０-９]+)?\s?"
    r"(人|件|名|回|円|千円|万円|億円|日間|か月|ヶ月|か所|箇所|団体|校|社|世帯|か国|言語|時間|分|冊|部|台|枚|点|割|％|%)"
)
ENDS_IN_VERB = re.compile(r"(?:た|る|い|ます|です|う)$")
SENTENCE_CHARS = range(15, 70)
LEAST_QUOTE_CHARS = 12
MOST_QUOTE_CHARS = 400
MOST_FACT_CHARS = 24
CLAUSE = re.compile(r"[、。，．,\n\s]")
SHORT_FORM = re.compile(r"[（(]以下[^（）()]*[)）]")


@dataclass(frozen=True, slots=True)
class Draft:
    """One proposed question; its fields are those of a dataset's row.

    Attributes:
        start: Where the quote stands in the document.
    """

    question: str
    type: str
    doc: str
    quote: str
    fact: str
    start: int

    def to_json(self) -> str:
        """One line of a dataset, not checked yet."""
        digest = hashlib.sha256(f"{self.doc}\n{self.start}\n{self.question}".encode()).hexdigest()
        fields = {
            "id": f"draft-{digest[:12]}",
            "question": self.question,
            "type": self.type,
            "answer": " ".join(self.quote.split()),
            "key_facts": [[self.fact]],
            "evidence": [{"doc": self.doc, "quote": self.quote}],
            "answerable": True,
            "checked": False,
        }
        return json.dumps(fields, ensure_ascii=False)


def draft(documents: Sequence[Document], *, n: int, seed: int = 0) -> list[Draft]:
    """At most `n` proposals, spread over documents and kinds, in reading order.

    The same documents, `n` and seed always give the same ones.

    Raises:
        ValueError: If `n` is negative.
    """
    if n < 0:
        raise ValueError(f"n must not be negative: {n}")
    seen = Counter(title for document in documents for title in titles(document.blocks))
    places: dict[tuple[str, str], list[Draft]] = defaultdict(list)
    for document in documents:
        for proposal in _proposals(document, seen):
            places[proposal.doc, proposal.type].append(proposal)
    rng = random.Random(seed)  # noqa: S311 - no secret
    for key in sorted(places):
        rng.shuffle(places[key])
    chosen: dict[str, Draft] = {}
    turns = [places[key] for key in sorted(places)]
    rng.shuffle(turns)
    while turns and len(chosen) < n:
        for turn in turns:
            proposal = turn.pop()
            if len(chosen) < n:
                chosen.setdefault(proposal.question, proposal)
        turns = [turn for turn in turns if turn]
    return sorted(chosen.values(), key=lambda one: (one.doc, one.start, one.question))


def draft_lines(drafts: Iterable[Draft]) -> str:
    """The proposals as a JSONL dataset."""
    return "".join(f"{one.to_json()}\n" for one in drafts)


def _proposals(document: Document, seen: Counter[str]) -> Iterator[Draft]:
    for proposal in (*_from_offers(document, seen), *_from_numbers(document)):
        is_long_enough = len("".join(proposal.quote.split())) >= LEAST_QUOTE_CHARS
        if is_long_enough and proposal.fact and states(proposal.quote, proposal.fact):
            yield proposal


def _from_offers(document: Document, seen: Counter[str]) -> Iterator[Draft]:
    """Headings, definitions and rows."""
    blocks = {block.spans[0].start: block for block in document.blocks if block.spans}
    for offer in offers(document, seen):
        block = blocks.get(offer.start)
        if offer.kind in (Kind.ASKED, Kind.HEADING):
            block = next(
                (
                    blocks[at]
                    for at in sorted(blocks)
                    if offer.start < at < offer.end and _is_body(blocks[at])
                ),
                None,
            )
        if block is not None:
            quote = _quote(document.text, block)
            start = block.spans[0].start
            fact = _fact(offer, block, quote)
            yield Draft(offer.question, TYPES[offer.kind], document.source, quote, fact, start)


def _from_numbers(document: Document) -> Iterator[Draft]:
    """Sentences with one quantity, which is asked for."""
    for block in document.blocks:
        if block.kind is not BlockKind.PARAGRAPH:
            continue
        for first, last in sentence_bounds(block.text):
            sentence = block.body[first:last].strip()
            found = list(QUANTITY.finditer(sentence.text))
            n_digits = len(re.findall(r"[0-9０-９][0-9０-９,，.．]*", sentence.text))
            if (
                len(found) != 1
                or n_digits != 1
                or len(sentence) not in SENTENCE_CHARS
                or not sentence.spans()
            ):
                continue
            said = sentence.text.replace("\n", "")
            if "は" not in said[: said.find(found[0][1])] or not said.endswith("。"):
                continue
            spans = sentence.spans()
            quote = document.text[spans[0].start : spans[-1].end]
            asked = sentence.text[: found[0].start()] + "何" + sentence.text[found[0].start(1) :]
            question = _asked("".join(asked.split()).rstrip("。"))
            fact = "".join(found[0][0].split())
            yield Draft(question, NUMBER, document.source, quote, fact, spans[0].start)


def _asked(statement: str) -> str:
    return f"{statement}か。" if ENDS_IN_VERB.search(statement) else f"{statement}ですか。"


def _is_body(block: Block) -> bool:
    return block.kind not in (BlockKind.HEADING, BlockKind.FURNITURE, BlockKind.CAPTION)


def _quote(text: str, block: Block) -> str:
    """The block word for word; of a long one its first sentences."""
    quote = text[block.spans[0].start : block.spans[-1].end]
    if len(quote) <= MOST_QUOTE_CHARS:
        return quote
    end = quote.rfind("。", 0, MOST_QUOTE_CHARS) + 1
    return quote[: end or MOST_QUOTE_CHARS]


def _fact(offer: Offer, block: Block, quote: str) -> str:
    """What a right answer most likely has to say: the cell asked for, a quantity, or the first clause."""
    if offer.kind is Kind.ROW:
        return _cell(offer, block)
    told = SHORT_FORM.sub("", "".join(quote.split()))
    _, _, after = told.partition(offer.words)
    said = (after or told).lstrip("」】とは、（）：: 　")
    quantity = QUANTITY.search(said)
    if quantity:
        return quantity[0]
    clause = next((part for part in CLAUSE.split(said) if len(part) > 3), said)
    return clause[:MOST_FACT_CHARS]


def _cell(offer: Offer, block: Block) -> str:
    starts = (0, *block.cells)
    cells = [block.text[start:end].strip() for start, end in zip(starts, block.cells, strict=False)]
    label = offer.question.removeprefix(f"{offer.words}の").rpartition("は")[0]
    found = (cell for header, cell in zip(block.headers, cells, strict=False) if label in header and cell)
    return next(found, "")
