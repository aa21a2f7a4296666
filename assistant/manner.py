"""Manner: whether a sentence says as surely, as completely and in the same order what its source says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.binding import Finding, Material
from assistant.facts import facts_of
from assistant.polarity import denies
from assistant.segments import Segment, words_of
from assistant.statements import GENERAL, holds, nearest
from assistant.values import same

# What is only thought of, said or supposed, and what is planned: the latter may be told as what will be.
OPEN = re.compile(
    r"検討|(?:意見|要望|提案|声)(?:が|も)(?:あ|出|寄せ)|との(?:意見|要望|提案|声)|みられる|見られる|思われ|考えられ|可能性|おそれ(?!が?あ?る[一-龠])|推定|推測|努め|努力|目指|意向|保留|議論|審議(?:中|して)|協議(?:中|して)|調整(?:中|して)|との(?:話|指摘|打診|申出|申し出|考え|期待)|たいと|てほしい|呼びかけ|打診|望まし|希望"
)
PLANNED = re.compile(
    r"予定(?=で|し|。|$)|見込[むみん]|計画す|計画(?:が|も)あ|構想|方針|お?願い(?:い?た)?しま|ください"
)
MAY = re.compile(r"ことができ|できる|場合がある|差し支えな|妨げな")
HEDGED = re.compile(
    f"{OPEN.pattern}|予定|見込|計画|方針|意見|要望|提案|声|案(?:で|と|の段)|求め|義務|ましょう|みられ|見られ|かもしれ|意向|希望|望[むんまみ]|たいと|話し|呼びかけ|打診|申し出|申出|考え"
)
DONE = re.compile(
    r"たのは|(?:た|済み)(?:の?です|とのこと)?$|ました|でした|すでに|既に|ています|ている|決ま|決定"
)
DONE_NOW = re.compile(r"すでに|既に|もう(?!一)|(?:行われ|実施され|始め|終え)(?:まし)?た$")
DECIDED = re.compile(r"決ま(?:り|っ)|決定|可決|合意|確定|決め(?:ました|た|て)")
BOUND = re.compile(r"必ず|なければならな|なければなりま|ねばな|必要があ|義務")
EXCEPT = re.compile(r"([^、。]*?)([一-鿿ァ-ヴー]+)(?:を除[きくい]|以外[のは])")
SPARED = re.compile(r"ほか|他の|除[きくい]|以外|外れ|対象外|含[まみ]")
TIME_ORDER = re.compile(
    r"^(?P<one>.+?)(?:の|した|て|を終えた)?(?P<side>後|のち|あと|前|(?<![\d日月年時分歳円])から)に?、?(?P<other>.+)$"
)
TOLD_ORDER = re.compile(r"^(?P<one>.+?)は、?(?P<other>.+?)(?:の|した|する)(?P<side>後|のち|あと|前)(?!に?、)")
PROVISO = re.compile(r"(?:ただし|但し)、?(?P<when>[^。]{2,60}?(?:とき|場合|れば|限り|限って))")
MOST = re.compile(r"最も|もっとも|一番|1番|最多|1位|第1位")
NEXT = re.compile(r"次いで|に次[いぐ]|続い|2番目|2位|第2位")


def check_manner(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """No thought told as a deed, no part as the whole, no exception as the rule, no later as earlier."""
    said = "".join(clause.text for clause in claim)
    sentences = _sentences(material)
    told = _nearest(claim, material)
    if told is None:
        return
    near = nearest(claim, material.statements)
    yield from _certainty(said, sentences[told] if near is None or near.is_row else near.text)
    for given in sentences.values():
        yield from _exception(said, given)
    yield from _in_time(said, sentences[told])
    yield from _first(claim, material, told)


def _certainty(said: str, given: str) -> Iterator[Finding]:
    hedged = HEDGED.search(said) and not (DONE_NOW.search(said) and not DONE_NOW.search(given))
    is_planned = PLANNED.search(given) and DONE.search(said)
    if not hedged and (OPEN.search(given) or is_planned):
        yield Finding("partly", "出典は、予定、意見、推定などとして述べています。")
    if DECIDED.search(said) and not DECIDED.search(given):
        yield Finding("partly", "出典は、決まったとは述べていません。")
    if BOUND.search(said) and not BOUND.search(given) and (MAY.search(given) or OPEN.search(given)):
        yield Finding("partly", "出典は、そうしなければならないとは述べていません。")


def _exception(said: str, given: str) -> Iterator[Finding]:
    excepted = _excepted(said, given)
    if excepted and denies(said) == denies(given):
        yield Finding("contradicted", f"出典は、「{excepted}」を除いています。")


def tells_exception(said: str, given: str) -> bool:
    """Whether a sentence says of what the source excepts that it is otherwise there."""
    return any(_excepted(said, one) and denies(said) != denies(one) for one in given.split("。"))


def untold_proviso(claim: Sequence[Segment], place: int, material: Material) -> str:
    """The condition of a proviso of which a sentence says nothing; "" if there is none."""
    given = "".join(one.text for one in material.segments if one.unit_place == place)
    found = PROVISO.match(given)
    if not found:
        return ""
    mine = frozenset(lemma for clause in claim for lemma in clause.lemmas)
    words = {word.lemma for word in words_of(found["when"])} - GENERAL
    facts = [fact for clause in claim for fact in clause.facts]
    if any(same(fact, one) for fact in facts for one in facts_of(found["when"])):
        return ""
    return "" if any(holds(mine, word) for word in words) else found["when"]


def _excepted(said: str, given: str) -> str:
    """What the source excepts and a sentence speaks of without excepting it; "" if there is nothing."""
    found = EXCEPT.search(given)
    if not found or SPARED.search(said):
        return ""
    if len(found[2]) > 1 and found[2] in said:
        return found[2]
    words = {word.lemma for word in words_of(found[1] + found[2])} - GENERAL
    mine = frozenset(word.lemma for word in words_of(said))
    return found[2] if len(words) > 1 and all(holds(mine, word) for word in words) else ""


def _in_time(said: str, given: str) -> Iterator[Finding]:
    mine, theirs = _order(TOLD_ORDER, said), _order(TIME_ORDER, given)
    if mine and theirs and mine[0] & theirs[1] and mine[1] & theirs[0] and not mine[0] & theirs[0]:
        yield Finding("contradicted", "前後の順が、出典と逆です。")


def _order(pattern: re.Pattern[str], text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """The words of what comes first and of what comes later."""
    found = pattern.match(text)
    if not found:
        return None
    one, other = (frozenset(w.lemma for w in words_of(found[side])) for side in ("one", "other"))
    is_turned = (found["side"] == "前") != (pattern is TOLD_ORDER)
    return (other, one) if is_turned else (one, other)


def _first(claim: Sequence[Segment], material: Material, place: int) -> Iterator[Finding]:
    """What the source calls the next is not the first."""
    clauses = [segment for segment in material.segments if segment.unit_place == place]
    following = [segment for segment in clauses if NEXT.search(segment.text)]
    for clause in claim:
        if not MOST.search(clause.text):
            continue
        for segment in following:
            own = {word.lemma for word in segment.words if word.is_noun}
            others = {word.lemma for one in clauses if one is not segment for word in one.words}
            if (own - others) & {word.lemma for word in clause.words}:
                yield Finding("contradicted", "出典では、それは1番目ではありません。")


def _sentences(material: Material) -> dict[int, str]:
    texts: dict[int, str] = {}
    for segment in material.segments:
        texts[segment.unit_place] = texts.get(segment.unit_place, "") + segment.text
    return texts


def _nearest(claim: Sequence[Segment], material: Material) -> int | None:
    """The sentence of the source that holds most of the words; no table row."""
    wanted = {word.lemma for clause in claim for word in clause.words}
    held: dict[int, int] = {}
    for segment in material.segments:
        if segment.column < 0:
            place = segment.unit_place
            held[place] = held.get(place, 0) + len(wanted & {word.lemma for word in segment.words})
    return max(held, key=lambda place: held[place], default=None)
