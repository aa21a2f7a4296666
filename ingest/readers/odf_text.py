"""The text of OpenDocument paragraphs, and what hangs on them: notes, comments, text boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.readers.element import Element, child, local, number

OUT = frozenset(
    {
        *("ruby-text", "tracked-changes", "note-citation", "bookmark", "title", "desc", "hidden-text"),
        *("hidden-paragraph", "script", "forms", "event-listeners", "sequence-decls", "page-number"),
    }
)
MAX_SPACES = 1000


@dataclass(slots=True)
class OdfInline:
    """What one paragraph holds.

    Attributes:
        text: With a line feed where a line is broken by hand.
        notes: Footnotes and endnotes that it refers to, with their marks.
        comments: Elements of its comments.
        boxes: Elements of its text boxes.
        charts: Names of embedded objects.
    """

    text: str = ""
    notes: list[tuple[str, Element]] = field(default_factory=list)
    comments: list[Element] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)


class OdfTextReader:
    """Reads paragraph by paragraph; notes are numbered as they come."""

    def __init__(self) -> None:
        self._n_notes = {"footnote": 0, "endnote": 0}

    def read(self, paragraph: Element) -> OdfInline:
        """The content of a paragraph or heading; readings of ruby and deleted text are left out."""
        found = OdfInline()
        parts: list[str] = []
        stack: list[Element | str] = [paragraph]
        while stack:
            item = stack.pop()
            if isinstance(item, str):
                parts.append(" ".join(item.split("\n")))
                continue
            name = local(item)
            if name not in OUT and (item is paragraph or not self._special(item, name, found, parts)):
                inner: list[Element | str] = [item.text or ""]
                for element in item:
                    inner += [element, element.tail or ""]
                stack.extend(reversed(inner))
        found.text = "".join(parts)
        return found

    def _special(self, element: Element, name: str, found: OdfInline, parts: list[str]) -> bool:
        """Whether an element is no run of text."""
        match name:
            case "s":
                parts.append(" " * min(max(number(element, "c", 1), 1), MAX_SPACES))
            case "tab":
                parts.append(" ")
            case "line-break":
                parts.append("\n")
            case "note":
                mark = self._mark(element)
                parts.append(mark)
                found.notes.append((mark, element))
            case "annotation":
                found.comments.append(element)
            case "text-box":
                found.boxes.append(element)
            case "object":
                found.charts.append(next((v for k, v in element.attrib.items() if k.endswith("}href")), ""))
            case "annotation-end" | "change" | "change-start" | "change-end" | "image":
                pass
            case _:
                return False
        return True

    def _mark(self, note: Element) -> str:
        kind = next((v for k, v in note.attrib.items() if k.endswith("}note-class")), "footnote")
        kind = kind if kind in self._n_notes else "footnote"
        self._n_notes[kind] += 1
        return f"［{'注' if kind == 'footnote' else '文末注'}{self._n_notes[kind]}］"


def note_body(note: Element) -> Element | None:
    """The blocks of a footnote or endnote."""
    return child(note, "note-body")


def plain_lines(reader: OdfTextReader, element: Element | None) -> Iterator[str]:
    """The lines of the paragraphs inside an element, at any depth, without what hangs on them."""
    stack = list(reversed(element)) if element is not None else []
    while stack:
        inner = stack.pop()
        if local(inner) in ("p", "h"):
            yield from reader.read(inner).text.split("\n")
        elif local(inner) not in ("annotation", "tracked-changes", "creator", "date"):
            stack.extend(reversed(inner))
