"""MilvusEngine: the search indexes of a generation in a collection of Milvus.

The generation's folder keeps what the collection is called, what must be in it, and how often each term
occurs. Readers follow the catalog's pointer to that folder, never the alias, so that documents and indexes
are always of one state; the alias is for other programs that look into Milvus.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from index.dense import Dense
from index.engine import Content
from index.generation import FOLDER, Generation, next_number, write_folder
from index.id_set import IdSet
from index.lexical import LexicalEntry, better_probe, clean_terms
from index.lexical_leg import LexicalLeg
from index.manifest import Manifest
from index.milvus_collection import MilvusCollection, Row, rows_of_passage
from index.milvus_legs import MilvusDense, MilvusLexical, Probe
from index.milvus_server import MilvusServer
from index.sparse import Frequencies, weigh
from ingest.catalog import Catalog
from ingest.document_record import Pointer
from ingest.errors import EngineRefusedError, IndexMismatchError

NAME = "milvus"
PLACE_FILE = "milvus.json"
FREQUENCIES_FILE = "frequencies.bin"
RECORDS = "milvus"  # in the index folder: a file for each collection that was begun, and the index's own name
ID_FILE = "id"


@dataclass(frozen=True, slots=True)
class Place:
    """What a generation's folder says of its collection.

    Attributes:
        most: Vectors of the passage that has most.
        digest: Of all rows, as `Digest` writes it.
    """

    collection: str
    most: int
    digest: str
    probe: Probe | None

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `write` wrote.

        Raises:
            IndexMismatchError: If it is damaged.
            OSError: If it cannot be read.
        """
        try:
            fields = json.loads((folder / PLACE_FILE).read_text(encoding="utf-8"))
            probe = fields.pop("probe")
            return cls(**fields, probe=Probe(**probe) if probe else None)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise IndexMismatchError(f"Milvus の索引の控えが壊れています: {folder}") from error

    def write(self, folder: Path) -> None:
        """Put it into the folder."""
        (folder / PLACE_FILE).write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")


class MilvusEngine:
    """See `index.engine.Engine`: a collection for each generation, written whole before it is pointed at."""

    name = NAME

    def __init__(self, server: MilvusServer) -> None:
        self.server = server

    def write(self, index_dir: Path, manifest: Manifest, content: Content) -> Pointer:
        """See `Engine.write`; a server that goes away and comes back meanwhile is waited for."""
        collection = MilvusCollection(self.server, _new_name(index_dir), dim=manifest.dim)

        def write(folder: Path) -> None:
            collection.create(manifest.n_vectors)
            counts = _Counts()
            digest = collection.write(counts.counted(content, manifest))
            Place(collection.name, counts.most, str(digest), counts.probe).write(folder)
            Frequencies.of(counts.frequencies, counts.n_passages).save(folder / FREQUENCIES_FILE)

        return write_folder(index_dir, manifest, write)

    def load(self, catalog: Catalog, folder: Path, manifest: Manifest) -> tuple[Dense, LexicalLeg]:
        """See `Engine.load`."""
        place = Place.load(folder)
        collection = MilvusCollection(self.server, place.collection, dim=manifest.dim)
        collection.check(manifest.n_vectors)
        frequencies = Frequencies.load(folder / FREQUENCIES_FILE, manifest.n_passages)
        dense = MilvusDense(collection, n_vectors=manifest.n_vectors, most=place.most)
        return dense, MilvusLexical(collection, frequencies, catalog, probe=place.probe)

    def view(self, catalog: Catalog, generation: Generation) -> Generation:
        """The same collection with a filter; words are counted over what may be seen."""
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
        """See `Engine.is_sound`: whether the collection is there with all its rows."""
        try:
            place = Place.load(folder)
            MilvusCollection(self.server, place.collection, dim=manifest.dim).check(manifest.n_vectors)
        except (IndexMismatchError, OSError):
            return False
        return True

    def settle(self, index_dir: Path) -> None:
        """See `Engine.settle`; the alias is moved to the newest collection first."""
        used = _used(index_dir)
        if used:
            self._point(f"shirube_{_index_id(index_dir)}", used[-1])
        for record in _records(index_dir):
            if record.name not in used:
                MilvusCollection(self.server, record.name, dim=0).drop()
                record.unlink(missing_ok=True)

    def verify(self, folder: Path, manifest: Manifest) -> None:
        """Read everything back and compare it with what was written.

        Raises:
            IndexMismatchError: If they differ.
        """
        place = Place.load(folder)
        held = MilvusCollection(self.server, place.collection, dim=manifest.dim).digest()
        if str(held) != place.digest:
            raise IndexMismatchError(f"Milvus の索引の内容が、書いたものと違います（{place.collection}）。")

    def _point(self, alias: str, name: str) -> None:
        """Let the alias mean a collection."""
        server = self.server
        held = server.call("list_aliases", collection_name=name)["aliases"]
        if alias in held:
            return
        try:
            server.call("alter_alias", collection_name=name, alias=alias)
        except (EngineRefusedError, IndexMismatchError):  # it is new
            server.call("create_alias", collection_name=name, alias=alias)


class _Counts:
    """What is learnt of the rows while they pass."""

    def __init__(self) -> None:
        self.frequencies: Counter[int] = Counter()
        self.n_passages = 0
        self.most = 0
        self._probe: tuple[str, str, int] | None = None

    @property
    def probe(self) -> Probe | None:
        """The term that best proves that the index works."""
        return Probe(*self._probe) if self._probe else None

    def counted(self, content: Content, manifest: Manifest) -> Iterator[Row]:
        """The rows of every passage."""
        vectors = _vectors_by_passage(content.catalog, manifest)
        for entry, (passage, own) in zip(content.entries, vectors, strict=True):
            if entry.id != passage:
                raise ValueError(f"terms of passage {entry.id} beside vectors of {passage}")
            terms = weigh(entry.fields)
            self.frequencies.update(terms.keys())
            self.n_passages += 1
            self.most = max(self.most, len(own))
            self._note(entry)
            yield from rows_of_passage(passage, own, terms)

    def _note(self, entry: LexicalEntry) -> None:
        for field, terms in entry.fields.items():
            self._probe = better_probe(self._probe, field, clean_terms(terms), entry.id)


def _vectors_by_passage(
    catalog: Catalog, manifest: Manifest
) -> Iterator[tuple[int, list[NDArray[np.float32]]]]:
    """Each passage with all its vectors, by ascending id."""
    passage, own = -1, list[NDArray[np.float32]]()
    for ids, values in catalog.vector_packs(manifest.embedder, manifest.dim):
        for i, vector in zip(ids.tolist(), values, strict=True):
            if i != passage and own:
                yield passage, own
                own = []
            passage = i
            own.append(vector)
    if own:
        yield passage, own


def _new_name(index_dir: Path) -> str:
    """A name that no collection has, recorded before one is made: a crash leaves none that is not known."""
    name = f"shirube_{_index_id(index_dir)}_{next_number(index_dir):06d}_{secrets.token_hex(4)}"
    (index_dir / RECORDS / name).touch()
    return name


def _index_id(index_dir: Path) -> str:
    """What tells this index from others on the same server; a backup does not hold it."""
    path = index_dir / RECORDS / ID_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_hex(6), encoding="ascii")
    return path.read_text(encoding="ascii").strip()


def _records(index_dir: Path) -> list[Path]:
    folder = index_dir / RECORDS
    return sorted(path for path in folder.iterdir() if path.name != ID_FILE) if folder.is_dir() else []


def _used(index_dir: Path) -> list[str]:
    """The collections of all generations that are still there, oldest first."""
    places = sorted((index_dir / FOLDER).glob(f"*/{PLACE_FILE}"))
    return [Place.load(path.parent).collection for path in places]
