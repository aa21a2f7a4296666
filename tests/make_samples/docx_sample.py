"""sample/kaigishitsu_riyo_yoryo.docx: rules for the meeting rooms of the invented 潮見市国際交流センター."""

from __future__ import annotations

from tests.make_samples.office_zip import archive, content_types, relations

NAME = "kaigishitsu_riyo_yoryo.docx"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NS = (
    f'xmlns:w="{W}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
TRACK = 'w:id="90" w:author="審査係" w:date="2023-03-20T00:00:00Z"'


def r(text: str, about: str = "") -> str:
    return f'<w:r>{f"<w:rPr>{about}</w:rPr>" if about else ""}<w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*runs: str, style: str = "", num: tuple[int, int] | None = None) -> str:
    about = f'<w:pStyle w:val="{style}"/>' if style else ""
    if num:
        about += f'<w:numPr><w:ilvl w:val="{num[1]}"/><w:numId w:val="{num[0]}"/></w:numPr>'
    inner = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p>{f'<w:pPr>{about}</w:pPr>' if about else ''}{inner}</w:p>"


def tc(text: str, about: str = "", *, bold: bool = False) -> str:
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{p(r(text, '<w:b/>' if bold else ''))}</w:tc>"


def tr(*cells: str, head: bool = False) -> str:
    return f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if head else ''}{''.join(cells)}</w:tr>"


def ruby(base: str, reading: str) -> str:
    return (
        f"<w:r><w:ruby><w:rubyPr/><w:rt>{r(reading)}</w:rt><w:rubyBase>{r(base)}</w:rubyBase></w:ruby></w:r>"
    )


def check_box(*, checked: bool) -> str:
    shown = "☒" if checked else "☐"
    return (
        f'<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{int(checked)}"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent>{r(shown)}</w:sdtContent></w:sdt>"
    )


def text_box(*lines: str) -> str:
    inner = "".join(p(line) for line in lines)
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx><w:txbxContent>{inner}'
        "</w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        f"<w:txbxContent>{inner}</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


FEES = (
    ("大会議室", "60人", "4,200円", "5,600円", "6,300円"),
    ("中会議室", "24人", "1,800円", "2,400円", "2,700円"),
    ("交流サロン", "16人", "900円", "1,200円", "1,350円"),
)
MERGE, GO_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def fees() -> str:
    rows = [
        tr(
            tc("室名", MERGE, bold=True), tc("定員", MERGE, bold=True),
            tc("使用料（1回）", '<w:gridSpan w:val="3"/>', bold=True), head=True,
        ),
        tr(
            tc("", GO_ON), tc("", GO_ON), *(tc(label, bold=True) for label in ("午前", "午後", "夜間")), head=True,
        ),
        *(tr(*map(tc, row)) for row in FEES),
        tr(tc("備考"), tc("附属設備の使用料は、別に定める。", '<w:gridSpan w:val="4"/>')),
    ]  # fmt: skip
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def body() -> str:
    return "".join(
        [
            p("潮見市国際交流センター会議室利用要領", style="Title"),
            p("令和5年4月1日　潮見市市民協働部多文化共生課"),
            p("総則", style="1"),
            p(
                "この要領は、", ruby("潮見市", "しおみし"), "国際交流センター（以下「センター」という。）の会議室の利用について、"
                "必要な事項を定める。",
            ),
            p("利用できる者は、次のとおりとする。"),
            p("市内に在住し、在勤し、又は在学する者", num=(2, 0)),
            p("市内で活動する団体。ただし、次に掲げるものを除く。", num=(2, 0)),
            p("営利を目的とするもの", num=(2, 1)),
            p("宗教又は政治の活動を目的とするもの", num=(2, 1)),
            p("国際交流協会の賛助会員", num=(2, 0)),
            p("利用の手続", style="1"),
            p(
                "利用の申込みは、利用日の3か月前の月の初日から", f"<w:del {TRACK}><w:r><w:delText>三日前</w:delText></w:r></w:del>",
                f'<w:ins {TRACK}>{r("7日前")}</w:ins>', "までに、窓口又は電子申請で行う。",
                '<w:r><w:footnoteReference w:id="2"/></w:r>',
            ),
            p(
                "利用の目的（該当するものに印を付ける。）：", check_box(checked=True), "会議　", check_box(checked=False), "展示　",
                check_box(checked=False), "講座", '<w:r><w:commentReference w:id="5"/></w:r>',
            ),
            p("使用料", style="1"),
            p("会議室の使用料は、次の表のとおりとする。", text_box("申込み・問合せ先", "センター窓口　電話 000-555-0142")),
            p("表1　会議室の使用料（令和5年度）", style="Caption"),
            fees(),
            p("使用料は、利用の許可を受けたときに納める。", r("内部メモ", "<w:vanish/>")),
        ]
    )  # fmt: skip


def style(key: str, name: str, about: str = "") -> str:
    return f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/><w:pPr>{about}</w:pPr></w:style>'


def level(n: int, form: str, text: str) -> str:
    return f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'


def make() -> bytes:
    """The file."""
    office = "openxmlformats-officedocument.wordprocessingml."
    numbering = (
        f'<w:abstractNum w:abstractNumId="1">{level(0, "decimal", "第%1章")}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="2">{level(0, "decimalFullWidth", "（%1）")}{level(1, "aiueoFullWidth", "%2")}'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>'
    )
    styles = (
        style("Title", "Title") + style("Caption", "caption")
        + style("1", "heading 1", '<w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/>')
    )  # fmt: skip
    note = p("電子申請は、利用日の10日前までとする。")
    comment = p("展示の利用は令和6年度から受け付ける予定。")
    return archive(
        {
            "[Content_Types].xml": content_types(
                word__document=office + "document.main", word__styles=office + "styles",
                word__numbering=office + "numbering", word__footnotes=office + "footnotes",
                word__comments=office + "comments",
            ),
            "_rels/.rels": relations(("rId1", "officeDocument", "word/document.xml")),
            "word/document.xml": f"<w:document {NS}><w:body>{body()}<w:sectPr/></w:body></w:document>",
            "word/_rels/document.xml.rels": relations(
                *((f"rId{n}", kind, f"{kind}.xml") for n, kind in enumerate(("styles", "numbering", "footnotes", "comments"))),
            ),
            "word/styles.xml": f"<w:styles {NS}>{styles}</w:styles>",
            "word/numbering.xml": f"<w:numbering {NS}>{numbering}</w:numbering>",
            "word/footnotes.xml": f'<w:footnotes {NS}><w:footnote w:id="2">{note}</w:footnote></w:footnotes>',
            "word/comments.xml": f'<w:comments {NS}><w:comment w:id="5" w:author="審査係">{comment}</w:comment></w:comments>',
        }
    )  # fmt: skip
