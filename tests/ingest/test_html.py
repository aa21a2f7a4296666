from __future__ import annotations

import time
from pathlib import Path

import pytest

from ingest.document import BlockKind
from ingest.errors import ReadError
from ingest.read import read
from ingest.readers.html import read_html, read_html_text

FILES = Path(__file__).parents[3] / "shared" / "files"


def kinds_and_texts(source: str) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in read_html_text(source).blocks]


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("", []),
        ("<p>一<p>二", [("paragraph", "一"), ("paragraph", "二")]),
        ("<p>東京の\n  計画は A\n B です", [("paragraph", "東京の計画は A B です")]),
        ("一<br>二<br><br>三", [("paragraph", "一\n二"), ("paragraph", "三")]),
        ("<p>R&amp;D &lt;b&gt;</p>", [("paragraph", "R&D <b>")]),
        ("<ruby>梔<rp>(</rp><rt>くちなし</rt><rp>)</rp></ruby>の花", [("paragraph", "梔の花")]),
        (
            "<ul><li>甲<ul><li>乙</ul><li>丙</ul>",
            [("list_item", "甲"), ("list_item", "乙"), ("list_item", "丙")],
        ),
        (
            "<dl><dt>期限<dd>三月末<dt>場所<dd>本庁",
            [("list_item", "期限\n三月末"), ("list_item", "場所\n本庁")],
        ),
        (
            "<nav>案内</nav><p>本文</p><footer>連絡</footer>",
            [("furniture", "案内"), ("paragraph", "本文"), ("furniture", "連絡")],
        ),
        (
            "<script>a</script><style>b</style><!-- c --><p hidden>d<p style='display: none'>e<p>f",
            [("paragraph", "f")],
        ),
        ("<pre>a  b\n  c</pre>", [("paragraph", "a  b\n  c")]),
        ("<figure><img src=x><figcaption>図１</figcaption></figure>", [("caption", "図１")]),
    ],
)
def test_html_blocks(source: str, blocks: list[tuple[str, str]]) -> None:
    assert kinds_and_texts(source) == blocks


def test_headings_make_the_section_path() -> None:
    page = read_html_text(
        "<title>題 名</title><h1>甲</h1><h2>乙</h2><p>一</p><h2>丙</h2><p>二</p><h1>丁</h1><p>三</p>"
    )
    assert page.title == "題 名"
    sections = [block.section for block in page.blocks if block.kind is BlockKind.PARAGRAPH]
    assert sections == [("甲", "乙"), ("甲", "丙"), ("丁",)]


TABLE = """<h2>実績</h2><table><caption>表１</caption>
<tr><th rowspan=2>区分<th colspan=2>件数<tr><th>３年度<th>４年度
<tr><td rowspan=2>教育<td>1<td>2<tr><td>3<td>4<tr><td>計<td colspan=2>10</table>"""


def test_a_table_has_captions_and_header_chains() -> None:
    blocks = read_html_text(TABLE).blocks
    rows = [block for block in blocks if block.kind is BlockKind.TABLE_ROW]
    assert [row.text for row in rows] == ["教育\n1\n2", "教育\n3\n4", "計\n10"]
    assert rows[0].headers == ("区分", "件数 ３年度", "件数 ４年度")
    assert rows[2].headers == ("区分", "件数 ３年度 ４年度")
    assert rows[0].section == ("実績", "表１")
    assert [block.text for block in blocks if block.kind is BlockKind.CAPTION] == ["表１"]


def test_an_expanded_merged_cell_cites_the_one_cell() -> None:
    page = read_html_text(TABLE)
    first, second, _ = (block for block in page.blocks if block.kind is BlockKind.TABLE_ROW)
    assert first.spans[0] == second.spans[0]
    assert page.text.count("教育") == 1


def test_a_table_without_header_cells_may_have_a_header_row() -> None:
    (_, row) = read_html_text("<table><tr><td>課名<td>電話<tr><td>人事課<td>03-1</table>").blocks
    assert (row.text, row.headers) == ("人事課\n03-1", ("課名", "電話"))


def test_a_table_of_terms_keeps_term_and_value_together() -> None:
    (row, _) = read_html_text("<table><tr><th>時間<td>９時から<tr><th>場所<td>本庁</table>").blocks
    assert (row.text, row.headers) == ("時間\n９時から", ())


def test_a_layout_table_is_no_table() -> None:
    source = "<table><tr><td>左<td><h1>題</h1><p>本文</p><table><tr><td>a<td>b</table></table>"
    assert [kind for kind, _ in kinds_and_texts(source)] == ["paragraph", "heading", "paragraph", "table_row"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp"])
def test_html_is_decoded_whatever_it_declares(encoding: str) -> None:
    source = '<meta charset="shift_jis"><p>窓口の受付は、令和３年度から午前９時です。'
    assert read_html(source.encode(encoding)).blocks[0].text == "窓口の受付は、令和３年度から午前９時です。"


def test_the_declared_encoding_settles_a_tie() -> None:
    assert read_html('<meta charset="shift_jis">ｱｲｳｴ'.encode("cp932")).blocks[0].text == "ｱｲｳｴ"


def test_nesting_beyond_reason_is_refused_at_once() -> None:
    started = time.perf_counter()
    with pytest.raises(ReadError, match="入れ子"):
        read_html_text("<div>" * 100_000 + "x")
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    "source", ["<table><tr><td>" * 1000, "<b><i>" * 2000, "<td rowspan=99999 colspan=99999>x" * 500]
)
def test_hostile_html_is_read(source: str) -> None:
    started = time.perf_counter()
    read_html_text(source)
    assert time.perf_counter() - started < 10


def test_a_real_law_page_is_read() -> None:
    path = FILES / "law_shakuchi_sjis.html"
    if not path.exists():
        pytest.skip("../shared/files is absent")
    page = read_html(path.read_bytes())
    assert page.title == "借地借家法"
    assert "借地権" in page.text
    assert all(block.text.strip() for block in page.blocks)


def test_a_page_without_heading_tags_has_the_articles_of_its_rules(tmp_path: Path) -> None:
    path = tmp_path / "jorei.html"
    path.write_text(
        "<title>潮見市公園条例</title><div>第一章　総則</div><div>（目的）</div>"
        "<div>第一条　この条例は、公園について定める。</div><div>（休園日）</div>"
        "<div>第二条　公園の休園日は、月曜日とする。</div>",
        encoding="utf-8",
    )
    blocks = read(path, root=tmp_path).blocks
    assert [(b.kind.value, b.section) for b in blocks] == [
        ("heading", ("第一章　総則",)),
        ("paragraph", ("第一章　総則", "第一条（目的）")),
        ("paragraph", ("第一章　総則", "第一条（目的）")),
        ("paragraph", ("第一章　総則", "第二条（休園日）")),
        ("paragraph", ("第一章　総則", "第二条（休園日）")),
    ]
