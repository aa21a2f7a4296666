"""What a chat model writes, as HTML: grey until it is checked, with a mark for each verdict."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.check import Verdict
from assistant.visible import visible_line, visible_text
from ui.i18n import Texts
from ui.page.element import element, note
from ui.page.turn import Sentence, Written


def mark(sentence: Sentence, texts: Texts) -> str:
    """The mark of a sentence's verdict with its reason; a quoted one has none unless it is unverified."""
    if not sentence.verdict:
        return "" if sentence.verified else element("span", texts("unverified"), class_="unverified")
    name = texts(f"verdict_mark_{sentence.verdict}")
    told = {"title": sentence.reason} if sentence.reason else {}
    confirmed = sentence.verdict == Verdict.CONFIRMED.value
    return element("span", name, class_="confirmed" if confirmed else "unverified", **told)


def struck(sentence: Sentence, texts: Texts) -> str:
    """A sentence that the sources contradict, struck out, with the reason."""
    why = element("span", visible_line(sentence.reason), class_="reason")
    label = element("span", f"{texts('struck')}: ", class_="visually-hidden")
    return element("p", label, element("s", visible_text(sentence.text)), " ", why, class_="sentence struck")


def progress(sentences: Iterable[Sentence], words: str, texts: Texts) -> str:
    """Sentences that are checked, then what is not yet."""
    parts = [
        struck(one, texts)
        if one.verdict == Verdict.CONTRADICTED.value
        else element("p", visible_text(one.text), mark(one, texts), class_="sentence")
        for one in sentences
    ]
    if words.strip():
        parts.append(element("p", visible_text(words), class_="sentence unchecked"))
    return "".join(parts)


def about(written: Written, texts: Texts) -> str:
    """Who wrote the answer and how long it took, or why it is quoted; what was struck out."""
    lines = "".join(struck(one, texts) for one in written.struck) if not written.fell_back else ""
    seconds = f"{written.total_s:.1f}"
    if written.fell_back:
        return note(texts("fell_back", reason=written.fell_back, model=written.model)) + lines
    name = "written_by_tokens" if written.n_tokens else "written_by"
    told = texts(name, model=written.model, seconds=seconds, n=written.n_tokens)
    return lines + element("p", visible_line(told), class_="meta written")
