"""sample/kokusai_yosan_shikko_r5.xlsx: budgets and visitors of the invented centre, in two fiscal years."""

from __future__ import annotations

from tests.make_samples.office_zip import REL, archive, content_types, relations

NAME = "kokusai_yosan_shikko_r5.xlsx"
NS = f'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{REL}"'
PLAIN, HEAD, AMOUNT, CHANGE, SHARE, DATE = range(6)  # cell styles

STRINGS: list[str] = []
BUDGET = (
    ("相談", "相談窓口の運営", 12_480, 12_135, 13_260, 12_904),
    ("", "通訳者の派遣", 3_150, 2_987, 3_420, 3_398),
    ("交流", "姉妹都市の青少年交流", 5_600, 4_212, 6_250, 6_018),
    ("", "国際交流まつり", 2_380, 2_380, 2_900, 2_755),
    ("学習", "日本語教室", 4_025, 3_964, 4_310, 4_287),
    ("", "子どもの学習支援", 1_960, 1_733, 2_240, 2_196),
)
VISITORS = (
    (45017, "開館記念の日", 412),
    (45139, "夏の交流会", 1_286),
    (45200, "工事のため一部休館", 97),
    (45261, "年末の催し", 864),
)


def s(text: str, reading: str = "") -> int:
    """The number of a shared text; a reading over it must not be read."""
    furigana = f'<rPh sb="0" eb="{len(text)}"><t>{reading}</t></rPh>' if reading else ""
    item = f'<si><t xml:space="preserve">{text}</t>{furigana}</si>'
    if item not in STRINGS:
        STRINGS.append(item)
    return STRINGS.index(item)


def text(name: str, value: str, style: int = PLAIN, reading: str = "") -> str:
    return (
        f'<c r="{name}" s="{style}" t="s"><v>{s(value, reading)}</v></c>'
        if value
        else f'<c r="{name}" s="{style}"/>'
    )


def number(name: str, value: float, style: int = AMOUNT, formula: str = "") -> str:
    return f'<c r="{name}" s="{style}">{f"<f>{formula}</f>" if formula else ""}<v>{value!r}</v></c>'


def row(n: int, *cells: str, about: str = "") -> str:
    return f'<row r="{n}"{about}>{"".join(cells)}</row>'


def budget() -> str:
    rows = [
        row(1, text("A1", "潮見市国際交流センター　事業別の予算と執行", reading="シオミシコクサイコウリュウセンター")),
        row(2, text("H2", "（単位：千円）")),
        row(
            3, text("A3", "分野", HEAD), text("B3", "事業名", HEAD, "ジギョウメイ"), text("C3", "令和4年度", HEAD),
            text("D3", "", HEAD), text("E3", "令和5年度", HEAD), text("F3", "", HEAD), text("G3", "", HEAD),
            text("H3", "予算の増減", HEAD),
        ),
        row(
            4, *(text(f"{column}4", label, HEAD) for column, label in zip("ABCDEFGH", (
                "", "", "予算額", "決算額", "予算額", "決算額", "執行率", ""), strict=True)),
        ),
    ]  # fmt: skip
    for n, (field, name, *amounts) in enumerate(BUDGET, start=5):
        share, change = amounts[3] / amounts[2], amounts[2] - amounts[0]
        rows.append(
            row(
                n, text(f"A{n}", field), text(f"B{n}", name),
                *(number(f"{column}{n}", value) for column, value in zip("CDEF", amounts, strict=True)),
                number(f"G{n}", share, SHARE, f"F{n}/E{n}"), number(f"H{n}", change, CHANGE, f"E{n}-C{n}"),
            )
        )  # fmt: skip
    sums = [sum(line[2 + k] for line in BUDGET if isinstance(line[2 + k], int)) for k in range(4)]  # type: ignore[misc]
    rows.append(
        row(
            11, text("A11", "合計"), *(number(f"{c}11", v, AMOUNT, f"SUM({c}5:{c}10)") for c, v in zip("CDEF", sums, strict=True)),
            number("G11", sums[3] / sums[2], SHARE, "F11/E11"), number("H11", sums[2] - sums[0], CHANGE, "E11-C11"),
        )
    )  # fmt: skip
    rows.append(row(12, text("A12", "※令和5年度の決算額は、令和6年5月31日現在の見込みである。")))
    merged = ("A1:H1", "A3:A4", "B3:B4", "C3:D3", "E3:G3", "H3:H4", "A5:A6", "A7:A8", "A9:A10", "A11:B11")
    return sheet(rows, merged)


def visitors() -> str:
    rows = [
        row(
            1,
            *(
                text(f"{c}1", label, HEAD)
                for c, label in zip("ABC", ("日付", "行事", "来館者数（人）"), strict=True)
            ),
        )
    ]
    for n, (day, event, count) in enumerate(VISITORS, start=2):
        about = ' hidden="1"' if count < 100 else ""
        rows.append(
            row(n, number(f"A{n}", day, DATE), text(f"B{n}", event), number(f"C{n}", count), about=about)
        )
    return sheet(rows, ())


def draft() -> str:
    return sheet([row(1, text("A1", "査定前の要求額は、令和5年度で33,900千円であった。"))], ())


def sheet(rows: list[str], merged: tuple[str, ...]) -> str:
    cells = "".join(f'<mergeCell ref="{ref}"/>' for ref in merged)
    return (
        f"<worksheet {NS}><sheetData>{''.join(rows)}</sheetData>"
        f"{f'<mergeCells>{cells}</mergeCells>' if merged else ''}</worksheet>"
    )


def styles() -> str:
    formats = (
        '<numFmt numFmtId="176" formatCode="#,##0;&quot;△&quot;#,##0;&quot;－&quot;"/>'
        '<numFmt numFmtId="177" formatCode="[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/>'
    )
    cells = "".join(
        f'<xf numFmtId="{code}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0"/>'
        for code, font, fill in ((0, 0, 0), (0, 1, 2), (3, 0, 0), (176, 0, 0), (10, 0, 0), (177, 0, 0))
    )
    return (
        f'<styleSheet {NS}><numFmts count="2">{formats}</numFmts><fonts count="2"><font/><font><b/></font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFD9E1F2"/></patternFill></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        f'<cellXfs count="6">{cells}</cellXfs></styleSheet>'
    )


def make() -> bytes:
    """The file."""
    STRINGS.clear()
    main = "openxmlformats-officedocument.spreadsheetml."
    sheets = [budget(), visitors(), draft()]
    names = ("事業別予算", "来館者数", "作業用")
    entries = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"{" state=" + chr(34) + "hidden" + chr(34) if n == 3 else ""}/>'
        for n, name in enumerate(names, start=1)
    )
    comment = '<comment ref="C3" authorId="0"><text><r><t>夏の交流会は2日間の合計。</t></r></text></comment>'
    strings = "".join(STRINGS)
    return archive(
        {
            "[Content_Types].xml": content_types(
                xl__workbook=main + "sheet.main", xl__styles=main + "styles", xl__sharedStrings=main + "sharedStrings",
                xl__worksheets__sheet1=main + "worksheet", xl__worksheets__sheet2=main + "worksheet",
                xl__worksheets__sheet3=main + "worksheet", xl__comments1=main + "comments",
            ),
            "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f"<workbook {NS}><sheets>{entries}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": relations(
                *((f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in (1, 2, 3)),
                ("rId8", "styles", "styles.xml"), ("rId9", "sharedStrings", "sharedStrings.xml"),
            ),
            **{f"xl/worksheets/sheet{n}.xml": content for n, content in enumerate(sheets, start=1)},
            "xl/worksheets/_rels/sheet2.xml.rels": relations(("rId1", "comments", "../comments1.xml")),
            "xl/comments1.xml": f'<comments {NS}><authors><author>多文化共生課</author></authors><commentList>{comment}</commentList></comments>',
            "xl/sharedStrings.xml": f"<sst {NS}>{strings}</sst>",
            "xl/styles.xml": styles(),
        }
    )  # fmt: skip
