"""Events of an answer that is being written: words, checked sentences, at last the whole answer."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.answer import Answer, AnswerSentence


@dataclass(frozen=True, slots=True)
class Words:
    """Text to show at once, not checked yet."""

    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence whose verdict is known; it takes the place of the words before it."""

    sentence: AnswerSentence


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer, which takes the place of all before it."""

    answer: Answer


Event = Words | Checked | Done
