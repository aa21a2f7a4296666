"""Questions that ask what a term means, and text that says so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

ASKS = re.compile(
    r"[「『](?P<quoted>[^「」『』]{1,40})[」』](?:\s*[（(][^（）()]{1,20}[)）])?(?:とは|って|という(?:の|言葉|用語)は|の意味)"
    r"|^(?P<bare>[^、。？?「」『』]{2,30}?)(?:とは(?:何|なん|どん|どの|どう|いったい|[、？?]|$)|って(?:何|なん|どん|どう)|の意味)"
)
DECORATION = re.compile(r"^[\W_]*(?:\d{1,2}[\W_]+)?|[\W_]+$")


def asked_term(question: str) -> str:
    """The term whose meaning a question asks for, "" if it asks for something else."""
    found = ASKS.search(_plain(question))
    return ((found["quoted"] or found["bare"]) if found else "").strip()


def defines(text: str, section: Sequence[str], term: str) -> bool:
    """Whether a text says what a term is.

    It does if it says 「…とは」, introduces the term in brackets (以下「…」), gives it before a colon, or
    stands under a heading that is the term.

    Args:
        text: A sentence or a few.
        section: Titles above it, outermost first.
        term: As `asked_term` gives it; "" is defined nowhere.
    """
    if not term:
        return False
    name = re.escape(_plain(term))
    if section and DECORATION.sub("", _plain(section[-1])) == _plain(term):
        return True
    ways = (
        rf"{name}[」』)]?\s*(?:とは|は、|[:=])",
        rf"(?:以下|略称|通称|愛称)[、:は]?\s*[「『(]?{name}",
        rf"{name}\s*\([^()]{{3,40}}\)",
    )
    return re.search("|".join(ways), _plain(text)) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
