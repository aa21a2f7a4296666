"""Styles of an OpenDocument file: names, bases, headings, and the numbering of headings and lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.readers.element import Element, attribute, child, local, number
from ingest.readers.numerals import numeral
from ingest.readers.package import Package

PARTS = (("styles.xml", "styles"), ("styles.xml", "automatic-styles"), ("content.xml", "automatic-styles"))
MAX_BASES = 50
NO_FILL = frozenset({"", "transparent", "#ffffff"})
# `style:num-format` is the beginning of the series.
FORMATS = (
    *(
        ("1", "decimal"),
        ("１", "decimalFullWidth"),
        ("①", "decimalEnclosedCircle"),
        ("一", "japaneseCounting"),
    ),
    *(("壱", "japaneseLegal"), ("ア", "aiueoFullWidth"), ("ｱ", "aiueo"), ("イ, ロ", "irohaFullWidth")),
    *(("甲", "ideographTraditional"), ("子", "ideographZodiac"), ("a", "lowerLetter"), ("A", "upperLetter")),
    *(("i", "lowerRoman"), ("I", "upperRoman")),
)


@dataclass(frozen=True, slots=True)
class OdfStyle:
    """What is used of a style."""

    base: str = ""
    is_strong: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class OdfLevel:
    """One level of a numbering."""

    style: str = "none"
    before: str = ""
    after: str = ""
    n_shown: int = 1
    start: int = 1


@dataclass(slots=True)
class Numbers:
    """A numbering with how far it has counted, level by level (1 is the highest)."""

    levels: dict[int, OdfLevel] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)

    def next(self, level: int, start: int | None = None) -> str:
        """The number of the next paragraph of a level with a space behind it, "" for bullets."""
        rule = self.levels.get(level)
        if rule is None or rule.style == "none":
            return ""
        self.counts[level] = self.counts.get(level, rule.start - 1) + 1 if start is None else start
        for deeper in [known for known in self.counts if known > level]:
            del self.counts[deeper]
        shown = []
        for n in range(max(level - rule.n_shown + 1, 1), level + 1):
            known = self.levels.get(n, OdfLevel())
            text = numeral(self.counts.get(n, known.start), known.style)
            if text:
                shown.append(text)
        return f"{rule.before}{'.'.join(shown)}{rule.after} ".lstrip()


class OdfStyles:
    """The styles of one file."""

    def __init__(self, package: Package) -> None:
        self._styles: dict[str, OdfStyle] = {}
        self._lists: dict[str, dict[int, OdfLevel]] = {}
        self.outline = Numbers()
        for part, place in PARTS:
            for element in package.elements(part, "style", "list-style", "outline-style", inside=place):
                self._add(element)

    def _add(self, element: Element) -> None:
        name = attribute(element, "name")
        if local(element) == "style":
            cell, text = child(element, "table-cell-properties"), child(element, "text-properties")
            slide, table = child(element, "drawing-page-properties"), child(element, "table-properties")
            self._styles[name] = OdfStyle(
                attribute(element, "parent-style-name"),
                attribute(cell, "background-color") not in NO_FILL
                or attribute(text, "font-weight") == "bold",
                attribute(slide, "visibility") == "hidden" or attribute(table, "display") == "false",
            )
        elif local(element) == "list-style":
            self._lists[name] = dict(_levels(element))
        else:
            self.outline = Numbers(dict(_levels(element)))

    def numbers(self, name: str) -> Numbers:
        """A new count by a list style."""
        return Numbers(self._lists.get(name, {}))

    def is_named(self, style: str, *names: str) -> bool:
        """Whether a style, or one that it is based on, has one of these names."""
        return any(known in names for known in self._chain(style))

    def is_strong(self, style: str) -> bool:
        """Whether cells of a style are bold or filled."""
        return any(self._styles[known].is_strong for known in self._chain(style) if known in self._styles)

    def is_hidden(self, style: str) -> bool:
        """Whether slides or sheets of a style are hidden."""
        return style in self._styles and self._styles[style].is_hidden

    def _chain(self, style: str) -> Iterator[str]:
        for _ in range(MAX_BASES):
            if not style:
                return
            yield style
            style = self._styles[style].base if style in self._styles else ""


def _levels(element: Element) -> Iterator[tuple[int, OdfLevel]]:
    for level in element:
        form = attribute(level, "num-format")
        style = next((style for start, style in FORMATS if form.startswith(start)), "none")
        yield (
            number(level, "level", 1),
            OdfLevel(
                style if "number" in local(level) or "outline" in local(level) else "none",
                attribute(level, "num-prefix"),
                attribute(level, "num-suffix"),
                max(number(level, "display-levels", 1), 1),
                number(level, "start-value", 1),
            ),
        )
