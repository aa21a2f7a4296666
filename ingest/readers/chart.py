"""What charts and diagrams of office files say in words: the title of a chart, the shapes of a diagram."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.readers.element import child, descendants, text_of
from ingest.readers.package import Package


def chart_title(package: Package, name: str) -> str:
    """The title of a chart, "" if it has none."""
    root = package.root(name)
    title = child(root, "chart", "title")
    if title is None:
        return ""
    rich = "".join(text_of(text) for text in descendants(title, "t"))
    return rich or "".join(text_of(value) for value in descendants(title, "v"))  # taken from a cell


def diagram_lines(package: Package, name: str) -> Iterator[str]:
    """The text of each shape of a diagram, in the order of its data."""
    for point in package.elements(name, "pt"):
        line = "".join(text_of(text) for text in descendants(point, "t"))
        if line.strip():
            yield line
