"""What was read of a document: each page's picture with its blocks over it, and beside it what they say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from assistant.visible import visible_line, visible_text
from ingest.document import Block, BlockKind, Document
from ingest.locator import Locator, Page, PageKind, boxes_of
from ui.i18n import Texts
from ui.page.element import element, note
from ui.page.picture import placed
from ui.page.repaired import render_repaired
from ui.page_name import PageName

PictureUrl = Callable[[Page], str]


def render_inspection(
    document: Document, locators: Sequence[Locator], texts: Texts, picture_url: PictureUrl,
    *, first: int = 1, n_pages: int = 0,
) -> str:  # fmt: skip
    """The view as HTML, in the order of the pages; a document without pages is one list of blocks.

    Args:
        document: As read.
        locators: Of the document.
        texts: Of the page's language.
        picture_url: Address of a page's picture, "" if it has none.
        first: Number of the first page shown.
        n_pages: Pages shown at most, 0 for all.
    """
    warnings = "".join(note(warning) for warning in document.warnings)
    numbered: dict[int | None, list[tuple[int, Block]]] = defaultdict(list)
    for order, block in enumerate(document.blocks, 1):
        numbered[block.page].append((order, block))
    pages = {page.number: page for page in document.pages}
    if not pages:
        return warnings + _blocks([item for found in numbered.values() for item in found], texts)
    last = first + n_pages if n_pages else max(pages) + 1
    shown = [page for number, page in sorted(pages.items()) if first <= number < last]
    parts = (_page(page, numbered.get(page.number, []), locators, texts, picture_url) for page in shown)
    homeless = _blocks(numbered[None], texts) if None in numbered else ""
    return warnings + "".join(parts) + homeless


def _page(
    page: Page, blocks: Sequence[tuple[int, Block]], locators: Sequence[Locator], texts: Texts,
    picture_url: PictureUrl,
) -> str:  # fmt: skip
    title = PageName(page.number, page.kind, page.name).in_words(texts)
    if page.label and page.label != str(page.number):
        title += texts("printed_page", label=page.label)
    if page.name and page.kind is not PageKind.SHEET:
        title += f" {page.name}"
    url = picture_url(page)
    parts = [_picture(url, page, blocks, locators, texts)] if url else []
    parts.append(element("div", _blocks(blocks, texts), class_="read"))
    return element(
        "section",
        element("h2", visible_line(title)),
        element("div", *parts, class_="sides"),
        class_="inspected",
    )


def _picture(
    url: str, page: Page, blocks: Sequence[tuple[int, Block]], locators: Sequence[Locator], texts: Texts
) -> str:
    image = element("img", src=url, alt=texts("page_picture", page=page.number), loading="lazy")
    marks: list[str] = []
    for order, block in blocks:
        boxes = boxes_of(locators, block.spans).get(page.number, [])
        for n, (left, top, right, bottom) in enumerate(boxes):
            place = placed((left, top, right - left, bottom - top))
            label = element("b", str(order)) if n == 0 else ""
            marks.append(element("span", label, class_=f"box {block.kind.value}", style=place))
    return element("div", image, *marks, class_="picture")


def _blocks(blocks: Iterable[tuple[int, Block]], texts: Texts) -> str:
    """The blocks with their order, kind and section path; neighbouring rows of one table as a table."""
    out: list[str] = []
    rows: list[tuple[int, Block]] = []
    for order, block in blocks:
        if block.kind is BlockKind.TABLE_ROW:
            if rows and (rows[-1][1].headers, rows[-1][1].section) != (block.headers, block.section):
                out.append(_table(rows, texts))
                rows = []
            rows.append((order, block))
            continue
        if rows:
            out.append(_table(rows, texts))
            rows = []
        out.append(_block(order, block, texts))
    if rows:
        out.append(_table(rows, texts))
    return "".join(out)


def _block(order: int, block: Block, texts: Texts) -> str:
    content = element("p", visible_text(block.text))
    return element("article", _told([order], block, texts), content, class_=block.kind.value)


def _table(rows: Sequence[tuple[int, Block]], texts: Texts) -> str:
    table = render_repaired([block for _, block in rows], [], around=len(rows))
    return element("article", _told([n for n, _ in rows], rows[0][1], texts), table, class_="table_row")


def _told(orders: Sequence[int], block: Block, texts: Texts) -> str:
    order = str(orders[0]) if len(orders) == 1 else f"{orders[0]}–{orders[-1]}"
    path = " › ".join(" ".join(title.split()) for title in block.section)
    name = block.kind.value
    kind = texts(f"kind_{name}")
    return element("p", element("b", order), f" {kind} ", element("small", visible_line(path)), class_="told")
