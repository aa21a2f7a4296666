"""Pointing: a sentence that speaks of the answer, of the papers or of what was said before tells nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.facts import unified

LEADS = "答えそのものではなく、続きがあることだけを言う文です。"
OF_PAPERS = "答えそのものではなく、資料のことを言う文です。"
BACK = "「{what}」が何を指すかは、出典の言葉では確かめられません。"
UNLABELLED = "出典は、それが「{label}」だとは言っていません。"
FOLLOWS = re.compile(
    r"(?:^|[、はがを])(?:以下|次|下記)(?:の(?:とお|通)り)?(?:です|になります|である|に(?:示し|挙げ|記し)ます)?[。:]?$"
)
LABEL = re.compile(r"^(?:具体的な|主な|詳しい|その|この)?(?P<label>内容|詳細|概要|特徴|要点|ポイント)は、?")
PAPERS = re.compile(
    r"(?P<papers>資料|文書|出典|本文|原文|根拠)(?![0-9一二三四五])[^。]*"
    r"(?:含まれ|記載され|書かれ|示され|掲載され|述べられ)て(?:います|いる|おります)。?$"
)
SAID_BEFORE = re.compile(
    r"^(?P<what>(?:これら|それら|上記|前記|以上)(?:の[^、。はがをもに]{1,12})?)(?:は|が|を|も|に)"
)


def points_elsewhere(sentence: str, grounds: Sequence[tuple[str, str]]) -> str:
    """What a sentence points to instead of telling, one Japanese sentence; "" if it tells something itself.

    Args:
        sentence: What is claimed.
        grounds: Of each what it says, and what a reader knows before reading it.
    """
    said = unified(sentence).strip()
    if FOLLOWS.search(said):
        return LEADS
    told = unified("\n".join(f"{text}\n{context}" for text, context in grounds))
    if (papers := PAPERS.search(said)) and papers["papers"] not in told:
        return OF_PAPERS
    if (before := SAID_BEFORE.search(said)) and before["what"] not in told:
        return BACK.format(**before.groupdict())
    if (label := LABEL.search(said)) and label["label"] not in told:
        return UNLABELLED.format(**label.groupdict())
    return ""
