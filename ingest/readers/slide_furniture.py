"""What of a slide is furniture though no placeholder says so: ways to other slides, tables of contents."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ingest.document import Block, BlockKind

MIN_SLIDES = 3
MOST_CHARS = 12
WAY = re.compile(r"[←→↑↓⇐⇒⇑⇓◀▶◁▷≪≫]|(?:目次|先頭|トップ|表紙|一覧|前|次)(?:へ|に戻る|のページ|のスライド)")
CONTENTS = re.compile(r"目[ \u3000]*次|もくじ")


def with_furniture(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, those furniture that only lead elsewhere.

    That is 「← 目次へ」 on several slides, and what a slide of contents lists.
    """
    slides: dict[str, set[int | None]] = defaultdict(set)
    titles: dict[int | None, str] = {}
    for block in blocks:
        slides[block.text].add(block.page)
        if block.kind is BlockKind.HEADING:
            titles.setdefault(block.page, block.text)
    return [
        replace(block, kind=BlockKind.FURNITURE) if _leads(block, slides, titles) else block
        for block in blocks
    ]


def _leads(block: Block, slides: dict[str, set[int | None]], titles: dict[int | None, str]) -> bool:
    if block.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
        return False
    if CONTENTS.search(titles.get(block.page, "")):
        return True
    is_way = len(block.text) <= MOST_CHARS and WAY.search(block.text) is not None
    return is_way and len(slides[block.text]) >= MIN_SLIDES
