"""Fragment: a name, a value or an item without a sentence around it: what it tells, the question says.

It may stand in the source word for word and answer another question: 312名 is the number of those who came to
some meeting. So where it stands, the source must speak of what was asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.facts import unified
from assistant.segments import Segment, words_of
from ingest.tokenizer import Morpheme, default_tokenizer

SUBJECTS = frozenset({"は", "が", "を"})
ENDS = frozenset({"補助記号", "記号", "助動詞"})
VERBS = frozenset({"動詞", "形容詞"})
FEW = 3  # words, all of the question, tell no more of what is meant than none: 参加人数は、312名です
# Of the question's words, title and section included. Of 25 fragments that a real model wrote and that the
# other rules confirmed, all that answered something else had at most .6; most that answered had .73 and more.
MIN_ASKED = 0.65
WHAT = re.compile("何[一-龠]{0,2}")  # 何倍, 何事業: the unit of the number that is asked for
WHICH = frozenset(["何処", "何方", "何れ", "何時", "誰", "どう", "どの", "幾ら", "幾つ", "何故", "其々"])


def is_of_something_else(
    sentence: str, claim: Sequence[Segment], grounds: Sequence[tuple[str, str]], question: str
) -> bool:
    """Whether a fragment stands where the source does not speak of what was asked.

    Args:
        sentence: What is claimed.
        claim: Its clauses.
        grounds: Of each what it says, and what a reader knows before reading it.
        question: What was asked; without one nothing can be told.
    """
    words = words_of(WHAT.sub("", unified(question)))
    asked = frozenset(word.lemma for word in words if word.lemma not in WHICH)
    own = frozenset(word.lemma for clause in claim for word in clause.words)
    if not asked or not (not has_subject(sentence) or (len(own) <= FEW and own <= asked)):
        return False
    held = [_lemmas(f"{text}\n{context}") for text, context in grounds]
    most = max((len(own & lemmas) for lemmas in held), default=0)
    shares = (len(asked & lemmas) / len(asked) for lemmas in held if len(own & lemmas) == most)
    return max(shares, default=0.0) < MIN_ASKED


@lru_cache(maxsize=64)
def has_subject(sentence: str) -> bool:
    """Whether something has a topic, subject, object or verb at its end; 東町 12人 and 北町です have none."""
    morphemes = _content(sentence)
    return (
        not morphemes
        or morphemes[-1].pos in VERBS
        or any(one.pos == "助詞" and one.surface in SUBJECTS for one in morphemes)
    )


def _content(sentence: str) -> list[Morpheme]:
    """The morphemes of a sentence up to the last that is no mark and no 「です」."""
    morphemes = list(default_tokenizer().morphemes(unified(sentence)))
    while morphemes and morphemes[-1].pos in ENDS:
        morphemes.pop()
    return morphemes


@lru_cache(maxsize=64)
def _lemmas(text: str) -> frozenset[str]:
    return frozenset(word.lemma for word in words_of(unified(text)))
