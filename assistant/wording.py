"""Wording: words that the source lacks, denial, direction, and claims of all or only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.binding import Finding, Material, is_within, names_of, score
from assistant.facts import facts_of
from assistant.polarity import ONLY, compared, denies, directions
from assistant.segments import Segment, Word, words_of

KANJI = re.compile(r"[一-鿿]")
# Words by which any office text can be told in other words; none says what happened to what.
GENERAL = frozenset(
    "開始 始まる 始める 始まり 終了 終わる 終わり 終える 起源 発足 設立 設置 開設 実施 開催 対象 担当 担う 受け持つ 場所 会場 期間 期限 締め切る 締め切り "
    "予定 内容 種類 数 人数 件数 回数 金額 料金 費用 額 値 割合 合計 全体 結果 状況 状態 理由 目的 方法 最後 最初 拠点 事業 制度 取り組み 取り組む "
    "活動 業務 必要 可能 利用 使う 使用 提供 受け付ける 受ける 参加 含む 示す 述べる 説明 記載 書く 定める 決まる 決める 設ける 続く 続ける 住む "
    "働く 持つ 備える 載せる 分かる 知る 言う 呼ぶ 考える 達する 対する 関する 基づく よる 伴う 加える 加わる 変わる 変える 増える 減る 上がる 下がる "
    "上昇 低下 増加 減少 高い 低い 多い 少ない 大きい 小さい 新しい 出る 入る 開く 置く 送る 行き先 仕事 市民 住民 職員 資料 文書 市役所 それぞれ 他 "
    "役割 日 年 月 人 件 回 方 皆 全て 全部 地域 運営 運行 要る 当日 現在 当時 今年 費 先 用 済み 済む 込む 掛かる 務める 実際 場合 達成 市 役所 大幅 大きな 保持 不要 大変 人々 方々".split()
)
ALIKE = (
    "自転車 駐輪 駐車", "建設 建てる 建築 建造", "外国 海外 国外", "住所 居所", "申し込む 申込 申込み 申請 応募", "金 額 料 費", "発行 出版 刊行",
    "中止 休止 取りやめる", "選ぶ 選出 選任 就任", "作る 作成 策定 制定 定める", "助成 補助", "配る 配布 配付", "開く 開催 開館 開設", "調印 締結 結ぶ 交わす",
)  # fmt: skip


def support(claim: Sequence[Segment], material: Material) -> tuple[float, list[Word]]:
    """The share of the words that the source holds, and those nouns that it lacks in any form."""
    total, held = 0.0, 0.0
    lacking: list[Word] = []
    texts = frozenset().union(*(segment.lemmas for segment in material.segments), material.known)
    for clause in claim:
        names = names_of(clause)
        for word in clause.words:
            weight = 0.5 if word.lemma in GENERAL else 1.0
            total += weight
            share = _share(word, texts, material)
            held += weight * share
            if not share and word.is_noun and word.lemma not in GENERAL and not is_within(word, names):
                lacking.append(word)
    return (held / total if total else 1.0), lacking


def _share(word: Word, texts: frozenset[str], material: Material) -> float:
    if word.lemma in texts or (len(word.surface) > 1 and word.surface in material.text):
        return 1.0
    if any({word.lemma} & set(group.split()) and set(group.split()) & texts for group in ALIKE):
        return 1.0
    if not word.is_name and word.lemma in material.asked:
        return 0.7
    signs = KANJI.findall(word.lemma)
    shared = [sign for sign in signs if sign in material.text or sign in material.context]
    if (
        signs
        and not word.is_name
        and (len(shared) == len(signs) > 1 or (word.acts and len(shared) * 2 >= len(signs)))
    ):
        return 0.7
    if len(signs) > 2 and len(shared) * 3 >= len(signs) * 2:
        return 0.5
    return 0.0


def check_words(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """A noun that the source lacks in any form is not confirmed by it."""
    _, lacking = support(claim, material)
    if lacking:
        told = "」「".join(dict.fromkeys(word.surface for word in lacking))
        yield Finding("unverified" if len(lacking) > 1 else "partly", f"「{told}」は、出典にありません。")
    said, given = set(ONLY.findall(claim[0].text)), set(ONLY.findall(material.text))
    if said and not given:
        yield Finding("partly", f"「{min(said)}」とは、出典にありません。")


def check_claims(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    """Denial, direction and the sides of a comparison must be those of the clause that tells the same."""
    if not material.segments:
        return
    for clause in claim:
        aligned = _aligned(clause, material.segments)
        if aligned is None:
            continue
        yield from _denial(clause, aligned, material)
        yield from _direction(clause, aligned, material)
    yield from _sides(claim, material)


def _aligned(clause: Segment, segments: Sequence[Segment]) -> Segment | None:
    """The segment that a clause retells; of several alike, one that denies as it does."""
    values = {fact.value for fact in clause.facts}

    def fit(segment: Segment) -> tuple[float, bool]:
        facts = len(values & {fact.value for fact in segment.facts})
        return score(clause, segment) + facts, denies(segment.text) == denies(clause.text)

    best = max(segments, key=fit)
    return best if fit(best)[0] >= 1 else None


def _denial(clause: Segment, aligned: Segment, material: Material) -> Iterator[Finding]:
    if denies(clause.text) != denies(aligned.text):
        if not any(word.acts for word in clause.words) and not denies(clause.text) and aligned.column >= 0:
            return
        yield Finding("contradicted", "出典とは、肯定と否定が逆です。")
    elif not denies(clause.text):
        for word in clause.words:
            where = [segment for segment in material.segments if word.lemma in segment.lemmas]
            if where and all(denies(segment.text) for segment in where):
                yield Finding("partly", f"「{word.surface}」を、出典は否定しています。")
                return


def _direction(clause: Segment, aligned: Segment, material: Material) -> Iterator[Finding]:
    said = directions(clause.text)
    sentence = "".join(s.text for s in material.segments if s.unit_place == aligned.unit_place)
    given = directions(aligned.text) | {
        k: v for k, v in directions(sentence).items() if k not in directions(aligned.text)
    }
    turned = _is_turned(clause.text, sentence)
    for axis, sign in said.items():
        other = given.get(axis)
        if sign and other and (sign == -other) != turned:
            yield Finding("contradicted", "出典とは、向き（増減、大小、前後など）が逆です。")
        elif sign and other is None and axis < 2 and axis not in directions(material.text):
            yield Finding("partly", "増減や大小は、出典にありません。")


def _sides(claim: Sequence[Segment], material: Material) -> Iterator[Finding]:
    said = "".join(clause.text for clause in claim)
    for place in {segment.unit_place for segment in material.segments}:
        sentence = "".join(s.text for s in material.segments if s.unit_place == place)
        mine, theirs = directions(said).get(0), directions(sentence).get(0)
        if mine and theirs and mine == theirs and _is_turned(said, sentence):
            yield Finding("contradicted", "比べているものの順が、出典と逆です。")


def _is_turned(said: str, given: str) -> bool:
    """Whether the two sides of a comparison have changed places."""
    mine, theirs = compared(said), compared(given)
    if not mine or not theirs:
        return False
    one, other = (_tells(side) for side in mine)
    first, second = (_tells(side) for side in theirs)
    one, other = one - other, other - one
    first, second = first - second, second - first
    straight = len(one & first) + len(other & second)
    return bool(one & second) and bool(other & first) and len(one & second) + len(other & first) > straight


def _tells(text: str) -> frozenset[str]:
    words = {word.lemma for word in words_of(text)}
    return frozenset(words | {f"{fact.kind}{fact.value}" for fact in facts_of(text)})
