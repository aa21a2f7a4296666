"""Enough: a sentence may be true and say less than was asked: one of several, no rank, no new word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.definition import asked_term, defines
from assistant.facts import unified
from assistant.fragment import has_subject
from assistant.segments import words_of

FEWER = "質問は複数のものを尋ねていますが、一つしか挙げていません。"
UNRANKED = "質問は順位を尋ねていますが、この値がそれに当たるかは確かめられません。"
ASKED_ONLY = "質問の言葉を繰り返すだけで、答えになっていません。"
UNDEFINED = "「{term}」が何であるかは、出典に書かれていません。"
SEVERAL = re.compile(
    r"(?P<which>何|どこ|誰|だれ|どれ|どちら)と(?P=which)"
    r"|(?:[2-9]|[二三四五])(?:つ|都市|か国|団体|者|社|名|人|施設|項目)の(?:名前|名称|氏名|項目|うち)?[^。？?]{0,6}(?:何|どこ|誰|だれ|教え|挙げ)"
)
ONE = re.compile(r"(?:^|は、?)(?P<item>[^、。はがをにで]{1,30})(?:です|である|だ)。?$")
RANK = re.compile(
    r"最も|もっとも|一番|いちばん|最[多少大小高低]|上位|下位|トップ|多い順|少ない順|[1-9一二三]位"
)
CHOICE = re.compile(r"どちら|それとも|または|か、")
JOINED = re.compile(r"[・]|及び|並びに|および|(?<=[一-龠ァ-ヶー」])と(?=[一-龠ァ-ヶー「])")
HEADS = 4  # words from which a row can be told from a name
NEW = 4  # at most one word in so many is not of the question
EQUATES = re.compile(
    r"(?:示し|表し|指し|意味し)(?:ています|ております|ます|ている)。?$|(?:示す|表す|指す|意味する)。?$"
)


def too_little(sentence: str, grounds: Sequence[tuple[str, str]], question: str) -> str:
    """What a sentence leaves unsaid of what was asked, one Japanese sentence; "" if nothing that can be told.

    Args:
        sentence: What is claimed.
        grounds: Of each what it says, and what a reader knows before reading it.
        question: What was asked; without one nothing can be told.
    """
    said = unified(sentence).strip()
    asked = unified(question)
    one = ONE.search(said)
    if SEVERAL.search(asked) and one and not JOINED.search(one["item"]):
        return FEWER
    if not has_subject(sentence):
        if RANK.search(asked) and not RANK.search(said):
            return UNRANKED
        if _only_asks(said, asked):
            return ASKED_ONLY
    term = asked_term(question)
    is_told = any(
        EQUATES.search(line) or defines(line, (), term) for text, _ in grounds for line in text.split("\n")
    )
    return UNDEFINED.format(term=term) if term and EQUATES.search(said) and not is_told else ""


def _only_asks(said: str, asked: str) -> bool:
    """Whether a row without any figure is made of words of the question, such as the heads of columns.

    A question that gives the answers to choose from is answered in its own words.
    """
    own = frozenset(word.lemma for word in words_of(said))
    new = own - frozenset(word.lemma for word in words_of(asked))
    is_new = len(new) * NEW > len(own) or len(own) < HEADS or re.search(r"\d", said)
    return bool(asked) and not is_new and not CHOICE.search(asked)
