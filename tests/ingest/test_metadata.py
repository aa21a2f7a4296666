from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import ReadError
from ingest.metadata import Declaration, find_metadata, load_declarations
from ingest.readers.csv import read_table_text

SAMPLE = Path(__file__).parents[2] / "sample"


def write(folder: Path, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "documents.toml").write_text(text, encoding="utf-8")


def test_declarations_are_read_from_the_folder_and_below(tmp_path: Path) -> None:
    write(
        tmp_path, '[[document]]\nfile = "a*.txt"\ntitle = "甲"\naliases = ["別名"]\nfiscal_years = [2021]\n'
    )
    write(tmp_path / "sub", '[[document]]\nfile = "b.txt"\npublisher = "乙市"\n')
    assert load_declarations(tmp_path) == (
        Declaration("a*.txt", title="甲", fiscal_years=(2021,), aliases=("別名",)),
        Declaration("sub/b.txt", publisher="乙市"),
    )


def test_no_declarations_is_fine(tmp_path: Path) -> None:
    assert load_declarations(tmp_path) == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[[document]]\nfile = "a"\ntitel = "甲"\n', "titel"),
        ('[[documents]]\nfile = "a"\n', "documents"),
        ('[[document]]\nfile = "a"\nfiscal_years = ["2021"]\n', "fiscal_years"),
        ('[[document]]\nfile = "a"\nfiscal_years = [true]\n', "fiscal_years"),
        ('[[document]]\nfile = "a"\ntitle = 3\n', "title"),
        ('[[document]]\ntitle = "甲"\n', "file"),
        ("document = 3\n", "document"),
        ("[[document]\n", "書き方"),
    ],
)
def test_a_wrong_declaration_is_named(tmp_path: Path, text: str, named: str) -> None:
    write(tmp_path, text)
    with pytest.raises(ReadError, match=named) as caught:
        load_declarations(tmp_path)
    assert "documents.toml" in caught.value.message


def test_what_is_declared_comes_first_and_the_last_wins() -> None:
    declarations = (
        Declaration("*.txt", title="丙", publisher="丁市"),
        Declaration("d/a.txt", title="甲", fiscal_years=(2022, 2021)),
    )
    known = find_metadata("令和５年度事業計画\n", [], source="d/a.txt", declarations=declarations)
    assert (known.title, known.publisher, known.fiscal_years) == ("甲", "丁市", (2021, 2022))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("緑丘市総合計画\n令和６年３月\n\n本計画は、市の方針を定める。\n", "緑丘市総合計画"),
        (" \n3\n窓口の手引き（改訂版）\n本文です。\n", "窓口の手引き（改訂版）"),
        (
            "令和５年１２月８日\n各課長 殿\n研修の実施について（通知）\n次のとおり行う。\n",
            "研修の実施について（通知）",
        ),
        ("市は、基本方針\nを定めて事業を行った。\n", ""),
        ("本市では計画をまとめた報告\n", ""),
        ("目次\n１ 計画の概要 …… 2\n２ 推進体制 …… 3\n", ""),
        ("・今後の方針\n① 調査結果\n", ""),
        ("これは文章である。\n", ""),
        ("", ""),
    ],
)
def test_a_title_is_guessed_from_the_first_lines_and_is_no_sentence(text: str, title: str) -> None:
    assert find_metadata(text, [], source="x/file_name.txt").title == (title or "file_name")


def test_a_running_header_names_the_paper_without_its_page() -> None:
    pages = [
        "緑化推進基本方針 ～目的～",
        "緑化推進基本方針 ～現状～",
        "緑化推進基本方針 ～体制～",
        "緑化推進基本方針",
    ]
    text = "".join(f"{page}\n本文の段落がここに続きます。\n" for page in pages)
    assert find_metadata(text, [], source="a.txt").title == "緑化推進基本方針"


def test_the_page_title_loses_the_name_of_the_site() -> None:
    assert (
        find_metadata("", [], source="a.html", page_title="ごみの出し方｜緑丘市公式サイト").title
        == "ごみの出し方"
    )
    assert find_metadata("", [], source="a.html", page_title="Untitled").title == "a"


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        (
            "一般財団法人緑丘交流協会（以下「協会」という。）は、協会の事業を行う。\n長野県 福井県 岡山県\n",
            "一般財団法人緑丘交流協会",
        ),
        ("緑丘市総合計画\n緑丘市 企画部 政策課\n", "緑丘市"),
        ("世田谷区の計画\n世田谷区は世田谷区民と進める。\n", "世田谷区"),
        ("発行：緑丘市 企画部\n青森県 青森県 青森県 青森県 青森県\n", "緑丘市"),
        ("青森県と秋田県と岩手県の比較\n青森県 秋田県 岩手県\n", ""),
        ("文章だけ\n", ""),
        ("", ""),
    ],
)
def test_a_publisher_is_the_organisation_that_leads_clearly(text: str, publisher: str) -> None:
    assert find_metadata(text, [], source="a.txt").publisher == publisher


@pytest.mark.parametrize(
    ("text", "source", "years"),
    [
        ("令和５年度事業報告\n令和４年度に比べ、令和４年度は令和４年度より\n", "a.txt", (2023,)),
        ("表紙\n令和2・3年度\n本文は令和5年度。\n", "a.txt", (2020, 2021)),
        ("表紙\nH28年度：策定\nH29年度：改定\n", "a.txt", ()),
        ("本文の一行目。\n", "事業報告_R5年度.txt", (2023,)),
        ("本文の一行目。\n", "jigyo_r5.txt", (2023,)),
        ("本文の一行目。\n", "一覧_2023.csv", (2023,)),
        (
            "前置き。\n\n\n\n\n" + "令和３年度の事業である。\n" * 3 + "平成２年度の話である。\n",
            "a.txt",
            (2021,),
        ),
        ("", "a.txt", ()),
    ],
)
def test_fiscal_years_come_from_the_first_place_that_names_them(
    text: str, source: str, years: tuple[int, ...]
) -> None:
    assert find_metadata(text, [], source=source).fiscal_years == years


def test_fiscal_years_of_a_table_are_those_of_its_headers() -> None:
    text = "課名\t実績(R元年度)\n総務課\t2015年度から３回\n"
    blocks = read_table_text(text)
    assert blocks is not None
    assert find_metadata(text, blocks, source="a.tsv").fiscal_years == (2019,)


def test_the_sample_declarations_can_be_loaded() -> None:
    assert all((SAMPLE / d.pattern).exists() for d in load_declarations(SAMPLE))


def test_declared_edition_date_url_and_aliases_win_and_are_certain(tmp_path: Path) -> None:
    (tmp_path / "documents.toml").write_text(
        '[[document]]\nfile = "*.txt"\nedition = "改訂版"\ndate = "2023-08"\nurl = "https://example.jp/p"\n'
        'aliases = ["みどり計画"]\n',
        encoding="utf-8",
    )
    text = "緑丘市みどりの計画（素案）\n令和４年５月１日\n本文である。\n"
    known = find_metadata(text, [], source="a.txt", declarations=load_declarations(tmp_path)).details
    assert (known.edition, known.issued, known.url) == ("改訂版", "2023-08", "https://example.jp/p")
    assert known.aliases == ("みどり計画",)
    sure = dict(known.confidence)
    assert sure["edition"] == sure["issued"] == 1
    assert 0 < sure["title"] < 1


def test_edition_and_date_are_read_from_the_first_lines() -> None:
    known = find_metadata("緑丘市みどりの計画（素案）\n令和４年５月１日\n", [], source="a.txt").details
    assert (known.edition, known.issued) == ("素案", "2022-05-01")
    assert {name: 0 < trust < 1 for name, trust in known.confidence if name != "publisher"} == {
        "title": True,
        "fiscal_years": False,
        "edition": True,
        "issued": True,
    }


@pytest.mark.parametrize(
    ("key", "value"), [("date", "令和5年"), ("date", "2023-8"), ("url", "www.example.jp")]
)
def test_date_and_url_of_another_form_are_refused(tmp_path: Path, key: str, value: str) -> None:
    (tmp_path / "documents.toml").write_text(
        f'[[document]]\nfile = "a.txt"\n{key} = "{value}"\n', encoding="utf-8"
    )
    with pytest.raises(ReadError, match=key):
        load_declarations(tmp_path)


@pytest.mark.parametrize(
    ("text", "page_title", "title"),
    [
        ("報道発表\n潮見市民生活意識調査（令和６年４～６月期調査）\n", "報道発表", "潮見市民生活意識調査（令和６年４～６月期調査）"),
        ("条例第四号\n潮見市公園条例の一部を改正する条例\n", "", "潮見市公園条例の一部を改正する条例"),
        ("しおみ観光便り発行業務委託\n公募型プロポーザル募集要項\n平成30年9月21日\n", "", "しおみ観光便り発行業務委託 公募型プロポーザル募集要項"),
        ("潮見市企画部広報課\n広報発行計画\n", "", "広報発行計画"),
        ("別表\n", "別表", "a"),
    ],
)  # fmt: skip
def test_a_title_is_no_mere_kind_and_may_be_of_two_lines(text: str, page_title: str, title: str) -> None:
    assert find_metadata(text, [], source="a.txt", page_title=page_title).title == title


def test_those_to_whom_a_letter_goes_are_no_publisher() -> None:
    text = "各都道府県はしけ納税担当部長\n各都道府県はしけ納税市区町村担当部長\n殿\n"
    assert find_metadata(text * 3, [], source="a.txt").publisher == ""


def test_a_year_since_which_something_holds_is_not_the_papers_own() -> None:
    text = "要項\n\n\n\n\n\n" + "平成２７年度以降に類似の実績があること。\n" * 3
    assert find_metadata(text, [], source="a.txt").fiscal_years == ()
