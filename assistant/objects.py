"""Objects: what something is done to must not be something else of which the statement knows nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.binding import Finding, Material
from assistant.segments import Segment, words_of
from assistant.statements import holds, nearest

RUN = r"[一-龠々ァ-ヶー]{1,10}"
DONE_TO = re.compile(
    rf"(?P<what>{RUN})(?:を|が|は)(?:[^、をが]{{0,10}}[にへで])?(?P<deed>[一-龠]{{2}})(?:さ|し|す|いた)"
)


def check_objects(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """開催日が変更される is not told by 会場を変更する, though any text may speak of such a day."""
    near = nearest(claim, material.statements)
    if near is None or near.is_row:
        return
    text = "".join(clause.text for clause in claim)
    lemmas = frozenset(word.lemma for clause in claim for word in clause.words)
    given = {found["deed"]: found["what"] for found in DONE_TO.finditer(near.text)}
    for found in DONE_TO.finditer(text):
        other = given.get(found["deed"])
        if other is None or set(other) & set(found["what"]):
            continue
        words = words_of(found["what"])
        untold = not any(holds(lemmas, word.lemma) for word in words_of(other)) and other not in text
        if untold and words and not any(holds(near.lemmas | near.before, word.lemma) for word in words):
            yield Finding("partly", f"「{found['what']}」は、出典では別のもののことです。")
