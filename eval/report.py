"""Report: what an evaluation found, as files."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.calibration import Bin
from eval.records import Record
from ingest.errors import ShirubeError

RECORDS_NAME = "records.jsonl"
REPORT_NAME = "report.json"
PAGE_NAME = "report.html"
REPORT_FORMAT = 2


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
class ScoredQuestion:
    """One question's values of the measures that apply to it.

    Attributes:
        lost: The `Stage` that lost it, "right" if none did.
    """

    id: str
    question: str
    type: str
    lost: str
    scores: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Report:
    """What an evaluation found.

    Attributes:
        overall: Score of each measure that applies to at least one question.
        groups: The same by "type", "document", "audience" and "paraphrase", then by the group's label.
        lost: How many questions each `Stage` lost, under "" all, else by type.
        timings: By stage; "total" is the whole question.
        missing: Questions without a record.
        signature: What produced the records: versions, index manifest, dataset digest.
        per_question: In the order of the dataset.
        calibration: Empty where no confidence was recorded.
    """

    overall: Mapping[str, Score]
    groups: Mapping[str, Mapping[str, Mapping[str, Score]]]
    lost: Mapping[str, Mapping[str, int]]
    timings: Mapping[str, Timing]
    questions: int
    answerable: int
    missing: int
    signature: Mapping[str, str]
    per_question: tuple[ScoredQuestion, ...] = ()
    calibration: tuple[Bin, ...] = ()


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
        replace_file(out_dir / RECORDS_NAME, lines)
        replace_file(
            out_dir / REPORT_NAME, (json.dumps(fields, ensure_ascii=False, indent=2) + "\n").encode()
        )
    except OSError as error:
        raise ReportError(f"評価の結果を {out_dir} に書き込めません。") from error


def write_page(out_dir: Path, page: str) -> None:
    """Write `report.html` into the folder of the report, as a whole or not at all.

    Raises:
        ReportError: If the folder cannot be written.
    """
    try:
        replace_file(out_dir / PAGE_NAME, page.encode("utf-8", "replace"))
    except OSError as error:
        raise ReportError(f"評価の結果を {out_dir} に書き込めません。") from error


def replace_file(path: Path, content: bytes) -> None:
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
