"""A spreadsheet and a presentation in OpenDocument, as small as they can be, for tests alone."""

from __future__ import annotations

from tests.make_samples.odt_sample import NS, OASIS, p
from tests.make_samples.office_zip import archive

MORE = (
    f'{NS} xmlns:presentation="{OASIS}presentation:1.0" xmlns:svg="{OASIS}svg-compatible:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def _file(kind: str, styles: str, body: str) -> bytes:
    mimetype = f"application/vnd.oasis.opendocument.{kind}"
    content = (
        f"<office:document-content{MORE}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body>{body}</office:body></office:document-content>"
    )
    return archive({"mimetype": mimetype, "content.xml": content})


def _cells(*texts: str) -> str:
    cells = "".join(f"<table:table-cell>{p(text)}</table:table-cell>" for text in texts)
    return f"<table:table-row>{cells}</table:table-row>"


def spreadsheet() -> bytes:
    """Two sheets, the second one hidden; rows and columns repeated without end, as LibreOffice writes them."""
    hidden = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    comment = "<office:annotation><dc:creator>係</dc:creator><text:p>速報値</text:p></office:annotation>"
    rows = (
        _cells("品目", "令和4年度", "令和5年度")
        + _cells("やさしい日本語の冊子", "1,200部", "1,500部")
        + f'<table:table-row table:visibility="collapse"><table:table-cell>{p("防災の冊子")}</table:table-cell>'
        f'<table:table-cell table:number-columns-repeated="2">{comment}{p("800部")}</table:table-cell>'
        '<table:table-cell table:number-columns-repeated="16381"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/>'
        "</table:table-row>"
    )
    second = f'<table:table table:name="控え" table:style-name="ta2">{_cells("見積りの控え")}</table:table>'
    sheets = f'<table:table table:name="配布数">{rows}</table:table>{second}'
    return _file("spreadsheet", hidden, f"<office:spreadsheet>{sheets}</office:spreadsheet>")


def _frame(text: str, place: tuple[int, int], kind: str = "") -> str:
    about = f' presentation:class="{kind}"' if kind else ""
    x, y = place
    return (
        f'<draw:frame{about} svg:x="{x}cm" svg:y="{y}cm" svg:width="8cm" svg:height="3cm">'
        f"<draw:text-box>{p(text)}</draw:text-box></draw:frame>"
    )


def presentation() -> bytes:
    """Two slides, the second one hidden; the shapes of the first stand from right to left in the file."""
    hidden = (
        '<style:style style:name="dp2" style:family="drawing-page">'
        '<style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )
    notes = f"<presentation:notes>{_frame('時間が余れば質疑を行う。', (2, 20), 'notes')}</presentation:notes>"
    first = (
        _frame("右の説明", (15, 5))
        + _frame("左の説明", (2, 5))
        + _frame("避難所の案内", (2, 1), "title")
        + notes
    )
    second = _frame("予備の資料", (2, 1), "title")
    pages = (
        f'<draw:page draw:name="1">{first}</draw:page><draw:page draw:style-name="dp2">{second}</draw:page>'
    )
    return _file("presentation", hidden, f"<office:presentation>{pages}</office:presentation>")
