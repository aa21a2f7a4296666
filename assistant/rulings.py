"""Rulings: what a text says may be done or must be, or need not or must not, in whatever words it says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.facts import Fact
from assistant.segments import Segment, words_of
from assistant.statements import GENERAL

NOT = r"(?:て(?:い|おら|おり))?(?:な[いかくけ]|ませ|ず)"
ABLE = (
    r"(?:使え|もらえ|受け取れ|入れ|乗れ|借りられ|選べ|払え|持ち込め|申し込め|出せ|泊まれ|行え|戻せ"
    r"|[受続預]けられ|納められ|替えられ|得られ|加われ|なれ)"
)
GIVEN = (  # what somebody gets or not
    r"(?:交付|支給|給付|助成|補助|貸与|貸出し?|収集|受付|受け付け|"
    r"受理|適用|払い戻し|還付|返金|許可|販売|派遣|提供|配布)"
)
NEED_NOT = re.compile(
    rf"不要|必要(?:は|が|も|と(?:は)?)?(?:し|され|あり)?{NOT}|要し{NOT}|要[らり]{NOT}|を問わ{NOT}|無料|無償|徴収し{NOT}"
    rf"|(?:料|費|金|費用|負担)(?:は|が|も)?(?:かか[らり]|いただき|あり){NOT}"
    rf"|なくて(?:も)?(?:よ|良|い[いで]|構|かま|差し支|済|大丈夫)|(?:免除|省略)(?:(?:す|さ[れせ])ることが)?(?:でき|し|さ|す|と|です|$)|義務(?:で|が)?は(?:な|あり)"
)
NEED = re.compile(
    r"必要(?!経費|な時|に応|書類)|要する|要し(?:ます|た)|要(?:る|ります|り、)|(?:なけれ|ね)ばな[らり]|な(?:いと|くては)(?:いけ|なら)|義務|必須|有料|有償"
    r"|(?:料|費|金|費用|負担)(?:は|が|も)?(?:かか|あ)(?:る|り(?:ます|、))"
)
MAY_NOT = re.compile(
    rf"対象(?:外|と(?:は|も)?(?:し|なら|なり){NOT}|に(?:は|も)?(?:し|なら|なり|含め|含ま|含まれ){NOT}|から(?:は)?(?:除|外))"
    rf"|(?:を|は)?除(?:く(?!ほか)|きます|かれ|外)|でき{NOT}|不可|認め(?:られ)?(?:てい)?{NOT}|(?<!超え)(?<!回っ)ては(?:なら|いけ){NOT}|(?:を|は)?禁[止じ]|{ABLE}{NOT}"
    rf"|資格(?:が|は)(?:な|あり){NOT}|{GIVEN}(?:を|は)?(?:し|行わ|行い|され){NOT}|受け付け{NOT}|断(?:る|り)"
    rf"|(?:割引|割り引き|補助|助成|支給|返金|貸出し?|特典)(?:は|が|も)?(?:あり|な){NOT}"
)
MAY = re.compile(
    rf"対象(?:と(?:する|し(?:ます|て|た)|な[るり])|に(?:する|し(?:ます|て)|な[るり]|含[まむめ])|です|である|だ|。?$)|でき(?:る|ま(?:す|した)|た)"
    rf"|{GIVEN}(?:を|は|も)?(?:する|し(?:ます|た|、)|いたします|され(?:る|ます)|行(?:う|い(?:ます|、)))|受け付け(?:る|ます|、)|(?<!不)可能|に限(?:り|って)、?[一-龠]{{0,4}}[ぁ-ん]{{1,6}}(?=[。]?$)|に限る|認め(?:る|ます|られ)|て(?:も)?(?:よ[いく]|良い|いい|構|かま|差し支)|{ABLE}(?:る|ます)"
)
UNDONE = re.compile(
    r"(?:こと|もの|の|わけ|で|と)(?:は|が|も)(?:ない|なく|なかった|ありませ)"
)  # 外されることはない
OPEN = re.compile(rf"{NOT}[いく]?ことが(?:でき|あ)")  # 認めないことができる: it may be so or not
IS_FOR = re.compile(r"[^、。はが]{0,12}対象(?:となる)?[一-龠]{0,4}は")
REST = re.compile(r"(?![ぁ-ん]*(?:とき|たら|れば))[ぁ-ん]{0,14}[、。]?$")
NAMED = re.compile(r"(?:とする|とします|です|である|に限る|に限ります|次のとおり[^、]*|[一-龠者])。?$")
EXCEPT = re.compile(r"[^、は]+を除(?:き|いて)")
NOT_SO = re.compile(r"この限りで(?:は)?(?:ない|ありません)")
WORDLESS = frozenset(
    {"対象", "必要", "不要", "可能", "禁止", "除く", "対象外", "認める", "外す", "義務", "免除", "省略"}
)


class Kind(StrEnum):
    """What is ruled on; what only defines for whom something is says nothing of others."""

    MAY = "may"
    NEED = "need"


@dataclass(frozen=True, slots=True)
class Ruling:
    """That something may be done or is due, or not.

    Attributes:
        text: The clauses that lead up to it and the one that says so.
        case: `text` before the words that say so.
        before: Words of the ruling before it, which it may go on about.
    """

    kind: Kind
    is_so: bool
    text: str
    case: str
    segments: tuple[Segment, ...]
    before: frozenset[str] = frozenset()

    @property
    def words(self) -> frozenset[str]:
        """What it is about."""
        told = frozenset(lemma for one in self.segments for lemma in one.lemmas)
        if topic := IS_FOR.match(self.text):
            told -= {word.lemma for word in words_of(topic[0])}
        excepted = frozenset(word.lemma for part in EXCEPT.findall(self.text) for word in words_of(part))
        return told - excepted - GENERAL - WORDLESS

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Amounts, days and years of all its clauses."""
        return tuple(fact for one in self.segments for fact in one.facts)


def ruled(text: str) -> tuple[Kind, bool, int] | None:
    """What the end of a clause rules, whether it is so, and where the words that say so begin."""
    if OPEN.search(text):
        return None
    found = [
        (match.start(), match.end(), kind, is_so)
        for pattern, kind, is_so in (
            (NEED_NOT, Kind.NEED, False), (MAY_NOT, Kind.MAY, False), (NEED, Kind.NEED, True),
            (MAY, Kind.MAY, True),
        )
        for match in pattern.finditer(text)
    ]  # fmt: skip
    if not found:
        return None
    last = max(end for _, end, _, _ in found)
    near = [one for one in found if last - one[1] <= len("ません")]
    start, end, kind, is_so = min(near, key=lambda one: (one[3], one[0]))
    if not REST.match(text, end):
        return None  # it is said of something inside the clause
    return kind, is_so != bool(UNDONE.search(text, end)), start


def rulings_of(segments: Sequence[Segment]) -> Iterator[Ruling]:
    """The rulings of a text in prose, each with the clauses of its sentence that lead up to it."""
    lead: list[Segment] = []
    last: Ruling | None = None
    for segment in segments:
        if segment.column >= 0:
            continue
        if lead and lead[0].unit_place != segment.unit_place:
            lead = []
        lead.append(segment)
        found = ruled(segment.text)
        if last and NOT_SO.search(segment.text):
            found = last.kind, not last.is_so, 0
        found = found or _of_topic(segment, lead)
        if found:
            kind, is_so, start = found
            before = "".join(one.text for one in lead[:-1])
            last = Ruling(
                kind, is_so, before + segment.text, before + segment.text[:start], tuple(lead),
                last.words if last else frozenset(),
            )  # fmt: skip
            yield last
            lead = []


def _of_topic(segment: Segment, lead: Sequence[Segment]) -> tuple[Kind, bool, int] | None:
    """What the topic of a sentence rules: 対象経費は、会場費とする."""
    if not IS_FOR.match("".join(one.text for one in lead)) or not NAMED.search(segment.text):
        return None
    return Kind.MAY, True, len(segment.text)
