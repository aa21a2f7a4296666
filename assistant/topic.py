"""Topic of a question: what it is about, without what it asks about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.calendar import find_years
from ingest.tokenizer import default_tokenizer

NOUNS = frozenset({"名詞", "接頭辞", "接尾辞", "形状詞", "記号"})
DOING = frozenset({"し", "さ", "する", "すれ", "せ", "でき", "できる"})  # after a noun that is an action
ASKING = re.compile(
    r"いつ(?!も|でも)|どこ|どちら|どれ|どの|どう|どんな|誰|だれ|どなた|なぜ|どうして|なに|なん(?=です|の"
    r"|で)|何|いくら|いくつ|幾"
)
NOW = re.compile(r"(?:今|本|昨|来|一昨)年度?|去年")  # years that only the day of asking tells
MEASURES = (
    r"(?:数|人数|件数|回数|部数|台数|枚数|世帯数|量|額|金額|総額|費用?|料金?|会費|代金?|単価|予算額?"
    r"|決算額?|割合|比率?|率|期間|期限|期日"
    r"|日|日時|日程|日数|時間|時間帯|時刻|時期|場所|会場|住所|所在地|番号|電話番号|連絡先|先"
    r"|メールアドレス|方法|仕方|やり方|手順"
    r"|手続き?|条件|資格|要件|対象|理由|目的|内容|概要|背景|経緯|効果|成果|実績|課題|問題点|定員|任期"
    r"|頻度|名称|名前|略称|愛称"
    r"|意味|定義|根拠|書類|締め?切り?|範囲|特徴|違い|内訳|推移|状況|結果|評価|目標|目標値|予定|詳細)"
)
USUAL = (
    r"(?:参加者?|申し?込み?者?|利用者?|受講者?|来場者?|来館者?|応募者?|回答者?|対象者?|登録者?|相談者?"
    r"|出席者?|委員|会員|職員|担当者?|申請者?"
    r"|開催|実施|配布|発行|開始|終了|開設|設置|策定|施行|制定|改定|変更|移転|締め?切り?|使用|入場|入会"
    r"|入団|入居|入園|加入"
    r"|受付|提出|問い?合わせ|支払い?|支給|必要"
    r"|予約|連絡|具体的な?|主な|正式|年間?|月|総|平均|合計|手数|上限|下限|延べ|最大|最低|平日|全体|営業"
    r"|開館|休館|閉館|休業|定休|開庁|男女|言語|国籍|年齢|地域|種類)"
)
ATTRIBUTE = re.compile(rf"(?:{USUAL})*{MEASURES}|{USUAL}+別?")
ROLE = re.compile(
    r"(?:対象|担当|参加|利用|応募|申請|責任)(?:者|課|部署|係|窓口)|委員長?|会長|座長|議長|講師|会員|職員"
    r"|事務局|定員|参加者?|教材|保育|窓口"
)
GENERIC = re.compile(
    r"こと|もの|ところ|とき|時|際|場合|人|方|必要|可能|ほか|他|詳細|例|後|前|以外|今|現在|どれ|ほう|ため"
    r"|何.{0,3}|回答|説明|同じ"
)
GENERIC_VERB = re.compile(
    r"し|す|する|すれ|せ|さ|やっ|やり|やる|なっ|なり|なる|なれ|あり|あっ|ある|あれ|い|いる|いっ|いい|いえ"
    r"|いう"
    r"|とり|とる|つき|つく"
    r"|(?:でき|出来|くださ|下さ|いただ|おこな|ひら|はじ|おわ|つか|うけ|かか|もら|わか|くわ)[ぁ-ん]*"
    r"|(?:[申開始終使決行受届送変増減違掛払貰教知来出置含呼言作定続担務選集載見聞得取参要]|支払|分か|比べ"
    r"|頂)[ぁ-ん込払出]*"
)
CLAUSE_ENDS = [[kind, "助詞"] for kind in ("動詞", "助動詞", "形容詞")]
TRIMMED = re.compile(rf"(?P<kept>.+)の(?:{USUAL})*{MEASURES}$")
SENTENCE_END = re.compile(r"[。？?！!\n]")
LEAD = re.compile(
    r"^(?:(?:それ)?では|じゃあ?|それなら|それじゃあ?|ちなみに|それと|それから|(?:また|あと|次に|さらに"
    r"|そして|で|すみません)(?=[、, 　]))[、, 　]*"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Neighbouring nouns, or words in 「」, in half-open offsets into a text.

    Attributes:
        words: As written, in order.
        acts: Whether it is followed by する, and so says what is done.
    """

    start: int
    end: int
    words: tuple[str, ...]
    acts: bool = False

    @property
    def text(self) -> str:
        """As written, white space aside."""
        return "".join(self.words)

    @property
    def is_attribute(self) -> bool:
        """Whether it names something that many things have: a number, a cost, a date, a person in charge."""
        return bool(ATTRIBUTE.fullmatch(self.text) or ROLE.fullmatch(self.text))

    @property
    def is_specific(self) -> bool:
        """Whether it can be what a question is about."""
        return not (self.is_attribute or GENERIC.fullmatch(self.text) or ASKING.search(self.text))


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about.

    Attributes:
        text: A noun phrase, or the clause before 「のは」.
        is_clause: Whether it is a clause.
        action: What was said to be done with it, "" if nothing was.
    """

    text: str
    is_clause: bool = False
    action: str = ""

    @classmethod
    def from_question(cls, question: str) -> Topic | None:
        """The topic of a complete question; `None` if it is about nothing that can be named."""
        text = SENTENCE_END.split(LEAD.sub("", question.strip()), maxsplit=1)[0].strip()
        asked = ASKING.search(text)
        head, rest = _head(text, asked.start() if asked else len(text))
        is_clause = [kind for _, _, kind in placed(head)][-2:] in CLAUSE_ENDS and head.endswith("の")
        head = head.removesuffix("の") if is_clause else _trimmed(head)
        actions = [phrase.text for phrase in phrases(rest) if phrase.acts and not ASKING.search(phrase.text)]
        action = actions[-1] if actions and actions[-1] not in head else ""
        if is_clause or has_topic(head):
            return cls(head, is_clause, action)
        named = [phrase.text for phrase in phrases(text) if phrase.is_specific]
        if not any(not is_year(name) for name in named):  # a role or a measure is better than nothing
            named = [phrase.text for phrase in phrases(_trimmed(text)) if phrase.is_attribute]
        return cls("の".join(dict.fromkeys(named))) if named else None

    def before_noun(self, *, with_action: bool = False) -> str:
        """As it stands before a noun that belongs to it."""
        return f"{self.text}ときの" if self.is_clause else f"{self.as_subject(with_action=with_action)}の"

    def as_object(self) -> str:
        """As it stands before 「について」."""
        return f"{self.text}こと" if self.is_clause else self.text

    def as_subject(self, *, with_action: bool = False) -> str:
        """As it stands before 「は」."""
        if self.is_clause:
            return f"{self.text}の"
        return f"{self.text}の{self.action}" if with_action and self.action else self.text


def phrases(text: str) -> list[Phrase]:
    """The noun phrases of a text, in order."""
    found: list[Phrase] = []
    run: list[tuple[int, str]] = []
    for start, word, kind in [*placed(text), (len(text), "", "")]:
        if kind in NOUNS or (run and kind == "quoted"):
            run.append((start, word))
            continue
        if run:
            found.append(_phrase(run, acts=kind == "動詞" and word in DOING))
            run = []
        if kind == "quoted":
            run.append((start, word))
    return found


def has_topic(text: str) -> bool:
    """Whether a text names something that a question can be about."""
    return any(phrase.is_specific and not is_year(phrase.text) for phrase in phrases(text))


def is_year(text: str) -> bool:
    """Whether a phrase says a year, a month or a day and nothing else."""
    rest = NOW.sub("", text)
    for mention in reversed(find_years(rest)):
        rest = rest[: mention.start] + rest[mention.end :]
    return not re.sub(r"[\d０-９]+[月日]|年度?|末|中|当初|以降|現在|時点|[・～〜、,\s]", "", rest)


def placed(text: str) -> Iterator[tuple[int, str, str]]:
    """Each word with its place and kind; what stands in 「」 is one word of the kind "quoted"."""
    quoted = {found.start(): found.end() for found in re.finditer(r"「[^「」]+」|『[^『』]+』", text)}
    at = until = 0
    for word, kind in default_tokenizer().words(text):
        at = text.index(word, at)
        if at in quoted:
            until = quoted[at]
            yield at, text[at:until], "quoted"
        elif at >= until:
            yield at, word, kind
        at += len(word)


def _head(text: str, until: int) -> tuple[str, str]:
    """What stands before the particle that marks the topic, and what stands after it."""
    marks = [at for at, word, kind in placed(text) if kind == "助詞" and word == "は" and at <= until]
    about = re.search(r"について|に関(?:して|する)|をめぐ", text)
    if marks and has_topic(text[: marks[-1]]):
        return re.sub(r"(?<=.)(?:に|で|と|から|へ|まで|って)$", "", text[: marks[-1]]), text[marks[-1] + 1 :]
    if about and has_topic(text[: about.start()]):
        return text[: about.start()], text[about.end() :]
    for at, word, kind in placed(text):
        if kind == "助詞" and word in ("が", "を") and at <= until and has_topic(text[:at]):
            return text[:at], text[at + 1 :]
    return "", text


def _trimmed(head: str) -> str:
    """A topic without the measure that was asked for."""
    while (found := TRIMMED.match(head)) and not is_year(found["kept"]):
        head = found["kept"]
    return head


def _phrase(run: Sequence[tuple[int, str]], *, acts: bool) -> Phrase:
    last, word = run[-1]
    return Phrase(run[0][0], last + len(word), tuple(word for _, word in run), acts)
