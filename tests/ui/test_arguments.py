from __future__ import annotations

from pathlib import Path

import pytest

from ui.arguments import VERBS, parse_arguments, with_verb


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], ["-h"]),
        (["-h"], ["-h"]),
        (["--json"], ["-h"]),
        (["質問"], ["ask", "質問"]),
        (["-"], ["ask", "-"]),
        (["--", "-5度とは"], ["ask", "--", "-5度とは"]),
        (["-k", "3", "質問"], ["ask", "-k", "3", "質問"]),
        (["--json", "質問"], ["ask", "--json", "質問"]),
        (["--index-dir", "a", "status"], ["status", "--index-dir", "a"]),
        (["--index-dir=a", "--json", "status"], ["status", "--index-dir=a", "--json"]),
        (["--index-dir", "status", "search", "x"], ["search", "--index-dir", "status", "x"]),
        (["ask", "status"], ["ask", "status"]),
    ],
)
def test_verb_is_put_first_and_ask_where_there_is_none(given: list[str], expected: list[str]) -> None:
    assert with_verb(given) == expected


def test_words_of_a_question_are_joined() -> None:
    assert parse_arguments(["会議室の", "予約は"]).question == "会議室の 予約は"


def test_question_may_begin_with_a_dash_behind_two_dashes() -> None:
    assert parse_arguments(["--", "-5度とは"]).question == "-5度とは"
    assert parse_arguments(["ask", "--json", "--", "-5度とは"]).question == "-5度とは"


def test_index_folder_may_stand_before_and_after_the_verb() -> None:
    for given in (
        ["--index-dir", "あ", "status"],
        ["status", "--index-dir", "あ"],
        ["--index-dir=あ", "status"],
    ):
        args = parse_arguments(given)
        assert (args.verb, args.index_dir) == ("status", Path("あ"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["ask"], "「質問」がありません"),
        ([""], "「質問」がありません"),
        (["ask", " 　"], "「質問」がありません"),
        (["-5度とは"], "shirube -- '-5度とは'"),
        (["ask", "質問", "-5度とは"], "shirube -- '-5度とは'"),
        (["search"], "「言葉」がありません"),
        (["ingest"], "「PATH」がありません"),
        (["remove"], "「DOC」がありません"),
        (["eval"], "「DATASET」がありません"),
        (["demo"], "「DIR」がありません"),
        (["search", "語", "-k"], "-k のあとに値がありません"),
        (["search", "語", "-k", "多め"], "-k は整数で指定します（「多め」ではなく）"),
        (["status", "--jsn"], "知らない引数です: --jsn"),
        (["status", "--json=1"], "--json に値は付けません"),
        (["status", "--index-dir="], "フォルダーの名前が空です"),
        (["--index-dir"], "--index-dir のあとに値がありません"),
        (["ingets", "文書"], "「ingets」という動詞はありません。ingest のことなら"),
    ],
)
def test_wrong_usage_is_told_in_one_japanese_line(
    given: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        parse_arguments(given)
    out, err = capsys.readouterr()
    assert end.value.code == 2
    assert out == ""
    assert err.startswith("エラー: ")
    assert err.count("\n") == 1
    assert told in err


@pytest.mark.parametrize("given", [[], ["-h"], *([verb, "-h"] for verb in VERBS)])
def test_help_is_japanese(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse_arguments(given)
    out = capsys.readouterr().out
    assert end.value.code == 0
    assert out.startswith("使い方: shirube")
    for english in ("usage", "options:", "positional", "show this", "exit"):
        assert english not in out


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_arguments([])
    out = capsys.readouterr().out
    assert all(f"  {verb} " in out and told in out for verb, told in VERBS.items())


def test_version_goes_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse_arguments(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith("shirube ")


@pytest.mark.parametrize("given", ["1,a", "0", "5,"])
def test_sizes_of_the_scale_bench_are_numbers(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_arguments(["bench", "scale", "--passages", given])
    assert "数の並びではありません" in capsys.readouterr().err
    assert parse_arguments(["bench", "scale", "--passages", "10,20"]).passages == [10, 20]
