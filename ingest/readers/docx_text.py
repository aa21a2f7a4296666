"""The text of one DOCX paragraph as a reader sees it, and what hangs on it: notes, comments, text boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.readers.element import Element, attribute, child, children, is_on, local, number, text_of

CHECKED, UNCHECKED = "☑", "☐"
# Characters of symbol fonts that forms are full of; others of these fonts mean nothing as text.
SYMBOLS = {
    **{("wingdings", code): CHECKED for code in (0xFE, 0xFD, 0x78)},
    **{("wingdings", code): UNCHECKED for code in (0x6F, 0xA8, 0x71, 0x72)},
    **{("wingdings 2", code): CHECKED for code in (0x52, 0x51, 0x53, 0x54)},
    **{("wingdings 2", code): UNCHECKED for code in (0xA3, 0x2A, 0x30)},
    **{("wingdings", code): char for code, char in ((0xFC, "✓"), (0xFB, "✗"), (0xE0, "→"), (0x6C, "●"))},
    ("symbol", 0xB7): "・",
}
OUT = frozenset(
    {
        *("pPr", "rPr", "del", "moveFrom", "rt", "rubyPr", "delText", "delInstrText", "instrText"),
        *("fldData", "sdtPr", "sdtEndPr", "tblPr", "docPr", "cNvPr", "proofErr", "ctrlPr"),
    }
)
DELETIONS, INSERTIONS = frozenset({"del", "moveFrom"}), frozenset({"ins", "moveTo"})
OLD_RUBY = re.compile(r"\\o\s*(?:\\a[dclr])?\s*\(\s*\\s\s*\\up\s*[\d.]+\s*\(([^()]*)\)\s*[,;]\s*([^()]*)\)")


@dataclass(slots=True)
class Inline:
    """What one paragraph holds.

    Attributes:
        text: With a line feed where a line is broken by hand.
        notes: (kind, id) of the notes it refers to: "footnote", "endnote" or "comment".
        boxes: Contents of its text boxes.
        graphics: (kind, id) of its charts ("chart") and diagrams ("diagram").
        is_bold: Whether all of its text is.
    """

    text: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    graphics: list[tuple[str, str]] = field(default_factory=list)
    is_bold: bool = False


@dataclass(slots=True)
class Seen:
    """What was met in the file as a whole.

    Attributes:
        labels: The mark of each note that was referred to.
    """

    n_inserted: int = 0
    n_deleted: int = 0
    n_hidden: int = 0
    labels: dict[tuple[str, str], str] = field(default_factory=dict)

    def label(self, kind: str, note_id: str) -> str:
        """［注1］ for a footnote, ［文末注1］ for an endnote, numbered as they come."""
        name = "注" if kind == "footnote" else "文末注"
        if (kind, note_id) not in self.labels:
            n = 1 + sum(known == kind for known, _ in self.labels)
            self.labels[kind, note_id] = f"［{name}{n}］"
        return self.labels[kind, note_id]


class InlineReader:
    """Reads paragraph by paragraph."""

    def __init__(self) -> None:
        self.seen = Seen()

    def read(self, paragraph: Element) -> Inline:
        """The content of a paragraph; deleted text, readings of ruby and field instructions are left out."""
        found = Inline()
        parts: list[str] = []
        fields: list[bool] = []  # of each field around: whether its result has begun
        formula: list[str] = []
        bold = plain = False
        for element, name in self._walk(paragraph):
            piece = ""
            if name == "fldChar":
                piece = self._field(element, fields, formula)
            elif name == "instrText":
                formula.append(text_of(element))
            elif name == "t":
                piece = text_of(element).replace("\n", " ") if all(fields) else ""
                is_bold = is_on(child(element.getparent(), "rPr", "b"))
                bold, plain = bold or is_bold, plain or (not is_bold and bool(piece.strip()))
            elif all(fields):
                piece = self._other(element, name, found)
            parts.append(piece)
        found.text = "".join(parts)
        found.is_bold = bold and not plain
        return found

    def _walk(self, paragraph: Element) -> Iterator[tuple[Element, str]]:
        """What counts inside a paragraph, in order, without recursion."""
        stack = list(reversed(paragraph))
        while stack:
            element = stack.pop()
            name = local(element)
            if name in DELETIONS:
                self.seen.n_deleted += 1
            elif name == "instrText":
                yield element, name
            elif name not in OUT:
                yield element, name
                stack.extend(reversed(list(self._inside(element, name))))

    def _inside(self, element: Element, name: str) -> Iterator[Element]:
        if name in ("txbxContent", "fldChar"):
            return
        if name in INSERTIONS:
            self.seen.n_inserted += 1
        if name == "AlternateContent":
            choice = child(element, "Choice")
            chosen = choice if choice is not None else child(element, "Fallback")
            yield from chosen if chosen is not None else ()
        elif name == "ruby":
            yield from children(element, "rubyBase")
        elif name == "sdt" and child(element, "sdtPr", "checkbox") is not None:
            return
        elif name == "r" and _is_hidden(element):
            self.seen.n_hidden += 1
        else:
            yield from element

    def _field(self, element: Element, fields: list[bool], formula: list[str]) -> str:
        """What a boundary of a field stands for: a box of an old form, or a base that ruby was set over."""
        kind = attribute(element, "fldCharType")
        if kind == "begin":
            formula.clear()
            is_shown = all(fields)
            fields.append(False)
            return _form_field(child(element, "ffData")) if is_shown else ""
        if kind == "separate" and fields:
            fields[-1] = True
        elif kind == "end" and fields and not fields.pop():
            return "".join(found[2] for found in OLD_RUBY.finditer("".join(formula)))
        return ""

    def _other(self, element: Element, name: str, found: Inline) -> str:
        match name:
            case "tab" | "ptab":
                return " "
            case "br" | "cr":
                return "\n"
            case "noBreakHyphen":
                return "-"
            case "sym":
                return _symbol(element)
            case "footnoteReference" | "endnoteReference":
                kind = name.removesuffix("Reference")
                found.notes.append((kind, attribute(element, "id")))
                return self.seen.label(kind, attribute(element, "id"))
            case "commentReference":
                found.notes.append(("comment", attribute(element, "id")))
            case "txbxContent":
                found.boxes.append(element)
            case "chart":
                found.graphics.append(("chart", attribute(element, "id")))
            case "relIds":
                found.graphics.append(("diagram", attribute(element, "dm")))
            case "sdt":
                return _check_box(element)
        return ""


def _is_hidden(run: Element) -> bool:
    return is_on(child(run, "rPr", "vanish")) and any(local(inner) == "t" for inner in run)


def _check_box(element: Element) -> str:
    """The state of a content control that is a check box, "" for any other."""
    box = child(element, "sdtPr", "checkbox")
    if box is None:
        return ""
    return CHECKED if is_on(child(box, "checked")) else UNCHECKED


def _form_field(about: Element | None) -> str:
    box, choices = child(about, "checkBox"), child(about, "ddList")
    if box is not None:
        checked = child(box, "checked")
        return CHECKED if is_on(checked if checked is not None else child(box, "default")) else UNCHECKED
    if choices is not None:
        entries = [attribute(entry, "val") for entry in children(choices, "listEntry")]
        at = number(child(choices, "result"), "val", number(child(choices, "default"), "val"))
        return entries[at] if 0 <= at < len(entries) else ""
    return ""


def _symbol(element: Element) -> str:
    code = attribute(element, "char")
    try:
        n = int(code, 16)
    except ValueError:
        return ""
    return SYMBOLS.get((attribute(element, "font").lower(), n & 0xFF), "")
