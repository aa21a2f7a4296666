"""Records and rows of flattened tables, told by what comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.layout import split_lines
from ingest.records import column_headers, find_record_starts, find_row_starts, record_labels, shared_labels


def starts(*rows: str) -> list[int]:
    return sorted(find_record_starts(split_lines("\n".join(rows))))


LABELLED = [row for n in (3, 8, 12, 21) for row in (str(n), "窓口の整備", f"取組その{n}", "実績を記す。")]


def test_number_over_a_label_that_comes_back_starts_a_record():
    assert starts(*LABELLED) == [0, 4, 8, 12]


def test_too_few_records_are_values():
    assert starts(*LABELLED[:12]) == []


def test_numbers_that_count_start_records():
    rows = [row for n in range(1, 6) for row in (str(n), f"事業{'甲乙丙丁戊'[n - 1]}", "実績")]
    assert starts("前書き", *rows) == [1, 4, 7, 10, 13]


@pytest.mark.parametrize(
    "rows",
    [
        ["1", "2", "3", "4", "5"],  # a column of values
        ["1", "甲", "2", "乙", "3", "丙"],  # three only
        ["2021", "甲", "2022", "乙", "2023", "丙", "2024", "丁"],  # years from the middle
        ["12345", "甲の名", "12346", "甲の名", "12347", "甲の名", "12348", "甲の名"],  # amounts
        [
            "1",
            "甲",
            *["行"] * 61,
            "2",
            "乙",
            *["行"] * 61,
            "3",
            "丙",
            *["行"] * 61,
            "4",
            "丁",
        ],  # too far apart
        ["本文。"] * 20,
        [],
    ],
)
def test_values_years_and_prose_start_no_record(rows):
    assert starts(*rows) == []


def test_labels_of_a_record_are_those_that_records_share():
    lines = split_lines("\n".join(LABELLED))
    found = find_record_starts(lines)
    shared = shared_labels(lines, found)
    assert shared == {"窓口の整備", "実績を記す。"}
    assert record_labels(lines, 4, shared) == ("窓口の整備",)
    assert record_labels(lines, 4, set()) == ()
    assert shared_labels(lines, set()) == set()


def rows_at(*rows: str) -> list[int]:
    return sorted(find_row_starts(split_lines("\n".join(rows))))


@pytest.mark.parametrize(
    "heads",
    [
        ["令和5年9月15日", "令和5年10月20日", "令和6年2月8日"],
        ["令和５年９月１５日", "令和５年１０月２０日", "令和６年２月８日"],
        ["R5.9.15", "R5.10.20", "R6.2.8"],
        ["2023年9月15日（金）", "2023年10月20日（金）", "2024年2月8日（木）"],
        ["平成31年4月", "令和元年5月", "令和元年6月"],
        ["第1回 総会", "第2回 総会", "第3回 総会"],
    ],
)
def test_dates_and_counts_at_the_head_start_rows(heads):
    rows = [row for head in heads for row in (head, "会場で開催", "42人")]
    assert rows_at(*rows) == [0, 3, 6]


def test_date_and_count_of_one_row_start_it_once():
    rows = [row for n in (4, 5, 6) for row in (f"令和5年{n}月1日", f"第{n}回", "会場で開催")]
    assert rows_at(*rows) == [0, 3, 6]
    ranges = [row for n in (4, 5, 6) for row in (f"令和5年{n}月1日", "～", f"令和5年{n}月9日", "会場で開催")]
    assert rows_at(*ranges) == [0, 4, 8]


@pytest.mark.parametrize(
    "rows",
    [
        ["令和5年9月15日", "甲", "令和5年10月20日", "乙"],  # two only
        ["令和5年9月15日に開催した。", "令和5年10月20日に開催した。", "令和6年2月8日に開催した。"],  # prose
        [row for n in (4, 5, 6) for row in (f"令和5年{n}月1日", *["行"] * 41)],  # too far apart
        ["5月", "6月", "7月"],  # no year
        [],
    ],
)
def test_prose_and_lone_dates_start_no_row(rows):
    assert rows_at(*rows) == []


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("実施日 開催方法 参加者数", ("実施日", "開催方法", "参加者数")),
        ("言語　件数　前年度", ("言語", "件数", "前年度")),
        ("実施日", ()),
        ("実施日 42人", ()),
        ("窓口は 駅前にある。", ()),
        ("① 相談 件数", ()),
        ("", ()),
    ],
)
def test_column_headers_are_short_labels_side_by_side(line, labels):
    assert column_headers(line) == labels


@given(
    st.lists(
        st.sampled_from(["1", "2", "3", "4", "窓口", "第1回", "令和5年4月1日", "～", "本文。", ""]),
        max_size=40,
    )
)
def test_starts_are_lines_with_a_number(parts):
    lines = split_lines("\n".join(parts))
    for n in find_record_starts(lines):
        assert lines[n].text.isdecimal()
    for n in find_row_starts(lines):
        assert any(char.isdecimal() for char in lines[n].text)
