"""Whether a question says by itself what it is about, or leaves that to the turn before."""

from __future__ import annotations

import re

from assistant.topic import GENERIC_VERB, Topic, is_year, phrases
from ingest.tokenizer import default_tokenizer

END = r"[。？?！!\s]*$"
PAST = re.compile(
    rf"^(?:いつ|誰が|だれが|どこ[でにへと]|なぜ|何[人件回か所]+)[^はがを]*(?:ました|ったの?です"
    rf"|たの?です)か{END}"
)
REASON = re.compile(r"(?:理由|目的|背景|経緯|わけ|原因)(?:は|も|を)")


def has_own_topic(text: str) -> bool:
    """Whether a text says by itself what it is about: a specific noun or verb."""
    if any(phrase.is_specific and not is_year(phrase.text) for phrase in phrases(text)):
        return True
    verbs = [word for word, kind in default_tokenizer().words(text) if kind == "動詞"]
    return any(not GENERIC_VERB.fullmatch(verb) for verb in verbs)


def repeats(topic: Topic, body: str) -> bool:
    """Whether a question names all that the topic is made of, years aside."""
    named = [phrase.text for phrase in phrases(topic.text) if not is_year(phrase.text)]
    return bool(named) and all(name in body for name in named)


def asks_of_event(body: str) -> bool:
    """Whether it asks when, where or why something was done, and does not say to what."""
    return bool(PAST.match(body)) and all(phrase.acts or not phrase.is_specific for phrase in phrases(body))


def asks_for_reason(body: str) -> bool:
    """Whether it asks why something came about, and does not say what: 「予定より遅れた理由は何ですか」."""
    found = REASON.search(body)
    return found is not None and not any(phrase.is_specific for phrase in phrases(body[: found.start()]))


def is_about_something(body: str) -> bool:
    """Whether it says more than what it asks for."""
    words = default_tokenizer().words(body)
    return any(kind in ("動詞", "形容詞", "形状詞") for _, kind in words)


def is_noun_phrase(text: str) -> bool:
    """Whether there is no verb or other clause in it."""
    return all(kind not in ("動詞", "助動詞", "感動詞") for _, kind in default_tokenizer().words(text))
