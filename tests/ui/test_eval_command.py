from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ui.settings import Settings

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "sample"
Shirube = Callable[..., Any]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some of the sample's questions, over the documents of `index_dir`."""
    rows = [json.loads(line) for line in (SAMPLE / "questions.jsonl").read_text("utf-8").splitlines()]
    few = [q for q in rows if all(e["doc"] in ("kyokai_faq.md", "yogoshu.txt") for e in q["evidence"])][:6]
    path = tmp_path_factory.mktemp("質問集") / "質問.jsonl"
    path.write_text("".join(json.dumps(q, ensure_ascii=False) + "\n" for q in few), encoding="utf-8")
    return path


def test_eval_writes_records_report_and_page(
    shirube: Shirube, dataset: Path, index_dir: Path, tmp_path: Path
) -> None:
    outcome = shirube("eval", dataset, "--out", tmp_path / "a", "--index-dir", index_dir)
    assert (outcome.code, outcome.err) == (0, "")
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        "records.jsonl", "report.html", "report.json",
    ]  # fmt: skip
    for word in ("right", "どこで失われたか", "fingerprint:", "settings:k=20", "machine:", "report.html"):
        assert word in outcome.out
    report = json.loads((tmp_path / "a" / "report.json").read_text("utf-8"))
    assert sum(report["lost"][""].values()) == report["questions"] == len(report["per_question"])
    assert {"dataset", "index", "embedder", "python", "faiss-cpu"} <= set(report["signature"])
    page = (tmp_path / "a" / "report.html").read_text("utf-8")
    assert page.count('<details class="question">') == report["questions"]


def test_compare_names_the_questions_of_a_deliberate_regression(
    shirube: Shirube, dataset: Path, index_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shirube("eval", dataset, "--out", tmp_path / "a", "--index-dir", index_dir)
    monkeypatch.setenv("SHIRUBE_K", "1")
    poorer = shutil.copytree(index_dir, tmp_path / "poorer")
    shirube("remove", "kyokai_faq.md", "--index-dir", poorer)
    shirube("eval", dataset, "--out", tmp_path / "b", "--index-dir", poorer)
    a, b = (
        {
            q["id"]: q["scores"]
            for q in json.loads((tmp_path / name / "report.json").read_text("utf-8"))["per_question"]
        }
        for name in "ab"
    )
    worse = {name for name in a if b[name]["right"] < a[name]["right"]}
    assert worse
    outcome = shirube("eval", "compare", tmp_path / "a", tmp_path / "b")
    assert (outcome.code, outcome.err) == (0, "")
    assert "悪くなった質問" in outcome.out
    assert "k=20" in outcome.out
    told = json.loads(shirube("eval", "compare", tmp_path / "a", tmp_path / "b", "--json").out)
    assert {
        one["id"] for one in told["changed"] if one["because"] == "right" and not one["is_better"]
    } == worse
    assert told["measures"]["hit@10"]["difference"] <= 0


@pytest.mark.parametrize(("floor", "code"), [("error=0", 0), ("right=1.01", 1), ("false_refusal=1", 0)])
def test_fail_under_decides_the_exit_code(
    shirube: Shirube, dataset: Path, index_dir: Path, floor: str, code: int
) -> None:
    outcome = shirube("eval", dataset, "--fail-under", floor, "--index-dir", index_dir)
    assert outcome.code == code
    assert outcome.err.count("\n") == code
    if code:
        assert outcome.err.startswith("エラー: right が ")
        assert "1.010 に届きません。" in outcome.err
    assert Path("eval-out/report.json").exists()


def test_twins_without_their_evidence_are_asked_too(
    shirube: Shirube, dataset: Path, index_dir: Path, tmp_path: Path
) -> None:
    outcome = shirube(
        "eval", dataset, "--without-evidence", "--out", tmp_path / "a", "--json", "--index-dir", index_dir
    )
    report = json.loads(outcome.out)
    twins = [one for one in report["per_question"] if one["id"].endswith("/without")]
    assert len(twins) == report["answerable"] == report["overall"]["hit@1"]["n"]
    assert {"refused", "error"} <= set(twins[0]["scores"])
    hits = [json.loads(line) for line in (tmp_path / "a" / "records.jsonl").read_text("utf-8").splitlines()]
    evidence = {
        q["id"]: {e["doc"] for e in q["evidence"]}
        for q in map(json.loads, dataset.read_text("utf-8").splitlines())
    }
    for record in hits:
        if record["id"].endswith("/without"):
            lacking = evidence[record["id"].removesuffix("/without")]
            assert lacking.isdisjoint(hit["source"] for hit in record["hits"])


@pytest.mark.slow
def test_baseline_is_measured_over_the_same_documents(
    shirube: Shirube, dataset: Path, index_dir: Path, tmp_path: Path
) -> None:
    outcome = shirube("eval", dataset, "--baseline", "--out", tmp_path / "a", "--index-dir", index_dir)
    assert outcome.code == 0
    assert "LangChain の素朴な構成（A）と Shirube（B）" in outcome.out
    report = json.loads((tmp_path / "a" / "baseline" / "report.json").read_text("utf-8"))
    assert report["signature"]["embedder"].startswith("multilingual-e5-small")
    assert report["overall"]["spans"]["mean"] == 1.0
    assert report["missing"] == 0


def test_draft_becomes_a_dataset_once_it_is_checked(
    shirube: Shirube, documents: Path, index_dir: Path, tmp_path: Path
) -> None:
    file = tmp_path / "下書き.jsonl"
    outcome = shirube("eval", "draft", documents, "--out", file, "-n", "4", "--seed", "3")
    assert (outcome.code, outcome.err) == (0, "")
    assert "4 件の下書き" in outcome.out
    first = file.read_bytes()
    assert shirube("eval", "draft", documents, "--out", file, "-n", "4", "--seed", "3").code == 0
    assert file.read_bytes() == first
    outcome = shirube("eval", file, "--index-dir", index_dir)
    assert (outcome.code, outcome.out) == (1, "")
    assert "--unchecked" in outcome.err
    assert shirube("eval", file, "--unchecked", "--index-dir", index_dir).code == 0
    rows = [json.loads(line) for line in first.decode().splitlines()]
    rows[0]["checked"] = True
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    outcome = shirube("eval", file, "--index-dir", index_dir)
    assert outcome.code == 0
    assert "未確認の質問 3 件を除きました" in outcome.err
    assert "質問 1 件" in outcome.out


def test_draft_tells_what_it_cannot_use(shirube: Shirube, tmp_path: Path) -> None:
    outcome = shirube("eval", "draft", tmp_path / "どこにもない", "--out", tmp_path / "a.jsonl")
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    (tmp_path / "空").mkdir()
    outcome = shirube("eval", "draft", tmp_path / "空", "--out", tmp_path / "a.jsonl")
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert "下書きにできる箇所がありません" in outcome.err


def test_a_csv_dataset_is_measured(shirube: Shirube, dataset: Path, index_dir: Path, tmp_path: Path) -> None:
    row = json.loads(dataset.read_text("utf-8").splitlines()[0])
    path = tmp_path / "質問.csv"
    with path.open("w", encoding="cp932", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["id", "question", "type", "answerable", "key_fact_1", "evidence_doc_1", "evidence_quote_1"]
        )
        piece = row["evidence"][0]
        writer.writerow(
            ["c1", row["question"], "x", "はい", "|".join(row["key_facts"][0]), piece["doc"], piece["quote"]]
        )
    outcome = shirube("eval", path, "--json", "--index-dir", index_dir)
    assert outcome.code == 0
    assert json.loads(outcome.out)["overall"]["hit@10"]["mean"] == 1.0


@pytest.mark.slow
def test_bench_measures_every_stage(shirube: Shirube, tmp_path: Path) -> None:
    folder = tmp_path / "文書"
    folder.mkdir()
    text = (SAMPLE / "yogoshu.txt").read_text("utf-8")[:900]
    (folder / "用語.txt").write_text(text, encoding="utf-8")
    outcome = shirube("bench", folder, "--out", tmp_path / "bench.json", "--json")
    assert (outcome.code, outcome.err) == (0, "")
    told = json.loads(outcome.out)
    assert told == json.loads((tmp_path / "bench.json").read_text("utf-8"))
    assert list(told["ingest"]) == ["read", "chunk", "tokenise", "embed_bulk", "write", "total"]
    assert all(stage["seconds"] > 0 for stage in told["ingest"].values())
    assert told["n_questions"] > 0
    assert all(
        told["ask"][name]["seconds"] > 0 for name in ("embed", "lexical", "dense", "fuse", "answer", "total")
    )
    assert (told["n_documents"], told["n_chars"]) == (1, len(text))
    assert not (Path.cwd() / Settings().index_dir).exists()


def test_bench_tells_what_it_cannot_use(shirube: Shirube, tmp_path: Path) -> None:
    outcome = shirube("bench")
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert "フォルダーがありません: sample" in outcome.err


def test_the_documented_python_call_runs(dataset: Path, index_dir: Path, tmp_path: Path) -> None:
    code = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs" / "eval.md").read_text("utf-8"), re.M | re.S)
    assert len(code) == 1
    (tmp_path / "sample").mkdir()
    shutil.copy(dataset, tmp_path / "sample" / "questions.jsonl")
    shutil.copytree(index_dir, tmp_path / ".shirube")
    done = subprocess.run(
        [sys.executable, "-c", code[0]], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "right" in done.stdout
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "records.jsonl", "report.html", "report.json",
    ]  # fmt: skip
