"""What is read from the office files of sample/, block by block, against the files in tests/ingest/golden.

To write these anew after a change that is meant: set `WRITE` to true, run, look at the difference, set it back.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.locator import cells_of
from ingest.read import read
from tests.make_samples.write import MAKERS, SAMPLE

GOLDEN = Path(__file__).parent / "golden"
WRITE = False


def described(name: str) -> dict[str, Any]:
    document = read(SAMPLE / name, root=SAMPLE)
    blocks = [
        {
            "kind": block.kind.value,
            "section": list(block.section),
            "text": block.text,
            **({"page": block.page} if block.page else {}),
            **({"headers": list(block.headers)} if block.headers else {}),
            **(
                {"cells": [cell for _, cell in cells]}
                if (cells := cells_of(document.locators, block.spans))
                else {}
            ),
        }
        for block in document.blocks
    ]
    pages = [[page.kind.value, page.name] for page in document.pages]
    return {"title": document.title, "warnings": list(document.warnings), "pages": pages, "blocks": blocks}


@pytest.mark.parametrize("name", MAKERS)
def test_sample_gives_the_golden_blocks(name: str) -> None:
    found, place = described(name), GOLDEN / f"{name}.json"
    if WRITE:
        place.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert found == json.loads(place.read_text("utf-8"))


def test_golden_files_are_not_written_on_the_way() -> None:
    assert not WRITE
