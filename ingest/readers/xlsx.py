"""XLSX: each sheet a page, each cell with its name, its text as it is displayed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.content import Content
from ingest.readers.cell_name import read_range
from ingest.readers.chart import chart_title
from ingest.readers.element import attribute, child, children, descendants, local, text_of
from ingest.readers.office import OfficeWriter
from ingest.readers.package import Package, Relation
from ingest.readers.sheet import Sheet, workbook_title, write_sheet
from ingest.readers.xlsx_sheet import Workbook, read_sheet, read_strings
from ingest.readers.xlsx_style import read_cell_styles

MAIN = "xl/workbook.xml"
PRINT_TITLES = re.compile(r"!\$[0-9]+:\$([0-9]{1,7})\s*$")
THREAD_NOTICE = re.compile(r"\A\[[^\]]*\].*?(?:Comment|コメント)[:：]\s*", re.DOTALL)
SHEET_KINDS = frozenset({"worksheet", "dialogsheet"})


def read_xlsx(package: Package) -> Content:
    """Read a workbook from its package.

    Raises:
        ReadError: If it is damaged or beyond the limits.
    """
    main = next((r.target for r in package.relations("").values() if r.kind == "officeDocument"), MAIN)
    relations = package.relations(main)
    parts = {relation.kind: relation.target for relation in relations.values()}
    root = package.root(main)
    book = Workbook(
        package,
        read_strings(package, parts.get("sharedStrings", "")),
        read_cell_styles(package, parts.get("styles", "")),
        from_1904=attribute(child(root, "workbookPr"), "date1904") in ("1", "true"),
    )
    titles = {
        attribute(name, "localSheetId"): int(found[1])
        for name in children(child(root, "definedNames"), "definedName")
        if attribute(name, "name") == "_xlnm.Print_Titles" and (found := PRINT_TITLES.search(text_of(name)))
    }
    writer = OfficeWriter()
    for n, entry in enumerate(children(child(root, "sheets"), "sheet")):
        relation = relations.get(attribute(entry, "id"))
        if relation is None:
            continue
        sheet = Sheet(attribute(entry, "name"))
        if relation.kind in SHEET_KINDS:
            sheet = read_sheet(book, relation.target, sheet.name)
        sheet.is_hidden = attribute(entry, "state") in ("hidden", "veryHidden")
        sheet.n_frozen = sheet.n_frozen or titles.get(str(n), 0)
        _add_attached(package, relation, sheet)
        write_sheet(writer, sheet)
    if book.n_without_value:
        writer.warn(
            f"計算結果が保存されていない数式が {book.n_without_value:,} 個あり、その値は読めません。"
            "Excel で開いて保存し直すと読めます。"
        )
    return writer.content(workbook_title(writer.blocks))


def _add_attached(package: Package, sheet_part: Relation, sheet: Sheet) -> None:
    """Add what hangs on a sheet: comments, formatted tables, text boxes and titles of charts."""
    comments: dict[str, str] = {}
    for relation in package.relations(sheet_part.target).values():
        match relation.kind:
            case "comments":
                for element in package.elements(relation.target, "comment", inside="commentList"):
                    text = "".join(_texts_of_comment(element))
                    comments.setdefault(attribute(element, "ref"), THREAD_NOTICE.sub("", text))
            case "threadedComment":
                for element in package.elements(relation.target, "threadedComment"):
                    told = text_of(child(element, "text"))
                    name = attribute(element, "ref")
                    comments[name] = f"{comments[name]}\n{told}" if name in comments else told
            case "table":
                found = read_range(attribute(package.root(relation.target), "ref"))
                sheet.filtered |= {found[0][0]} if found else set()
            case "drawing":
                _add_drawing(package, relation.target, sheet)
            case "chart":
                sheet.captions.append(chart_title(package, relation.target))
    sheet.comments += [(name, text) for name, text in comments.items() if text.strip()]


def _texts_of_comment(element: object) -> Iterator[str]:
    for text in descendants(child(element, "text"), "t") if child(element, "text") is not None else ():
        parent = text.getparent()
        if parent is None or local(parent) != "rPh":
            yield text_of(text)


def _add_drawing(package: Package, part: str, sheet: Sheet) -> None:
    relations = package.relations(part)
    for element in package.elements(part, "txBody", "chart"):
        if local(element) == "chart":
            relation = relations.get(attribute(element, "id"))
            if relation is not None:
                sheet.captions.append(chart_title(package, relation.target))
        else:
            lines = (
                "".join(text_of(text) for text in descendants(p, "t")) for p in descendants(element, "p")
            )
            sheet.boxes.append("\n".join(line for line in lines if line.strip()))
