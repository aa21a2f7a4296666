"""Enough: a sentence may be true and say less than was asked, or speak of the answer and not give it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.definition import asked_term, defines
from assistant.facts import unified

FEWER = "質問は複数のものを尋ねていますが、一つしか挙げていません。"
LEADS = "答えそのものではなく、続きがあることだけを言う文です。"
OF_PAPERS = "答えそのものではなく、資料のことを言う文です。"
UNLABELLED = "出典は、それが「{label}」だとは言っていません。"
UNDEFINED = "「{term}」が何であるかは、出典に書かれていません。"
SEVERAL = re.compile(
    r"(?P<which>何|どこ|誰|だれ|どれ|どちら)と(?P=which)"
    r"|(?:[2-9]|[二三四五])(?:つ|都市|か国|団体|者|社|名|人|施設|項目)の(?:名前|名称|氏名|項目|うち)?[^。？?]{0,6}(?:何|どこ|誰|だれ|教え|挙げ)"
)
ONE = re.compile(r"(?:^|は、?)(?P<item>[^、。はがをにで]{1,30})(?:です|である|だ)。?$")
JOINED = re.compile(r"[・]|及び|並びに|および|(?<=[一-龠ァ-ヶー」])と(?=[一-龠ァ-ヶー「])")
EQUATES = re.compile(
    r"(?:示し|表し|指し|意味し)(?:ています|ております|ます|ている)。?$|(?:示す|表す|指す|意味する)。?$"
)
FOLLOWS = re.compile(
    r"(?:^|[、はがを])(?:以下|次|下記)(?:の(?:とお|通)り)?(?:です|になります|である|に(?:示し|挙げ|記し)ます)?[。:]?$"
)
LABEL = re.compile(r"^(?:具体的な|主な|詳しい|その|この)?(?P<label>内容|詳細|概要|特徴|要点|ポイント)は、?")
PAPERS = re.compile(
    r"(?P<papers>資料|文書|出典|本文|原文|根拠)(?![0-9一二三四五])[^。]*"
    r"(?:含まれ|記載され|書かれ|示され|掲載され|述べられ)て(?:います|いる|おります)。?$"
)


def too_little(sentence: str, grounds: Sequence[tuple[str, str]], question: str) -> str:
    """What a sentence leaves unsaid of what was asked, one Japanese sentence; "" if nothing that can be told.

    Args:
        sentence: What is claimed.
        grounds: Of each what it says, and what a reader knows before reading it.
        question: What was asked; without one nothing can be told.
    """
    said = unified(sentence).strip()
    if FOLLOWS.search(said):
        return LEADS
    told = unified("\n".join(f"{text}\n{context}" for text, context in grounds))
    if (papers := PAPERS.search(said)) and papers["papers"] not in told:
        return OF_PAPERS
    if (label := LABEL.search(said)) and label["label"] not in told:
        return UNLABELLED.format(**label.groupdict())
    one = ONE.search(said)
    if SEVERAL.search(unified(question)) and one and not JOINED.search(one["item"]):
        return FEWER
    term = asked_term(question)
    is_told = any(
        EQUATES.search(line) or defines(line, (), term) for text, _ in grounds for line in text.split("\n")
    )
    return UNDEFINED.format(term=term) if term and EQUATES.search(said) and not is_told else ""
