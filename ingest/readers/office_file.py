"""Office files: the container is opened, and the reader of what it holds is imported only then."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.containers import Container, ole_container, zip_container
from ingest.content import Content
from ingest.errors import DamagedError, ProtectedError, UnsupportedError

if TYPE_CHECKING:
    from ingest.readers.package import Package

NOT_READ = {
    Container.XLSB: "Excel のバイナリ形式（xlsb）",
    Container.DOC: "旧形式の Word（doc）",
    Container.PPT: "旧形式の PowerPoint（ppt）",
    Container.MAIL: "Outlook のメール（msg）",
}
MACROS = "マクロが含まれています。マクロは読みも実行もしていません。"


def read_zip(data: bytes) -> Content:
    """Read DOCX, XLSX, PPTX, ODT, ODS or ODP.

    Raises:
        ReadError: If it is none of these, damaged, encrypted or beyond the limits.
    """
    kind = zip_container(io.BytesIO(data))
    check_zip(kind)
    from ingest.readers.package import Package  # brings lxml, which other formats do not need

    package = Package(data)
    content = _read(kind, package)
    if any(name.lower().endswith("vbaproject.bin") for name in package.names):
        content = replace(content, warnings=(*content.warnings, MACROS))
    return content


def check_zip(kind: Container) -> None:
    """Refuse a ZIP archive that is no office file that is read.

    Raises:
        ReadError: Says what it is instead.
    """
    if kind is Container.BROKEN:
        raise DamagedError("ファイルが壊れているか、途中で切れています。")
    if kind in (Container.OTHER, Container.XLSB):
        raise UnsupportedError(f"この形式にはまだ対応していません（{NOT_READ.get(kind, 'ZIP')}）。")


def read_ole(data: bytes, suffix: str) -> Content:
    """Read XLS.

    Raises:
        ReadError: If it is anything else, damaged or encrypted.
    """
    kind = ole_container(data, suffix)
    if kind is Container.ENCRYPTED:
        raise ProtectedError("パスワードで保護されています。")
    if kind is not Container.XLS:
        name = NOT_READ.get(kind, "旧形式の Office などのファイル")
        raise UnsupportedError(f"この形式にはまだ対応していません（{name}）。")
    from ingest.readers.xls import read_xls

    return read_xls(data)


def _read(kind: Container, package: Package) -> Content:
    match kind:
        case Container.DOCX:
            from ingest.readers.docx import read_docx

            return read_docx(package)
        case Container.XLSX:
            from ingest.readers.xlsx import read_xlsx

            return read_xlsx(package)
        case Container.PPTX:
            from ingest.readers.pptx import read_pptx

            return read_pptx(package)
    from ingest.readers.odf import read_odf

    return read_odf(package, kind)
