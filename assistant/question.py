"""What a question asks for: its terms and the type of answer that would do."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from ingest.tokenizer import Tokenizer


class AnswerType(StrEnum):
    """What kind of words would answer."""

    DATE = "date"
    NUMBER = "number"
    PERSON = "person"
    ANY = "any"


# Checked in this order: 「何年何月」 asks for a date although 「何」 counts things too.
ASKS_FOR = (
    (AnswerType.DATE, re.compile(r"いつ|何年(?!間|生)|何月|何日(?!間)|何曜|日付|時期|期日|期限|年月日")),
    (
        AnswerType.NUMBER,
        re.compile(
            r"何(?:人|名|件|校|回|社|頭|か|カ|ケ|箇|割|番|戸|歳|倍|円|部|枚|台|言語|都市|団体|種|時間|分|階|日間|年間|パーセント|[%％])"
            r"|いくつ|いくら|どれ(?:くらい|ぐらい|ほど)|どの(?:くらい|ぐらい|程度)|(?:人|件|部|回|校|額|金|個|本|席)数|金額|割合|料金|費用|予算額"
        ),
    ),
    (AnswerType.PERSON, re.compile(r"誰|だれ|どなた|何という方|氏名|お名前")),
)
ANSWERS = {
    AnswerType.DATE: re.compile(
        r"(?:(?:明治|大正|昭和|平成|令和)\s*(?:\d+|元)|\d{4})\s*年(?:度)?(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?"
        r"|\d{1,2}\s*月\s*\d{1,2}\s*日|\d{1,2}\s*月|\d{4}[./]\d{1,2}(?:[./]\d{1,2})?|[月火水木金土日]曜日?"
    ),
    AnswerType.NUMBER: re.compile(
        r"(?:約|延べ|最大|計)?\s*\d[\d,.]*\s*(?:[万億千百]?\s*\d*[\d,.]*)\s*[^\W\d_a-z、。（）()「」]{0,3}|[一二三四五六七八九十]+(?:人|名|件|校|回|か所)"
    ),
    AnswerType.PERSON: re.compile(
        r"[^\s、。（）()「」]{2,20}\s?(?:氏|さん|様|先生)|[^\s、。]{0,10}(?:大臣|知事|市長|区長|町長|村長|局長|部長|課長|係長|所長|会長|理事長|委員長|大使|教授|代表)"
    ),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what was understood of it.

    Attributes:
        text: As asked, white space at its ends left out.
        terms: Its content words as search terms, none twice, in order.
        grams: Its character pairs, none twice, in order.
        wants: The kind of words that would answer.
    """

    text: str
    terms: tuple[str, ...]
    grams: tuple[str, ...]
    wants: AnswerType

    @classmethod
    def from_text(cls, text: str, tokenizer: Tokenizer) -> Question:
        """Analyse a question; an empty one has no terms."""
        terms = dict.fromkeys(tokenizer.terms(text))
        grams = dict.fromkeys(tokenizer.bigrams(text))
        return cls(text.strip(), tuple(terms), tuple(grams), answer_type(text))


def answer_type(question: str) -> AnswerType:
    """The kind of words that would answer, by the interrogative that stands first in our list."""
    flat = unicodedata.normalize("NFKC", question)
    return next((kind for kind, pattern in ASKS_FOR if pattern.search(flat)), AnswerType.ANY)


def find_answer(text: str, wants: AnswerType) -> tuple[int, int] | None:
    """Half-open offsets of the first words of the wanted kind in a text, `None` if there are none.

    Full-width digits and compatibility forms count as their plain ones; the offsets are the text's own.
    """
    pattern = ANSWERS.get(wants)
    if pattern is None:
        return None
    flat = "".join(_plain(char) for char in text)
    found = pattern.search(flat)
    if found is None:
        return None
    words = flat[found.start() : found.end()]
    start = found.start() + len(words) - len(words.lstrip())
    return start, found.start() + len(words.rstrip())


def _plain(char: str) -> str:
    """The compatibility form of a character if it is one character too, so that offsets stay."""
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char
