"""Plain: a text as what it says is so, without what it refuses, and with its provisos told in full."""

from __future__ import annotations

import re
from functools import lru_cache

RUN = r"[一-龠々ァ-ヶー0-9a-z]+"
REFUSED = re.compile(rf"(?:{RUN}の)?{RUN}で(?:は)?なく、?")
# 承認を得た後でなければ着手できない: what is denied twice is so.
EXEMPT = re.compile(
    r"(?:(?<=、)|(?<=[^又]は)|(?<=。)|^)(?P<deed>(?:[^。、は]|又は)*?)(?:(?P<must>なければなら(?:ない|ません))|(?P<not>ては(?:なら|いけ)(?:ない|ません)|(?:ことが)?でき(?:ない|ません)|(?:対象)?と(?:は)?し(?:ない|ません)|(?<=対象)外(?:とする|とします|です|である)|(?<!と)し(?:ない|ません)))。"
    r"(?:ただし|但し)、?(?P<but>[^。]*?)(?:について)?は、この限りで(?:は)?(?:ない|ありません)"
)
# 発注者の許可なく公表することができない
WITHOUT = re.compile(
    r"(?P<need>[一-龠]{2,6})(?:なく|なしに|なしで|[をの](?:受け|得)(?:ないで|ずに|ず|ることなく))、?(?P<deed>[^。、]*(?:、[^。、]*)?)"
    r"(?P<end>ては(?:なら|いけ)(?:ない|ません)|(?:ことが)?でき(?:ない|ません))"
)
# 委任状がなくてもかまわない: it is not needed
NEEDLESS = re.compile(
    r"(?P<what>[一-龠々ァ-ヶー]{2,})[がは]?なくても(?:[よ良い]い|(?:かま|構)(?:わない|いません)|差し支え(?:ない|ありません)"
    r"|大丈夫|問題(?:ない|ありません))(?:です|だ)?"
)
# 予約をしなくても使える, 予約なしで使える: the same
SPARED = re.compile(
    r"(?P<what>[一-龠々ァ-ヶー]{2,}(?:の[一-龠々ァ-ヶー]{2,})?)(?:(?:を|が|は)?(?:(?:し|取ら|得|受け|出さ|提出し|持参し|持た)?なくても)|(?:なし|無し)(?:で(?!き)も?|に))、?"
    r"(?=[^、。]*(?:でき(?:る|ま)|られ(?:る|ま)|[えけせてねべめれ](?:る|ます)))"
)
UNLESS = re.compile(
    r"(?P<only>で|が)なければ、?(?P<deed>[^。]*?)(?P<end>ては(?:なら|いけ)(?:ない|ません)|(?:ことが)?でき(?:ない|ません)"
    r"|(?<=[えけせてねべめれげ])(?:ない|ません))"  # 使えない
)

# 出席しなければ開けない, 許可を受けなければ使えない
UNDONE = re.compile(
    r"(?P<verb>(?<=[一-龠])し|[けせてねべめれげ])なければ、?(?P<deed>[^。]*?)(?P<end>(?:ことが)?でき(?:ない|ません)|ては(?:なら|いけ)(?:ない|ません))"
)


@lru_cache(maxsize=256)
def plain(text: str) -> str:
    """A text without what it says is not so (Aではなく、Bである), and with what it denies twice as so."""
    told = NEEDLESS.sub(r"\g<what>は不要です", REFUSED.sub("", text))
    told = SPARED.sub(r"\g<what>は不要で、", told)
    return EXEMPT.sub(_exempt, UNDONE.sub(_done, UNLESS.sub(_so, WITHOUT.sub(_with, told))))


def _exempt(found: re.Match[str]) -> str:
    """What a proviso spares, said of the deed itself: ただし、許可のある場合は、持ち出してよい."""
    free = found["deed"] + ("なくてもよい" if found["must"] else _freed(found["not"]))
    return f"{found[0][: found.start('but') - found.start()]}{found['but']}、{free}"


def _freed(denial: str) -> str:
    """The words that allow what others forbid."""
    if "でき" in denial:
        return "ことができる"
    if denial.startswith("て"):
        return "てよい"
    return "対象とする" if "対象" in denial else "とする" if denial[0] in "外と" else "する"


def _done(found: re.Match[str]) -> str:
    done = "すれば" if found["verb"] == "し" else f"{found['verb']}れば"
    return f"{done}、{found['deed']}{'ことができる' if 'でき' in found['end'] else 'てよい'}"


def _with(found: re.Match[str]) -> str:
    can = "ことができる" if "でき" in found["end"] else "てよい"
    return f"{found['need']}があれば、{found['deed']}{can}"


def _so(found: re.Match[str]) -> str:
    only = "があれば" if found["only"] == "が" else ""
    can = "ことができる" if "でき" in found["end"] else "てよい" if found["end"].startswith("ては") else "る"
    return f"{only}、{found['deed']}{can}"
