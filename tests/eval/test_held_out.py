from __future__ import annotations

from eval.held_out import without_evidence

IDS = {"a.txt": "1", "b.txt": "2"}


def test_the_twin_is_asked_without_the_documents_of_its_evidence(build):
    asked = build.question("受付は5月1日から", wrong_year_facts=("12人",))
    (twin,) = without_evidence([asked, build.question(id="q2")], IDS)
    assert twin.documents == {"2"}
    assert (twin.question.id, twin.question.question) == ("q1/without", asked.question)
    assert (twin.question.answerable, twin.question.evidence, twin.question.key_facts) == (False, (), ())


def test_there_is_no_twin_where_no_document_is_left(build):
    assert list(without_evidence([build.question("受付は5月1日から")], {"a.txt": "1"})) == []
