"""What a question asks for: its terms and the type of answer that would do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.asked import QuestionForm, asked_counters, asks_several, question_form
from assistant.definition import asked_term
from assistant.ordinal import ordinals
from ingest.calendar import years_in
from ingest.tokenizer import Tokenizer


class AnswerType(StrEnum):
    """What kind of words would answer."""

    DATE = "date"
    TIME = "time"  # of day
    NUMBER = "number"
    PERSON = "person"
    ADDRESS = "address"
    PHONE = "phone"
    MAIL = "mail"
    ANY = "any"


COUNTER = (
    r"(?:人|名|件|校|回|社|頭|[かカケヵヶ箇](?:国語?|所|月|年|条)|箇所|割|番|戸|歳|倍|円|部|枚|台|冊|点"
    r"|組|棟|席|室|問"
    r"|言語|都市|団体|世帯|種類?|事業|時間|分|階|泊|ページ|頁|ポイント|パーセント|%|週間?|[日年](?:間"
    r"|以内|前|後|目))"
)
SOME = r"(?!でも|も|か(?!ら|か))"  # いつでも, 誰か and 何人か ask for nothing
# Checked in this order: 「何年何月」 asks for a date although 「何」 counts things too.
ASKS_FOR = (
    (AnswerType.ADDRESS, re.compile(r"住所|所在地(?!を管轄)|(?:郵送|送付|送り)先|どこに郵送|\baddress\b")),
    (
        AnswerType.PHONE,
        re.compile(r"電話番号|(?:ファックス|fax)(?:の)?番号|内線番号|何番に(?:電話|掛|か)|\bphone\b"),
    ),
    (AnswerType.MAIL, re.compile(r"メール(?:の)?(?:アドレス|宛て?先|あて先)|\be-?mail address\b")),
    (
        AnswerType.DATE,
        re.compile(
            rf"いつ{SOME}|何年(?!間|生|以内|前|後|目|か)|何月|何日(?!間|以内|前|後|目|か)|何曜"
            r"|日付|時期|期日|期限|年月日|\bwhen\b|\bwhat (?:year|date|day|month)\b|什么时候|什麼時候"
            r"|何时|何時候|哪年|哪一年|几月|幾月|几号"
            r"|언제|몇 ?년|몇 ?월|며칠"
        ),
    ),
    (AnswerType.TIME, re.compile(r"何時(?!間|候)|時刻|\bwhat time\b|几点|幾點|몇 ?시(?!간)")),
    (
        AnswerType.NUMBER,
        re.compile(
            rf"何[十百千万億]*{COUNTER}{SOME}|何[日年]かか|いくつ{SOME}|いくら{SOME}"
            r"|ど(?:れ|の)(?:くらい|ぐらい|ほど|程度)|(?:人|者|件|部|回|校|額|金|個|本|席|世帯)数|金額"
            r"|割合|料金|費用|予算額"
            r"|\bhow (?:many|much|long|old)\b|\bwhat (?:percentage|percent|amount|number)\b|多少"
            r"|几[个個人次名种種家所]|幾[個人次名種]"
            r"|몇 ?(?!년|월|시(?!간))|얼마"
        ),
    ),
    (
        AnswerType.PERSON,
        re.compile(rf"(?:誰|だれ|どなた){SOME}|何という方|氏名|お名前|\bwho(?:se|m)?\b|谁|哪位|누구|누가"),
    ),
)

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-鿿]")
MIN_FOREIGN_WORDS = 3
FIGURE = r"\d++(?:,\d++)*+(?:\.\d++)?+"
AMOUNT = rf"{FIGURE}(?:[兆億万千百]{{1,2}}{FIGURE})*[兆億万千百]{{0,2}}"
ABOUT = r"(?:(?:約|延べ|最大|(?<![合小集])計)[ 　]*)?"
YEAR = (
    r"(?:(?:明治|大正|昭和|平成|令和)\s*(?:\d{1,2}|元|[一二三四五六七八九十]+)|(?<!\d)\d{4})\s*年(?:\s*度)?"
)
NAME = r"[一-龠々ァ-ヶー]{1,6}"
KANJI = r"[〇一二三四五六七八九十百千]+"
ANSWERS = {  # what stands first here is looked for in the whole text first
    AnswerType.DATE: (
        re.compile(
            rf"{YEAR}(?:\s*\d{{1,2}}\s*月)?(?:\s*\d{{1,2}}\s*日)?|(?<!\d)\d{{1,2}}\s*月(?:\s*\d{{1,2}}\s*日)?"
            r"|(?<![\d.])\d{4}[./]\d{1,2}(?:[./]\d{1,2})?(?!\d)"
            r"|(?<![A-Za-z])[MTSHR]\d{1,2}[./]\d{1,2}(?:[./]\d{1,2})?"
            r"|[月火水木金土日]曜日?"
        ),
    ),
    AnswerType.TIME: (
        re.compile(
            r"(?:午[前後]\s*)?(?<!\d)\d{1,2}\s*時(?!間)(?:\s*(?:\d{1,2}\s*分|半))?|正午"
            r"|(?<!\d)\d{1,2}:\d{2}(?!\d)"
        ),
    ),
    AnswerType.NUMBER: (
        re.compile(
            rf"{ABOUT}(?<![\d第]){AMOUNT}[ 　]*{COUNTER}(?:以[上内下]|未満|程度)?"
            rf"|{KANJI}(?:人|名|件|校|回|か所|つ|[箇か]月|[年月日](?:間|以[上内下])?|週間?|歳|割|倍|円|万円|分の{KANJI})"
            r"(?:以[上内下]|未満)?"
        ),
        re.compile(rf"{ABOUT}(?<![\d第]){AMOUNT}(?!\s*[年月日時条章節項号.)])"),
    ),
    AnswerType.PERSON: (
        re.compile(
            rf"{NAME}(?:[ 　・]{NAME})?\s?"
            r"(?:(?<![摂華])氏(?!名)|(?<![客皆子])さん|(?<![客皆子王同多一異仕模])様|先生)"
            r"|[一-龠々ァ-ヶー]{0,12}(?:大臣|知事|[市区町村局部課係所会]長|理事長|委員長|大使|教授"
            r"|代表(?!的))"
            rf"(?:[ 　]{NAME}(?:[ 　]{NAME})?)?"
        ),
    ),
    AnswerType.ADDRESS: (
        re.compile(
            r"〒[ 　]?\d{3}[-−－‐]?\d{4}"
            r"|(?:[一-龠]{2,3}[都道府県])?[一-龠ヶケ]{1,6}[市区町村][一-龠ヶケの]{1,12}"
            r"[ 　]?[\d一二三四五六七八九十]+(?:丁目|番地?|[-−－‐])"
        ),
    ),
    AnswerType.PHONE: (
        re.compile(r"(?<![\d-])0\d{1,4}[-−－‐(（]\d{1,4}[-−－‐)）]\d{3,4}(?!\d)"),
        re.compile(r"(?<![\d-])\d{2,4}[-−－‐]\d{4}(?![-−－‐\d])|内線[ 　]?\d{2,6}"),
    ),
    AnswerType.MAIL: (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what was understood of it.

    Attributes:
        text: As asked, white space at its ends left out.
        terms: Its content words as search terms, none twice, in order.
        grams: Its character pairs, none twice, in order.
        wants: The kind of words that would answer.
        term: The term whose meaning is asked for, "" if none is.
        form: What an answer has to look like.
        kinds: Every kind of words that is asked for; `wants` is the first.
        counters: What numbers that answer look like, for each thing counted.
        years: The years that it names.
        ordinals: The numbers that it names of things that are counted, such as the 3 of 第3回.
        asks_several: Whether more than one thing is asked for.
    """

    text: str
    terms: tuple[str, ...]
    grams: tuple[str, ...]
    wants: AnswerType
    term: str = ""
    form: QuestionForm = QuestionForm.FACT
    kinds: tuple[AnswerType, ...] = ()
    counters: tuple[re.Pattern[str], ...] = ()
    years: frozenset[int] = frozenset()
    asks_several: bool = False
    ordinals: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def from_text(cls, text: str, tokenizer: Tokenizer) -> Question:
        """Analyse a question; an empty one has no terms."""
        terms = dict.fromkeys(tokenizer.terms(text))
        grams = dict.fromkeys(tokenizer.bigrams(text))
        return cls(
            text.strip(),
            tuple(terms),
            tuple(grams),
            answer_type(text),
            asked_term(text),
            question_form(text),
            answer_types(text),
            asked_counters(text),
            years_in(text),
            asks_several(text),
            ordinals(text),
        )


def answer_type(question: str) -> AnswerType:
    """The kind of words that would answer, by the interrogative that stands first in our list."""
    return next(iter(answer_types(question)), AnswerType.ANY)


def answer_types(question: str) -> tuple[AnswerType, ...]:
    """Every kind of words that is asked for, in the order of our list; empty if none is known."""
    flat = unicodedata.normalize("NFKC", question).lower()
    return tuple(kind for kind, pattern in ASKS_FOR if pattern.search(flat))


def is_foreign(text: str) -> bool:
    """Whether a text is a sentence without any Japanese, so that words cannot tell what answers it.

    One or two words in Latin letters may as well be a name that the documents use.
    """
    return len(text.split()) >= MIN_FOREIGN_WORDS and not JAPANESE.search(text)


def find_answer(text: str, wants: AnswerType) -> tuple[int, int] | None:
    """Half-open offsets of the first words of the wanted kind in a text, `None` if there are none.

    Full-width digits and compatibility forms count as their plain ones; the offsets are the text's own.
    """
    return next(iter(find_answers(text, wants)), None)


def focus(text: str, question: Question) -> tuple[int, int] | None:
    """Half-open offsets of the words of a text that answer, `None` if none are known.

    A number with the counter that was asked for comes before other numbers, and words that the question
    itself holds come last.
    """
    found = find_answers(text, question.wants)
    asked, flat = question.text.translate(PLAIN), text.translate(PLAIN)
    new = [(start, end) for start, end in found if flat[start:end] not in asked]
    counted = [
        (start, end)
        for start, end in new
        if any(counter.search(flat[start : end + 2]) for counter in question.counters)
    ]
    return next(iter(counted or new or found), None)


def find_answers(text: str, wants: AnswerType) -> list[tuple[int, int]]:
    """Half-open offsets of all words of the wanted kind, those that fit it best first, then in order."""
    flat = text.translate(PLAIN)
    return [match.span() for pattern in ANSWERS.get(wants, ()) for match in pattern.finditer(flat)]


class _PlainForms(dict[int, str]):
    """Of each character the compatibility form if it is one character too, so that offsets stay.

    Circled digits are left as they are: they number things and count nothing.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = unicodedata.normalize("NFKC", char)
        own = len(plain) != 1 or (plain.isdecimal() and not char.isdecimal())
        self[code] = char if own else plain
        return self[code]


PLAIN = _PlainForms()
