from __future__ import annotations

from types import SimpleNamespace

import pytest

from eval.corpus import Corpus
from ingest.document import Block, BlockKind
from ingest.traced import Traced

TEXT = "頁1\n受付は5月1日から"


class Shelf:
    """A store of two documents of one source."""

    def documents(self):
        return [SimpleNamespace(id="d1", source="a.txt"), SimpleNamespace(id="d2", source="a.txt")]

    def text(self, document_id):
        return {"d1": TEXT, "d2": "別の版"}[document_id]

    def document(self, document_id):  # noqa: ARG002
        return SimpleNamespace(
            blocks=(
                Block(BlockKind.FURNITURE, Traced.from_original(TEXT, 0, 2)),
                Block(BlockKind.PARAGRAPH, Traced.from_original(TEXT, 3)),
            )
        )

    def passages_of(self, document_id):
        return [(1, SimpleNamespace(text=f"{document_id}の箇所"))]


def test_documents_are_found_by_id_and_by_source_the_first_of_one_source():
    corpus = Corpus(Shelf())
    assert corpus.text("d1") == corpus.text("a.txt") == TEXT
    assert corpus.text("d2") == "別の版"
    assert (corpus.source("d2"), corpus.id_of("a.txt"), corpus.sources()) == ("a.txt", "d1", ["a.txt"])
    with pytest.raises(KeyError):
        corpus.text("どこにもない")


def test_what_was_read_and_indexed_is_told_without_page_furniture():
    texts = Corpus(Shelf()).texts("a.txt")
    assert texts.blocks == ("受付は5月1日から",)
    assert texts.passages == ("d1の箇所",)
