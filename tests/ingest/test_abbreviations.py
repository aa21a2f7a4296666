"""Short names that a text gives to full ones, with their ranges."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.abbreviations import find_abbreviations, short_names
from ingest.document import Block, BlockKind
from ingest.read import read
from ingest.traced import Traced

SAMPLE = Path(__file__).parents[2] / "sample"


def pairs(text: str, kind: BlockKind = BlockKind.PARAGRAPH) -> list[tuple[str, str]]:
    found = find_abbreviations([Block(kind, Traced.from_original(text))])
    return [(pair.short.text, pair.full.text) for pair in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("潮見市国際交流協会（以下「協会」という。）は", ("協会", "潮見市国際交流協会")),
        ("公益財団法人 潮見市国際交流協会（以下、「シオネット」とする。）は", ("シオネット", "公益財団法人 潮見市国際交流協会")),
        ("市は、「潮見市みどりの基本計画」（以下「計画」という。）を", ("計画", "潮見市みどりの基本計画")),
        ("潮見市災害対策本部（以下本部という。）を置く", ("本部", "潮見市災害対策本部")),
        ("市は外国人との共生に関する指針（以下「共生指針」と略す。）を", ("共生指針", "外国人との共生に関する指針")),
        ("職員は地域との連絡会議（以下「会議」という。）に", ("会議", "連絡会議")),
        ("(2) 潮見市文化会館(以下「会館」という。)の", ("会館", "潮見市文化会館")),
        ("１．潮見市文化会館（愛称「うみかぜ」）の", ("うみかぜ", "潮見市文化会館")),
        ("潮見広域連合（略称：潮広）が", ("潮広", "潮見広域連合")),
        ("改正前の潮見市公園条例（以下「旧条例」という。）の", ("旧条例", "潮見市公園条例")),
        ("潮見国際交流機構（SIEO）と", ("SIEO", "潮見国際交流機構")),
        ("SIEO（潮見国際交流機構）と", ("SIEO", "潮見国際交流機構")),
        ("市は健全な市民活動指標（ＳＫＳ）を", ("ＳＫＳ", "健全な市民活動指標")),
    ],
)  # fmt: skip
def test_short_name_goes_with_the_full_one_before_it(text, expected):
    assert pairs(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "次の事業（以下のとおり）を行う。",
        "開催した（令和５年４月８日）。",
        "満18歳以下「以下」の者",
        "東汐町潮見市（SIN）が参加した。",
        "学生団体（Lab）が参加した。",
        "Green プログラム一覧（GP）を配った。",
        "（以下「協会」という。）",
        "",
    ],
)
def test_other_brackets_define_nothing(text):
    assert pairs(text) == []


def test_acronym_of_many_names_is_a_code():
    assert pairs("汐町水道事務所（ABC）、浜町水道事務所（ABC）、港町水道事務所（ABC）") == []


def test_each_pair_is_given_once_and_names_may_have_two():
    text = "潮見市国際交流協会（以下「協会」という。）\n潮見市国際交流協会（以下「協会」という。）\n潮見市体育協会（以下「協会」という。）"
    assert pairs(text) == [("協会", "潮見市国際交流協会"), ("協会", "潮見市体育協会")]


def test_page_furniture_defines_nothing():
    assert pairs("潮見市国際交流協会（以下「協会」という。）", BlockKind.FURNITURE) == []


def test_names_have_their_ranges_of_the_original_across_line_breaks(tmp_path):
    text = "　市は、平成31年に潮見市国際交\n流協会（以下「協\n会」という。）を置いた。協会の所管は次の課とする。\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    document = read(tmp_path / "a.txt", root=tmp_path)
    (pair,) = document.abbreviations
    for name in (pair.short, pair.full):
        quoted = "".join(document.text[span.start : span.end] for span in name.spans())
        assert "".join(quoted.split()) == "".join(name.text.split())
    assert "".join(pair.full.text.split()) == "潮見市国際交流協会"


def test_sample_plan_defines_its_three_short_names():
    document = read(SAMPLE / "keikaku_jisshi_jokyo.txt", root=SAMPLE)
    assert [(pair.short.text, pair.full.text, pair.is_declared) for pair in document.abbreviations] == [
        ("計画", "潮見市多文化共生推進計画", True),
        ("推進本部", "潮見市多文化共生推進本部", True),
        ("意識調査", "外国人住民意識調査", True),
    ]


def test_what_a_law_was_before_is_no_name_of_it() -> None:
    found = find_abbreviations(
        [
            Block(
                BlockKind.PARAGRAPH,
                Traced.from_original("改正前の潮見市公園条例（以下「旧条例」という。）の"),
            )
        ]
    )
    assert short_names(found, ["潮見市公園条例"]) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("潮見市に係る申込書及び添付書類（以下「申込書等」という。）は", [("申込書等", "潮見市に係る申込書及び添付書類")]),
        ("寄附金の募集に要する費用（以下「募集費用」という。）は", [("募集費用", "寄附金の募集に要する費用")]),
        ("県、市又は財産区（以下「各団体」という。）は", []),
    ],
)  # fmt: skip
def test_short_name_of_a_list_is_of_all_of_it_or_is_left_out(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert pairs(text) == expected
