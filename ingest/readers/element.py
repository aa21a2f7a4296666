"""Elements of the XML in office files, found by local name: strict files have namespaces of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element


def local(element: Element) -> str:
    """The name of an element without its namespace; "" for a comment or an entity."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element | None, name: str, default: str = "") -> str:
    """The value of an attribute, whatever its namespace."""
    if element is None:
        return default
    value = element.get(name)
    if value is None:
        ending = "}" + name
        value = next((value for key, value in element.attrib.items() if key.endswith(ending)), default)
    return str(value)


def number(element: Element | None, name: str, default: int = 0) -> int:
    """The value of an attribute as a whole number of at most nine digits; `default` if it is none."""
    value = attribute(element, name).strip()
    digits = value.removeprefix("-")
    return int(value) if digits.isascii() and digits.isdecimal() and len(digits) <= 9 else default


def is_on(element: Element | None) -> bool:
    """Whether a switch such as `<w:b/>` is there and not set off."""
    return element is not None and attribute(element, "val", "1") not in ("0", "false", "off", "none")


def child(element: Element | None, *names: str) -> Element | None:
    """The first element of a path of names, each directly inside the one before."""
    for name in names:
        if element is None:
            return None
        element = next((inner for inner in element if local(inner) == name), None)
    return element


def children(element: Element | None, name: str) -> Iterator[Element]:
    """The elements of a name directly inside."""
    return (inner for inner in (element if element is not None else ()) if local(inner) == name)


def descendants(element: Element, *names: str) -> Iterator[Element]:
    """The elements of these names at any depth, in order of the file."""
    return iter(element.iter(*(f"{{*}}{name}" for name in names)))


def text_of(element: Element | None) -> str:
    """The text directly inside, "" if there is none."""
    return (element.text or "") if element is not None else ""
