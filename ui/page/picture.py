"""The picture of a cited page with what is cited lit up on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.visible import visible_line
from ingest.document import Document
from ingest.locator import Box, Locator, boxes_of
from ingest.traced import Span
from ui.i18n import Texts
from ui.page.element import element
from ui.page.frame import Frame

MOST = 3  # pages that one citation shows


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture of a cited page, for documents that have pages.

    Attributes:
        url: On this server.
        label: Number printed on the page, "" if there is none.
        boxes: Left, top, width and height of what is highlighted, as shares of the page.
        shape: Width and height of the page in points, so that its place is kept until the picture is there.
    """

    url: str
    page: int
    label: str
    boxes: tuple[Box, ...]
    shape: tuple[float, float]


def pictures_of(
    document: Document, locators: Sequence[Locator], spans: Sequence[Span], frame: Frame
) -> tuple[PagePicture, ...]:
    """The pages on which ranges of the text stand, at most `MOST`; none where the format has no pictures."""
    pages = {page.number: page for page in document.pages if page.width and page.height}
    return tuple(
        PagePicture(
            frame.page_url(document.id, number, document.sha256), number, pages[number].label,
            tuple((left, top, right - left, bottom - top) for left, top, right, bottom in boxes),
            (pages[number].width, pages[number].height),
        )
        for number, boxes in list(boxes_of(locators, spans).items())[:MOST]
        if number in pages
    )  # fmt: skip


def render_picture(picture: PagePicture, texts: Texts) -> str:
    """The picture, its boxes over it, and the page's numbers under it."""
    image = element("img", src=picture.url, alt=texts("page_picture", page=picture.page), loading="lazy")
    width, height = picture.shape
    boxes = (element("span", class_="box", style=placed(box)) for box in picture.boxes)
    caption = texts("page_number", page=picture.page)
    if picture.label and picture.label != str(picture.page):
        caption += texts("printed_page", label=picture.label)
    return element(
        "figure",
        element("div", image, *boxes, class_="picture", style=f"aspect-ratio:{width:.2f}/{height:.2f}"),
        element("figcaption", visible_line(caption)),
        class_="page",
    )


def placed(box: Box) -> str:
    """A box's place as a style; left, top, width and height as shares."""
    left, top, width, height = box
    return f"left:{left:.2%};top:{top:.2%};width:{width:.2%};height:{height:.2%}"
