"""What only leads to other slides is furniture."""

from __future__ import annotations

from ingest.document import Block, BlockKind
from ingest.readers.slide_furniture import with_furniture
from ingest.traced import Traced


def block(kind: BlockKind, text: str, page: int) -> Block:
    return Block(kind, Traced.from_original(text), (), page)


def kinds(blocks: list[Block]) -> list[str]:
    return [block.kind.value for block in with_furniture(blocks)]


def test_a_way_back_on_several_slides_is_furniture() -> None:
    slides = [
        block(kind, text, page)
        for page in range(1, 4)
        for kind, text in ((BlockKind.HEADING, f"質問{page}"), (BlockKind.PARAGRAPH, "← 目次へ"))
    ]
    assert kinds(slides) == ["heading", "furniture"] * 3
    assert kinds(slides[:4]) == ["heading", "paragraph"] * 2


def test_what_a_slide_of_contents_lists_is_furniture() -> None:
    slides = [
        block(BlockKind.HEADING, "質問一覧　目次（1/2）", 1),
        block(BlockKind.LIST_ITEM, "1. 会議室を借りられますか", 1),
        block(BlockKind.HEADING, "会議室を借りられますか", 2),
        block(BlockKind.LIST_ITEM, "1. 窓口で申し込みます", 2),
    ]
    assert kinds(slides) == ["heading", "furniture", "heading", "list_item"]
