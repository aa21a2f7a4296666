from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Block, BlockKind
from ingest.errors import ReadError
from ingest.files import Found, find_files
from ingest.read import read
from ingest.readers.csv import read_table_text
from ingest.readers.html import read_html_text
from ingest.readers.markdown import read_markdown

ROOT = Path(__file__).parents[2]
FOLDERS = (ROOT / "sample", ROOT.parent / "shared" / "files", ROOT.parent / "shared" / "corpus")


def solid(text: str) -> str:
    return re.sub(r"\s+", "", text)


def check(blocks: Sequence[Block], text: str) -> None:
    """Every block holds exactly the characters of its ranges, in order."""
    for block in blocks:
        assert block.text.strip()
        spans = block.body.closed(text).spans()
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        cited = [text[span.start : span.end] for span in spans]
        either = "".join(f"(?:{re.escape(solid(x))}|{re.escape(solid(html.unescape(x)))})" for x in cited)
        assert re.fullmatch(either, solid(block.text))
        for at, length, start, end in block.body.runs():
            source = text[start:end] if end - start == length else html.unescape(text[start:end])
            assert solid(source) == solid(block.text[at : at + length])


def check_cells(blocks: Sequence[Block]) -> None:
    """The cells of a row divide it, each with its label."""
    for block in blocks:
        assert bool(block.cells) == (block.kind is BlockKind.TABLE_ROW)
        assert len(block.headers) in (0, len(block.cells))
        assert all(one < other for one, other in pairwise(block.cells))
        assert not block.cells or block.cells[-1] == len(block.text)


words = st.sampled_from(
    [
        "令和３年度",
        "計画",
        "a",
        "A < B",
        "&amp;",
        "&lt;b&gt;",
        "①",
        "𠮷野",
        "ｶﾞｲﾄﾞ",
        "\u3000",
        "1,234",
        "「引用」",
        "<br>",
        "・",
    ]
)
line = st.lists(words, min_size=1, max_size=5).map(" ".join)


def joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(st.one_of(*parts), max_size=14).map("".join)


tables = joined(
    line, st.sampled_from([",", "\t", ";", "\n", "\r\n", '"', '""', "\n\n", "<p>", "</p>", "<ul"])
)
pages = joined(
    line,
    st.sampled_from(
        [
            *(
                "<p>",
                "</p>",
                "<h1>",
                "</h1>",
                "<h2>",
                "</h2>",
                "<ul><li>",
                "</ul>",
                "<li>",
                "<dl><dt>",
                "<dd>",
            ),
            *(
                "<table><tr>",
                "<td>",
                "<th>",
                "<td rowspan=2>",
                "<td colspan=3>",
                "<th rowspan=3 colspan=2>",
                "<tr>",
            ),
            *(
                "</table>",
                "<caption>",
                "<thead>",
                "<ruby>",
                "<rt>",
                "</ruby>",
                "<nav>",
                "</nav>",
                "<br>",
                "<pre>",
            ),
            *(
                "</pre>",
                "<!--",
                "-->",
                "<div hidden>",
                "</div>",
                "<script>",
                "</script>",
                "\n",
                "&nbsp;",
                "<a href=x>",
            ),
        ]
    ),
)
marked = joined(
    line,
    st.sampled_from(
        [
            *(
                "\n",
                "\n\n",
                "\r\n",
                "# ",
                "## ",
                "- ",
                "  - ",
                "1. ",
                "> ",
                "**",
                "*",
                "`",
                "```\n",
                "[",
                "](",
                ")",
            ),
            *(
                "![",
                "\\*",
                "| a | b |\n|---|---|\n",
                "| ",
                " | ",
                "---\n",
                "===\n",
                "<div>",
                "</div>",
                "<",
                ">",
            ),
            *("[x]: y\n", "  \n", "\\|", "\t"),
        ]
    ),
)


@given(tables)
def test_table_blocks_are_the_characters_of_their_ranges(text: str) -> None:
    blocks = read_table_text(text) or []
    check(blocks, text)
    check_cells(blocks)


@given(pages)
def test_html_blocks_are_the_characters_of_their_ranges(source: str) -> None:
    page = read_html_text(source)
    check(page.blocks, page.text)
    check_cells(page.blocks)


@given(marked)
def test_markdown_blocks_are_the_characters_of_their_ranges(text: str) -> None:
    blocks = read_markdown(text)
    check(blocks, text)
    check_cells(blocks)


def files() -> Iterator[object]:
    for folder in FOLDERS:
        found = [item for item in find_files([folder]) if isinstance(item, Found)] if folder.is_dir() else []
        if not found:
            yield pytest.param(None, id=f"{folder.name} is absent")
        yield from (pytest.param(item, id=f"{folder.name}/{item.source}") for item in found)


@pytest.mark.parametrize("found", list(files()))
def test_files_give_blocks_that_are_the_characters_of_their_ranges(found: Found | None) -> None:
    if found is None:
        pytest.skip("the folder is absent or holds no text")
    try:
        document = read(found.path, root=found.root)
    except ReadError as error:
        pytest.fail(f"{found.source}: {error.message}")
    check(document.blocks, document.text)
    assert document.title
    starts = [block.body.start for block in document.blocks if block.kind is not BlockKind.TABLE_ROW]
    assert starts == sorted(starts)
    covered = {n for block in document.blocks for span in block.spans for n in range(span.start, span.end)}
    rest = "".join(c for n, c in enumerate(document.text) if n not in covered and c.isalnum())
    assert not re.search(r"[^\x00-\x7f]", rest)  # only markup and white space are in no block
