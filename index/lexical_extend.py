"""Bring a copy of a lexical index up to date without writing again what stays."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import tantivy

from index.lexical import (
    PROBE_FILE,
    WRITER_BYTES,
    LexicalEntry,
    LexicalIndex,
    add_entries,
    better_probe,
    clean_terms,
)
from index.linked import link_files, point_file
from index.write_errors import WriteErrors


def extend_lexical(
    path: Path, before: Path, *, removed: Iterable[int], entries: Iterable[LexicalEntry], stays: LexicalEntry
) -> LexicalIndex:
    """Write into the new folder `path` the index of the folder `before`, less and more some passages.

    tantivy never changes a file, it writes others: those that stay are linked. Until it merges them away,
    passages that are gone still count in the frequencies of words, as they do in any index of this kind.

    Args:
        path: The new folder.
        before: What it is made of; not changed.
        removed: Ids of passages that go.
        entries: Passages that come.
        stays: One that is in the result, to prove by that it works.

    Raises:
        OSError: If the folder cannot be written; `errno` is ENOSPC when the disk is full.
    """
    link_files(before, path, leave_out={PROBE_FILE})
    _write(path, removed, entries, stays)
    return LexicalIndex.open(path)


def lexical_part(path: Path, before: Path, *, hidden: Iterable[int], stays: LexicalEntry) -> LexicalIndex:
    """Write into the new folder `path` an index in which some passages of the folder `before` do not exist.

    Nor do they in frequencies. The files of `before` must stay as long as the result is in use.

    Raises:
        OSError: As `extend_lexical` does.
    """
    link_files(before, path, leave_out={PROBE_FILE}, link=point_file)
    _write(path, hidden, (), stays)
    return LexicalIndex.open(path, is_part=True)


def _write(path: Path, removed: Iterable[int], entries: Iterable[LexicalEntry], stays: LexicalEntry) -> None:
    with WriteErrors(path):
        index = tantivy.Index.open(str(path))
        gone = sorted(removed)
        writer = index.writer(WRITER_BYTES, 1)
        try:
            if gone:  # by a query: a term made of a number would be a signed one, which no passage has
                writer.delete_documents_by_query(tantivy.Query.term_set_query(index.schema, "id", gone))
            add_entries(writer, entries, None)
            writer.commit()
        finally:
            writer.wait_merging_threads()
    (path / PROBE_FILE).write_text(json.dumps(_probe(stays.id, stays.fields), ensure_ascii=False), "utf-8")


def _probe(passage_id: int, fields: Mapping[str, Iterable[str]]) -> tuple[str, str, int] | None:
    probe = None
    for field, terms in fields.items():
        probe = better_probe(probe, field, clean_terms(terms), passage_id)
    return probe
