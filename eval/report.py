"""Report: what an evaluation found, as files and as a table."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.records import Record
from ingest.errors import ShirubeError

RECORDS_NAME = "records.jsonl"
REPORT_NAME = "report.json"
REPORT_FORMAT = 1

LABELS = {
    "hit@1": "1 件目の候補に根拠がある",
    "hit@5": "5 件目までの候補に根拠がある",
    "hit@10": "10 件目までの候補に根拠がある",
    "source@1": "根拠のある文書が 1 番目にある",
    "source@5": "根拠のある文書が 5 番目までにある",
    "mrr": "根拠のある最初の候補の順位の逆数",
    "ndcg@10": "根拠のある候補が上位にある度合い",
    "evidence@500": "候補の先頭 500 字に根拠がそろう",
    "evidence@1000": "候補の先頭 1000 字に根拠がそろう",
    "evidence@2000": "候補の先頭 2000 字に根拠がそろう",
    "evidence@4000": "候補の先頭 4000 字に根拠がそろう",
    "facts@500": "候補の先頭 500 字に要点がそろう",
    "facts@1000": "候補の先頭 1000 字に要点がそろう",
    "facts@2000": "候補の先頭 2000 字に要点がそろう",
    "facts@4000": "候補の先頭 4000 字に要点がそろう",
    "hit_spans": "候補の範囲が原文と一致する",
    "facts": "回答に要点がそろう",
    "lead@100": "回答の先頭 100 字に要点がそろう",
    "lead@200": "回答の先頭 200 字に要点がそろう",
    "line@60": "最初の文の 60 字までに要点がそろう",
    "cited": "引用が根拠の一つを含む",
    "cited_all": "引用が根拠をすべて含む",
    "right": "要点も引用も正しい、または正しく断った",
    "right_answerable": "要点も引用も正しい（答えられる質問のみ）",
    "refused": "答えられない質問を断った",
    "false_refusal": "答えられる質問を断った（低いほどよい）",
    "supported": "回答の文を引用が裏付ける",
    "numbers": "回答の数値がすべて引用か質問にある",
    "spans": "引用の範囲が原文と一致する",
    "wrong_year": "別の年度の値を答えた（低いほどよい）",
    "answer_chars": "回答の文字数（400 字まで）",
    "line_chars": "最初の文の文字数",
    "quote_chars": "引用の文字数",
    "error": "エラーまたは記録なし（低いほどよい）",
}
GROUP_LABELS = {"type": "種類", "document": "文書", "paraphrase": "言い換え"}
GROUP_COLUMNS = ("hit@1", "hit@5", "evidence@1000", "facts", "cited", "right")


class ReportError(ShirubeError):
    """The folder for records and report cannot be written."""

    hint = "--out の場所と、その書込み権限、空き容量を確かめてください。"


@dataclass(frozen=True, slots=True)
class Score:
    """A measure's mean over the n questions that it applies to, with its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Timing:
    """Median and 95th percentile of a stage, over n questions."""

    p50_s: float
    p95_s: float
    n: int


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found.

    Attributes:
        overall: Score of each measure that applies to at least one question.
        groups: The same by "type", "document" and "paraphrase", then by the group's label.
        timings: By stage; "total" is the whole question.
        missing: Questions without a record.
        signature: What produced the records: versions, index manifest, dataset digest.
    """

    overall: Mapping[str, Score]
    groups: Mapping[str, Mapping[str, Mapping[str, Score]]]
    timings: Mapping[str, Timing]
    questions: int
    answerable: int
    missing: int
    signature: Mapping[str, str]


def write_report(out_dir: Path, records: Iterable[Record], report: Report) -> None:
    """Write `records.jsonl` and `report.json` into a folder, which is made if need be.

    Each file is replaced as a whole or not at all, the report last. It carries the digest of its
    records, so a pair that a crash tore apart is told by that.

    Raises:
        ReportError: If the folder cannot be written.
    """
    lines = "".join(f"{record.to_json()}\n" for record in records).encode()
    fields = {"format": REPORT_FORMAT, **asdict(report), "records_sha256": hashlib.sha256(lines).hexdigest()}
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        _replace(out_dir / RECORDS_NAME, lines)
        _replace(out_dir / REPORT_NAME, (json.dumps(fields, ensure_ascii=False, indent=2) + "\n").encode())
    except OSError as error:
        raise ReportError(f"評価の結果を {out_dir} に書き込めません。") from error


def format_table(report: Report) -> str:
    """The report as text for a terminal: measures, then the groups, then timings and the signature."""
    parts = [_count_line(report), _table(_measure_rows(report.overall), left=(0, 4))]
    for group, members in report.groups.items():
        if len(members) > 1:
            parts.append(_table(_group_rows(GROUP_LABELS[group], members), left=(0,)))
    if report.timings:
        parts.append(_table(_timing_rows(report.timings), left=(0,)))
    if report.signature:
        parts.append("\n".join(f"{name}: {value}" for name, value in report.signature.items()))
    return "\n\n".join(parts)


def display_width(text: str) -> int:
    """Columns that the text takes in a terminal: full-width characters two, combining marks none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _count_line(report: Report) -> str:
    unanswerable = report.questions - report.answerable
    line = f"質問 {report.questions} 件（答えられる {report.answerable} 件、答えられない {unanswerable} 件）"
    return f"{line}、記録のない質問 {report.missing} 件" if report.missing else line


def _measure_rows(scores: Mapping[str, Score]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("指標", "値", "95 % 区間", "n", "意味")]
    for name, score in scores.items():
        digits = 1 if name.endswith("_chars") else 3
        interval = f"{score.low:.{digits}f}–{score.high:.{digits}f}"
        rows.append((name, f"{score.mean:.{digits}f}", interval, str(score.n), LABELS[name]))
    return rows


def _group_rows(label: str, members: Mapping[str, Mapping[str, Score]]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [(label, "n", *GROUP_COLUMNS)]
    for member, scores in members.items():
        cells = (f"{scores[name].mean:.3f}" if name in scores else "-" for name in GROUP_COLUMNS)
        rows.append((member, str(scores["right"].n), *cells))
    return rows


def _timing_rows(timings: Mapping[str, Timing]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("処理", "p50 (ms)", "p95 (ms)", "n")]
    for stage, timing in timings.items():
        rows.append((stage, f"{timing.p50_s * 1000:.1f}", f"{timing.p95_s * 1000:.1f}", str(timing.n)))
    return rows


def _table(rows: Sequence[Sequence[str]], *, left: Sequence[int]) -> str:
    """Rows with aligned columns, numbers to the right, the columns `left` to the left."""
    widths = [max(display_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = []
        for n, (cell, width) in enumerate(zip(row, widths, strict=True)):
            padding = " " * (width - display_width(cell))
            cells.append(cell + padding if n in left else padding + cell)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def _replace(path: Path, content: bytes) -> None:
    """Put the content in place of the file at once, never half."""
    # One process writes to a folder at a time or each has its own name.
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
