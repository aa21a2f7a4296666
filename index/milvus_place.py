"""Place: what a generation's folder says of its rows in Milvus, and the names of an index's collections."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from index.generation import FOLDER, next_number
from index.milvus_legs import Probe
from index.milvus_rows import Extent
from ingest.errors import IndexMismatchError

PLACE_FILE = "milvus.json"
RECORDS = "milvus"  # in the index folder: a file for each collection that was begun, and the index's own name
ID_FILE = "id"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rows of a generation are.

    Attributes:
        most: Vectors of the passage that has most.
        probe: What proves that words find something; `None` if there are none.
    """

    collection: str
    extent: Extent
    most: int
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
            extent, probe = fields.pop("extent"), fields.pop("probe")
            return cls(
                **fields,
                extent=Extent(int(extent["last"]), tuple(extent["gone"])),
                probe=Probe(**probe) if probe else None,
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise IndexMismatchError(f"Milvus の索引の控えが壊れています: {folder}") from error

    def write(self, folder: Path) -> None:
        """Put it into the folder."""
        (folder / PLACE_FILE).write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")


def index_id(index_dir: Path) -> str:
    """What tells this index from others on the same server.

    A backup does not hold it. A copy of the folder, which is known by its other place on the disk, gets
    another one and forgets the collections: they belong to the folder that it was copied from.
    """
    folder = index_dir / RECORDS
    folder.mkdir(parents=True, exist_ok=True)
    place = str(folder.stat().st_ino)
    try:
        name, held = (folder / ID_FILE).read_text(encoding="ascii").split()
    except (FileNotFoundError, ValueError):
        name = held = ""
    if held != place:
        for record in records(index_dir):
            record.unlink()
        name = secrets.token_hex(6)
        (folder / ID_FILE).write_text(f"{name} {place}", encoding="ascii")
    return name


def owns(index_dir: Path, collection: str) -> bool:
    """Whether this index made a collection, so that it may change it."""
    index_id(index_dir)
    return (index_dir / RECORDS / collection).exists()


def new_name(index_dir: Path) -> str:
    """A name that no collection has, recorded before one is made: a crash leaves none that is not known."""
    name = f"shirube_{index_id(index_dir)}_{next_number(index_dir):06d}_{secrets.token_hex(4)}"
    (index_dir / RECORDS / name).touch()
    return name


def records(index_dir: Path) -> list[Path]:
    """Of all collections that were begun and not yet removed."""
    folder = index_dir / RECORDS
    return sorted(path for path in folder.iterdir() if path.name != ID_FILE) if folder.is_dir() else []


def places(index_dir: Path) -> list[Place]:
    """Those of all generations that are still there, oldest first."""
    return [Place.load(path.parent) for path in sorted((index_dir / FOLDER).glob(f"*/{PLACE_FILE}"))]
