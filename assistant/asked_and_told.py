"""Asked and told: a question states nothing, but its answer is about it, and a yes tells what it asks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.segments import Unit, clauses, words_of

QUESTION = re.compile(
    r"(?:です|ます|ました|せん|でしょう|ある|いる|ない|の)か[。?？]?$|[?？]$|(?:伺|お?尋ね|お聞き)(?:い|し)?(?:ます|たい)[^。]{0,6}。?$"
)
LEADS_IN = re.compile(
    r"次(?:に掲げる|の各号(?:のいずれか)?(?:に該当する|に掲げる)?|の(?:いずれかに該当する)?)[一-龠]{1,4}(?=[はがをに])"
)
ITEM = re.compile(r"\(\d{1,2}\)")
POLAR = re.compile(
    r"^(?P<head>(?:q|問)?[\d.:：、]*)(?P<body>.+?)(?P<end>(?:でき)?[^、はがをにもで]{0,8}(?:です|ます|せん|でしょう))か[。?？]?$"
)
SPEAKER = re.compile(r"^○[^()]*(?:\([^()]*\))?")
TOPIC_ASKED = re.compile(
    r"(?:q|問)?[\d.:：、]*(?P<topic>[^、]{1,30}?)(?:(?:に|で|へ)?は|(?:を|について)、?(?:お?伺|お?尋ね|お聞き))"
)
CHOICE = re.compile(r"どちら|どっち|いずれ|か、")
WHICH = re.compile(r"何|いつ|どこ|誰|だれ|どの|どれ|どう|なぜ|いくら|いくつ")
ANSWER = re.compile(r"^(?:a|答)?[\d.:：、]*(?P<yes>はい|ええ|そのとおり)?[、。]?")


def told(units: Sequence[Unit], *, keeps_questions: bool) -> list[Unit]:
    """What is stated; a question only if it is asked for, or as what it tells if it is answered with yes.

    What follows a question at once is about what was asked.
    """
    keeps = keeps_questions or all(is_question(unit.text) for unit in units)
    stated = []
    for n, unit in enumerate(units):
        if keeps or not is_question(unit.text):
            asked = topic_asked(units[n - 1].text) if n else ""
            about = frozenset(word.lemma for word in words_of(asked))
            segments = tuple(replace(one, about=one.about | about) for one in unit.segments)
            stated.append(replace(unit, text=asked + unit.text, segments=segments))
        elif n + 1 < len(units) and (said := affirmed(unit.text, units[n + 1].text)):
            stated.append(replace(unit, text=said, segments=tuple(clauses(said, n))))
    return list(_itemised(stated))


def _itemised(units: Sequence[Unit]) -> Iterator[Unit]:
    """Items of a list with what leads in: 次の者は、対象としない。(1)団員 is 団員は、対象としない."""
    lead = None
    for n, unit in enumerate(units):
        head, *items = ITEM.split(unit.text)
        if LEADS_IN.search(head):
            lead = head
        if lead is None or not items or (head and head is not lead):
            yield unit
            lead = lead if lead == unit.text else None
            continue
        for item in items:
            said = LEADS_IN.sub(item.strip("。、") or "次", lead)
            yield replace(unit, text=said, segments=tuple(clauses(said, n)))


def is_question(text: str) -> bool:
    """Whether a sentence asks."""
    return QUESTION.search(text) is not None


def affirmed(question: str, answer: str) -> str:
    """What an answer tells by saying yes, or by the verb of the question alone; "" if it does not."""
    asked = POLAR.match(question)
    said = ANSWER.match(answer)
    if not asked or not said or WHICH.search(question):
        return ""
    follows = answer[said.end() :]
    if said["yes"] or follows.startswith(asked["end"]):
        return asked["body"] + asked["end"]
    denied = asked["end"].removesuffix("ます") + "ません"
    return asked["body"] + denied if follows.startswith(denied) else ""


def topic_asked(text: str) -> str:
    """What a question is about, without who asks it and what is left open; "" if it is none."""
    if not is_question(text):
        return ""
    asked = SPEAKER.sub("", text)
    if CHOICE.search(asked):
        found = TOPIC_ASKED.match(asked)
        return found["topic"] if found else ""
    which = WHICH.search(asked)
    return asked[: which.start()] if which else asked
