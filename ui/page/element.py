"""HTML elements whose attributes are always escaped."""

from __future__ import annotations

from assistant.visible import visible_text

EMPTY = frozenset({"br", "img", "input", "link", "meta"})


def element(name: str, /, *content: str, **attributes: str | bool | None) -> str:
    """An element as HTML.

    Args:
        name: Of the element.
        content: HTML already: text goes through `visible_text` or `visible_line` first.
        attributes: Plain text; `data_action` stands for `data-action`, `class_` for `class`. `True` gives an
            attribute without a value, `False` and `None` none.

    Example:
        >>> element("button", "[1]", class_="chip", data_place='"1"', disabled=True, title=None)
        '<button class="chip" data-place="&quot;1&quot;" disabled>[1]</button>'
    """
    told = "".join(_attribute(key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    return f"<{name}{told}>" if name in EMPTY else f"<{name}{told}>{''.join(content)}</{name}>"


def button(content: str, /, **attributes: str | bool | None) -> str:
    """A button that submits no form."""
    return element("button", content, type="button", **attributes)


def link(content: str, url: str, /, **attributes: str | bool | None) -> str:
    """A link to an address of this server."""
    return element("a", content, href=url, **attributes)


def note(text: str) -> str:
    """A sentence that explains something out of the ordinary."""
    return element("p", visible_text(text), class_="note", role="note")


def _attribute(name: str, value: str | bool | None) -> str:
    if value is None or value is False:
        return ""
    return f" {name}" if value is True else f' {name}="{visible_text(value)}"'
