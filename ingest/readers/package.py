"""Package: the parts of an office file in a ZIP archive, read with limits that no honest file reaches."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from ingest.errors import DamagedError, ProtectedError, TooLargeError
from ingest.readers.element import Element, attribute

MAX_ENTRIES = 20_000
MAX_BYTES = 400_000_000  # of all parts that are read, once decompressed
MAX_RATIO = 200  # XML with long runs of equal cells reaches 100
RATIO_FROM = 2_000_000  # a smaller part may have any ratio
CHUNK = 65536
BROKEN = "ファイルが壊れているか、途中で切れています。"
LOCKED = "パスワードで保護されています。"
ZIP_ERRORS = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, struct.error),
    *(
        NotImplementedError,
        OverflowError,
        ValueError,
    ),  # an unknown compression; sizes and dates beyond reason
)


@dataclass(frozen=True, slots=True)
class Relation:
    """A part that another part refers to.

    Attributes:
        kind: Last part of the type's address, such as "footnotes".
        target: Name of the part in the package.
    """

    kind: str
    target: str


class Package:
    """The parts of one file, by name; XML is parsed without entities, network and endless depth."""

    def __init__(self, data: bytes) -> None:
        """Open the archive.

        Raises:
            ReadError: If it is damaged or holds too many parts.
        """
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self._zip.infolist()
        except ZIP_ERRORS as error:
            raise DamagedError(BROKEN) from error
        if len(entries) > MAX_ENTRIES:
            raise TooLargeError(f"中のファイルが多すぎます（{len(entries):,} 個、上限 {MAX_ENTRIES:,} 個）。")
        self._entries = {
            entry.filename.lower(): entry for entry in entries if entry.filename[-1:] not in ("", "/")
        }
        self._n_bytes = 0

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    @property
    def names(self) -> Sequence[str]:
        """The names of all parts."""
        return [entry.filename for entry in self._entries.values()]

    def read(self, name: str) -> bytes:
        """A small part as a whole, empty if it is not there.

        Raises:
            ReadError: If it is damaged or too large.
        """
        if name not in self:
            return b""
        part = _Part(self, self._entries[name.lower()])
        return b"".join(iter(part.read, b""))

    def elements(self, name: str, *tags: str, inside: str = "") -> Iterator[Element]:
        """The elements of some local names of one part, each complete, in order; none if it is not there.

        Each is emptied when the next one is asked for, so that a part of any size takes little memory.

        Args:
            name: Of the part.
            tags: Local names.
            inside: Local name of the parent, if it matters.

        Raises:
            ReadError: If it is damaged, too large, nested too deep or declares entities.
        """
        if name not in self:
            return
        events = etree.iterparse(
            _Part(self, self._entries[name.lower()]),
            events=("end",),
            tag=[f"{{*}}{tag}" for tag in tags],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for _, element in events:
                parent = element.getparent()
                if inside and (parent is None or parent.tag.rpartition("}")[2] != inside):
                    continue
                if element.getroottree().docinfo.doctype:
                    raise DamagedError(BROKEN)
                yield element
                element.clear()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
        except (etree.LxmlError, SyntaxError) as error:
            raise DamagedError(BROKEN) from error

    def root(self, name: str) -> Element | None:
        """A part as one tree, `None` if it is not there.

        Raises:
            ReadError: As `elements`.
        """
        data = self.read(name)
        if not data:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            root = etree.fromstring(data, parser)
        except (etree.LxmlError, SyntaxError, ValueError) as error:
            raise DamagedError(BROKEN) from error
        if root is not None and root.getroottree().docinfo.doctype:
            raise DamagedError(BROKEN)
        return root

    def relations(self, name: str) -> dict[str, Relation]:
        """What a part refers to inside the package, by id."""
        folder, _, file = name.rpartition("/")
        root = self.root(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels")
        found = {}
        for relation in root if root is not None else ():
            if attribute(relation, "TargetMode") != "External":
                target = attribute(relation, "Target")
                place = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = attribute(relation, "Type").rpartition("/")[2]
                found[attribute(relation, "Id")] = Relation(kind, posixpath.normpath(place))
        return found

    def related(self, name: str, kind: str) -> str:
        """The first part of a kind that a part refers to, "" if there is none."""
        return next((r.target for r in self.relations(name).values() if r.kind == kind), "")

    def count(self, n_bytes: int) -> None:
        """Add to what was decompressed so far.

        Raises:
            ReadError: If that is too much.
        """
        self._n_bytes += n_bytes
        if self._n_bytes > MAX_BYTES:
            raise TooLargeError(f"展開すると大きすぎます（上限 {MAX_BYTES // 1_000_000} MB）。")

    def open(self, entry: zipfile.ZipInfo) -> zipfile.ZipExtFile:
        """The stream of an entry.

        Raises:
            ReadError: If it is damaged or encrypted.
        """
        try:
            return self._zip.open(entry)  # type: ignore[return-value]
        except RuntimeError as error:  # also what says that a compression is unknown
            if isinstance(error, NotImplementedError):
                raise DamagedError(BROKEN) from error
            raise ProtectedError(LOCKED) from error
        except ZIP_ERRORS as error:
            raise DamagedError(BROKEN) from error


class _Part:
    """A stream that refuses to grow beyond all reason."""

    def __init__(self, package: Package, entry: zipfile.ZipInfo) -> None:
        self._package = package
        self._limit = max(RATIO_FROM, MAX_RATIO * entry.compress_size)
        self._stream = package.open(entry)
        self._n_bytes = 0

    def read(self, size: int = CHUNK) -> bytes:
        try:
            data = self._stream.read(min(max(size, 1), CHUNK))
        except ZIP_ERRORS as error:
            raise DamagedError(BROKEN) from error
        self._n_bytes += len(data)
        if self._n_bytes > self._limit:
            raise DamagedError("圧縮率が異常に高いので読みません。")
        self._package.count(len(data))
        return data
