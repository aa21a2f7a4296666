"""sample/kaiho_shiomi_42.odt: the newsletter of the invented association, in OpenDocument."""

from __future__ import annotations

from tests.make_samples.office_zip import archive

NAME = "kaiho_shiomi_42.odt"
OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
NS = "".join(
    f' xmlns:{key}="{OASIS}{name}:1.0"'
    for key, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"),
        ("manifest", "manifest"),
    )
)  # fmt: skip


def p(text: str, style: str = "Standard") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def cell(text: str, about: str = "") -> str:
    return f"<table:table-cell{about}>{p(text)}</table:table-cell>"


COVERED = "<table:covered-table-cell/>"
ROWS = (
    (
        cell("地区", ' table:number-rows-spanned="2"'),
        cell("会員数（人）", ' table:number-columns-spanned="2"'),
        COVERED,
    ),
    (COVERED, cell("令和4年度末"), cell("令和5年度末")),
    (cell("潮見中央"), cell("214"), cell("231")),
    (cell("浜北"), cell("96"), cell("104")),
    (cell("磯部"), cell("58"), cell("55")),
)
HEADS = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in ROWS[:2])
TABLE = (
    '<table:table table:name="会員"><table:table-column table:number-columns-repeated="3"/>'
    f"<table:table-header-rows>{HEADS}</table:table-header-rows>"
    + "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in ROWS[2:])
    + "</table:table>"
)
BODY = (
    p("国際交流協会会報「しおみの風」第42号", "Title")
    + p("令和6年5月発行　公益財団法人潮見市国際交流協会")
    + '<text:h text:outline-level="1">会員の状況</text:h>'
    + p(
        "令和5年度末の会員数は390人で、<text:ruby><text:ruby-base>磯部</text:ruby-base><text:ruby-text>いそべ</text:ruby-text></text:ruby>"
        '地区だけが減った。<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        f"<text:note-body>{p('賛助会員を含まない。')}</text:note-body></text:note>"
    )
    + TABLE
    + '<text:h text:outline-level="1">ボランティアの募集</text:h>'
    + '<text:list text:style-name="L1">'
    + "".join(
        f"<text:list-item>{p(text)}</text:list-item>"
        for text in ("日本語教室の支援者　12人", "災害時の通訳者　8人", "会報の編集委員　3人")
    )
    + "</text:list>"
    + p("応募の締切りは<text:s/>令和6年6月28日です。<text:line-break/>郵送の場合は当日消印有効とします。")
)  # fmt: skip


def make() -> bytes:
    """The file."""
    lists = (
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="①, ②"/>'
        "</text:list-style>"
    )
    outline = (
        '<text:outline-style style:name="Outline"><text:outline-level-style text:level="1" style:num-format="1"'
        ' style:num-suffix="．"/></text:outline-style>'
    )
    kind = "application/vnd.oasis.opendocument.text"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    return archive(
        {
            "mimetype": kind,
            "META-INF/manifest.xml": f"<manifest:manifest{NS}>{entry}</manifest:manifest>",
            "content.xml": (
                f"<office:document-content{NS}><office:automatic-styles>{lists}</office:automatic-styles>"
                f"<office:body><office:text>{BODY}</office:text></office:body></office:document-content>"
            ),
            "styles.xml": (
                f"<office:document-styles{NS}><office:styles>{outline}</office:styles></office:document-styles>"
            ),
        }
    )
