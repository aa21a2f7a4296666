"""Engine: where the search indexes of a generation live, and what every such place must be able to do.

The catalog is the truth on any engine. What an engine holds is derived from it and belongs to the folder of
one generation, so that one flip of the catalog's pointer moves documents and indexes together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from index.dense import Dense
from index.generation import Generation
from index.large import Changes
from index.lexical import LexicalEntry
from index.lexical_leg import LexicalLeg
from index.manifest import Manifest
from ingest.catalog import Catalog
from ingest.document_record import Pointer
from ingest.errors import EngineMismatchError


@dataclass(frozen=True, slots=True)
class Content:
    """What is to be indexed.

    Attributes:
        catalog: Open for writing, in the state that is about to be committed.
        entries: Terms of every passage, by ascending id.
        changes: What differs from the generation before, if that can be gone on with.
        is_by_token: Whether the catalog holds vectors of tokens.
    """

    catalog: Catalog
    entries: Iterable[LexicalEntry]
    changes: Changes | None
    is_by_token: bool


class Engine(Protocol):
    """Writes, opens and removes the search indexes of generations."""

    @property
    def name(self) -> str:
        """What manifests and the setting `engine` call it."""
        ...

    def write(self, index_dir: Path, manifest: Manifest, content: Content) -> Pointer:
        """Write a generation, all of it safe when this returns; readers do not see it yet.

        Raises:
            OSError: If the folder cannot be written.
            ShirubeError: If the engine refuses.
        """
        ...

    def load(self, catalog: Catalog, folder: Path, manifest: Manifest) -> tuple[Dense, LexicalLeg]:
        """Open both legs of the generation in a folder.

        Raises:
            IndexMismatchError: If they are not what the manifest says.
        """
        ...

    def view(self, catalog: Catalog, generation: Generation, folder: Path) -> Generation:
        """The part of the generation in a folder that belongs to what a restricted catalog still shows."""
        ...

    def is_sound(self, folder: Path, manifest: Manifest) -> bool:
        """Whether what a generation keeps outside its folder is still there: quick, reads no content."""
        ...

    def verify(self, catalog: Catalog, folder: Path, manifest: Manifest) -> None:
        """Read everything that a generation holds and compare it with the catalog.

        Raises:
            IndexMismatchError: If they differ.
            EngineError: If it cannot be read.
        """
        ...

    def settle(self, index_dir: Path) -> None:
        """After a commit: remove what belongs to generations whose folder is gone.

        Raises:
            EngineError: If that is not possible now; the next commit tries again.
        """
        ...


def check_engine(manifest: Manifest, engine: Engine) -> None:
    """Refuse an index that another engine holds.

    Raises:
        EngineMismatchError: Names both.
    """
    if manifest.engine != engine.name:
        raise EngineMismatchError(
            f"索引は「{manifest.engine}」にありますが、設定 engine は「{engine.name}」です。"
        )
