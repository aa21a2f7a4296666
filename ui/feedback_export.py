"""Feedback as an evaluation dataset: what is complete, and what a person has to complete first.

A row that `shirube eval` scores states what a right answer says and where that stands. An answer that its
reader found useful gives both if its first sentence, the one it rests on, marks the words that answer: those
words, and what the sentence cites, word for word. Later sentences say more than was asked too often to be
demanded of every right answer. All other feedback goes to a second file with `"check": true` and the reason.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from assistant.answer import AnswerStatus
from eval.text import bare, squeezed
from index.whole_file import whole_file
from ui.feedback import Feedback, Verdict

TODO_ENDING = "-todo.jsonl"
MOSTLY = 0.8  # of a stretch must be cited for it to be one piece; 0.6 counts as covered in `eval.text`
TYPE = "feedback"  # what kind of answer is wanted is for a person to say
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Exported:
    """Where the rows went, and how many.

    Attributes:
        path: The dataset, for `shirube eval`; empty if no feedback is complete.
        todo_path: Rows that a person has to complete.
    """

    path: Path
    todo_path: Path
    n_complete: int
    n_todo: int


def export_feedback(feedback: Iterable[Feedback], text_of: Callable[[str], str], out: Path) -> Exported:
    """Write feedback as a dataset of `eval.dataset`, and beside it what is not complete.

    Both files are replaced. No user is named and of the time only the day is told, but questions and
    comments are as they were written: whoever passes a file on has to read it first.

    Args:
        feedback: In any order; the rows are in the order of their ids, which their content makes.
        text_of: The text of a document as read, by its id; `KeyError` if it is gone.
        out: The dataset; `…-todo.jsonl` beside it takes the rest.

    Raises:
        OSError: If a file cannot be written.
    """
    complete: dict[str, Row] = {}
    todo: dict[str, Row] = {}
    for same in _by_question(feedback):
        contested = any(one.opinion.verdict is not Verdict.USEFUL for one in same)
        for one in same:
            evidence = _evidence(one.answer, text_of)
            reason = _lacks(one, evidence, contested=contested)
            row = _row(one, evidence or [])
            if reason is None:
                complete[row["id"]] = row
            else:
                told = {"check": True, "reason": reason, "verdict": one.opinion.verdict.value}
                row |= told | {"comment": one.opinion.comment, "id": _id(row, told, one.opinion.comment)}
                todo[row["id"]] = row
    todo_path = out.with_name(out.stem + TODO_ENDING)
    _write(out, complete)
    _write(todo_path, todo)
    return Exported(out, todo_path, len(complete), len(todo))


def _by_question(feedback: Iterable[Feedback]) -> Iterable[list[Feedback]]:
    """The opinions on one question together, however it was typed."""
    found: defaultdict[str, list[Feedback]] = defaultdict(list)
    for one in feedback:
        found[bare(one.answer["question"])].append(one)
    return found.values()


def _lacks(one: Feedback, evidence: Sequence[Row] | None, *, contested: bool) -> str | None:
    """Why a person has to look at it, `None` if nobody has to."""
    answer = one.answer
    match one.opinion.verdict:
        case Verdict.WRONG_ANSWER:
            return "答えが違うとの指摘です。正しい答えと根拠を入れてください。"
        case Verdict.WRONG_SOURCE:
            return "出典が違うとの指摘です。正しい根拠を入れてください。"
    if contested:
        return "同じ質問に、役に立ったという声と誤りの指摘があります。答えと根拠を確かめてください。"
    if answer["status"] != AnswerStatus.ANSWERED:
        return "「記載がない」との回答です。本当にないなら check を外してください。"
    if not all(sentence["verified"] for sentence in answer["sentences"]):
        return "根拠を確認できなかった文があります。答えと根拠を確かめてください。"
    if not evidence:
        return "引用した文書が変わったか、なくなっています。根拠を入れ直してください。"
    if not _marked(answer["sentences"][:1]):
        return "最初の文に、答えの要となる言葉の印がありません。key_facts と evidence を選んでください。"
    return None


def _row(one: Feedback, evidence: Sequence[Row]) -> Row:
    answer = one.answer
    row = {
        "question": answer["question"],
        "type": TYPE,
        "answer": answer["answer"],
        "key_facts": [[fact] for fact in _marked(_lead(answer))],
        "evidence": list(evidence),
        "answerable": answer["status"] == AnswerStatus.ANSWERED,
    }
    return {"id": _id(row), **row, "fingerprint": answer["fingerprint"], "day": one.day.isoformat()}


def _id(*content: object) -> str:
    said = json.dumps(content, ensure_ascii=True, sort_keys=True)
    return f"fb-{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def _lead(answer: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The first sentence if it marks the words that answer, else all of them, as candidates."""
    sentences: Sequence[Mapping[str, Any]] = answer["sentences"]
    return sentences[:1] if _marked(sentences[:1]) else sentences


def _marked(sentences: Sequence[Mapping[str, Any]]) -> list[str]:
    """The different words that sentences mark as answering."""
    facts = [s["text"][slice(*s["focus"])].strip() for s in sentences if s["focus"]]
    return [fact for fact in dict.fromkeys(facts) if fact]


def _evidence(answer: Mapping[str, Any], text_of: Callable[[str], str]) -> list[Row] | None:
    """What the leading sentences cite, word for word; `None` if a document says something else there now."""
    markers = {marker for sentence in _lead(answer) for marker in sentence["citations"]}
    found: list[Row] = []
    for citation in answer["citations"]:
        if citation["marker"] not in markers:
            continue
        try:
            text = text_of(citation["document_id"])
        except KeyError:
            return None
        told = squeezed("".join(text[start:end] for start, end in citation["spans"]))
        if squeezed(citation["quote"]) not in (told, squeezed(unescape(told))):  # HTML has entities
            return None
        found += [{"doc": citation["source"], "quote": piece} for piece in _pieces(text, citation["spans"])]
    return [row for n, row in enumerate(found) if row not in found[:n]]


def _pieces(text: str, spans: Sequence[Sequence[int]]) -> list[str]:
    """The ranges as one stretch if little lies between them, such as a line break or a tag; else each."""
    start, end = spans[0][0], spans[-1][1]
    inside = sum(last - first for first, last in spans)
    if inside >= MOSTLY * (end - start):
        return [text[start:end]]
    return [text[first:last] for first, last in spans]


def _write(path: Path, rows: Mapping[str, Row]) -> None:
    with whole_file(path) as file:
        for _, row in sorted(rows.items()):
            file.write(f"{json.dumps(row, ensure_ascii=False)}\n".encode("utf-8", "replace"))
