"""Section paths for office files without heading styles: by the numbering and form of their paragraphs."""

from __future__ import annotations

from dataclasses import replace

from ingest.clauses import find_marks
from ingest.content import Content
from ingest.document import BlockKind
from ingest.headings import Outline

OUTLINED = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})


def with_headings(content: Content) -> Content:
    """The content of a file whose paragraphs have no heading style, with headings found by how they read.

    The title that the file states stays above whatever is found.
    """
    blocks = list(content.blocks)
    kept = [n for n, block in enumerate(blocks) if block.kind is not BlockKind.FURNITURE]
    texts = [blocks[n].text.replace("\n", " ") for n in kept]
    marks = find_marks(texts, in_table=[blocks[n].kind not in OUTLINED for n in kept])
    outline = Outline()
    for n, (style, article, inner) in zip(kept, marks, strict=True):
        block = blocks[n]
        at = block.body.start
        if article and block.kind in OUTLINED:
            outline.enter("条", article, at)
        for place, title in inner if block.kind in OUTLINED else ():
            outline.enter(place, title, at)
        n_above = int(bool(content.title) and block.section[:1] == (content.title,))
        above, below = block.section[:n_above], block.section[n_above:]
        if style is not None and not below:
            outline.enter(style, block.text.replace("\n", " "), at)
            blocks[n] = replace(block, kind=BlockKind.HEADING, section=above + outline.path(at))
        else:
            blocks[n] = replace(block, section=above + outline.path(at) + below)
    return replace(content, blocks=blocks)
