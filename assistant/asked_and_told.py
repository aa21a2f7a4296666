"""Asked and told: a question states nothing, but its answer is about it, and a yes tells what it asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.segments import Unit, clauses, words_of

QUESTION = re.compile(
    r"(?:です|ます|ました|せん|でしょう|ある|いる|ない|の)か[。?？]?$|[?？]$|(?:伺|お?尋ね|お聞き)(?:い|し)?(?:ます|たい)[^。]{0,6}。?$"
)
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
    return stated


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
