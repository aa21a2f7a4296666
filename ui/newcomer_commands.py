"""`shirube glossary` and `shirube guide`: what somebody new to the documents looks up first."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assistant.glossary import Entry, Glossary, Meaning
from assistant.guide import Guide, Line, editions
from assistant.offer import titles
from index.store import Store
from ingest.document_record import DocumentRecord
from ingest.errors import ShirubeError
from ingest.traced import Span
from ui.lines import Places
from ui.settings import Settings
from ui.terminal import clean, print_json, print_lines
from ui.wiring import open_store

Documents = Mapping[str, DocumentRecord]
OUTLINE_LINES = 20  # shown on the terminal; JSON has all
KINDS = ("定義", "用語", "略称", "名称")  # by `TermKind`


class UnknownTermError(ShirubeError):
    """A term that no document explains."""

    hint = "言葉を短くするか、shirube glossary で用語の一覧を見てください。"


class UnknownDocumentError(ShirubeError):
    """A document that is not indexed."""

    hint = "shirube status で id かファイル名を確かめてください。"


def glossary(args: argparse.Namespace, settings: Settings) -> int:
    """Show what the documents say of a term, or of all terms.

    Raises:
        UnknownTermError: If they explain none with these words.
    """
    with open_store(settings) as store:
        records = {record.id: record for record in store.documents()}
        places = Places(store)
        found = Glossary.of(store.document(i) for i in records).search(args.term)
        if args.json:
            print_json({"term": args.term, "entries": [entry_json(e, records, places) for e in found]})
        elif found:
            print_lines(line for entry in found for line in _entry_lines(entry, records, places))
        elif args.term:
            raise UnknownTermError(f"「{args.term}」を説明している文書はありません。")
        else:
            print_lines(["用語を説明している文書はありません。"])
    return 0


def guide(args: argparse.Namespace, settings: Settings) -> int:
    """Show a first look at a document, or at all.

    Raises:
        UnknownDocumentError: If the one that is named is not indexed.
    """
    with open_store(settings) as store:
        records = {record.id: record for record in store.documents()}
        chosen = [r for r in records.values() if args.document in ("", r.id, r.source)]
        if args.document and not chosen:
            raise UnknownDocumentError(f"文書がありません: {args.document}")
        places = Places(store)
        guides = guides_of(store, [record.id for record in chosen])
        groups = editions(list(records.values()))
        if args.json:
            told = [guide_json(one, records[one.document_id], places) for one in guides]
            print_json({"guides": told, "editions": [[record.id for record in group] for group in groups]})
        else:
            for one in guides:
                print_lines(_guide_lines(one, records[one.document_id], places))
            print_lines(_edition_lines(groups))
    return 0


def guides_of(store: Store, document_ids: Sequence[str]) -> list[Guide]:
    """The guides to these documents, in their order."""
    documents = [store.document(i) for i in document_ids]
    seen = Counter(title for document in documents for title in titles(document.blocks))
    return [Guide.of(document, seen) for document in documents]


def entry_json(entry: Entry, documents: Documents, places: Places) -> dict[str, Any]:
    """A term and where each of its meanings stands."""
    return {
        "term": entry.term,
        "meanings": [
            {
                "kind": meaning.kind.name.lower(),
                "text": meaning.text,
                **_place_json(documents[meaning.document_id], meaning.spans, meaning.page, places),
                "section": list(meaning.section),
                "fiscal_year": meaning.year or None,
            }
            for meaning in entry.meanings
        ],
    }


def guide_json(one: Guide, record: DocumentRecord, places: Places) -> dict[str, Any]:
    """A first look at a document, each line with its place."""

    def lines(some: Sequence[Line]) -> list[dict[str, Any]]:
        return [
            {"text": line.text, "level": line.level, **_place_json(record, line.spans, line.page, places)}
            for line in some
        ]

    return {
        "document_id": record.id,
        "title": record.title,
        "purpose": lines(one.purpose),
        "outline": lines(one.outline),
        "questions": lines(one.questions),
    }


def _place_json(
    record: DocumentRecord, spans: Sequence[Span], page: int | None, places: Places
) -> dict[str, Any]:
    return {
        "document_id": record.id,
        "source": record.source,
        "page": page,
        "line": places.line(record.id, spans),
        "spans": [[span.start, span.end] for span in spans],
    }


def _entry_lines(entry: Entry, documents: Documents, places: Places) -> Iterator[str]:
    yield clean(entry.term)
    for meaning in entry.meanings:
        yield f"    {KINDS[meaning.kind]}: {_one_line(meaning.text)}"
        yield f"        {_where(meaning, documents, places)}"


def _where(meaning: Meaning, documents: Documents, places: Places) -> str:
    year = f"（{meaning.year}年度）" if meaning.year else ""
    title = clean(documents[meaning.document_id].title)
    return f"{title}{year}  {places.place(meaning.document_id, meaning.spans)}"


def _guide_lines(one: Guide, record: DocumentRecord, places: Places) -> Iterator[str]:
    yield f"■ {clean(record.title)}"
    parts = (
        ("目的", one.purpose),
        ("見出し", one.outline[:OUTLINE_LINES]),
        ("はじめの質問", one.questions),
    )
    for name, lines in parts:
        if lines:
            yield f"  {name}"
        for line in lines:
            place = places.place(record.id, line.spans)
            yield f"    {'  ' * line.level}{_one_line(line.text)}  [{place}]"
    left = len(one.outline) - OUTLINE_LINES
    if left > 0:
        yield f"    （見出しはほかに {left} 件あります。--json で全部出ます。）"
    yield ""


def _edition_lines(groups: Sequence[Sequence[DocumentRecord]]) -> Iterator[str]:
    for group in groups:
        yield "同じ文書の版（新しい順）"
        for record in group:
            years = "、".join(f"{year}年度" for year in record.fiscal_years)
            yield f"    {clean(record.title)}（{years or '年度不明'}）  {record.source}"


def _one_line(text: str) -> str:
    return " ／ ".join(part for line in text.splitlines() if (part := " ".join(clean(line).split())))
