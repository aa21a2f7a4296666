"""Polarity and direction: whether a clause denies, and which way it says that something goes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from ingest.tokenizer import default_tokenizer

DENYING = frozenset(
    {
        "ない",
        "なかっ",
        "なく",
        "なけれ",
        "なかろ",
        "ん",
        "ず",
        "ぬ",
        "ね",
        "なし",
        "無し",
        "無い",
        "無く",
        "無かっ",
    }
)
NO_DENIAL = re.compile(
    r"変わって(?:い)?(?:ない|ません|おらず)|変わら(?:ない|なかった|ず|ません)|変わり(?:が|は)?(?:ない|なく|ありません)|に及ば(?:ない|なかった)|に及びません(?:でした)?|超えない(?=範囲|限度|額)|(?:超え|上回っ|下回っ)て(?:は|も)(?:なら|いけ)(?:ない|ず|ません)|に満た(?:ない|なかった|ず|ません)|妨げ(?:ない|ず|ません)|(?:構[わい]|かま[わい]|差し支え|さしつかえ|支障は?|"
    r"問題は?)(?:あり)?(?:ない|ません(?:でした)?)|"
    r"なければなら(?:ない|なかった|ぬ|ず|"
    r"ません(?:でした)?)|なくてはなら(?:ない|なかった|ず|ません(?:でした)?)|ないといけ(?:ない|ません)"
    r"|なくてはいけ(?:ない|ません)|ねばなら(?:ない|ぬ|ず|ません)|かもしれ(?:ない|ません)|"
    r"にすぎ(?:ない|ず|なかった|ません(?:でした)?)|だけで(?:は)?なく"
    r"|のみならず|に限らず|にかかわらず|に関わらず|を問わず|ばかりで(?:は)?なく|少なくとも|ではないか|"
    r"やむを得(?:ない|ず)|とは限ら(?:ない|ず|ません)|しか[^、。]{0,16}?(?:ない|なかった|ません(?:でした)?|おらず|ず)"
)
DENYING_WORDS = re.compile(
    r"中止|禁じ|不要|不可|不能|不在|禁止|休止|廃止|停止|取りやめ|取り止め|見送|非公開|欠席|未(?:実施|定|納|"
    r"開催|提出|整備|対応)|断念|(?:が|は|も)(?:なくな|無くな)[りるっ]|対象外|から外[れさす]|できかね|控え|免除|お断り"
)
FALL = (
    r"減(?!免)|下回|(?<!繰)(?<!繰り)下[がげ]|短[くいか]|低下|低[くいかま]|少な(?!くとも)|浅[くいか]|"
    r"縮小|短縮|軽[くいまめ]|落ち(?!着|葉)|落と|細[りるっ]|目減り|衰え|安[くいか]|最少|最小|落ち込|割り込|に及ばな|に及びませ"
)
RISE = (
    r"増|上回|(?<![繰来仕ち])(?<!繰り)(?<!取り)上[がげ](?!ら?る場)|上昇|"
    r"高[くいかまめ]|(?<![一-龠])長[くいか]|深[くいか]|多[くいか]|伸び|延伸|延長|広[がげ]|延[ばび]|拡大|最多|拡充|最大規模|重[くいまさ]|膨ら|倍増|伸[ばし]"
)
UNDONE = r"(?:は|を)?(?:さ|し)(?:れ)?(?:な[いか]|ませ)"
UNCHANGED = r"同数|同額|変わら(?:な|ず|ま)|変わって(?:い)?(?:な|ま|おら)|変わり(?:が|は)?な|横ばい|据え置"
UNNEEDED = r"(?:は|が|も|と(?:は)?)?(?:し|され|あり)?(?:な[いかく]|ませ)"
AXES = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        (RISE, FALL), (r"早[めくまい]|前倒|繰り?上[げが]", r"遅[らくれい]|後ろ倒|後倒|繰り?下[げが]|延期"),
        (r"有料|有償", r"無料|無償"),
        (rf"必要(?!{UNNEEDED})|要する(?!ことは?な)|要します", r"不要"),
        (rf"(?<!非)公開(?!{UNDONE})", rf"非公開|公開{UNDONE}"),
        (r"可決|承認|採択", r"否決|不承認|不採択"), (r"賛成", r"反対"),
        (rf"同じ|同一|共通|{UNCHANGED}", r"異な|違う|違った|別の"), (r"任意", r"義務|必須"),
        (r"直接", r"間接"), (r"国内", r"国外|海外"),
        (r"黒字", r"赤字"), (r"転入", r"転出"), (r"収入|歳入", r"支出|歳出"), (r"許可(?!なく)|認め[る"
        r"ら]", r"禁止"),
        (r"開[会館校]", r"閉[会館校]"),
        (r"始ま|開始|始め", r"終わ|終了|終え|締め?切"), (r"プラス", r"マイナス"), (r"拡大|拡張", r"縮小"),
        (r"成功", r"失敗"),
        (r"合格", r"不合格"),
        (r"(?<!未)経験者", r"未経験"), (r"(?<!不)可能", r"不可能"), (r"得意|強み", r"苦手|弱み"),
        (r"改善", r"悪化"),
        (r"過半数", r"半数未満"),
    )
)  # fmt: skip
COMPARED = re.compile(
    r"^(?P<one>.+?)(?:の方が|のほうが|は|が)、?(?P<other>.+?)(?:より|と比べ|に比べ|を[^、を]{0,12}?上回|を[^、を]{0,12}?下回|に(?:は)?及[ばび]|"
    r"の[^、]{0,4}を超)"
)
TURNED = re.compile(
    r"^(?P<other>.+?)(?:よりも?|と比べて?も?|に比べて?も?)、?(?P<one>.+?)(?:の方が|のほうが|は|が)"
)
RATHER = re.compile(r"(?P<one>[^、はがと。]+?)(?:の方が|のほうが)、?(?P<other>[^、。]+?)より")
BETTER = re.compile(r"([^、はがと。]+?)(?:の方が|のほうが)")  # 駅前のほうが高い: it does not say than what
LEADING = re.compile(r"^[^、]{1,30}は、(?=[^、]+が[^、]+より)")  # what is compared, before its two sides
# 10メートルより高い is a bound and no direction
MORE_THAN = re.compile(r"(\d[^\d、はがの前後年月日]{0,8})より(?:も)?(?:高|大き|多|長|広)")
ONLY = re.compile(
    r"だけ(?!で(?:は|なく|も))|のみ(?!なら)|すべて|全て|全部(?!で\d)|(?<![安完保万健])全[員校館社戸額区町庁院局課路線店]|必ず|唯一|常に|一切"
)


@lru_cache(maxsize=4096)
def denies(text: str) -> bool:
    """Whether a clause denies what it tells; two denials are none."""
    kept = NO_DENIAL.sub("", text)
    count = len(DENYING_WORDS.findall(kept))
    words = default_tokenizer().words(kept)
    for n, (surface, pos) in enumerate(words):
        if surface in DENYING and pos in ("助動詞", "形容詞", "接尾辞"):
            following = "".join(word for word, _ in words[n + 1 : n + 4])
            count += not (surface in ("なく", "ず") and re.match(r"(?:は)?(?:なら|いけ)", following))
    return count % 2 == 1


@lru_cache(maxsize=1 << 12)
def directions(text: str) -> Mapping[int, int]:
    """By the axis: 1 or -1, and 0 where a text goes both ways."""
    found = {}
    for axis, (one, other) in enumerate(AXES):
        if axis == 0:
            text = MORE_THAN.sub(r"\1", text)
        up, down = one.search(text) is not None, other.search(text) is not None
        if axis == 0 and re.search(r"最も少|もっとも少", text):
            up = False
        if up or down:
            found[axis] = int(up) - int(down)
    return found


def compared(text: str) -> tuple[str, str] | None:
    """The two sides of a comparison, what is said to be more or less first; `None` if there is none."""
    if rather := RATHER.search(text):
        return rather["one"], rather["other"]
    text = LEADING.sub("", text)
    found = TURNED.match(text) if re.search(r"より[^、は]*(?:方|ほう)が", text) else COMPARED.match(text)
    found = found or TURNED.match(text)
    return (found["one"], found["other"]) if found else None
