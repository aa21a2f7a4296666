"""Questions to show what the documents can answer, drawn from the documents themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from index.store import Store
from ingest.document import Block, BlockKind

N_QUESTIONS = 3
DEFINED = re.compile(
    r"[「『]([^「」『』、。]{3,20})[」』]とは、|([^\s、。（）()「」]{4,20})（以下「([^「」]{2,12})」"
)
NUMBERING = re.compile(r"^[\s第0-9０-９一-十.．、()（）①-⑳○〇●■◆【＜<章節条編ⅰ-ⅹⅠ-Ⅹ]+|[】＞>]$")
QUESTION_LIKE = re.compile(r"[?？]$|(?:です|ます)か[。？?]?$")


def draw_questions(store: Store, folder: Path) -> list[str]:
    """Three questions over the documents of a folder: definitions first, then headings, one per document.

    Documents that offer neither give none, so there may be fewer.
    """
    root = str(folder.resolve())
    records = [record for record in store.documents() if record.root == root] or store.documents()
    offers = [_offers(store.document(record.id).blocks) for record in records]
    first = islice((question for offer in offers for question in islice(offer, 1)), N_QUESTIONS)
    drawn = list(dict.fromkeys(first))
    more = (question for offer in offers for question in offer if question not in drawn)
    return drawn + list(islice(more, N_QUESTIONS - len(drawn)))


def _offers(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        for found in DEFINED.finditer(block.text) if block.kind is not BlockKind.FURNITURE else ():
            yield f"「{found[1] or found[3]}」とは何ですか。"
    for block in blocks:
        title = NUMBERING.sub("", block.text.strip())
        if block.kind is BlockKind.HEADING and QUESTION_LIKE.search(title):
            yield title
        elif block.kind is BlockKind.HEADING and 4 <= len(title) <= 24:
            yield f"{title}について教えてください。"
