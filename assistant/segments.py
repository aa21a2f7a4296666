"""Segments: the smallest parts of a text that state something, each with the words that it is about.

A clause of prose is about its own words and the topic of its sentence; a table cell is about its row's head
and its column's header. Two facts belong together where one segment holds both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files

from assistant.facts import FACT, Fact, facts_of, unified
from assistant.rows import are_years, barred, is_header, is_rule
from ingest.sentences import sentence_bounds
from ingest.tokenizer import Morpheme, default_tokenizer

NOUNS = frozenset({"名詞", "代名詞", "形状詞", "英単語", "接頭辞", "接尾辞"})
LEXICON: dict[str, list[str]] = json.loads(
    files("assistant").joinpath("check_words.json").read_text(encoding="utf-8")
)
ALONE = frozenset({"名詞", "代名詞", "形状詞", "英単語"})  # nouns that are no part of another word
TELLING = NOUNS | {"動詞", "形容詞", "副詞"}
SCHOOLS = frozenset("小中高大")  # before 学校, 規模: what tells one from the other
SIZES = {"大きな": "大きい", "小さな": "小さい"}  # words before a noun that tell something
EMPTY = frozenset(LEXICON["empty"])
CLAUSE_END = "、,;|\n"
TOPIC = re.compile(
    r"^(?P<topic>[^、|\n]{1,40}?(?:に|で|と|から|へ|まで|より)?(?:は(?!じ)|も(?!の|し|っ|ち|ら)))(?![一-龠]*[がをは]?[、]?$)"
)
OWN_TOPIC = re.compile(r"[一-龠ァ-ヶa-z0-9ー」)](?:に|で|と|から|へ)?は(?!い)")
UNIT_LINE = re.compile(r"[(（]?単位[:：]?([^()（）:：\s]{1,5}?)[)）]?$")
IN_UNIT = re.compile(r"\((?:単位[:：]?)?([千万億百]*[^()\d]{1,4})\)$")
BARE = re.compile(r"(?<![\d,.第])(\d[\d,.]*)(?=[、,\s]|$)")
BARE_YEAR = re.compile(r"(?:19|20)\d\d|[rhs]\d{1,2}")
SPEAKER = re.compile(r"^○[^()、。]{1,16}\([^()]{1,12}\)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word that tells something: whether it is a noun, a name, or tells of doing, and where it stands."""

    lemma: str
    surface: str
    is_noun: bool
    is_name: bool
    acts: bool
    start: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A clause or a table cell.

    Attributes:
        words: Its own.
        about: Lemmas of what it is about, beside its own words.
        unit_place: Sentence or row of the text that it belongs to.
        column: 0-based column of a table cell, -1 in prose.
        label: The header of its column, without the unit in brackets; "" in prose.
    """

    text: str
    words: tuple[Word, ...]
    facts: tuple[Fact, ...]
    about: frozenset[str]
    about_facts: tuple[Fact, ...]
    unit_place: int
    column: int = -1
    label: str = ""

    @property
    def lemmas(self) -> frozenset[str]:
        """Of its own words and of what it is about."""
        return self.about | {word.lemma for word in self.words}

    @property
    def years(self) -> frozenset[str]:
        """The years that it names or stands under, as words, of years also whether fiscal."""
        told = (*self.facts, *self.about_facts)
        dated = [fact for fact in told if fact.kind != "amount" or fact.unit == "年度"]  # 4年度
        exact = (f"{fact.value}{fact.unit}" for fact in dated if fact.unit)
        return frozenset(f"{fact.kind}{fact.value}" for fact in dated) | frozenset(exact)


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or a table row, with its half-open offsets in the text as given."""

    text: str
    start: int
    end: int
    segments: tuple[Segment, ...] = field(default=())


@lru_cache(maxsize=256)
def units_of(text: str) -> tuple[Unit, ...]:
    """Sentences and table rows of a text, in order; a row is a line with `|` between its cells."""
    text = barred(text)
    units: list[Unit] = []
    header: list[str] = []
    unit = ""  # of all bare numbers, as a line above them gives it
    rows = [(start, end) for start, end in sentence_bounds(text) if not is_rule(text[start:end])]
    for n, (start, end) in enumerate(rows):
        shown = text[start:end]
        flat, place = unified(shown), len(units)
        cells = _split(shown)
        below = _split(text[slice(*rows[n + 1])]) if n + 1 < len(rows) else []
        if not cells:
            header = []
            named = UNIT_LINE.search(flat)
            unit = named[1] if named else unit
            units.append(Unit(flat, start, end, tuple(clauses(_scaled(flat, unit), place))))
        elif len(cells) != len(header) and len(below) == len(cells) and is_header(cells, below):
            header = [*cells[:1], *(_with_unit(_as_year(cell, cells), unit) for cell in cells[1:])]
            units.append(Unit(flat, start, end, ()))
        else:
            header = header if len(header) == len(cells) else ["", *(_with_unit("", unit) for _ in cells[1:])]
            cells = [_as_year(cells[0], header), *cells[1:]]
            units.append(Unit(flat, start, end, tuple(_cells(cells, header, place))))
    return tuple(units)


def _split(shown: str) -> list[str]:
    return [cell.strip() for cell in shown.split("|")] if "|" in shown else []


def _scaled(text: str, unit: str) -> str:
    """Prose whose bare numbers have the unit of the line above."""
    return BARE.sub(rf"\g<1>{unit}", text) if unit else text


def _cells(cells: list[str], header: list[str], place: int) -> Iterator[Segment]:
    head = unified(cells[0])
    for column, cell in enumerate(cells):
        flat = unified(cell)
        above = unified(header[column])
        scaled = _in_unit(flat, above)
        label = IN_UNIT.sub("", above)
        about = f"{head}|{label}" if column else label
        yield Segment(
            scaled, words_of(flat), facts_of(scaled), frozenset(word.lemma for word in words_of(about)),
            facts_of(about), place, column, label,
        )  # fmt: skip


def _as_year(cell: str, header: Sequence[str]) -> str:
    """A bare year of a table whose first column is of years, or whose header begins with 年: 2019."""
    of = "年" if are_years(header[1:]) and cell in header else unified(header[0])
    return f"{cell}{of}" if of in ("年", "年度") and BARE_YEAR.fullmatch(unified(cell)) else cell


def _with_unit(label: str, unit: str) -> str:
    """A column's label with the unit that the line above the table gives for all of it."""
    return f"{label}({unit})" if unit and "(" not in unified(label) else label


def _in_unit(cell: str, header: str) -> str:
    """A bare number with the unit that its header names in brackets."""
    unit = IN_UNIT.search(header)
    bare = re.fullmatch(r"([\d,.]+)([増減]?)", cell)
    return f"{bare[1]}{unit[1]}{bare[2]}" if unit and bare else cell


def clauses(text: str, place: int) -> Iterator[Segment]:
    """The clauses of a unified sentence; those without a topic of their own share the sentence's."""
    parts = _parts(text)
    lead = TOPIC.match(text)
    topic = lead["topic"] if lead else ""
    shared = frozenset(word.lemma for word in words_of(topic))
    for n, (start, end) in enumerate(parts):
        part = text[start:end]
        alone = text[len(topic) : len(topic) + 1] in ("、", ",")  # 人口は、… holds for all that follows
        own = n > 0 and _has_topic(part) and bool(topic) and not alone
        lead_in = topic.rpartition("の")[0] if own and "の" not in part else ""  # 市内の、of all that follow
        about = frozenset(word.lemma for word in words_of(lead_in)) if own else shared
        yield Segment(
            part,
            words_of(part),
            facts_of(part),
            about,
            () if own or _has_year(part) else facts_of(topic),
            place,
        )


def _has_topic(part: str) -> bool:
    """Whether a clause has a topic of its own, which is more than a year: 令和5年度は goes on."""
    found = OWN_TOPIC.search(part)
    return found is not None and bool(words_of(part[: found.end()]))


def _has_year(text: str) -> bool:
    return any(fact.kind == "year" for fact in facts_of(text))


def _parts(text: str) -> list[tuple[int, int]]:
    """Where the clauses are; a topic that stands alone before a comma goes with what follows."""
    label = SPEAKER.match(text)
    parts = [label.span()] if label else []
    start = label.end() if label else 0
    for at, char in enumerate(text):
        inside = char == "," and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
        ends = char in CLAUSE_END and not inside and at > start
        if ends and (parts or FACT.search(text[start:at]) or not re.search(r"[はも]$", text[start:at])):
            parts.append((start, at + 1))
            start = at + 1
    if start < len(text):
        parts.append((start, len(text)))
    return parts


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[Word, ...]:
    """The telling words of a unified text, numbers aside."""
    at = 0
    words = []
    taken = [found.span() for found in FACT.finditer(text)]
    for morpheme in default_tokenizer().morphemes(text):
        at = text.index(morpheme.surface, at)
        start, at = at, at + len(morpheme.surface)
        if any(low <= start < high for low, high in taken) or not _tells(morpheme):
            continue
        lemma = morpheme.surface if morpheme.kind == "固有名詞" else SIZES.get(morpheme.lemma, morpheme.lemma)
        acts = morpheme.pos in ("動詞", "形容詞", "副詞") or morpheme.use.startswith("サ変")
        words.append(Word(lemma, morpheme.surface, morpheme.pos in ALONE, _is_name(morpheme), acts, start))
    return tuple(words)


def _tells(morpheme: Morpheme) -> bool:
    if morpheme.lemma in SIZES:
        return True
    if morpheme.pos not in TELLING or not any(char.isalnum() for char in morpheme.surface):
        return False
    if morpheme.pos == "接頭辞" and morpheme.surface in SCHOOLS:
        return True
    if morpheme.lemma in EMPTY or morpheme.use == "助数詞":
        return False
    return not (morpheme.kind == "非自立可能" and morpheme.lemma in EMPTY)


def _is_name(morpheme: Morpheme) -> bool:
    katakana = re.fullmatch(r"[ァ-ヴー]{2,}", morpheme.surface) is not None
    return morpheme.kind == "固有名詞" or katakana or re.fullmatch(r"[a-z]{2,}", morpheme.surface) is not None
