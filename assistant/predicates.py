"""Predicates: what a text says is done or so, and whether it denies it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.binding import Finding, Material, score
from assistant.manner import tells_exception, untold_proviso
from assistant.polarity import DENYING, DENYING_WORDS, NO_DENIAL, denies
from assistant.ruled_alike import condition_unsaid, is_bound_turned_round, is_negated, is_turned_case, told_of
from assistant.rulings import Kind, Ruling, rulings_of
from assistant.segments import ALONE, EMPTY, Segment, clauses, words_of
from assistant.statements import GENERAL, Statement, fit, holds, nearest, tell_alike
from assistant.voids import tells_off, void_cell
from ingest.tokenizer import Morpheme, default_tokenizer


@dataclass(frozen=True, slots=True)
class Deed:
    """A word that says what is done or how something is."""

    lemma: str
    is_denied: bool


@lru_cache(maxsize=2048)
def deeds_of(text: str) -> tuple[Deed, ...]:
    """The deeds that a clause tells, in order; the last one is none if it only tells which thing is meant."""
    kept = NO_DENIAL.sub("", text)
    found: list[Deed] = []
    is_prefixed = False  # 非公開
    for morpheme in default_tokenizer().morphemes(kept):
        if is_prefixed and _acts(morpheme):
            found.append(Deed(morpheme.lemma, is_denied=True))
        elif morpheme.lemma == "無くなる" and found:
            found[-1] = Deed(found[-1].lemma, is_denied=not found[-1].is_denied)
        elif _acts(morpheme):
            found.append(Deed(morpheme.lemma, is_denied=False))
        elif found and _denies(morpheme):
            found[-1] = Deed(found[-1].lemma, is_denied=not found[-1].is_denied)
        elif morpheme.pos in ALONE and morpheme.kind != "数詞" and not _only_frames(morpheme):
            found.append(Deed("", is_denied=False))
        is_prefixed = morpheme.pos == "接頭辞" and morpheme.surface in "非未不"
    return tuple(found)


def _acts(morpheme: Morpheme) -> bool:
    if morpheme.lemma in EMPTY:
        return False
    if morpheme.lemma in GENERAL and morpheme.use.startswith("サ変"):
        return morpheme.lemma not in LIGHT
    if morpheme.kind == "非自立可能" and morpheme.pos != "名詞":
        return False
    return morpheme.pos in ("動詞", "形容詞") or morpheme.use.startswith("サ変")


FAR = 1.0  # words by which another statement tells more of a sentence than the one with its deed
OPPOSITE = "出典とは、肯定と否定が逆です。"
# Where no deed is the same, the clause that is most like it may be about something else: of 23 sentences of
# independent sets that it denied, 13 were true.
PERHAPS = "出典とは、肯定と否定が違うかもしれません。"
OTHER_CASE = "出典は、その場合のことだとは述べていません。"
IF = re.compile(r"場合|とき|際|たら|れば")
IF_ENDS = re.compile(r"(?:たら|ば|と|とき|場合|際)(?:は|に|には)?、$")
TOPIC_PART = re.compile(r"([^、]*?)(?<!とき)(?<!場合)(?<!際)(?<!時)(?:は|も)(?:、|$)")
CASE = re.compile(r"^[^、]*?(?:とき|場合|(?<!\d)時)(?:(?:は|も|には|でも)、?|に?、)")
WHOSE = re.compile(r"^.*?(?:[者人方]|もの|場合|とき|際)(?:について)?(?:は|には|も)(?!な|あり)")
REASON_LAST = re.compile(
    r"(?:(?<=ない)|(?<=かった))のは、?[^、]*(?:ため|から|理由|によるもの)(?:です|だ|である|でした)?$"
)
NEEDED = re.compile(r"な(?:ければ|いと)、$")
OFF = frozenset({"見送る", "中止", "取り止める", "見合わせる", "休止", "断念"})  # 開催を見送る
LIGHT = frozenset({"対象", "予定", "場合", "例"})


def _only_frames(morpheme: Morpheme) -> bool:
    """Whether a noun tells nothing of its own (例, 場合); 必要 and 可能 do."""
    tells_how = morpheme.pos == "形状詞" or "形状詞" in morpheme.use or "形状詞" in morpheme.kind
    return morpheme.lemma in EMPTY or (morpheme.lemma in GENERAL and not tells_how)


def _denies(morpheme: Morpheme) -> bool:
    return morpheme.surface in DENYING and morpheme.pos in ("助動詞", "形容詞", "接尾辞")


def check_denial(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """What a sentence says is so, the source must not deny, and the other way round."""
    statements = material.statements
    if _turns_condition(claim, material):
        yield Finding("contradicted", OPPOSITE)
    settled: list[Segment] = []
    for said in rulings_of(claim):
        if tells_exception(said.text, material.text):
            continue
        turned = any(is_bound_turned_round(fact, claim, material) for fact in said.facts)
        given = told_of(said, material)
        if turned or given:
            settled += said.segments
        elif said.kind is Kind.NEED and said.text.endswith("は不要で、"):
            yield Finding("partly", "出典は、これを否定していません。")
        if given and not turned:
            yield from _ruled(said, given)
    for clause in (_without_reason(one) for one in claim if one not in settled):
        deeds = deeds_of(clause.text)
        is_part = clause is not claim[-1] and not any(deed.lemma or deed.is_denied for deed in deeds)
        if is_part or tells_exception(clause.text, material.text):
            continue
        if clause is not claim[-1] and NEEDED.search(clause.text) and denies(claim[-1].text):
            continue  # 申し込まなければ、使えない: it is needed
        if tells_off(clause.text) and void_cell([clause], material) is not None:
            continue  # what the table lists as none
        told = _same_deed(claim, clause, statements) if deeds and deeds[-1].lemma else None
        if told is None:
            yield from _parity(clause, material)
            yield from _untold(clause, claim, statements)
        elif not _agree(
            deeds[-1], _to_its_end(deeds[-1].lemma, told, statements) if clause is claim[-1] else told
        ) or _denies_on_the_way(deeds, told):
            yield Finding("contradicted", OPPOSITE)
        elif condition := untold_proviso(claim, told.unit_place, material):
            yield Finding("partly", f"出典は、「{condition}」に限って述べています。")


def _without_reason(clause: Segment) -> Segment:
    """What a clause tells without the reason that it gives last: 開かないのは、工事のためだ."""
    told = REASON_LAST.sub("", clause.text)
    return replace(clause, text=told) if told != clause.text else clause


def _ruled(said: Ruling, given: Sequence[Ruling]) -> Iterator[Finding]:
    """What may be or is due must be so in the source, and of the same case."""
    alike = [one for one in given if (one.is_so == said.is_so) != is_turned_case(said, one)]
    if alike:  # the same, or the other way round of the other case
        unsaid = [condition_unsaid(said, one) for one in alike]
        if all(unsaid):
            yield Finding("partly", f"出典は、「{unsaid[0]}」に限って述べています。")
        return
    is_alike = any(one.is_so == said.is_so for one in given)
    yield Finding("partly", OTHER_CASE) if is_alike else Finding("contradicted", OPPOSITE)


def _to_its_end(lemma: str, segment: Segment, statements: Sequence[Statement]) -> Segment:
    """Where what is told of a deed that is the topic is said: 一般開放については、…実施しない."""
    topic = TOPIC_PART.match(segment.text)
    if not topic or not any(one.lemma and tell_alike(one.lemma, lemma) for one in deeds_of(topic[1])):
        return segment
    own = next(one for one in statements if segment in one.segments)
    return next(one for one in reversed(own.segments) if deeds_of(one.text))


def _agree(deed: Deed, segment: Segment) -> bool:
    """Whether both deny or neither, at the end of what the source tells with it (表彰は該当がなかった)."""
    last = deeds_of(segment.text)[-1]
    if not last.lemma and not last.is_denied:
        last = next((one for one in reversed(deeds_of(segment.text)) if one.lemma), last)
    return (last.is_denied != (last.lemma in OFF)) == (deed.is_denied != (deed.lemma in OFF))


def _denies_on_the_way(deeds: Sequence[Deed], segment: Segment) -> bool:
    """Whether a deed before the last is denied on one side alone: 求めない考えだと答えた, 求める考えだと…."""
    told = deeds_of(segment.text)
    for deed in deeds[:-1]:
        alike = [one for one in told[:-1] if one.lemma and one.lemma == deed.lemma]
        if len(alike) == 1 and alike[0].is_denied != deed.is_denied:
            return True
    return False


def _same_deed(claim: Sequence[Segment], clause: Segment, statements: Sequence[Statement]) -> Segment | None:
    """Where the source tells the last deed of a clause, of several the place most alike."""
    deed = deeds_of(clause.text)[-1]
    told = [
        (
            (
                fit(claim, statement) + 0.5 * (one.lemma == deed.lemma),
                score(clause, segment),
                one.is_denied == deed.is_denied,
            ),
            segment,
        )
        for statement in statements
        for segment in statement.segments
        for one in deeds_of(segment.text)
        if one.lemma and tell_alike(one.lemma, deed.lemma)
    ]
    best, segment = max(told, key=lambda pair: pair[0], default=((0.0, 0.0, False), None))
    likest = max((fit(claim, statement) for statement in statements), default=0.0)
    return segment if best[0] > likest - FAR else None


def _deny_alike(said: str, given: str) -> bool:
    """Whether both deny or neither; a word like 廃止 that both have, or one by やめる, says nothing.

    If both name who or when it is (欠席した者は), what is said of them counts, and the same of that.
    """
    cases = WHOSE.match(said), WHOSE.match(given)
    if cases[0] and cases[1] and _has_denial(cases[0][0]) == _has_denial(cases[1][0]):
        said, given = said[cases[0].end() :], given[cases[1].end() :]
    elif cases[1] and not _has_denial(cases[1][0]):
        given = given[cases[1].end() :]
    lemmas = frozenset(word.lemma for word in words_of(said))
    for word in set(DENYING_WORDS.findall(given)):
        if word in said or holds(lemmas, word):
            said, given = said.replace(word, ""), given.replace(word, "")
    return denies(said) == denies(given)


def _turns_condition(claim: Sequence[Segment], material: Material) -> bool:
    """Whether what follows is told for the opposite case: 予約があるとき for 予約がないとき."""
    text = "".join(clause.text for clause in claim)
    said = CASE.match(text)
    if not said:
        return False
    cases = [one for one in material.segments if one.column < 0 and CASE.match(one.text)]
    (case, *_) = clauses(said[0], 0)
    told = align(case, cases)
    given = CASE.match(told.text) if told else None
    if told is None or given is None or not _is_told(case, told):
        return False
    own = next(one for one in material.statements if told in one.segments)
    if own.segments[-1] is told:  # 使うときは3割を加算する
        is_other = is_negated(given[0]) != is_negated(said[0])
        return is_other and denies(told.text[given.end() :]) == denies(text[said.end() :])
    return denies(told.text) != denies(said[0]) and denies(own.segments[-1].text) == denies(
        text[said.end() :]
    )


def _is_told(case: Segment, told: Segment) -> bool:
    """Whether the source tells of all whom and what a case names: 本人ができないとき is none of 代理人."""
    nouns = (word.lemma for word in case.words if word.is_noun and word.lemma not in GENERAL)
    return all(holds(told.lemmas, noun) for noun in nouns)


def _untold(clause: Segment, claim: Sequence[Segment], statements: Sequence[Statement]) -> Iterator[Finding]:
    """A denial of which no clause tells must be one of the statement that tells the rest."""
    near = nearest(claim, statements)
    if clause is not claim[-1] or near is None or align(clause, near.segments) is not None:
        return
    beside = [
        one.text for statement in statements if statement.place == near.place for one in statement.segments
    ]
    if denies(clause.text) and not any(tells_off(text) or _has_denial(text) for text in beside):
        yield Finding("partly", "出典は、これを否定していません。")


def _parity(clause: Segment, material: Material) -> Iterator[Finding]:
    """Where no deed is the same, the clause that tells the same must deny as this one does."""
    aligned = align(clause, material.segments)
    if aligned is None:
        return
    if IF_ENDS.search(clause.text) and IF.search(aligned.text):
        return  # the source tells the condition and what follows from it in one clause
    last = deeds_of(clause.text)[-1:]
    if aligned.column >= 0 and last and not last[0].is_denied and not DENYING_WORDS.search(clause.text):
        return  # 使われずに残った denies no cell
    if not _deny_alike(clause.text, aligned.text):
        if any(word.acts for word in clause.words) or denies(clause.text) or aligned.column < 0:
            yield Finding("partly", PERHAPS)
    elif denies(clause.text):
        denying = {segment.unit_place for segment in material.segments if denies(segment.text)}
        nouns = {word.lemma for word in clause.words if word.is_noun}
        places = {s.unit_place for s in material.segments if nouns & s.lemmas}
        if places and not denying & places:
            yield Finding("partly", "出典は、これを否定していません。")
    else:
        for word in clause.words:
            where = [segment for segment in material.segments if word.lemma in segment.lemmas]
            if any(f"{sign}{word.surface}" in one.text for one in where for sign in ("ない", "なかった")):
                continue  # 予約の入っていない本 tells which one, and denies nothing of it
            if where and all(_has_denial(segment.text) for segment in where):
                yield Finding("partly", f"「{word.surface}」を、出典は否定しています。")
                return


def _has_denial(text: str) -> bool:
    return any(deed.is_denied for deed in deeds_of(text))


def align(clause: Segment, segments: Sequence[Segment]) -> Segment | None:
    """The segment that a clause retells; of several alike, one that denies as it does."""
    values = {fact.value for fact in clause.facts}

    def likeness(segment: Segment) -> tuple[float, bool]:
        facts = len(values & {fact.value for fact in segment.facts})
        own = {word.lemma for word in clause.words} & {word.lemma for word in segment.words}
        return score(clause, segment) + facts + 0.5 * len(own), denies(segment.text) == denies(clause.text)

    best = max(segments, key=likeness, default=None)
    return best if best is not None and likeness(best)[0] >= 1 else None
