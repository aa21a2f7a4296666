"""`shirube inspect`: what was read of one file, written as a page to look at."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.document import Document
from ingest.errors import SettingsError
from ingest.locator import Page
from ingest.metadata import load_declarations
from ingest.read import read
from ui.as_json import inspection_json
from ui.page.frame import Frame
from ui.page.inspection import render_inspection
from ui.page.standalone import standalone
from ui.page_pictures import declared_password
from ui.pipeline import build_ocr
from ui.settings import Settings
from ui.terminal import print_json, print_lines

INDEX = "index.html"


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Read the file, write the page and its pictures, and tell where it is."""
    path: Path = args.file
    out: Path = args.out or Path(f"{path.stem}-inspect")
    declarations = load_declarations(path.parent)
    document = read(path, root=path.parent, metadata=declarations, ocr=build_ocr(settings))
    try:
        out.mkdir(parents=True, exist_ok=True)
        page = _write(document, path, out)
    except FileExistsError as error:
        raise SettingsError(f"{out} はファイルなので、そこには書けません。") from error
    if args.json:
        print_json(inspection_json(document, page))
    else:
        print_lines([*(f"注意: {warning}" for warning in document.warnings), str(page)])
    return 0


def _write(document: Document, path: Path, out: Path) -> Path:
    frame = Frame("ja")
    with _drawn(document, path) as draw:

        def picture_url(page: Page) -> str:
            name = f"page-{page.number:04d}.png"
            picture = draw(page)
            if picture is None:
                return ""
            (out / name).write_bytes(picture)
            return name

        content = render_inspection(document, document.locators, frame.texts, picture_url)
    page = out / INDEX
    page.write_text(standalone(content, frame, title=document.title, wide=True), encoding="utf-8")
    return page


@contextmanager
def _drawn(document: Document, path: Path) -> Iterator[Callable[[Page], bytes | None]]:
    """What draws a page of the file, `None` where its format has no pictures."""
    if not any(page.width and page.height for page in document.pages):
        yield lambda _: None
        return
    from ingest.readers.pdf_picture import pdf_pictures

    with pdf_pictures(path.read_bytes(), declared_password(path.parent, path.name)) as pictures:
        yield lambda page: pictures.picture(page.number) if page.width and page.height else None
