"""Paragraphs and items of articles, and turns of speakers, as places within a heading."""

from __future__ import annotations

from pathlib import Path

from ingest.chunk import chunk
from ingest.clauses import common_path, find_places, without_places
from ingest.read import read
from ingest.readers.text import read_text

RULES = """（助成の対象）
第２条　助成の対象となる者は、次のとおりとする。
(１)　市内に住所を有する個人
(２)　次に掲げる要件を満たす団体
ア　構成員が５人以上であること。
２　前項の規定にかかわらず、次に掲げる者は対象としない。
一　市税を滞納している者
二　市長が不適当と認める者
３　市長は、対象を追加することができる。
（助成の額）
第３条　助成金の額は、20万円を限度とする。

附　則
１　この要綱は、令和５年４月１日から施行する。
２　改正後の第３条の規定は、令和５年度以後の助成について適用する。
"""
MINUTES = """１　開会
○委員長　定刻になりましたので、開会いたします。
○事務局（田中）　資料の確認をいたします。資料は２点です。
費用は年間3,200万円を見込んでおります。

【山田委員】　説明はいつごろですか。
みどり課長：10月から町会ごとに行います。
委員長　意見がなければ、これで終わります。
"""


def sections(text: str) -> dict[str, tuple[str, ...]]:
    return {block.text[:6]: block.section for block in read_text(text)}


def test_paragraphs_and_items_have_places_of_their_own() -> None:
    found = sections(RULES)
    article = "第２条（助成の対象）"
    assert found["第２条　助成"] == (article, "第1項")
    assert found["(２)　次に"] == (article, "第1項", "第2号")
    assert found["ア　構成員が"] == (article, "第1項", "第2号")
    assert found["２　前項の規"] == (article, "第2項")
    assert found["二　市長が不"] == (article, "第2項", "第2号")
    assert found["３　市長は、"] == (article, "第3項")


def test_an_article_of_one_paragraph_has_none() -> None:
    assert sections(RULES)["第３条　助成"] == ("第３条（助成の額）",)


def test_paragraphs_of_an_annex_are_counted_from_one() -> None:
    assert sections(RULES)["２　改正後の"] == ("附　則", "第2項")


def test_items_count_on_past_ten() -> None:
    texts = [
        "第１条　次に掲げる事務を行う。",
        *(f"{n}　事務" for n in "一二三四五六七八九"),
        "十　事務",
        "十一　事務",
    ]
    found = find_places(texts, ["第１条", *[""] * 11], [False] * 12)
    assert [place[-1] for place in found[1:]] == [("号", f"第{n}号") for n in range(1, 12)]


def test_lines_that_do_not_count_on_are_no_items() -> None:
    texts = ["第１条　次による。", "三　途中の番号", "(５)　途中の番号"]
    assert find_places(texts, ["第１条", "", ""], [False] * 3) == [[], [], []]


def test_who_speaks_is_kept_until_the_next_speaker_or_heading() -> None:
    found = sections(MINUTES)
    assert found["○委員長　定"] == ("１　開会", "委員長の発言")
    assert found["費用は年間3"] == ("１　開会", "事務局（田中）の発言")
    assert found["【山田委員】"] == ("１　開会", "山田委員の発言")
    assert found["みどり課長："] == ("１　開会", "みどり課長の発言")
    assert found["委員長　意見"] == ("１　開会", "委員長の発言")


def test_a_list_of_offices_is_no_conversation() -> None:
    offices = ["会長　山田太郎", "座長：田中花子", "事務局　みどり課", "委員　佐藤次郎"]
    assert find_places(offices, [""] * 4, [False] * 4) == [[], [], [], []]


def test_places_do_not_part_passages(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(RULES, encoding="utf-8")
    passages = list(chunk(read(tmp_path / "a.txt", root=tmp_path)))
    assert [p.section for p in passages if "第２条" in p.text] == [("第２条（助成の対象）",)]
    assert any("市長は" in p.text for p in passages)


def test_what_neighbours_share_is_their_path() -> None:
    one, other = ("第２条", "第1項", "第1号"), ("第２条", "第1項", "第2号")
    assert common_path([one, other]) == ("第２条", "第1項")
    assert common_path([one, one]) == one
    assert common_path([one, ("第２条", "第2項")]) == ("第２条",)
    assert without_places(one) == ("第２条",)
