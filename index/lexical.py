"""LexicalIndex: passages by BM25 over Japanese search terms, with tantivy."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import weakref
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Self

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import Occur, Query

from index.lexical_counts import MOST_HELD, counted, frequency, holders, holders_among, idf, n_in_files
from index.write_errors import WriteErrors
from ingest.errors import IndexMismatchError

FIELDS = ("title", "section", "body", "grams")
PROBE_FILE = "probe.json"
WRITER_BYTES = 64 << 20
MAX_TERM_BYTES = 1000  # tantivy drops longer terms than 65,530 bytes without a word
JAPANESE = re.compile(r"[぀-ヿ㐀-鿿豈-﫿]")
MANY = 150_000  # passages above which terms that more than half of them hold are not looked for
FREQUENCIES_KEPT = 1 << 14
TERMS_KEPT = 1024  # of which all holders are kept, 16 KB at most each
LOCK_REFUSED = "Failed to acquire Lockfile: IoError"


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """A passage's row id and its search terms by field; a field that is left out is empty."""

    id: int
    fields: Mapping[str, Sequence[str]]


def clean_terms(terms: Iterable[str]) -> list[str]:
    """Terms as they enter the index: no white space inside, none empty, none endless."""
    cleaned = ("_".join(term.replace("\0", "").split()) for term in terms)
    encoded = (term.encode("utf-8", "replace")[:MAX_TERM_BYTES] for term in cleaned if term)
    return [data.decode("utf-8", "ignore") for data in encoded]


class LexicalIndex:
    """BM25 (k1 = 1.2, b = .75) summed over fields and terms. Reading is safe from several threads.

    tantivy keeps a field's length in one byte: exact up to 40 terms, then rounded down in ever longer
    steps, so that scores of long passages differ a little from the formula.
    """

    def __init__(self, index: Any, probe: tuple[str, str, int] | None, *, n_written: int = 0) -> None:
        """Search an open index; `n_written`, if not 0, is how many passages it was made of: see `open`."""
        index.config_reader("manual")  # a generation never changes: nothing to watch
        self._n_written = n_written
        self._schema = index.schema
        self._searcher = index.searcher()
        self._probe = probe
        self.n_passages: int = self._searcher.num_docs
        # Of the searcher, not of the index, which would then hold itself and its files open.
        count = counted if n_written else frequency
        self._frequency = lru_cache(maxsize=FREQUENCIES_KEPT)(partial(count, self._searcher, self._schema))
        self._all_holders = lru_cache(maxsize=TERMS_KEPT)(partial(holders, self._searcher, self._schema))

    @classmethod
    def build(cls, path: Path, entries: Iterable[LexicalEntry]) -> Self:
        """Write a new index into the folder `path`, which must be new or empty.

        Raises:
            ValueError: If an entry has a field that is not one of `FIELDS`.
            OSError: If the folder cannot be written; `errno` is ENOSPC when the disk is full.
        """
        path.mkdir(parents=True, exist_ok=True)
        with WriteErrors(path):
            # One thread, so that the same entries always give the same index.
            writer = tantivy.Index(_schema(), path=str(path)).writer(WRITER_BYTES, 1)
            try:
                probe = add_entries(writer, entries, None)
                writer.commit()
            finally:
                writer.wait_merging_threads()  # else they go on writing into a folder that is being removed
        (path / PROBE_FILE).write_text(json.dumps(probe, ensure_ascii=False), encoding="utf-8")
        return cls.open(path)

    @classmethod
    def open(cls, path: Path, *, is_part: bool = False) -> Self:
        """Read what `build` wrote.

        Args:
            path: The folder.
            is_part: Whether what was removed from it must not even count in frequencies. These are then
                counted for each new term, some milliseconds for a common one.

        Raises:
            IndexMismatchError: If the folder is damaged or was written by another version of tantivy.
        """
        try:
            probe = json.loads((path / PROBE_FILE).read_text(encoding="utf-8"))
            known = tuple(probe) if probe else None
            n_written = n_in_files(path) if is_part else 0
            try:
                return cls(tantivy.Index.open(str(path)), known, n_written=n_written)
            except ValueError as error:
                if LOCK_REFUSED not in str(error):
                    raise
            return cls._open_copy(path, known)
        except (OSError, ValueError) as error:
            raise IndexMismatchError(f"語の索引を開けません: {path}") from error

    @classmethod
    def _open_copy(cls, path: Path, probe: tuple[str, str, int] | None) -> Self:
        """Read a copy: tantivy writes a lock even to read, which a read-only disk does not let it."""
        folder = tempfile.mkdtemp(prefix="shirube-lexical-")
        try:
            shutil.copytree(path, folder, dirs_exist_ok=True)
            opened = cls(tantivy.Index.open(folder), probe)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        weakref.finalize(opened, shutil.rmtree, folder, ignore_errors=True)
        return opened

    def search(
        self,
        query: Mapping[str, Sequence[str]],
        *,
        boosts: Mapping[str, float],
        k: int,
        only: Collection[int] | None = None,
    ) -> list[tuple[int, float]]:
        """The `k` passages that hold any of the terms: ids, none twice, with the sum of their BM25 scores.

        Args:
            query: Terms by field; a term that occurs n times weighs n times as much.
            boosts: Weight of each field, 1 if left out; a field with weight 0 is not searched.
            k: Most passages to return.
            only: Passage ids to choose among; `None` for all, empty for none.

        Returns:
            Best first; among equal scores the lower id first. Empty if no term occurs anywhere.

        Raises:
            ValueError: If `k` or a boost is negative or a field is not one of `FIELDS`.
        """
        if k < 0 or any(boost < 0 for boost in boosts.values()):
            raise ValueError(f"k and boosts must not be negative: {k}, {dict(boosts)}")
        parts = self._term_queries(query, boosts)
        if not parts or not k or not self.n_passages or (only is not None and not only):
            return []
        wanted = Query.boolean_query(parts)
        if only is not None:
            among = Query.term_set_query(self._schema, "id", sorted(only))
            wanted = Query.boolean_query(
                [(Occur.Must, wanted), (Occur.Must, Query.const_score_query(among, 0.0))]
            )
        hits = self._searcher.search(wanted, min(k, self.n_passages), count=False).hits
        ids = self._searcher.fast_field_values("id", [address for _, address in hits])
        found = [(int(i), float(score)) for i, (score, _) in zip(ids, hits, strict=True)]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def ids(self) -> NDArray[np.int64]:
        """The ids of all passages, ascending."""
        if not self.n_passages:
            return np.empty(0, dtype=np.int64)
        hits = self._searcher.search(Query.all_query(), self.n_passages, count=False).hits
        values = self._searcher.fast_field_values("id", [address for _, address in hits])
        return np.sort(np.fromiter(values, dtype=np.int64, count=len(hits)))

    def document_frequency(self, field: str, term: str) -> int:
        """In how many passages the term occurs in the field."""
        cleaned = clean_terms([term])
        return self._frequency(field, cleaned[0]) if cleaned else 0

    def idf(self, term: str, *, field: str = "body") -> float:
        """How rare a term is: `ln(1 + (N - n + .5) / (n + .5))`, as BM25 weighs it; always positive."""
        return idf(self.n_passages, self.document_frequency(field, term))

    def holders(
        self, terms: Collection[str], *, field: str, among: Collection[int]
    ) -> dict[str, frozenset[int]]:
        """Which of the passages hold each of the terms in the field."""
        cleaned = {term: "".join(clean_terms([term])) for term in terms}
        held = {term: self._frequency(field, term) for term in cleaned.values() if term}
        near, found = frozenset(among), dict.fromkeys(held, frozenset[int]())
        for term, n in held.items() if near else ():
            if 0 < n <= MOST_HELD:
                found[term] = near.intersection(self._all_holders(field, term))
        often = [term for term, n in held.items() if n > MOST_HELD]
        if near:
            found |= holders_among(self._searcher, self._schema, field, often, near)
        return {term: found.get(key, frozenset()) for term, key in cleaned.items()}

    def self_test(self) -> None:
        """Prove that terms, Japanese ones above all, find their passage.

        Raises:
            IndexMismatchError: If passages are indexed but a term taken from one of them does not find it.
        """
        if not self.n_passages:
            return
        if self._probe is None:
            raise IndexMismatchError("語の索引に語が一つもありません。")
        field, term, passage_id = self._probe
        if not self.search({field: [term]}, boosts={}, k=1, only=[passage_id]):
            raise IndexMismatchError(f"語の索引が「{term}」を見つけられません。")

    def _term_queries(
        self, query: Mapping[str, Sequence[str]], boosts: Mapping[str, float]
    ) -> list[tuple[Any, Any]]:
        parts: list[tuple[Any, Any]] = []
        for field in _known(query):
            boost = boosts.get(field, 1.0)
            terms = self._telling(field, Counter(clean_terms(query[field])))
            for term, times in terms.items() if boost else ():
                one = Query.term_query(self._schema, field, term, "freq")
                weight = boost * times * (self._rarer(field, term) if self._n_written else 1.0)
                if weight:
                    parts.append((Occur.Should, Query.boost_query(one, weight)))
        return parts

    def _rarer(self, field: str, term: str) -> float:
        """How much more a term weighs here than by what tantivy has written; 0 if nothing here holds it."""
        n, n_before = self._frequency(field, term), frequency(self._searcher, self._schema, field, term)
        return idf(self.n_passages, n) / idf(self._n_written, n_before) if n else 0.0

    def _telling(self, field: str, terms: Counter[str]) -> Counter[str]:
        """The terms without those that half of very many passages hold: these cost most and tell least."""
        if self.n_passages <= MANY:
            return terms
        telling = {t: times for t, times in terms.items() if 2 * self._frequency(field, t) <= self.n_passages}
        return Counter(telling) if any(self._frequency(field, t) for t in telling) else terms


def add_entries(
    writer: Any, entries: Iterable[LexicalEntry], probe: tuple[str, str, int] | None
) -> tuple[str, str, int] | None:
    """Hand entries to tantivy's writer; the field, term and passage that best prove that the index works."""
    for entry in entries:
        document = tantivy.Document()
        document.add_unsigned("id", entry.id)
        for field in _known(entry.fields):
            terms = clean_terms(entry.fields[field])
            document.add_text(field, " ".join(terms))
            probe = better_probe(probe, field, terms, entry.id)
        writer.add_document(document)
    return probe


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("id", indexed=True, fast=True)
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _known(fields: Mapping[str, object]) -> list[str]:
    unknown = fields.keys() - set(FIELDS)
    if unknown:
        raise ValueError(f"unknown fields {sorted(unknown)}, known are {FIELDS}")
    return [field for field in FIELDS if field in fields]


def better_probe(
    probe: tuple[str, str, int] | None, field: str, terms: Sequence[str], passage_id: int
) -> tuple[str, str, int] | None:
    """The first Japanese term, or as long as there is none, the first term of all."""
    if probe and JAPANESE.search(probe[1]):
        return probe
    japanese = next((term for term in terms if JAPANESE.search(term)), None)
    if japanese:
        return field, japanese, passage_id
    return probe or ((field, terms[0], passage_id) if terms else None)
