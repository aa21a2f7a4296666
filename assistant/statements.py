"""Statements: what a source tells of one thing, so that nobody tells of one what it tells of another.

A statement is a table row, a sentence, or that part of a sentence which has a topic of its own (AはX、BはY).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.facts import Fact
from assistant.segments import LEXICON, Segment, Word, words_of

GENERAL = frozenset(LEXICON["general"])
ALIKE = tuple(frozenset(group.split()) for group in LEXICON["alike"])
CONCEPTS: dict[str, frozenset[int]] = {
    word: frozenset(n for n, group in enumerate(ALIKE) if word in group) for group in ALIKE for word in group
}
HEADING_CHARS = 30
UNTOLD = 0.8  # what a word of a topic that a sentence does not mention takes away
OWN = re.compile(r"(?P<topic>[^、は]{0,30}[一-龠ァ-ヶa-z0-9ー」)々ぁ-ん])は(?![いずじ])")
NO_TOPIC = re.compile(
    r"(?:とき|時|場合|際|うち|ため|ところ|から|まで|(?<!午)後|あと|(?<!午)前|こと|もの|それ|これ|に|て|又|また|若しく|もしく|或い|あるい)$"
)
DOER = re.compile(r"(?:[一-龠々ァ-ヶー]|こと(?!がで)|もの)が[^、]*[^、が]")
OPEN_END = re.compile(r"(?:ため|として|ので|から|と|ば|ら|とき|時|際|場合|は|も|の|に|で|うえ|上)、$")
DONE_AND = re.compile(r"を[^、]+[しりいちきびみえけせねべめれ]、$")  # …を開催し、
OBJECT = re.compile(r"[^、]を[^、]")
CASE = re.compile(r"(?:とき|場合|時)(?:は|には|に)")
COPULA = re.compile(r"(?:もの|の|こと)で、$")
SIDE = re.compile(
    r"(?:[^、]{1,20}では、?)?[^、がをはに]{1,12}([がを])(?:[^、をは]*[一-龠々ァ-ヶー]が?、|[^、をは]{2,}[^、])$"
)
LEFT_OUT = re.compile(r"[一-龠々ァ-ヶー]([がを])、$")
REPORTED = re.compile(
    r"(?:する|した|い|る|う|く)と(?:答え|述べ|回答|説明|報告|発言|話し|答弁)[^、。]{0,8}。?$"
)
GAPPED = re.compile(r"[一-龠々ァ-ヶー]で[^、でに]{0,10}[一-龠々ァ-ヶー]、$")  # 玄関で午前、物産館で午後に行う
THEME = re.compile(
    r"^(?:[^、。をは]{1,20}(?:から|に|より|で)、)?(?P<theme>[^、。]{1,30}?)(?:を|が(?=[^、]*[たるす]。?$))"
)
BEGINS = re.compile(r"^[^、。|]*\d日から、$")  # 10月1日から、手数料を改定します holds for what follows
NOW = re.compile(r"現在|時点")
POINTS_BACK = re.compile(
    r"^(?:この|これ|その|それ|同|うち|また|さらに|ただし|なお|そこ|ここ|残[りる]|以後|翌)"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What is told of one thing.

    Attributes:
        place: The sentence or row that it belongs to.
        topic: Words of what it is about, none if it goes on about what was told before.
        about: Words of its row's head and columns, or of the topic of its sentence.
        before: Words of the topics that were told of before and may be meant still.
        dated: Years and days that were told of before.
    """

    text: str
    place: int
    words: tuple[Word, ...]
    facts: tuple[Fact, ...]
    topic: frozenset[str]
    about: frozenset[str]
    before: frozenset[str]
    dated: tuple[Fact, ...]
    segments: tuple[Segment, ...]
    is_row: bool

    @property
    def opening(self) -> str:
        """How its sentence opens, as far as that holds for all of it."""
        return "".join(one.text for one in self.segments if OPEN_END.search(one.text))

    @property
    def lemmas(self) -> frozenset[str]:
        """Of all its words, and of what it is about."""
        return self.about | {word.lemma for word in self.words}


def statements_of(segments: Sequence[Segment]) -> tuple[Statement, ...]:
    """The statements of a source, in order."""
    found: list[Statement] = []
    before: frozenset[str] = frozenset()
    dated: tuple[Fact, ...] = ()
    lead: frozenset[str] = frozenset()
    groups = list(groups_of(segments))
    for n, group in enumerate(groups):
        is_row = group[0].column >= 0
        text = ("|" if is_row else "").join(segment.text for segment in group)
        topic = frozenset() if is_row else topic_of(text)
        inherited = before
        if found and (found[-1].place == group[0].unit_place or POINTS_BACK.match(text) or "同様" in text):
            same = found[-1].place == group[0].unit_place
            lead = lead | _lead(found[-1]) if same else found[-1].lemmas
            inherited |= lead
        else:
            lead = frozenset()
        about = frozenset().union(*(segment.about for segment in group)) | _verb_left_out(group, segments)
        words = tuple(word for segment in group for word in segment.words)
        facts = tuple(
            fact for segment in group for fact in (*segment.facts, *(segment.about_facts if is_row else ()))
        )
        found.append(
            Statement(
                text, group[0].unit_place, words, facts, topic, about, inherited, dated, tuple(group), is_row
            )
        )
        is_heading = _is_heading(found[-1]) or _is_caption(
            found[-1], groups[n + 1] if n + 1 < len(groups) else []
        )
        before |= found[-1].lemmas if is_heading else topic or _object(found[-1])
        dated += tuple(fact for fact in facts if is_heading and fact.kind == "amount")  # (2時間当たり)
        begins = tuple(fact for one in group if BEGINS.search(one.text) for fact in one.facts)
        ago = tuple(fact for one in group for fact in one.facts if one.text[fact.end : fact.end + 1] == "前")
        now = tuple(fact for one in group for fact in one.facts if NOW.match(one.text, fact.end))
        dated += (*(fact for fact in facts if fact.kind == "year"), *begins, *ago, *now)
    return tuple(found)


def _verb_left_out(group: Sequence[Segment], segments: Sequence[Segment]) -> frozenset[str]:
    """The verb that a clause leaves to the end of its sentence: 甲と…協定を、乙と…協定を締結した.

    What is said, answered, … at the end holds for all of a sentence.
    """
    if group[0].column >= 0:
        return frozenset()
    last = [one for one in segments if one.unit_place == group[0].unit_place][-1]
    if not LEFT_OUT.search(group[-1].text) and not REPORTED.search(last.text):
        return frozenset()
    return frozenset(word.lemma for word in last.words[-1:] if word.acts and last is not group[-1])


def _object(statement: Statement) -> frozenset[str]:
    """What a statement without a topic is of: 市民農園の利用者を募集します."""
    found = None if statement.is_row else THEME.match(statement.text)
    return frozenset(word.lemma for word in words_of(found["theme"])) if found else frozenset()


def _is_heading(statement: Statement) -> bool:
    """Whether it is a line that only names what follows: a heading, or the word that is explained."""
    is_short = len(statement.text) <= HEADING_CHARS and not re.search(r"[。、はが]", statement.text)
    return (
        is_short and not statement.is_row and all(word.is_noun or not word.acts for word in statement.words)
    )


def _is_caption(statement: Statement, following: Sequence[Segment]) -> bool:
    """Whether it is a line above the rows of a table, of which all of them are."""
    return bool(following) and not statement.is_row and following[0].column >= 0


def _lead(statement: Statement) -> frozenset[str]:
    """What holds for the next part of a sentence too: what its topic is of (市内の小学校), how it opens."""
    found = OWN.search(statement.text)
    lead = found["topic"].rpartition("の")[0] if found else ""
    return frozenset(word.lemma for word in words_of(lead + statement.opening))


def told_together(claim: Sequence[Segment]) -> list[list[Segment]]:
    """The clauses of a sentence by what they tell of; each that does something to something stands alone."""
    groups: list[list[Segment]] = []
    for group in groups_of(claim):
        for clause in group:
            before = groups[-1][-1].text if groups else ""
            if clause is group[0] or (DONE_AND.search(before) and OBJECT.search(clause.text)):
                groups.append([])
            groups[-1].append(clause)
    return groups


def groups_of(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """The segments of a text by what they tell of."""
    told: dict[int, set[str]] = {}
    for place in {segment.unit_place for segment in segments}:
        leads = [side_by_side(one.text) for one in segments if one.unit_place == place and one.column < 0]
        told[place] = {lead for lead in leads if lead and leads.count(lead) > 1}
    group: list[Segment] = []
    for segment in segments:
        if group and (
            segment.unit_place != group[0].unit_place
            or (segment.column < 0 and _begins_anew(segment.text, [one.text for one in group]))
            or (segment.column < 0 and side_by_side(segment.text) in told[segment.unit_place])
            or (segment.column < 0 and _goes_beside(group[-1].text, segment.text))
        ):
            yield group
            group = []
        group.append(segment)
    if group:
        yield group


def _begins_anew(text: str, before: Sequence[str]) -> bool:
    """Whether a clause tells of something else than those before: it has a topic or doer of its own."""
    if CASE.search(text) and any(CASE.search(one) for one in before):
        return True
    has_topic = bool(topic_of(text))
    if has_topic and (
        any(topic_of(one) for one in before) or (COPULA.search(before[-1]) and DOER.search(before[-1]))
    ):
        return True
    ended = any(DOER.search(one) for one in before) and not OPEN_END.search(before[-1])
    return ended and (has_topic or DOER.search(text) is not None)


def _goes_beside(before: str, text: str) -> bool:
    """Whether the verb of a clause is told by the next one: 8日に甲が、9日に乙が受け持つ."""
    if GAPPED.search(before) and re.search(r"[一-龠々ァ-ヶー]で", text):
        return True
    left_out = LEFT_OUT.search(before)
    return left_out is not None and re.search(rf"[一-龠々ァ-ヶー]{left_out[1]}", text) is not None


def side_by_side(text: str) -> str:
    """The particle by which clauses stand side by side: 内科をA病院、外科をB病院が; "" if there is none."""
    found = SIDE.match(text)
    return found[1] if found else ""


def topic_of(text: str) -> frozenset[str]:
    """The words of the topic that a text names, none if it names none."""
    for found in OWN.finditer(text):
        if not NO_TOPIC.search(found["topic"]):
            return frozenset(word.lemma for word in words_of(found["topic"]))
    return frozenset()


@lru_cache(maxsize=1 << 14)
def root(lemma: str) -> str:
    """The kanji of a verb before its ending: 移る and 移す are one deed."""
    return re.sub(r"[ぁ-ゖ]+$", "", lemma)


@lru_cache(maxsize=1 << 16)
def tell_alike(one: str, other: str) -> bool:
    """Whether two words may tell the same: the same, the same deed, or another word for it."""
    if one == other or (root(one) and root(one) == root(other)):
        return True
    return bool(CONCEPTS.get(one, frozenset()) & CONCEPTS.get(other, frozenset()))


@lru_cache(maxsize=1 << 16)
def holds(lemmas: frozenset[str], word: str) -> bool:
    """Whether one of these words tells what a word tells."""
    return word in lemmas or any(tell_alike(word, one) for one in lemmas)


def nearest(claim: Sequence[Segment], statements: Sequence[Statement]) -> Statement | None:
    """The statement that a sentence retells: it holds most of its facts and words."""
    return max(statements, key=lambda one: fit(claim, one), default=None)


def fit(claim: Sequence[Segment], statement: Statement) -> float:
    """How much of a sentence a statement holds; its own topic weighs more, what was told before less."""
    words = frozenset(lemma for clause in claim for lemma in clause.lemmas)
    values = {(fact.kind, fact.value) for clause in claim for fact in clause.facts}
    own = statement.lemmas
    given = {(fact.kind, fact.value) for fact in statement.facts}
    score = 2.0 * len(values & given)
    for word in words:
        weight = 0.4 if word in GENERAL else 1.0
        if holds(own, word):
            score += weight + (0.3 if word in statement.topic else 0.0)
        elif holds(statement.before, word):
            score += 0.4 * weight
    return score - UNTOLD * sum(not holds(words, word) for word in statement.topic - GENERAL)


def tells_rather(
    claim: Sequence[Segment], holding: Sequence[Segment], rival: Segment, statements: Sequence[Statement]
) -> bool:
    """Whether a sentence as a whole retells rather a statement that holds something than that of a rival."""
    own = [statement for statement in statements if any(one in statement.segments for one in holding)]
    others = [statement for statement in statements if rival in statement.segments]
    if any(one in others for one in own):
        return False
    best = max((fit(claim, one) for one in others), default=0.0)
    return any(fit(claim, one) > best for one in own) or any(_sets_apart(claim, one, others) for one in own)


def _sets_apart(claim: Sequence[Segment], own: Statement, others: Sequence[Statement]) -> bool:
    """Whether a sentence has a word of one statement and none of the others alone: ただし、日曜日は."""
    told = [word for clause in claim for word in clause.words if word.lemma not in GENERAL]
    here = own.lemmas | own.before
    there = frozenset().union(*(one.lemmas | one.before for one in others))
    return any(holds(here, one.lemma) and not holds(there, one.lemma) for one in told) and not any(
        holds(there, one.lemma) and not holds(here, one.lemma) for one in told
    )
