"""What was looked for, told to whoever gets no answer."""

from __future__ import annotations

import re
import unicodedata

from assistant.answer import Searched
from assistant.topic import ASKING, phrases
from index.lexical_leg import LexicalLeg
from index.retrieve import TERMS
from ingest.tokenizer import Tokenizer

MOST_NAMES = 8


def look_for(question: str, lexical: LexicalLeg, tokenizer: Tokenizer) -> Searched:
    """What a question names, and which of that no document holds: none of its words occurs anywhere.

    Example:
        A question about 「潮見市の宇宙開発」 put to the office's documents names 潮見市; 宇宙開発 is unknown.
    """
    names: list[str] = []
    unknown: list[str] = []
    for phrase in phrases(question):
        name = re.sub(r"^[「『]|[」』]$", "", phrase.text)
        terms = tokenizer.terms(unicodedata.normalize("NFKC", name))
        if not terms or ASKING.search(name) or name in {*names, *unknown}:
            continue
        is_known = any(lexical.document_frequency(TERMS, term) for term in terms)
        (names if is_known else unknown).append(name)
    return Searched(tuple(names[:MOST_NAMES]), tuple(unknown[:MOST_NAMES]))
