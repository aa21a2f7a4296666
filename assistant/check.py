"""Checker: whether what is cited supports a written sentence, decided by rules that any reader can follow.

Numbers, dates, names, denial and direction must be those of the source, and said there of the same thing; the
rest of the wording must be mostly the source's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from assistant.amounts import check_dates, check_facts
from assistant.apart import check_apart
from assistant.asked_and_told import told
from assistant.binding import Finding, Material
from assistant.cells import check_cells
from assistant.contrast import check_contrast
from assistant.direction import check_direction
from assistant.enough import too_little
from assistant.facts import unified
from assistant.fragment import is_of_something_else
from assistant.itself import check_itself
from assistant.labelled import check_labelled
from assistant.lacking import check_words
from assistant.legend import misnumbered
from assistant.manner import check_manner
from assistant.names import check_names, names_of
from assistant.objects import check_objects
from assistant.opposed import check_opposed
from assistant.plain import plain
from assistant.pointing import points_elsewhere
from assistant.polarity import denies
from assistant.predicates import check_denial
from assistant.quantities import ungrounded
from assistant.reasons import check_reason
from assistant.roles import check_roles
from assistant.segments import Segment, clauses, units_of, words_of
from assistant.sequence import check_order
from assistant.statements import statements_of
from assistant.totals import check_totals
from assistant.trends import check_trends
from assistant.turned import check_turned
from assistant.verbatim import is_verbatim
from assistant.voids import check_voids
from assistant.word_for_word import stands
from assistant.wording import check_extent, support

KANA = re.compile(r"[ぁ-ゖァ-ヺ]")
LETTER = re.compile(r"[^\W\d_]")
CLEFT = re.compile(r"(?<=のは)、.*")  # 停止されるのは、…なかった場合です affirms
HALVES = re.compile(r"(?<=。)|(?<=[たすんだるい])が、(?=[^、。]{1,30}は)")  # AはX、だがBはY
STRAY = "質問のことを言っているかは、出典の言葉では確かめられません。"
BROKEN = re.compile(r"[はがも][、 ]?(?:です|である|だ)[。 ]*$|[、,][。 ]*$")
ASKING = re.compile(r"質問|質疑|尋ね|問[いうわ]|聞[いき]")
# Share of the words that the source holds; below it a source speaks of something else. A stricter bound
# cost more true sentences of the gate sets than it held back false ones.
MIN_SUPPORT = 0.3
MIN_OWN = 0.5  # the same of a sentence that repeats words of the question: they support nothing


class Verdict(StrEnum):
    """What the check of a sentence found."""

    CONFIRMED = "confirmed"  # 確認済み
    PARTLY = "partly"  # 一部確認
    UNVERIFIED = "unverified"  # 根拠未確認
    CONTRADICTED = "contradicted"  # the source says otherwise


RULES = (
    check_facts, check_dates, check_names, check_cells, check_words, check_extent, check_direction,
    check_apart, check_roles, check_denial, check_order, check_reason, check_manner, check_voids,
    check_totals, check_objects, check_trends, check_turned, check_opposed, check_itself, check_contrast,
    check_labelled,
)  # fmt: skip
FAR_RULES = (check_facts, check_names, check_words, check_extent)  # of a source that speaks of something else
RANKS = (Verdict.CONFIRMED, Verdict.PARTLY, Verdict.UNVERIFIED, Verdict.CONTRADICTED)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a sentence cites.

    Attributes:
        text: Sentences, or table rows with `|` between their cells, the row of column headers first.
        context: What a reader knows before reading: title, section, years.
    """

    text: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict on a sentence.

    Attributes:
        reason: Why it is not confirmed, one Japanese sentence; "" if it is.
        places: Ground and half-open offsets of the sentences that support it, the best first.
        answers: Whether it is confirmed but for words of the question that the source lacks, and tells
            something that the question does not.
    """

    verdict: Verdict
    reason: str = ""
    places: tuple[tuple[int, int, int], ...] = field(default=())
    answers: bool = False


def check(sentence: str, grounds: Sequence[Ground], *, question: str = "") -> Check:
    """Whether the grounds support a sentence; without a ground, it is unverified.

    One that tells of two things (AはX、だがBはY) is confirmed if each of its halves is.

    Args:
        sentence: What is claimed, without markers.
        grounds: What it cites.
        question: Its common words may be repeated in the sentence without being in a ground.
    """
    whole = _check(sentence, grounds, question)
    halves = [half for half in HALVES.split(sentence.strip()) if half.strip("。 ")]
    if whole.verdict is Verdict.CONFIRMED or len(halves) < 2:
        return whole
    found = [_check(half, grounds, question) for half in halves]
    if any(one.verdict is not Verdict.CONFIRMED for one in found):
        return whole
    return Check(
        Verdict.CONFIRMED, places=tuple({place: None for one in found for place in one.places}), answers=True
    )


def _check(sentence: str, grounds: Sequence[Ground], question: str) -> Check:
    claim = _claim(sentence)
    if not grounds or not claim:
        return Check(Verdict.UNVERIFIED, "出典が示されていません。")
    if BROKEN.search(sentence):
        return Check(Verdict.UNVERIFIED, "文が途中で終わっています。")
    material = _material(
        tuple(grounds),
        question,
        affirms=not denies(CLEFT.sub("", plain(unified(sentence)))),
        asks=bool(ASKING.search(sentence)),
    )
    pairs = [(one.text, one.context) for one in grounds]
    if not LETTER.search(sentence) and ungrounded(sentence, [text for text, _ in pairs]):
        return Check(Verdict.UNVERIFIED, f"「{sentence.strip()}」は、出典にありません。")
    reason = _wanting(sentence, claim, pairs, question)
    supported = Check(Verdict.PARTLY if reason else Verdict.CONFIRMED, reason, answers=True)
    if is_verbatim(sentence, pairs, question):
        return replace(supported, places=_verbatim_places(sentence, grounds) or _places(claim, grounds))
    places = _places(claim, grounds)
    if not KANA.search(sentence):
        if not _is_bare(claim, material):
            return _foreign(claim, material)
        claim = tuple(replace(clause, about=clause.about | material.asked) for clause in claim)
    findings = _findings(claim, material, is_bare=not KANA.search(sentence))
    if any(one.verdict == "contradicted" for one in findings) and stands(claim, material):
        findings = [one for one in findings if one.verdict != "contradicted"]
    if not findings:
        return replace(supported, places=places)
    if _is_answer(claim, material) and all(_is_asked(one, material) for one in findings):
        return Check(Verdict.PARTLY, findings[0].reason, places, answers=True)
    worst = max(findings, key=lambda finding: RANKS.index(Verdict(finding.verdict)))
    verdict = Verdict(worst.verdict)
    if (
        verdict is Verdict.CONTRADICTED and "それぞれ" in sentence
    ):  # what belongs to what is told by order alone
        verdict = Verdict.PARTLY
    return Check(verdict, worst.reason, places)


def _wanting(sentence: str, claim: Sequence[Segment], pairs: Sequence[tuple[str, str]], question: str) -> str:
    """Why a sentence that its grounds bear out is no answer all the same; "" if it may be one."""
    if is_of_something_else(sentence, claim, pairs, question):
        return STRAY
    return (
        misnumbered(sentence, [text for text, _ in pairs])
        or points_elsewhere(sentence, pairs)
        or too_little(sentence, pairs, question)
    )


def _findings(claim: Sequence[Segment], material: Material, *, is_bare: bool) -> list[Finding]:
    """All that keeps a sentence from being confirmed."""
    held, _ = support(claim, replace(material, asked=frozenset()))
    is_far = held < MIN_SUPPORT or (held < MIN_OWN and support(claim, material)[0] > held)
    findings = [finding for rule in (FAR_RULES if is_far else RULES) for finding in rule(claim, material)]
    if is_bare and (other := _of_other(material)):
        findings.append(Finding("partly", f"「{other}」は、出典にありません。", (other,)))
    if is_far:
        findings.append(Finding("unverified", "出典の言葉と大きく違います。"))
    return findings


def _is_asked(finding: Finding, material: Material) -> bool:
    """Whether what the source lacks are words of whoever asked: the answer may be right all the same."""
    return bool(finding.lacks) and all(word in material.question for word in finding.lacks)


def _is_answer(claim: Sequence[Segment], material: Material) -> bool:
    """Whether a sentence has a fact or a noun of the source that the question lacks."""
    new = [fact.shown for clause in claim for fact in clause.facts]
    new += [word.surface for clause in claim for word in clause.words if word.is_noun]
    return any(one not in material.question and one in material.text for one in new)


@lru_cache(maxsize=64)
def _claim(sentence: str) -> tuple[Segment, ...]:
    return tuple(clauses(plain(unified(sentence)).rstrip("。"), 0))


def _is_bare(claim: Sequence[Segment], material: Material) -> bool:
    """Whether it is no sentence but the value or name that was asked for, in the words of the source."""
    words = [word for clause in claim for word in clause.words]
    return bool(material.asked) and all(word.surface in material.text for word in words)


def _of_other(material: Material) -> str:
    """A name that the question gives and the source does not: a bare value there may be another one's."""
    names = (name for clause in clauses(material.question, 0) for name in names_of(clause))
    known = material.text + material.context
    return next((name for name in names if name not in known), "")


def _foreign(claim: Sequence[Segment], material: Material) -> Check:
    """A sentence in another language: its numbers and years can be checked, its words cannot."""
    for clause in claim:
        for fact in clause.facts:
            if not any(
                fact.value == one.value for s in material.segments for one in (*s.facts, *s.about_facts)
            ):
                return Check(Verdict.UNVERIFIED, f"「{fact.shown}」は、出典にありません。")
    return Check(Verdict.PARTLY, "別の言語の文は、数だけを確かめています。")


@lru_cache(maxsize=64)
def _material(grounds: tuple[Ground, ...], question: str, *, affirms: bool, asks: bool) -> Material:
    """All that is cited; what it says is not so cannot support a sentence that says that something is."""
    texts = [plain(ground.text) if affirms else ground.text for ground in grounds]
    units = [unit for text in texts for unit in units_of(text)]
    stated = told(units, keeps_questions=asks)
    segments = tuple(segment for unit in stated for segment in unit.segments)
    context = unified("\n".join(ground.context for ground in grounds))
    return Material(
        segments, statements_of(segments), "\n".join(unit.text for unit in stated), context,
        frozenset(word.lemma for word in words_of(context)),
        frozenset(word.lemma for word in words_of(unified(question))), unified(question),
    )  # fmt: skip


def _verbatim_places(sentence: str, grounds: Sequence[Ground]) -> tuple[tuple[int, int, int], ...]:
    """All sentences of the first ground that has any of what stands there word for word."""
    said = _tight(sentence)
    for n, ground in enumerate(grounds):
        shown = [(one, _tight(ground.text[one.start : one.end])) for one in units_of(ground.text)]
        held = tuple(
            (n, one.start, one.end) for one, text in shown if text and (text in said or said in text)
        )
        if held:
            return held
    return ()


def _tight(text: str) -> str:
    """Without all that may stand between the parts of a row or a line."""
    return re.sub(r"[\s|・。、]", "", unified(text))


def _places(claim: Sequence[Segment], grounds: Sequence[Ground]) -> tuple[tuple[int, int, int], ...]:
    """For each clause the sentence that holds most of its words and facts."""
    wanted = [(segment.lemmas, {fact.value for fact in segment.facts}) for segment in claim]
    units = [(n, unit) for n, ground in enumerate(grounds) for unit in units_of(ground.text) if unit.segments]
    places: list[tuple[int, int, int]] = []
    for lemmas, values in wanted:
        scored = [
            (
                len(lemmas & frozenset().union(*(segment.lemmas for segment in unit.segments)))
                + 2 * len(values & {fact.value for segment in unit.segments for fact in segment.facts}),
                (n, unit.start, unit.end),
            )
            for n, unit in units
        ]
        score, place = max(scored, key=lambda one: one[0], default=(0, (0, 0, 0)))
        if score and place not in places:
            places.append(place)
    return tuple(places)
