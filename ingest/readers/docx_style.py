"""Styles and automatic numbering of a DOCX file: what a paragraph is, and the number seen before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.readers.element import Element, attribute, child, children, is_on, number
from ingest.readers.numerals import numeral
from ingest.readers.package import Package

HEADING_NAME = re.compile(r"(?:heading|見出し)\s*([1-9])\b", re.IGNORECASE)
TITLE_NAMES = frozenset({"title", "表題", "タイトル"})
CONTENTS_NAME = re.compile(r"(?:toc|目次|table of figures|index)\s*[0-9]*\b", re.IGNORECASE)
CAPTION_NAMES = frozenset({"caption", "図表番号"})
BODY_LEVEL = 9  # `w:outlineLvl` of what is no heading
PLACE = re.compile(r"%([1-9])")
MAX_LEVELS = 9
MAX_BASES = 50  # of one style; a loop ends here


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph style says of its paragraphs.

    Attributes:
        level: Of a heading, 1 being the highest; `None` if it is none.
        num_id: Of its automatic numbering, "" if it has none.
    """

    name: str = ""
    level: int | None = None
    num_id: str = ""
    num_level: int | None = None

    @property
    def is_title(self) -> bool:
        """Whether it is the title of the document."""
        return self.name.lower() in TITLE_NAMES

    @property
    def is_contents(self) -> bool:
        """Whether it is a line of a table of contents."""
        return CONTENTS_NAME.match(self.name) is not None

    @property
    def is_caption(self) -> bool:
        """Whether it names a table or figure."""
        return self.name.lower() in CAPTION_NAMES


def read_styles(package: Package, name: str) -> dict[str, Style]:
    """The paragraph styles of a file by id, each with what it takes from those that it is based on."""
    own: dict[str, tuple[str, Style]] = {}
    for element in package.elements(name, "style", inside="styles"):
        about = child(element, "pPr")
        title = attribute(child(element, "name"), "val")
        named = HEADING_NAME.match(title)
        outline = child(about, "outlineLvl")
        level = number(outline, "val", BODY_LEVEL) + 1 if outline is not None else None
        numbered = child(about, "numPr")
        inner = child(numbered, "ilvl")
        style = Style(
            title,
            int(named[1]) if named else level,
            attribute(child(numbered, "numId"), "val"),
            number(inner, "val") if inner is not None else None,
        )
        own[attribute(element, "styleId")] = (attribute(child(element, "basedOn"), "val"), style)
    return {key: _with_bases(key, own) for key in own}


def _with_bases(key: str, own: dict[str, tuple[str, Style]]) -> Style:
    base, style = own[key]
    level, num_id, num_level = style.level, style.num_id, style.num_level
    for _ in range(MAX_BASES):
        if base not in own:
            break
        base, below = own[base]
        level = below.level if level is None else level
        num_level = below.num_level if not num_id and num_level is None else num_level
        num_id = num_id or below.num_id
    is_heading = level is not None and 1 <= level <= BODY_LEVEL
    return Style(style.name, level if is_heading else None, num_id, num_level)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a numbering: from where it counts, in which numerals, within which text."""

    start: int = 1
    style: str = "decimal"
    text: str = ""
    joint: str = " "
    is_decimal: bool = False
    of_style: str = ""


@dataclass(slots=True)
class _List:
    """A numbering that several lists may share, with how far it has counted."""

    levels: dict[int, Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the paragraphs of each list and writes their numbers."""

    def __init__(self, package: Package, name: str, styles: dict[str, Style]) -> None:
        self._lists: dict[str, _List] = {}
        links: dict[str, str] = {}
        for element in package.elements(name, "abstractNum", inside="numbering"):
            key = attribute(element, "abstractNumId")
            self._lists[key] = _List(dict(_levels(element)))
            links[key] = attribute(child(element, "numStyleLink"), "val")
        self._used: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        for element in package.elements(name, "num", inside="numbering"):
            num_id = attribute(element, "numId")
            self._used[num_id] = attribute(child(element, "abstractNumId"), "val")
            self._restarts[num_id] = dict(_restarts(element))
        for num_id, key in self._used.items():
            style = styles.get(links.get(key, ""))
            if style is not None:
                self._used[num_id] = self._used.get(style.num_id, key)

    def level_of(self, num_id: str, style_id: str) -> int:
        """The level that a numbering reserves for a paragraph style."""
        levels = self._list(num_id).levels
        return next((n for n, level in levels.items() if level.of_style == style_id), 0)

    def next(self, num_id: str, level: int) -> str:
        """The number of the next paragraph of a list, with the gap before the text; "" for bullets."""
        known = self._list(num_id)
        rule = known.levels.get(level)
        if rule is None:
            return ""
        restarts = self._restarts.get(num_id, {})
        if level in restarts:
            known.counts[level] = restarts.pop(level) - 1
        known.counts[level] = known.counts.get(level, rule.start - 1) + 1
        for deeper in range(level + 1, MAX_LEVELS):
            known.counts.pop(deeper, None)
        if rule.style == "bullet":
            return ""

        def written(place: re.Match[str]) -> str:
            n = int(place[1]) - 1
            other = known.levels.get(n, Level())
            return numeral(known.counts.get(n, other.start), "decimal" if rule.is_decimal else other.style)

        text = PLACE.sub(written, rule.text)
        return text + rule.joint if text.strip() else ""

    def _list(self, num_id: str) -> _List:
        return self._lists.get(self._used.get(num_id, ""), _List())


def _levels(element: Element) -> Iterator[tuple[int, Level]]:
    for level in children(element, "lvl"):
        style = child(level, "numFmt")
        if style is None:  # newer numerals stand in an alternative
            style = child(level, "AlternateContent", "Fallback", "numFmt")
        yield (
            number(level, "ilvl"),
            Level(
                start=number(child(level, "start"), "val", 1),
                style=attribute(style, "val", "decimal"),
                text=attribute(child(level, "lvlText"), "val"),
                joint="" if attribute(child(level, "suff"), "val") == "nothing" else " ",
                is_decimal=is_on(child(level, "isLgl")),
                of_style=attribute(child(level, "pStyle"), "val"),
            ),
        )


def _restarts(element: Element) -> Iterator[tuple[int, int]]:
    for change in children(element, "lvlOverride"):
        start = child(change, "startOverride")
        if start is not None:
            yield number(change, "ilvl"), number(start, "val", 1)
