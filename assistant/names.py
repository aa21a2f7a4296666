"""Names: the names of a sentence must be in the source, and said there of the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.binding import Finding, Material, rival_of
from assistant.related import is_kind_told
from assistant.segments import Segment, Word, words_of
from assistant.statements import GENERAL as LIGHT
from assistant.statements import tells_rather
from assistant.values import same

ORG = (
    r"(?:課|部|局|係|館|校|園|市|町|村|区|県|府|国|会|党|社|法人|センター|研|所|駅|港|橋|川|大学|"
    r"病院|公園|団|院|線|庁|署|ホール|プラザ|条例)"
)
COMPOUND = re.compile(rf"[一-鿿々ァ-ヴーa-z0-9・]{{1,}}?{ORG}長?(?![一-鿿々ァ-ヴー])")
KATAKANA = re.compile(r"[ァ-ヴー]{2,}")
AMOUNT = re.compile(
    r"^(?:月間|年間|日間|時間)|^\d[\d,.]*(?:日間?|回|人|名|件|円|台|冊|戸|世帯|年間|か月|時間|分)(?=[一-龠]{2})"
)  # 288日開所
COUNTED = re.compile(r"\d[かカヶ]?[^\d]$|^\d+(?![号番丁級条])[一-龠]{2}$")  # 相手31社 and 3都市 are no names
GENERAL = re.compile(
    r"^(?:当|本|各|全|同|他|市|区|町|村|国)?(?:市役所|区役所|役所|市町村|市区町村|都道府県|市内|施設|"
    r"会場|場所|事業所|住所|箇所|か所|カ所|機会|社会|機関|部|"
    r"会|開催国|出席会|以外の会)$"
)


def check_names(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """Each name must be there, and of the same thing."""
    for clause in claim:
        names = names_of(clause)
        for name in names:
            if name not in material.text:
                short = re.sub(r"(?:地区|地域|国籍)$", "", name)
                if short not in material.text + material.context and not (
                    _is_put_together(name, material)
                    or _is_common(name, material)
                    or name in LIGHT
                    or _points_back(name, claim, material)
                ):
                    yield Finding("unverified", f"「{name}」は、出典にありません。", (name,))
                continue
            holding = [segment for segment in material.segments if name in segment.text]
            if any(_is_counted(name, one, clause) for one in holding):
                continue
            own = frozenset(word.lemma for word in _of_name(name, clause, names))
            columns = {(segment.column) for segment in holding}
            like = [
                s for s in material.segments
                if name not in s.text
                and (s.column in columns if s.column >= 0 else _has_other(s, name, clause, names))
            ]  # fmt: skip
            others = [replace(c, words=tuple(w for w in c.words if w.lemma not in own)) for c in claim]
            like = [one for one in like if not tells_rather(others, holding, one, material.statements)]
            rival = rival_of(clause, holding, like, without=own) if holding else None
            if rival is not None:
                kind = (
                    "contradicted"
                    if rival.column >= 0 or rival.unit_place == holding[0].unit_place
                    else "partly"
                )
                yield Finding(kind, f"「{name}」は、出典では別のもののことです。")


def _is_counted(name: str, segment: Segment, clause: Segment) -> bool:
    """Whether an amount that a clause tells stands right after a name: オンライン590件."""
    at = segment.text.find(name) + len(name)
    run = KATAKANA.match(segment.text, at)
    ends = {at, run.end() if run else at}
    return any(
        one.kind == "amount" and one.start in ends and any(same(fact, one) for fact in clause.facts)
        for one in segment.facts
    )


def _points_back(name: str, claim: Sequence[Segment], material: Material) -> bool:
    """Whether 同事務所 is the one office of which the source tells, or that the sentence names."""
    kind = name[1:]
    if not name.startswith("同") or len(kind) < 1:
        return False
    said = "".join(clause.text for clause in claim)
    given = f"{material.context}\n{material.text}"
    offices = {
        found[0]
        for text in (said, given)
        for found in re.finditer(rf"[一-鿿々ァ-ヴーa-z・]+{re.escape(kind)}(?![一-鿿々ァ-ヴー])", text)
        if not found[0].startswith(("同", "年", "月", "日"))
    }
    return len(offices) == 1


def _is_common(name: str, material: Material) -> bool:
    """Whether a word in katakana is no name, and the source has things of its kind: バス for 便."""
    return KATAKANA.fullmatch(name) is not None and is_kind_told(name, material.text)


def _is_put_together(name: str, material: Material) -> bool:
    """Whether a row or sentence has all parts of a name: 黒木所長, where 黒木 stands under 所長."""
    parts = [word.surface for word in words_of(name)]
    texts: dict[int, str] = {}
    for segment in material.segments:
        told = "".join((segment.text, *sorted(segment.about)))
        texts[segment.unit_place] = texts.get(segment.unit_place, "") + told
    return len(parts) > 1 and any(all(part in text for part in parts) for text in texts.values())


def _of_name(name: str, clause: Segment, names: Sequence[str]) -> Iterator[Word]:
    """The words of a name and of the names beside it: a first name is no reason for a family name."""
    start = clause.text.find(name)
    run, is_longer = name, start >= 0
    while is_longer:
        before = next((one for one in names if clause.text[:start].endswith(one)), "")
        after = next((one for one in names if clause.text.startswith(one, start + len(run))), "")
        run, start, is_longer = before + run + after, start - len(before), bool(before or after)
    for word in reversed(clause.words):
        if word.is_noun and 0 < start == word.start + len(word.surface):
            start = word.start  # こども of こども支援課
            yield word
    yield from (word for word in clause.words if word.surface in run)


def _has_other(segment: Segment, name: str, clause: Segment, names: Sequence[str]) -> bool:
    """Whether a clause names something else, or tells what somebody else does where this one does it."""
    if set(names_of(segment)) - set(names):
        return True
    return f"{name}が" in clause.text and re.search(r"[一-鿿]が", segment.text) is not None


def names_of(segment: Segment) -> list[str]:
    """The names that a segment holds: proper nouns, katakana words, what ends like an office or place."""
    compounds = [
        found[0]
        for found in COMPOUND.finditer(segment.text)
        if not GENERAL.match(found[0])
        and len(found[0]) > 2
        and not COUNTED.search(found[0])
        and not AMOUNT.match(found[0])
    ]
    alone = [
        word.surface
        for word in segment.words
        if word.is_name and not any(word.surface in name for name in compounds)
    ]
    return [*compounds, *alone]


def is_within(word: Word, names: Sequence[str]) -> bool:
    """Whether a word is part of one of these names."""
    return any(word.surface in name for name in names)
