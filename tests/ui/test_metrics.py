from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ingest.errors import IndexMissingError
from tests.ui.served import (
    QUESTION,
    ingest_into,
    log_in,
    serving,
    settings_of,
    with_users,
    write_documents,
)
from ui.accounts import Scope
from ui.audit import AuditLog
from ui.metrics import Metrics
from ui.users import Users

ANSWER = {
    "status": "answered",
    "timings_s": {"total": 0.03, "retrieve": 0.004},
    "hits": [{"legs": {"terms": 1.0}}],
}
SAMPLE = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+]+')


def test_figures_are_in_the_form_that_prometheus_reads() -> None:
    metrics = Metrics(alarm_after=3)
    for _ in range(2):
        metrics.count_answer(ANSWER)
    metrics.count_search([])
    metrics.count_problem(IndexMissingError.__name__)
    lines = list(metrics.lines({"shirube_up": 1.0}))
    assert all(SAMPLE.fullmatch(line) for line in lines if not line.startswith("#"))
    for line in (
        'shirube_questions_total{status="answered"} 2',
        "shirube_searches_total 1",
        'shirube_problems_total{kind="IndexMissingError"} 1',
        'shirube_stage_seconds_bucket{stage="total",le="0.025"} 0',
        'shirube_stage_seconds_bucket{stage="total",le="0.05"} 2',
        'shirube_stage_seconds_bucket{stage="retrieve",le="0.005"} 2',
        'shirube_stage_seconds_bucket{stage="total",le="+Inf"} 2',
        'shirube_stage_seconds_count{stage="total"} 2',
        'shirube_leg_silent{leg="dense"} 3',
        'shirube_leg_silent{leg="terms"} 1',
        "shirube_up 1",
    ):
        assert line in lines


def test_leg_that_finds_nothing_for_long_is_an_alarm_until_it_does() -> None:
    metrics = Metrics(alarm_after=3)
    for n in range(3):
        assert metrics.alarms() == [], n
        metrics.count_answer(ANSWER)
    assert metrics.alarms() == ["意味の検索が、続けて 3 回以上何も見つけていません。"]
    metrics.count_search([{"legs": {"dense": 0.5}}])
    assert metrics.alarms() == []


def audited(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_audit_log_says_who_was_shown_which_sections_and_no_words(tmp_path: Path) -> None:
    log = tmp_path / "記録" / "audit.log"
    settings = settings_of(tmp_path, users_file=with_users(tmp_path, "tanaka", "admin"), audit_log=log)
    ingest_into(settings, write_documents(tmp_path / "documents"))
    with serving(settings, with_page=True) as client:
        log_in(client)
        answer = client.post(
            "/api/ask", json={"question": QUESTION}, headers={"origin": "http://127.0.0.1:7860"}
        )
        document_id = answer.json()["hits"][0]["document_id"]
        assert client.get(f"/file/{document_id}").status_code == 200
        assert client.get("/api/metrics").status_code == 403
    asked, opened = audited(log)
    assert (asked["event"], asked["user"], asked["status"]) == ("ask", "tanaka", "answered")
    assert ["会議室", "予約"] in [section["section"] for section in asked["sections"]]
    assert (opened["event"], opened["user"], opened["document_id"]) == ("file", "tanaka", document_id)
    assert "何日前" not in log.read_text(encoding="utf-8")
    assert "七日前" not in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0


def test_questions_are_written_only_if_asked_for_and_files_turn(tmp_path: Path) -> None:
    audit = AuditLog(tmp_path / "a.log", n_files=3, with_questions=True)
    audit.shown("ask", "tanaka", QUESTION, ANSWER | {"hits": []})
    assert audited(tmp_path / "a.log")[0]["question"] == QUESTION
    for _ in range(4):
        for _ in range(11):
            audit.shown("ask", "tanaka", "長" * 400_000, ANSWER | {"hits": []})
    audit.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.log", "a.log.1", "a.log.2"]
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


def test_token_for_metrics_reads_them_and_nothing_else(tmp_path: Path) -> None:
    users = Users(with_users(tmp_path, "admin"))
    token = users.issue_token("admin", [Scope.METRICS], days=1)
    settings = settings_of(tmp_path, users_file=users.path)
    ingest_into(settings, write_documents(tmp_path / "documents"))
    headers = {"authorization": f"Bearer {token}"}
    with serving(settings) as client:
        told = client.get("/api/metrics", headers=headers)
        assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert "shirube_n_documents 2" in told.text
        assert "shirube_up 1" in told.text
        assert client.get("/api/documents", headers=headers).status_code == 403
        assert client.get("/api/metrics").status_code == 401
