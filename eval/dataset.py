"""Question: one row of an evaluation dataset, with what a right answer must say and cite."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, NoReturn, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from eval.dataset_table import TABLE_SUFFIXES, table_rows
from ingest.errors import DatasetError


def _must_say_something(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "blank")
    return text


Words = Annotated[str, AfterValidator(_must_say_something)]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class Evidence(_Row):
    """A passage of a document, word for word, that answers the question or a part of it.

    Attributes:
        doc: The document's source: its path below the ingested folder.
        quote: An exact substring of the document as read.
    """

    doc: Words
    quote: Words


class Question(_Row):
    """One question with its expected answer.

    Attributes:
        id: Unique within the dataset.
        type: What kind of answer it wants ("number", "date", …); groups the report.
        audience: Who would ask it ("staff", "newhire", …).
        paraphrase: Whether it shares few words with its evidence.
        answer: A short reference answer, for people.
        key_facts: Groups of alternatives; a right answer states at least one of each group.
        evidence: Every piece that a complete answer rests on, empty for an unanswerable question.
        answerable: Whether the documents answer it.
        wrong_year_facts: What an answer taken from another year's cell would state.
        checked: Whether a person has confirmed it; `shirube eval draft` writes `false`.
        history: Questions of the conversation before it, oldest first; they are asked, not scored.
    """

    id: Words
    question: Words
    type: Words
    audience: str = ""
    paraphrase: bool = False
    answer: str = ""
    key_facts: tuple[tuple[Words, ...], ...] = ()
    evidence: tuple[Evidence, ...] = ()
    answerable: bool
    wrong_year_facts: tuple[Words, ...] = ()
    checked: bool = True
    history: tuple[Words, ...] = ()

    @model_validator(mode="after")
    def _is_scorable(self) -> Self:
        # Without them `facts` and `cited` would be true of every answer.
        if self.answerable and not self.evidence:
            raise PydanticCustomError("no_evidence", "no evidence")
        if self.answerable and not (self.key_facts and all(self.key_facts)):
            raise PydanticCustomError("no_key_facts", "no key facts")
        return self


REASONS = {
    "json_invalid": "JSON として読めません",
    "model_type": "JSON のオブジェクトではありません",
    "missing": "がありません",
    "blank": "が空です",
    "no_evidence": "answerable が true なのに evidence がありません",
    "no_key_facts": "answerable が true なのに key_facts がないか、空の組があります",
}


def load_dataset(path: Path) -> tuple[Question, ...]:
    """Read a dataset in the order of the file: CSV and XLSX by their suffix, else one JSON object a line.

    Blank lines and rows are skipped; unchecked questions are not (see `checked_only`).

    Raises:
        DatasetError: If the file cannot be read, holds no question, repeats an id, or a line is not a
            question that can be scored; the message names the line.
    """
    questions: dict[str, Question] = {}
    for number, line in _rows(path):
        try:
            question = Question.model_validate_json(line)
        except ValidationError as error:
            _reject(path, number, error)
        if question.id in questions:
            raise DatasetError(f"{path.name} の {number} 行目: id「{question.id}」が重複しています。")
        questions[question.id] = question
    if not questions:
        raise DatasetError(f"{path.name} に質問が 1 件もありません。")
    return tuple(questions.values())


def checked_only(questions: Iterable[Question]) -> tuple[Question, ...]:
    """The questions that a person has confirmed.

    Raises:
        DatasetError: If there is none.
    """
    checked = tuple(question for question in questions if question.checked)
    if not checked:
        raise DatasetError(
            "確認済みの質問が 1 件もありません。"
            "確かめた質問の checked を true にするか、--unchecked を付けてください。"
        )
    return checked


def dataset_sha256(path: Path) -> str:
    """Hexadecimal digest of the file's bytes, for a report's signature.

    Raises:
        DatasetError: If the file cannot be read.
    """
    return hashlib.sha256(_read(path)).hexdigest()


def _rows(path: Path) -> Iterator[tuple[int, bytes]]:
    content = _read(path)
    if path.suffix.lower() in TABLE_SUFFIXES:
        yield from table_rows(path, content)
        return
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            yield number, line


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{path} を読めません。") from error


def _reject(path: Path, number: int, error: ValidationError) -> NoReturn:
    first = error.errors(include_url=False)[0]
    field = ".".join(str(step) for step in first["loc"])
    reason = REASONS.get(first["type"], "の値の形が違います")
    if not field and reason.startswith("の"):
        reason = "値の形が違います"
    where = f"「{field}」" if field else ""
    raise DatasetError(f"{path.name} の {number} 行目: {where}{reason}。") from error
