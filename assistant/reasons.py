"""Reasons: a cause or purpose that a sentence gives must be given as one, and for the same, in the source.

Two facts that a source only states side by side are no cause and effect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.binding import Finding, Material
from assistant.segments import Segment, words_of
from assistant.statements import GENERAL, holds

FOR = (
    r"を目的(?:に|として|とした|とする)|(?<!他の)(?<!ほかの)(?<!以外の)(?:目的|ねらい|狙い)で"
    r"|(?<=[おこごそとのぼもろよ])うと、|よう(?:に)?、"
)
WHY = re.compile(
    rf"ため(?:です|だ|である|で、|、|に)|(?<!て)から(?:です|だ|である)|こと(?:から|で|により|によって|に伴い)、"
    rf"|ことによ[りる]|が(?:原因|理由)|(?:原因|要因|理由)は|のおかげ|(?:せい|影響)で|(?<!も)[のな]で、|[うくぐすつぬぶむるただい]から、|{FOR}"
)
EFFECT_FIRST = re.compile(r"^(?P<effect>.+?)(?:のは|(?:原因|要因|理由|目的)は)、?(?P<cause>.+)$")
GIVES = re.compile(
    r"ため|により|によ[るっ]|から|ので|要因|原因|理由|影響|伴|受け|結果|よって|起因|招|せい|おかげ|背景|ことで|として"
    r"|[れえけせてねべめらわ]ば|と、|き、|とき|場合|目的|向け|よう|趣旨|ねらい|狙い|図[りるっ]|資する|たい|推進"
)
BACK = re.compile(
    r"(?:ため|から|よるもの|影響|結果)(?:です|だ|である|であ|でし|でご)|理由|原因|要因|背景|目的|ねらい|狙い"
)
ONWARD = re.compile(
    r"^(?:こ|そ)(?:の(?:ため|結果|影響|こと)|れ(?:に|を|ら|が|は)|う(?:し|い))|^(?:よって|したがって|従って|このことに)"
)
NOT_WHY = re.compile(r"(?:よるもの|ため|理由|原因|から)で(?:は|も)(?:ない|なく|な[かい]|ありません|ござい)")
LITTLE = re.compile(
    r"(?:影響|寄与|関係)[^。、]*?(?:限定的|わずか|小さ|少な|軽微|ほとんど|ない|なかった|ません)"
)
GIVEN = re.compile(
    r"^(?P<cause>[^。]*?)(?:ため(?:に)?、?|により、?|によって、?|によるもの|ので、|(?<!て)から、|を受け[、て]|に伴[いう]、?|結果、|が原因で|の影響で|を理由に)(?P<effect>[^。]+)"
)
HALF = 0.5  # more of the words of a reason must be told where it is given
BY_CAUSE = "その理由は、出典で確かめられません。"
TURNED = "原因と結果が、出典と逆です。"


@dataclass(frozen=True, slots=True)
class Reason:
    """The words of what is given as a cause or purpose, and of what it is given for; none that both have."""

    cause: frozenset[str]
    effect: frozenset[str]


def check_reason(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """A reason that a sentence gives must be one in the source, and there not one of little weight."""
    said = _reason_of("".join(clause.text for clause in claim))
    if said is None or not material.statements:
        return
    sentences: dict[int, str] = {}
    for segment in material.segments:
        sentences[segment.unit_place] = sentences.get(segment.unit_place, "") + segment.text
    if not any(_gives(said, place, sentences) for place in sentences):
        yield Finding("partly", BY_CAUSE)
    elif any(_is_turned(said, text) for text in _joined(sentences)):
        yield Finding("contradicted", TURNED)


def _reason_of(text: str) -> Reason | None:
    mark = WHY.search(text)
    if mark is None:
        return None
    first = EFFECT_FIRST.match(text)
    if first:
        return _apart(first["cause"], first["effect"])
    start = max(text.rfind("は", 0, mark.start()), text.rfind("、", 0, mark.start())) + 1
    return _apart(text[start : mark.start()], text[:start] + text[mark.end() :])


def _apart(cause: str, effect: str) -> Reason:
    one, other = (frozenset(word.lemma for word in words_of(text)) - GENERAL for text in (cause, effect))
    return Reason(one - other, other - one)


def _held(words: frozenset[str], text: str) -> float:
    """The share of words that a text tells; of none, all."""
    lemmas = frozenset(word.lemma for word in words_of(text))
    return sum(holds(lemmas, word) for word in words) / len(words) if words else 1.0


def _gives(said: Reason, place: int, sentences: dict[int, str]) -> bool:
    """Whether a sentence of the source, or it with the next, gives the reason."""
    text, following = (_weighty(sentences.get(one, "")) for one in (place, place + 1))
    alone = bool(GIVES.search(text)) and _held(said.cause, text) > HALF and _held(said.effect, text) > 0
    pair = bool(BACK.search(following) or ONWARD.search(following))
    both = text + following
    return alone or (pair and _held(said.cause, both) > HALF and _held(said.effect, both) > 0)


def _weighty(text: str) -> str:
    """A sentence without the clauses that refuse a reason or call it slight."""
    return "".join(
        part for part in re.findall(r"[^、]+、?", text) if not (LITTLE.search(part) or NOT_WHY.search(part))
    )


def _joined(sentences: dict[int, str]) -> Iterator[str]:
    """The sentences of a source, a reason told in one of its own put before what it is for."""
    places = sorted(sentences)
    for place in places:
        yield sentences[place]
        following = sentences.get(place + 1, "")
        if re.search(r"(?:ため|から)で(?:ある|す|あり)", following) and "のは" not in following:
            yield re.sub(r"(?:ため|から)で(?:ある|す|あり).*", "ため、", following) + sentences[place]


def _is_turned(said: Reason, text: str) -> bool:
    """Whether a source gives as the effect what a sentence gives as the cause, and the other way round."""
    found = GIVEN.match(text)
    if not found or "のは" in text:
        return False
    topic, _, cause = found["cause"].rpartition("は、")
    given = _apart(cause, topic + "、" + found["effect"])
    straight = _common(said.cause, given.cause) * _common(said.effect, given.effect)
    turned = _common(said.cause, given.effect) * _common(said.effect, given.cause)
    return turned > straight


def _common(one: frozenset[str], other: frozenset[str]) -> int:
    return sum(holds(other, word) for word in one)
