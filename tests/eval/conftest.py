"""Builders of questions, answers and records out of the real types."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answer import Answer, AnswerSentence, AnswerStatus, Citation
from eval.dataset import Evidence, Question
from eval.metrics import Case
from eval.records import Excerpt, Record, RecordedSentence, RecordStatus
from index.hit import Hit
from ingest.document import BlockKind
from ingest.passage import Passage
from ingest.traced import Traced

SHARED = Path(__file__).parents[3] / "shared"


class Build:
    """Makes the pieces of an evaluation, with defaults for what a test does not mind."""

    def question(self, *quotes: str, **fields: object) -> Question:
        defaults: dict[str, object] = {
            "id": "q1",
            "question": "いつですか。",
            "type": "date",
            "key_facts": (("5月1日",),),
            "evidence": tuple(Evidence(doc="a.txt", quote=quote) for quote in quotes),
            "answerable": bool(quotes),
        }
        return Question.model_validate(defaults | fields)

    def case(self, question: Question, record: Record, **originals: str) -> Case:
        by_source = {f"{name}.txt": text for name, text in originals.items()}
        return Case(question, record, by_source.__getitem__)

    def hits(self, *texts: str) -> Record:
        """A record with hits that say so, without ranges."""
        return Record("q1", RecordStatus.NOT_FOUND, hits=tuple(Excerpt("a.txt", t, ()) for t in texts))

    def said(self, answer: str, *quotes: str) -> Record:
        """An answered record of one sentence that cites every quote."""
        sentence = RecordedSentence(answer, tuple(range(len(quotes))))
        citations = tuple(Excerpt("a.txt", quote, ()) for quote in quotes)
        return Record("q1", RecordStatus.ANSWERED, answer, (sentence,), citations)

    def passage(self, document_id: str, original: str, start: int, end: int) -> Passage:
        body = Traced.from_original(original, start, end)
        return Passage(
            id=f"{document_id}-{start:06d}",
            document_id=document_id,
            order=start,
            kind=BlockKind.PARAGRAPH,
            body=body,
            sentences=((0, len(body.text)),),
            context="",
            section=(),
            page=None,
            line=original.count("\n", 0, start) + 1,
        )

    def citation(self, marker: int, passage: Passage, source: str) -> Citation:
        return Citation(
            marker=marker,
            passage_id=passage.id,
            document_id=passage.document_id,
            source=source,
            title=source,
            section=(),
            page=None,
            quote=passage.text.strip(),
            spans=passage.body.spans(),
        )

    def answer(self, question: str, *passages: Passage, source: str = "a.txt") -> Answer:
        """An answer that says each passage as one sentence and cites it."""
        return Answer(
            question=question,
            status=AnswerStatus.ANSWERED,
            sentences=tuple(AnswerSentence(p.text.strip(), (n,)) for n, p in enumerate(passages, start=1)),
            citations=tuple(self.citation(n, p, source) for n, p in enumerate(passages, start=1)),
            hits=tuple(Hit(p, 1 / n) for n, p in enumerate(passages, start=1)),
            timings={"retrieve": 0.5},
        )


@pytest.fixture(scope="session")
def build() -> Build:
    return Build()


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    if not (SHARED / "eval" / "score.py").is_file():
        pytest.skip(f"the independent scorer is not at {SHARED}")
    return SHARED
