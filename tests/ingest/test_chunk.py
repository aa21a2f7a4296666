from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.chunk import chunk
from ingest.document import Block, BlockKind, Document
from ingest.metadata import load_declarations
from ingest.passage import Cell, Passage, YearSource
from ingest.pieces import LONGEST, MAX_CHARS
from ingest.read import read
from ingest.readers.text import read_text
from ingest.traced import Traced


def document(text: str, title: str = "潮見市の計画") -> Document:
    return Document("d" * 16, "a.txt", title, "", (), "0" * 64, text, tuple(read_text(text)))


def passages(text: str) -> list[Passage]:
    return list(chunk(document(text)))


def test_heading_opens_a_passage_and_is_in_it():
    first, second = passages("第１章 総則\n目的を定める。\n第２章 窓口\n三階にある。\n")
    assert first.text == "第１章 総則\n目的を定める。"
    assert second.section == ("第２章 窓口",)


def test_context_tells_title_and_section_but_repeats_nothing():
    *_, last = passages("第１章 総則\n" + "目的を定める文である。\n" * 30)
    assert last.context == "潮見市の計画\n第１章 総則"
    assert passages("第１章 総則\n目的。\n")[0].context == "潮見市の計画"


def test_later_parts_of_a_long_row_are_found_by_its_beginning():
    rows = "\n\n".join(f"1\n国際交流\n事業{n}\n" + f"第{n}期の活動を報告した。\n" * 40 for n in range(1, 6))
    parts = [p for p in passages(rows) if p.kind is BlockKind.TABLE_ROW and "事業3" in p.search_text]
    assert len(parts) > 1
    assert all("事業3" in part.search_text for part in parts)


def test_passage_starts_on_its_line():
    assert [p.line for p in passages("第１章 一\n文。\n\n第２章 二\n文。\n")] == [1, 4]


def test_furniture_is_in_no_passage():
    text = "\f".join(f"潮見市国際化推進計画\n本文{n}である。" for n in range(5))
    assert sum("潮見市国際化推進計画" in p.text for p in passages(text)) == 1


def test_endless_sentence_is_cut():
    assert max(len(p.text) for p in passages("あ" * 5000)) <= LONGEST


def test_an_unusual_gap_ends_a_passage():
    near, far = passages("窓口は三階。\n\n\n電話は内線。\n"), passages("窓口は三階。\n\n\n\n電話は内線。\n")
    assert [p.text for p in near] == ["窓口は三階。\n電話は内線。"]
    assert [p.text for p in far] == ["窓口は三階。", "電話は内線。"]


def test_a_remark_in_brackets_stays_with_the_line_above():
    text = "浜町教室の開設を祝う会を開いた" * 12 + "。\n（2021年8月27日）\n姉妹都市との協定の締結。\n"
    assert [p.text.endswith("（2021年8月27日）") for p in passages(text)] == [True, False]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["第１章 総則\n", "1\n", "・項目である\n", "短い文。", "長い文が続く" * 30 + "。\n", "\n", "\f"]
        ),
        max_size=25,
    )
)
def test_passages_say_what_their_ranges_say_and_lose_nothing(pieces):
    made = document("".join(pieces))
    found = list(chunk(made))
    for passage in found:
        said = "".join(made.text[span.start : span.end] for span in passage.body.spans())
        assert "".join(said.split()) == "".join(passage.text.split())
        assert passage.sentences[-1][1] <= len(passage.text)
    spoken = [b for b in made.blocks if b.kind is not BlockKind.FURNITURE]
    assert sum(len("".join(p.text.split())) for p in found) == sum(
        len("".join(b.text.split())) for b in spoken
    )
    assert [p.order for p in found] == list(range(len(found)))


def test_passages_of_the_sample_are_small():
    sample = Path(__file__).parents[2] / "sample" / "kyokai_jigyo_hokoku_r5.txt"
    sizes = [len(p.text) for p in passages(sample.read_text(encoding="utf-8"))]
    assert max(sizes) <= LONGEST
    assert sum(size <= MAX_CHARS for size in sizes) >= 0.95 * len(sizes)


def test_other_names_of_document_and_publisher_are_searched(tmp_path: Path) -> None:
    (tmp_path / "documents.toml").write_text(
        '[[document]]\nfile = "a.txt"\npublisher = "潮見市国際交流協会"\naliases = ["年次報告"]\n',
        encoding="utf-8",
    )
    (tmp_path / "a.txt").write_text(
        "潮見市国際交流協会（以下「シオネット」という。）は、相談を受けている。\n", encoding="utf-8"
    )
    document = read(tmp_path / "a.txt", root=tmp_path, metadata=load_declarations(tmp_path))
    (passage,) = chunk(document)
    assert "年次報告" in passage.context
    assert "シオネット" in passage.context


@pytest.mark.parametrize(
    ("text", "years", "source"),
    [
        ("窓口を令和３年度に開いた。", (2021,), YearSource.TEXT),
        ("窓口を令和４年２月に開いた。", (2021,), YearSource.TEXT),
        ("今年度は窓口を開いた。", (2023,), YearSource.TEXT),
        ("前年度は窓口を閉じた。", (2022,), YearSource.TEXT),
        ("窓口を開いている。", (2023,), YearSource.DOCUMENT),
    ],
)
def test_passage_knows_its_fiscal_years_and_who_says_so(
    tmp_path: Path, text: str, years: tuple[int, ...], source: YearSource
) -> None:
    (tmp_path / "令和5年度の報告.txt").write_text(f"窓口の報告\n\n{text}\n", encoding="utf-8")
    *_, passage = chunk(read(tmp_path / "令和5年度の報告.txt", root=tmp_path))
    assert (passage.years, passage.years_from, passage.remark) == (years, source, "")


def test_row_below_a_heading_is_found_by_its_columns() -> None:
    heads = ("区分", "4月")
    body = Traced.from_original("表題\n大会議室\n12")
    blocks = (
        Block(BlockKind.HEADING, body[0:2], ("表題",)),
        Block(BlockKind.TABLE_ROW, body[3:], ("表題",), headers=heads, cells=(4, 7)),
    )
    [passage] = chunk(Document("d" * 16, "a.txt", "利用状況", "", (), "0" * 64, body.text, blocks))
    assert passage.context == "利用状況\n区分 4月"
    assert passage.rows == ((Cell(3, 7, "区分"), Cell(8, 10, "4月")),)
    assert [passage.text[cell.start : cell.end] for cell in passage.rows[0]] == ["大会議室", "12"]
