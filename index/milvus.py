"""MilvusEngine: the search indexes of generations in collections of Milvus.

The generation's folder says which rows of which collection are its own, and how often each term occurs.
Readers follow the catalog's pointer to that folder, never the alias, so that documents and indexes are always
of one state; the alias is for other programs that look into Milvus.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.dense import Dense
from index.dense_large import MOST_EXACT
from index.engine import Content
from index.generation import Generation, generation_dir, load_manifest, write_folder
from index.id_set import IdSet
from index.large import Changes
from index.lexical import LexicalEntry, better_probe, clean_terms
from index.lexical_leg import LexicalLeg
from index.manifest import Manifest
from index.milvus_collection import MilvusCollection
from index.milvus_legs import MilvusDense, MilvusLexical, Probe
from index.milvus_place import Place, index_id, new_name, owns, places, records
from index.milvus_rows import MOST_RUNS, PASSAGE, Extent, Row, digest_of, n_runs, rows_of_passage, within
from index.milvus_server import MilvusServer
from index.sparse import Frequencies, weigh
from ingest.catalog import Catalog
from ingest.document_record import Pointer
from ingest.errors import EngineRefusedError, IndexMismatchError

NAME = "milvus"
FREQUENCIES_FILE = "frequencies.bin"
MOST_CHANGED = 0.2  # share of all rows; with more, a new collection is written

Vectors = list[NDArray[np.float32]]


class MilvusEngine:
    """See `index.engine.Engine`: rows are written whole before a generation is pointed at."""

    name = NAME

    def __init__(self, server: MilvusServer) -> None:
        self.server = server

    def write(self, index_dir: Path, manifest: Manifest, content: Content) -> Pointer:
        """See `Engine.write`; a server that goes away and comes back meanwhile is waited for."""
        before = self._goes_on(index_dir, manifest, content.changes) if content.changes else None
        if before and content.changes:
            return self._extend(index_dir, manifest, content, before)
        collection = MilvusCollection(self.server, new_name(index_dir), dim=manifest.dim)

        def write(folder: Path) -> None:
            collection.create(manifest.n_vectors)
            passing = _Passing(Counter())
            collection.send(passing.rows(content.entries, _by_passage(content.catalog, manifest)))
            collection.seal()
            collection.check(manifest.n_vectors)
            Place(collection.name, Extent(passing.last), passing.most, passing.probe).write(folder)
            passing.frequencies(manifest).save(folder / FREQUENCIES_FILE)

        return write_folder(index_dir, manifest, write)

    def load(self, catalog: Catalog, folder: Path, manifest: Manifest) -> tuple[Dense, LexicalLeg]:
        """See `Engine.load`."""
        place = Place.load(folder)
        collection = self._collection(place, manifest)
        collection.check(manifest.n_vectors)
        frequencies = Frequencies.load(folder / FREQUENCIES_FILE, manifest.n_passages)
        dense = MilvusDense(collection, n_vectors=manifest.n_vectors, most=place.most)
        return dense, MilvusLexical(collection, frequencies, catalog, probe=place.probe)

    def view(self, catalog: Catalog, generation: Generation, folder: Path) -> Generation:  # noqa: ARG002
        """The same rows with a filter; words are counted over what may be seen."""
        counts, n_vectors = catalog.statistics(), catalog.n_embedded()
        seen = IdSet(catalog.ids_of_documents([record.id for record in catalog.documents()]))
        frequencies = Frequencies.count(terms for _, terms in catalog.all_terms())
        dense, lexical = generation.dense, generation.lexical
        if not isinstance(dense, MilvusDense) or not isinstance(lexical, MilvusLexical):
            raise TypeError(f"a generation of another engine: {generation.manifest.engine}")
        manifest = replace(
            generation.manifest, n_documents=counts.n_documents, n_passages=counts.n_passages,
            n_vectors=n_vectors, files={},
        )  # fmt: skip
        return replace(
            generation, manifest=manifest, dense=dense.restricted(seen, n_vectors),
            lexical=lexical.restricted(seen, frequencies, catalog),
        )  # fmt: skip

    def is_sound(self, folder: Path, manifest: Manifest) -> bool:
        """See `Engine.is_sound`: whether all its rows are there."""
        try:
            self._collection(Place.load(folder), manifest).check(manifest.n_vectors)
        except (IndexMismatchError, OSError):
            return False
        return True

    def verify(self, catalog: Catalog, folder: Path, manifest: Manifest) -> None:
        """See `Engine.verify`: every row is read back."""
        entries = (LexicalEntry(i, terms) for i, terms in catalog.all_terms())
        wanted = digest_of(_Passing(Counter()).rows(entries, _by_passage(catalog, manifest)))
        if digest_of(self._collection(Place.load(folder), manifest).rows()) != wanted:
            raise IndexMismatchError("Milvus の索引の内容が台帳と違います。")

    def settle(self, index_dir: Path) -> None:
        """See `Engine.settle`; the alias is moved to the newest collection first."""
        alias = f"shirube_{index_id(index_dir)}"
        held = places(index_dir)
        used = Counter(place.collection for place in held)
        if held and owns(index_dir, held[-1].collection):
            newest = held[-1]
            self._point(alias, newest.collection)
            if used[newest.collection] == 1 and newest.extent.gone:  # nobody reads them any more
                MilvusCollection(self.server, newest.collection, dim=0).delete(within(newest.extent.gone))
        for record in records(index_dir):
            if record.name not in used:
                MilvusCollection(self.server, record.name, dim=0).drop()
                record.unlink(missing_ok=True)

    def _collection(self, place: Place, manifest: Manifest) -> MilvusCollection:
        return MilvusCollection(self.server, place.collection, dim=manifest.dim, extent=place.extent)

    def _goes_on(self, index_dir: Path, manifest: Manifest, changes: Changes) -> Place | None:
        """Where the generation before is, if its collection can be gone on with: little has changed in it."""
        place = Place.load(generation_dir(index_dir, changes.before.generation))
        before = load_manifest(index_dir, changes.before)
        gone = {*place.extent.gone, *changes.removed}
        n_changed = place.most * (len(gone) + len(changes.added))
        if (
            n_changed > MOST_CHANGED * before.n_vectors
            or n_runs(gone) > MOST_RUNS
            or (before.n_vectors > MOST_EXACT) != (manifest.n_vectors > MOST_EXACT)
            or not owns(index_dir, place.collection)
        ):
            return None
        # After a restore, readers of what was newer may still look at rows behind those of what came back.
        others = (other for other in places(index_dir) if other.collection == place.collection)
        return place if all(other.extent.last <= place.extent.last for other in others) else None

    def _extend(self, index_dir: Path, manifest: Manifest, content: Content, before: Place) -> Pointer:
        """Write what came behind the rows of the generation before; what went stays for its readers."""
        catalog, changes = content.catalog, content.changes
        if changes is None:
            raise ValueError("no changes to extend by")
        old = MilvusCollection(self.server, before.collection, dim=manifest.dim)
        old.delete(f"{PASSAGE} > {before.extent.last}")  # of an ingest that was not finished
        lost = {row.passage for row in old.rows([*before.extent.gone, *changes.removed])}
        folder_before = generation_dir(index_dir, changes.before.generation)
        counts = Frequencies.load(folder_before / FREQUENCIES_FILE, 0).counts()
        for row in old.rows(changes.removed):
            counts.subtract(row.terms.keys() if row.place == 0 else ())
        passing = _Passing(counts, before)
        entries = (LexicalEntry(i, terms) for i, terms in catalog.terms_of(changes.added))

        def write(folder: Path) -> None:
            old.send(passing.rows(entries, _by_passage(catalog, manifest, changes.added)))
            old.seal()
            extent = Extent(max(passing.last, before.extent.last), tuple(sorted(lost)))
            stays = next(catalog.all_terms(), None)
            probe = _probe_of(LexicalEntry(*stays)) if stays else None
            place = Place(old.name, extent, passing.most, probe)
            self._collection(place, manifest).check(manifest.n_vectors)
            place.write(folder)
            passing.frequencies(manifest).save(folder / FREQUENCIES_FILE)

        return write_folder(index_dir, manifest, write)

    def _point(self, alias: str, name: str) -> None:
        """Let the alias mean a collection."""
        if alias in self.server.call("list_aliases", collection_name=name)["aliases"]:
            return
        try:
            self.server.call("alter_alias", collection_name=name, alias=alias)
        except (EngineRefusedError, IndexMismatchError):  # it is new
            self.server.call("create_alias", collection_name=name, alias=alias)


class _Passing:
    """What is learnt of rows while they pass."""

    def __init__(self, counts: Counter[int], before: Place | None = None) -> None:
        self._counts = counts
        self.most = before.most if before else 0
        self.last = 0
        self.probe: Probe | None = None

    def rows(self, entries: Iterable[LexicalEntry], vectors: Iterable[tuple[int, Vectors]]) -> Iterator[Row]:
        """The rows of passages whose terms and vectors come side by side."""
        for entry, (passage, own) in zip(entries, vectors, strict=True):
            if entry.id != passage:
                raise ValueError(f"terms of passage {entry.id} beside vectors of {passage}")
            terms = weigh(entry.fields)
            self._counts.update(terms.keys())
            self.most = max(self.most, len(own))
            self.last = passage
            self.probe = self.probe or _probe_of(entry)
            yield from rows_of_passage(passage, own, terms)

    def frequencies(self, manifest: Manifest) -> Frequencies:
        """How often each term occurs in the passages that were there and those that have passed."""
        return Frequencies.of(+self._counts, manifest.n_passages)


def _probe_of(entry: LexicalEntry) -> Probe | None:
    """The term that best proves that words find this passage."""
    found: tuple[str, str, int] | None = None
    for field, terms in entry.fields.items():
        found = better_probe(found, field, clean_terms(terms), entry.id)
    return Probe(*found) if found else None


def _by_passage(
    catalog: Catalog, manifest: Manifest, ids: tuple[int, ...] | None = None
) -> Iterator[tuple[int, Vectors]]:
    """Each passage, or each of these, with all its vectors, by ascending id."""
    passage, own = -1, Vectors()
    for some, values in catalog.vector_packs(manifest.embedder, manifest.dim, ids):
        for i, vector in zip(some.tolist(), values, strict=True):
            if i != passage and own:
                yield passage, own
                own = []
            passage = i
            own.append(vector)
    if own:
        yield passage, own
