"""Containers: which office format a ZIP archive or an OLE file is, told by what is in it, not by its name."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from enum import StrEnum
from typing import IO

ZIP_START, EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CONTENT_TYPES, ODF_TYPE = "[Content_Types].xml", "mimetype"
MAX_TYPES = 4_000_000  # bytes of the list of content types; a large one has 200,000
BROKEN_ZIP = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, struct.error),
    *(NotImplementedError, RuntimeError, OverflowError, ValueError),
)


class Container(StrEnum):
    """What a container holds."""

    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"
    ODP = "odp"
    XLS = "xls"
    XLSB = "xlsb"
    DOC = "doc"
    PPT = "ppt"
    MAIL = "msg"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    OTHER = "other"


MAIN_PARTS = (
    (re.compile(rb"sheet\.binary\.macroEnabled\.main"), Container.XLSB),
    (
        re.compile(rb"(?:wordprocessingml\.(?:document|template)|ms-word\.\w+\.macroEnabled\w*)\.main"),
        Container.DOCX,
    ),
    (re.compile(rb"(?:spreadsheetml\.(?:sheet|template)|ms-excel\.\w+\.macroEnabled)\.main"), Container.XLSX),
    (
        re.compile(
            rb"(?:presentationml\.(?:presentation|slideshow|template)|ms-powerpoint\.\w+\.macroEnabled)\.main"
        ),
        Container.PPTX,
    ),
)
ODF = {"text": Container.ODT, "spreadsheet": Container.ODS, "presentation": Container.ODP}
ODF_NAME = re.compile(
    rb"application/vnd\.oasis\.opendocument\.(text|spreadsheet|presentation)(?:-template)?\s*\Z"
)
OLE_NAMES = (
    ("Workbook", Container.XLS),
    ("Book", Container.XLS),
    ("WordDocument", Container.DOC),
    ("PowerPoint Document", Container.PPT),
    ("__properties_version1.0", Container.MAIL),
)
OLE_SUFFIXES = {".doc": Container.DOC, ".dot": Container.DOC, ".ppt": Container.PPT, ".xls": Container.XLS}


def is_zip(data: bytes) -> bool:
    """Whether bytes begin like a ZIP archive."""
    return data.startswith((ZIP_START, EMPTY_ZIP))


def is_ole(data: bytes) -> bool:
    """Whether bytes begin like an OLE file: Office before 2007, or an encrypted one of today."""
    return data.startswith(OLE_START)


def zip_container(file: IO[bytes]) -> Container:
    """What a ZIP archive is; only its list of parts and a few of their bytes are read."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if ODF_TYPE in names and (found := ODF_NAME.match(_head(archive, ODF_TYPE, 200))):
                return ODF[found[1].decode()]
            types = _head(archive, CONTENT_TYPES, MAX_TYPES) if CONTENT_TYPES in names else b""
    except BROKEN_ZIP:
        return Container.BROKEN
    return next((kind for pattern, kind in MAIN_PARTS if pattern.search(types)), Container.OTHER)


def ole_container(data: bytes, suffix: str = "") -> Container:
    """What an OLE file is, by the names of its streams; where several fit, its extension decides.

    A document may hold sheets of another program, whose streams have the same names.
    """
    if _is_named("EncryptedPackage", data):
        return Container.ENCRYPTED
    found = [kind for name, kind in OLE_NAMES if _is_named(name, data)]
    if OLE_SUFFIXES.get(suffix) in found:
        return OLE_SUFFIXES[suffix]
    return found[0] if found else Container.OTHER


def _head(archive: zipfile.ZipFile, name: str, size: int) -> bytes:
    with archive.open(name) as part:
        return part.read(size)


def _is_named(name: str, data: bytes) -> bool:
    """Whether a directory entry of the OLE file has the name: 64 bytes of UTF-16, then its length."""
    entry = name.encode("utf-16-le")
    return entry.ljust(64, b"\0") + struct.pack("<H", len(entry) + 2) in data
