"""sample/shinjin_setsumei_r5.pptx: slides for new staff of the invented 潮見市."""

from __future__ import annotations

from tests.make_samples.office_zip import REL, archive, content_types, relations

NAME = "shinjin_setsumei_r5.pptx"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
NS = f'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="{A}" xmlns:r="{REL}"'
Box = tuple[int, int, int, int]
LEFT, RIGHT, TOP = (300, 1500, 4200, 4500), (4800, 1500, 4200, 4500), (300, 200, 8700, 900)


def line(text: str, about: str = "") -> str:
    return f"<a:p>{f'<a:pPr>{about}</a:pPr>' if about else ''}<a:r><a:t>{text}</a:t></a:r></a:p>"


def shape(lines: str, box: Box | None = None, holder: str = "") -> str:
    about = f'<p:ph type="{holder}"/>' if holder else ""
    place = ""
    if box:
        x, y, width, height = box
        place = f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="2" name=""/><p:cNvSpPr/><p:nvPr>{about}</p:nvPr></p:nvSpPr>'
        f"<p:spPr>{place}</p:spPr><p:txBody><a:bodyPr/>{lines}</p:txBody></p:sp>"
    )


def slide(*shapes: str, about: str = "") -> str:
    return f"<p:sld {NS}{about}><p:cSld><p:spTree>{''.join(shapes)}</p:spTree></p:cSld></p:sld>"


def cell(text: str, about: str = "") -> str:
    return f"<a:tc{about}><a:txBody><a:bodyPr/>{line(text)}</a:txBody><a:tcPr/></a:tc>"


def table(rows: tuple[tuple[str, ...], ...], box: Box) -> str:
    inner = "".join(f"<a:tr>{''.join(map(cell, row))}</a:tr>" for row in rows)
    x, y, width, height = box
    return (
        '<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4" name=""/><p:nvPr/></p:nvGraphicFramePr>'
        f'<p:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{width}" cy="{height}"/></p:xfrm>'
        f'<a:graphic><a:graphicData uri="{A}/table"><a:tbl><a:tblPr firstRow="1"/>{inner}</a:tbl>'
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )


AUTO = '<a:buAutoNum type="circleNumDbPlain"/>'
SLIDES = (
    slide(
        shape(line("令和5年度　新規採用職員説明資料"), TOP, "ctrTitle"),
        shape(line("潮見市市民協働部多文化共生課"), (300, 3000, 8700, 900), "subTitle"),
    ),
    slide(
        # the right column stands first in the file
        shape(line("職員の心得") + line("やさしい日本語で話す", AUTO) + line("翻訳機を過信しない", AUTO), RIGHT),
        shape(
            line("窓口で最初にすること") + line("来庁者の言語を指さし表で確かめる", AUTO)
            + line("通訳タブレットを窓口2番から借りる", AUTO) + line("相談票に受付番号を記入する", AUTO), LEFT,
        ),
        shape(line("外国人住民の来庁時の対応"), TOP, "title"),
        shape('<a:p><a:fld id="{0}" type="slidenum"><a:t>2</a:t></a:fld></a:p>', (8400, 6400, 600, 300), "sldNum"),
    ),
    slide(
        shape(line("通訳タブレットの対応言語"), TOP, "title"),
        table(
            (
                ("言語", "対応時間", "令和4年度の利用回数", "令和5年度の利用回数"),
                ("英語", "8時30分から17時15分まで", "318回", "402回"),
                ("ベトナム語", "9時から17時まで", "256回", "371回"),
                ("ネパール語", "10時から16時まで", "87回", "149回"),
            ),
            (300, 1500, 8700, 3000),
        ),
    ),
    slide(
        shape(line("（差替え前）対応言語の予定"), TOP, "title"),
        shape(line("ミャンマー語は令和6年度に追加する予定"), LEFT), about=' show="0"',
    ),
)  # fmt: skip
NOTES = slide(shape(line("予備のタブレットは3台あり、多文化共生課の棚にある。"), None, "body")).replace(
    "p:sld", "p:notes"
)


def make() -> bytes:
    """The file."""
    main = "openxmlformats-officedocument.presentationml."
    ids = "".join(f'<p:sldId id="{255 + n}" r:id="rId{n}"/>' for n in range(1, len(SLIDES) + 1))
    types = {f"ppt__slides__slide{n}": main + "slide" for n in range(1, len(SLIDES) + 1)}
    return archive(
        {
            "[Content_Types].xml": content_types(ppt__presentation=main + "presentation.main", **types),
            "_rels/.rels": relations(("rId1", "officeDocument", "ppt/presentation.xml")),
            "ppt/presentation.xml": f"<p:presentation {NS}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": relations(
                *((f"rId{n}", "slide", f"slides/slide{n}.xml") for n in range(1, len(SLIDES) + 1))
            ),
            **{f"ppt/slides/slide{n}.xml": content for n, content in enumerate(SLIDES, start=1)},
            "ppt/slides/_rels/slide3.xml.rels": relations(
                ("rId1", "notesSlide", "../notesSlides/notesSlide1.xml")
            ),
            "ppt/notesSlides/notesSlide1.xml": NOTES,
        }
    )
