"""ZIP archives with a fixed time and order, so that the same parts give the same bytes everywhere."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

TIME = (2024, 4, 1, 0, 0, 0)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_REL = "http://schemas.openxmlformats.org/package/2006/relationships"


def archive(parts: Mapping[str, str]) -> bytes:
    """The archive of some parts; `mimetype` is stored as it is, the others compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, TIME)
            entry.create_system = 0
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            file.writestr(entry, text if name == "mimetype" else HEAD + text, compresslevel=9)
    return out.getvalue()


def relations(*found: tuple[str, str, str]) -> str:
    """A part of relations: id, kind, target."""
    inner = "".join(f'<Relationship Id="{i}" Type="{REL}/{kind}" Target="{to}"/>' for i, kind, to in found)
    return f'<Relationships xmlns="{PACKAGE_REL}">{inner}</Relationships>'


def content_types(**overrides: str) -> str:
    """The list of content types: part (with `__` for `/` and `_xml` for its ending) to type."""
    inner = "".join(
        f'<Override PartName="/{name.replace("__", "/").removesuffix("_xml")}.xml" ContentType="application/vnd.{kind}+xml"/>'
        for name, kind in overrides.items()
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{inner}</Types>'
    )
