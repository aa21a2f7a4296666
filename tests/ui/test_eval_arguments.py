from __future__ import annotations

from pathlib import Path

import pytest

from ui.arguments import parse_arguments


def test_a_dataset_is_measured_and_what_stands_before_folders_is_an_action() -> None:
    args = parse_arguments(["eval", "質問.jsonl", "--fail-under", "right=.7", "--fail-under", "error=0"])
    assert (args.action, args.dataset, args.out) == ("run", Path("質問.jsonl"), Path("eval-out"))
    assert args.fail_under == [("right", 0.7), ("error", 0.0)]
    args = parse_arguments(["eval", "compare", "a", "b", "--json"])
    assert (args.action, args.paths, args.json) == ("compare", [Path("a"), Path("b")], True)
    args = parse_arguments(["eval", "draft", "文書", "--out", "下書き.jsonl"])
    assert (args.action, args.paths, args.out, args.n, args.seed) == (
        "draft", [Path("文書")], Path("下書き.jsonl"), 50, 0,
    )  # fmt: skip
    assert parse_arguments(["eval", "./compare"]).action == "run"
    assert parse_arguments(["bench"]).folder == Path("sample")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["eval", "a.jsonl", "b.jsonl"], "知らない引数です: b.jsonl"),
        (["eval", "compare", "a"], "「B」がありません"),
        (["eval", "compare"], "「A」がありません"),
        (["eval", "compare", "a", "b", "c"], "知らない引数です: c"),
        (["eval", "draft", "文書"], "「--out」がありません"),
        (["eval", "draft", "--out", "x"], "「DOCS」がありません"),
        (["eval", "draft", "文書", "--out", "x", "-n", "0"], "-n は 1 以上"),
        (["eval", "a.jsonl", "--fail-under", "rihgt=.7"], "「rihgt」という指標はありません"),
        (["eval", "a.jsonl", "--fail-under", "right"], "「right」は 指標=値 の形ではありません"),
        (["eval", "a.jsonl", "--fail-under"], "--fail-under のあとに値がありません"),
    ],
)
def test_wrong_usage_is_told(given: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse_arguments(given)
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
